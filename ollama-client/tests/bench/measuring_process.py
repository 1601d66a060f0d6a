"""Measures in a process of its own, which a test may stop: `python measuring_process.py URL CLOCK STREAMS REQUESTS`."""

import asyncio
import json
import sys

from obt_client.bench.stream import Limits, stream
from obt_core.results import ClockSource

_TOKENS = 12


async def _one_stream(url: str, clock: ClockSource, number: int, requests: int) -> None:
    for index in range(requests):
        body = {"model": "tiny", "prompt": f"n{number}-{index} why", "options": {"num_predict": _TOKENS}}
        trace = await stream(f"{url}/api/generate", body, clock=clock, limits=Limits(stall_ms=100, send_ms=100))
        told = {
            "prompt": body["prompt"],
            "error": trace.error,
            "sent_ns": trace.sent_ns,
            "flags": sorted(trace.flags),
            "chunks": [(chunk.stamp_ns, chunk.merged) for chunk in trace.chunks],
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


async def _measure(url: str, clock: str, streams: str, requests: str) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(int(streams)):
            group.create_task(_one_stream(url, ClockSource(clock), number, int(requests)))


if __name__ == "__main__":
    asyncio.run(_measure(*sys.argv[1:]))
