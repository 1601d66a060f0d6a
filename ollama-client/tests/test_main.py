"""The command line, as processes."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from obt_client.config import Settings, variable_of
from obt_core import __version__
from tests.fake_ollama import FakeModel, FakeOllama

from .cli.processes import output, start
from .contract_server import KEY, TOKEN, ContractServer, a_spec

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")


@pytest.fixture
async def contract() -> AsyncGenerator[ContractServer]:
    async with ContractServer() as server:
        yield server


async def test_the_version_and_a_help_that_names_every_setting(tmp_path: Path) -> None:
    assert await output(await start(tmp_path, "--version")) == (0, f"obt-client {__version__}\n", "")
    status, out, _ = await output(await start(tmp_path, "--help"))
    assert status == 0
    assert all(variable_of(field) in out for field in Settings.model_fields)
    assert "obt-client enrol --server https://obt.example.org --token TOKEN" in out


async def test_without_an_identity_it_says_how_to_get_one(tmp_path: Path) -> None:
    status, _, err = await output(await start(tmp_path, "run"))
    assert status == 1
    assert "obt-server token create" in err
    assert "OBT_ENROL_TOKEN" in err


async def test_mistakes_in_settings_are_told_without_a_trace(tmp_path: Path) -> None:
    status, _, err = await output(await start(tmp_path, "run", OBT_DRAIN_S="soon", OBT_LOG_LEVEL="loud"))
    assert status == 2
    assert "OBT_DRAIN_S='soon'" in err
    assert "OBT_LOG_LEVEL='loud'" in err
    status, _, err = await output(await start(tmp_path, "run", OBT_OLLAMA_URL="http://192.0.2.7"))
    assert status == 2
    assert "OBT_ALLOW_REMOTE_OLLAMA" in err


async def test_a_folder_that_cannot_be_used_is_told_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    status, _, err = await output(await start(tmp_path, "run"))
    assert status == 1
    assert "OBT_CLIENT_DATA_DIR" in err


async def test_it_enrols_once_and_says_what_comes_next(contract: ContractServer, tmp_path: Path) -> None:
    told = ("enrol", "--server", contract.url, "--token", TOKEN, "--name", "My box")
    status, out, _ = await output(await start(tmp_path, *told))
    assert status == 0
    assert "Next: obt-client run" in out
    assert contract.enrolments[0].name == "My box"
    status, _, err = await output(await start(tmp_path, *told))
    assert status == 1
    assert "enrolled already" in err
    assert KEY not in out + err


async def test_a_wrong_token_is_told_with_the_servers_reason(contract: ContractServer, tmp_path: Path) -> None:
    status, _, err = await output(await start(tmp_path, "enrol", "--server", contract.url, "--token", "wrong_token"))
    assert status == 1
    assert "enrolment_token_invalid" in err


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_runs_until_a_signal_and_ends_in_good_order(
    contract: ContractServer, tmp_path: Path, number: signal.Signals
) -> None:
    client = await start(tmp_path, "run", OBT_SERVER_URL=contract.url, OBT_ENROL_TOKEN=TOKEN, OBT_LOG_FORMAT="json")
    await contract.until(lambda: contract.hardware)
    second = await output(await start(tmp_path, "run", OBT_SERVER_URL=contract.url, OBT_ENROL_TOKEN=TOKEN))
    client.send_signal(number)
    status, _, err = await output(client)
    assert status == 0
    assert '"event": "server_connected"' in err
    assert second[0] == 1
    assert "Another obt-client" in second[2]
    assert len(contract.enrolments) == 1


@posix
async def test_a_second_signal_ends_it_at_once_and_its_next_start_ends_the_job(
    contract: ContractServer, tmp_path: Path
) -> None:
    async with FakeOllama([FakeModel("tiny", interval_ms=60_000)]) as ollama:
        told = {"OBT_SERVER_URL": contract.url, "OBT_ENROL_TOKEN": TOKEN, "OBT_OLLAMA_URL": ollama.url}
        client = await start(tmp_path, "run", **told)
        spec = a_spec(digest=ollama.store.all()[0].digest)
        await contract.offer(spec)
        while not ollama.record.generations:
            await asyncio.sleep(0.02)
        client.send_signal(signal.SIGTERM)
        await contract.until(lambda: contract.beats[-1].state == "draining")
        client.send_signal(signal.SIGTERM)
        assert (await output(client))[0] == 130
        again = await start(tmp_path, "run", **told)
        await contract.until(lambda: spec.job_id in contract.outcomes)
        again.send_signal(signal.SIGTERM)
        assert (await output(again))[0] == 0
    assert contract.outcomes[spec.job_id].status == "failed"


@posix
async def test_a_killed_client_delivers_every_sample_once_and_ends_the_cut_job(
    contract: ContractServer, tmp_path: Path
) -> None:
    async with FakeOllama([FakeModel("tiny", interval_ms=1)]) as ollama:
        told = {"OBT_SERVER_URL": contract.url, "OBT_ENROL_TOKEN": TOKEN, "OBT_OLLAMA_URL": ollama.url}
        client = await start(tmp_path, "run", **told)
        spec = a_spec(digest=ollama.store.all()[0].digest, samples=5_000)
        await contract.offer(spec)
        await contract.until(lambda: len(contract.numbers(spec.job_id)) >= 5)
        client.kill()
        await client.wait()
        (file,) = (tmp_path / "data").rglob("samples.ndjson")
        on_disk = file.read_bytes().count(b"\n")
        again = await start(tmp_path, "run", **told)
        await contract.until(lambda: spec.job_id in contract.outcomes)
        again.send_signal(signal.SIGTERM)
        assert (await output(again))[0] == 0
    outcome = contract.outcomes[spec.job_id]
    assert outcome.error is not None
    assert outcome.error.code == "client_restarted"
    assert outcome.sample_count == on_disk
    assert contract.numbers(spec.job_id) == list(range(1, on_disk + 1))
