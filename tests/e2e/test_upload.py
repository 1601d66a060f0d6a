"""A run measured with no server is handed to one: real command line, real server, faults on the way."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.e2e.lossy_proxy import LossyProxy
from tests.e2e.programs import Server, running
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.server import FakeOllama

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Server]:
    server = Server(tmp_path)
    async with running(server):
        yield await server.start()
    await server.owner.aclose()


async def command(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "OLLAMA_"))}
    told = {"OBT_CLIENT_DATA_DIR": str(folder / "client"), "OBT_CLIENT_NAME": "my box"}
    env = {**clean, **told, "OBT_GUARD_CPU_PERCENT": "100", "OBT_QUIET_WAIT_S": "0", **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "obt_client", *arguments, cwd=folder, env=env, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    assert b"Traceback" not in err, err.decode()
    return process.returncode, out.decode() + err.decode()


async def a_saved_run(folder: Path) -> Path:
    async with FakeOllama([FakeModel("fast", interval_ms=2), FakeModel("slow", interval_ms=4)]) as ollama:
        told = ("bench", "fast", "slow", "--no-calibrate", "--quiet", "--output", "run.json")
        status, text = await command(folder, *told, OBT_OLLAMA_URL=ollama.url)
    assert status == 0, text
    return folder / "run.json"


async def enrol(folder: Path, server: Server) -> None:
    status, text = await command(folder, "enrol", "--server", server.url, "--token", await server.token())
    assert status == 0, text


async def test_a_run_is_stored_once_whatever_is_lost_on_the_way(server: Server, tmp_path: Path) -> None:
    file = await a_saved_run(tmp_path)
    run = json.loads(file.read_text())
    status, text = await command(tmp_path, "upload", "run.json", "--server", server.url)
    assert (status, "not enrolled" in text) == (1, True)
    await enrol(tmp_path, server)
    async with LossyProxy(server.port) as proxy:
        for request in (r"^POST \S+/runs$", r"^POST \S+/samples$", r"^PUT \S+/outcome$"):
            proxy.lose(request, times=1)
        url = proxy.url
        status, text = await command(tmp_path, "upload", "run.json", "--server", url)
    assert (status, f"is there now: {url}/benchmarks/{run['run_id']}" in text) == (0, True), text
    assert len(proxy.lost) == 3
    await check_stored(server, run)
    status, text = await command(tmp_path, "upload", "run.json")
    assert (status, "was there already, nothing was changed" in text) == (0, True), text
    await check_stored(server, run)


async def check_stored(server: Server, run: dict[str, list[dict[str, str]]]) -> None:
    (session,) = (await server.get("/sessions"))["sessions"]
    assert (session["id"], session["state"], session["counts"]) == (run["run_id"], "completed", {"completed": 2})
    assert session["title"] == "Uploaded: Quick: 2 models on my box"
    for job in run["jobs"]:
        result = await server.get(f"/results/{job['job_id']}")
        assert len(result["samples"]) == len(job["samples"])
        assert result["hardware"]["known"]


async def test_a_hostile_file_stores_nothing(server: Server, tmp_path: Path) -> None:
    file = await a_saved_run(tmp_path)
    await enrol(tmp_path, server)
    good = file.read_text()
    for hostile in ('"ttft_ms":NaN', '"ttft_ms":1e999', '"ttft_ms":"soon"', '"ttft_ms":-5'):
        number = next(part for part in good.split('"ttft_ms":')[1:])
        file.write_text(good.replace(f'"ttft_ms":{number.split(",")[0]}', hostile))
        status, text = await command(tmp_path, "upload", "run.json")
        assert status == 1
        assert "run.json: jobs.0.samples.0.ttft_ms" in text or "run.json: no saved run" in text, text
    assert (await server.get("/sessions"))["sessions"] == []
