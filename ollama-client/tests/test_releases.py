"""A client and a server of different releases."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from obt_client import __version__
from tests.fake_ollama import FakeModel, FakeOllama

from .contract_server import ContractServer
from .test_agent import living


@pytest.mark.parametrize(("version", "said"), [("", 0), (__version__, 0), ("9.0.0", 1)])
async def test_another_release_of_the_server_is_said_once_with_what_to_do(
    tmp_path: Path, version: str, said: int
) -> None:
    async with ContractServer() as contract, FakeOllama([FakeModel("tiny", interval_ms=1)]) as ollama:
        contract.version = version
        with capture_logs() as logs:
            async with living(contract, ollama, tmp_path, heartbeat_interval_s=0.2):
                await contract.until(lambda: len(contract.beats) > 5)
    told = [log for log in logs if log["event"] == "server_release_differs"]
    assert len(told) == said
    assert all((log["server"], log["client"]) == (version, __version__) for log in told)
    assert all(f"{contract.url}/install.sh" in log["todo"] for log in told)
