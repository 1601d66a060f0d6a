"""How soon a change is on a screen, and how soon a click becomes work: `python -m bench.latency --help`."""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import websockets

from bench._machine import describe, in_a_line
from obt_core.enrolment import EnrolmentRequest
from obt_core.heartbeat import AgentState, Heartbeat
from obt_core.models import LoadedModel, OllamaStatus
from tests.e2e.programs import API, Client, Server, running, until, view_of
from tests.fake_ollama import FakeModel, FakeOllama

_HELP = """\
A real server, and for the second part a real client beside a programmable Ollama, each a process of its own.

  beat to screen   a heartbeat that says something new (a model was loaded) is sent; the message about it is read from
                   the live socket of a browser. From the send of the beat, so the server's hearing of it is within.
  click to work    POST /sessions is sent; the idle client's first prompt reaches its Ollama. Preflight is within.

  python -m bench.latency --times 50
"""


def main() -> None:
    """Measure both and print a table."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50, help="how often each is measured (50)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken_ms = asyncio.run(_measure(Path(folder), options.times))
    if options.json:
        print(json.dumps({"machine": describe(), "ms": taken_ms}))
        return
    print(in_a_line(describe()))
    print(f"{'':16}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}{'n':>6}")
    for name, values in taken_ms.items():
        p50, p99 = statistics.median(values), _quantile(values, 0.99)
        print(f"{name:16}{p50:>10.1f}{p99:>10.1f}{max(values):>10.1f}{len(values):>6}")


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


async def _measure(folder: Path, times: int) -> dict[str, list[float]]:
    server = Server(folder)
    async with running(server):
        await server.start()
        beats = await _beat_to_screen(server, times)
        clicks = await _click_to_work(server, folder, times)
        await server.owner.aclose()
    return {"beat to screen": beats, "click to work": clicks}


async def _beat_to_screen(server: Server, times: int) -> list[float]:
    client_id, headers = "measured", await _enrol(server, "measured")
    cookies = "; ".join(f"{name}={value}" for name, value in server.owner.cookies.items())
    live = f"{server.url.replace('http', 'ws')}{API}/live"
    taken: list[float] = []
    async with (
        httpx.AsyncClient(base_url=server.url, headers=headers) as http,
        websockets.connect(
            live, additional_headers={"Cookie": cookies}, origin=websockets.Origin(server.url)
        ) as socket,
    ):
        await socket.recv()  # the snapshot
        for number in range(times):
            await asyncio.sleep(0.15)  # apart from the feed's own rhythm
            sent = time.perf_counter()
            post = asyncio.create_task(_beat(http, client_id, f"model-{number}"))
            while f"model-{number}" not in str(await socket.recv()):
                pass
            taken.append((time.perf_counter() - sent) * 1_000)
            await post
    return taken


async def _enrol(server: Server, client_id: str) -> dict[str, str]:
    request = EnrolmentRequest(
        token=await server.token(), client_id=client_id, name=client_id, nonce=uuid4().hex, protocol_version=1
    )
    reply = await server.post("/clients", request.model_dump(mode="json"))
    return {"Authorization": f"Bearer {reply['key']}"}


async def _beat(http: httpx.AsyncClient, client_id: str, loaded: str) -> None:
    model = LoadedModel(name=loaded, digest="ab" * 32, size_bytes=1, size_vram_bytes=0, expires_at=datetime.now(UTC))
    beat = Heartbeat(
        boot_id=uuid4(),
        protocol_version=1,
        client_version="bench",
        state=AgentState.IDLE,
        ollama=OllamaStatus(reachable=True, version="0", loaded=(model,)),
    )
    (await http.post(f"{API}/clients/{client_id}/heartbeat", json=beat.model_dump(mode="json"))).raise_for_status()


async def _click_to_work(server: Server, folder: Path, times: int) -> list[float]:
    model = FakeModel("fake", ttft_ms=5, interval_ms=1)
    async with FakeOllama([model]) as ollama:
        client = Client(folder / "bench", server.url, await server.token(), ollama.url)
        async with running(client):
            await client.start()
            await until(lambda: view_of(server, client), "the client to be ready")
            return [await _one_click(server, client, ollama, model.name, number) for number in range(times)]


async def _one_click(server: Server, client: Client, ollama: FakeOllama, model: str, number: int) -> float:
    await asyncio.sleep(0.5 + 0.037 * (number % 20))  # the client is idle again, at no fixed point of its rhythm
    before = len(ollama.record.generations)
    sent_ns = time.time_ns()
    session = await server.post("/sessions", {"models": [model], "client_ids": [client.name]})

    async def first_prompt_ns() -> int:
        new = ollama.record.generations[before:]
        return new[0].received_ns if new else 0

    received_ns = await until(first_prompt_ns, "the first prompt")
    await server.post(f"/sessions/{session['id']}/cancel")

    async def is_idle() -> bool:
        view = await view_of(server, client)
        return view is not None and view["state"] == "idle" and view["running_job_id"] is None

    await until(is_idle, "the client to be idle again")
    return (received_ns - sent_ns) / 1e6


if __name__ == "__main__":
    main()
