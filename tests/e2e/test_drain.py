"""A server that is asked to stop, and given time: nobody who comes meanwhile is sent away."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.e2e.programs import API, Server, running, until

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGTERM is POSIX's")


async def test_a_server_that_drains_answers_on_calls_itself_not_ready_and_ends_well(tmp_path: Path) -> None:
    server = Server(tmp_path, OBT_DRAIN_S="300")
    async with running(server):
        await server.start()
        server.send(signal.SIGTERM)
        ready = await until(lambda: _not_ready(server), "the server to call itself not ready")
        assert [reason["code"] for reason in ready.json()["reasons"]] == ["draining"]
        answer = await server.owner.get(f"{API}/clients")
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        assert await server.stop() in {0, -signal.SIGTERM}, "a second signal ends it at once, as it ends any program"


async def test_its_time_over_it_ends_by_itself(tmp_path: Path) -> None:
    server = Server(tmp_path, OBT_DRAIN_S="0.5")
    async with running(server):
        await server.start()
        assert await server.stop() == 0


async def _not_ready(server: Server) -> httpx.Response | None:
    answer = await server.owner.get("/readyz")
    return answer if answer.status_code == 503 else None
