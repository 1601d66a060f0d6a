"""What a calibration told of OBT's own error goes with every result, a server's jobs too."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obt_client.bench.calibration import CalibratedLevel, Calibration, keep, of_this_client, own_error_of
from obt_core.results import ClockSource
from tests.fake_ollama import FakeModel, FakeOllama

from .cli.processes import output, start
from .contract_server import TOKEN, ContractServer, a_spec
from .jobs import CHAT, a_suite


def a_calibration(*streams: int) -> Calibration:
    now = datetime.now(UTC)
    levels = [
        CalibratedLevel(
            streams=number,
            ttft_p50_us=number,
            ttft_p99_us=2 * number,
            ttft_max_us=3 * number,
            gap_p50_us=1,
            gap_p99_us=2,
            gap_max_us=3,
            lateness_p50_ms=0,
            lateness_p99_ms=0.5,
            clock=ClockSource.KERNEL,
            measured_at=now,
            requests=10,
            flagged=0,
            merged_share=0,
            delivered_of_ideal=1,
            cpu_s_per_1000_tokens=0.1,
        )
        for number in streams
    ]
    return of_this_client(tuple(levels), now)


def test_the_error_told_is_that_of_the_suites_busiest_workload() -> None:
    busy = CHAT.model_copy(update={"name": "busy", "concurrency": 6})
    told = own_error_of(a_calibration(1, 8, 32), a_suite(CHAT, busy))
    assert told is not None
    assert (told.streams, told.ttft_p99_us) == (8, 16)
    assert own_error_of(None, a_suite(CHAT)) is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
async def test_a_servers_job_carries_it(tmp_path: Path) -> None:
    keep(a_calibration(1), tmp_path / "data")
    async with ContractServer() as contract, FakeOllama([FakeModel("tiny", interval_ms=1)]) as ollama:
        told = {"OBT_SERVER_URL": contract.url, "OBT_ENROL_TOKEN": TOKEN, "OBT_OLLAMA_URL": ollama.url}
        client = await start(tmp_path, "run", **told)
        spec = a_spec(digest=ollama.store.all()[0].digest)
        await contract.offer(spec)
        await contract.until(lambda: spec.job_id in contract.outcomes)
        client.send_signal(signal.SIGTERM)
        assert (await output(client))[0] == 0
    environment = contract.outcomes[spec.job_id].environment
    assert environment is not None
    assert environment.own_error is not None
    assert environment.own_error.ttft_p99_us == 2
