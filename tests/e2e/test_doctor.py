"""The doctor beside a real server: it is told the truth, and leaves no trace there."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.e2e.programs import Server, running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]
TOPICS = ("enrolment", "server", "key", "server_clock")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Server]:
    server = Server(tmp_path)
    async with running(server):
        yield await server.start()
    await server.owner.aclose()


async def command(folder: Path, *arguments: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "OLLAMA_"))}
    env = {**clean, "OBT_CLIENT_DATA_DIR": str(folder / "client"), "OBT_OLLAMA_URL": "http://127.0.0.1:1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "obt_client", *arguments, cwd=folder, env=env, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert b"Traceback" not in err, err.decode()
    return out.decode()


async def levels(folder: Path) -> dict[str, str]:
    """How the topics about the server stand; of several findings of a topic the last."""
    findings = json.loads(await command(folder, "doctor", "--json"))["findings"]
    return {one["topic"]: one["level"] for one in findings if one["topic"] in TOPICS}


async def test_an_enrolled_client_is_well_unseen_and_a_wrong_key_is_found(server: Server, tmp_path: Path) -> None:
    await command(tmp_path, "enrol", "--server", server.url, "--token", await server.token())
    assert await levels(tmp_path) == dict.fromkeys(TOPICS, "ok")
    (view,) = (await server.get("/clients"))["clients"]
    assert view["last_seen_at"] is None
    file = tmp_path / "client" / "identity.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "key": "obt_key_of_another_server"}))
    assert (await levels(tmp_path))["key"] == "problem"
    await server.stop()
    assert await levels(tmp_path) == {"enrolment": "ok", "server": "problem"}
