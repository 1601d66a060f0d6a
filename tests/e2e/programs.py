"""OBT's programs as a person starts them: processes of their own, killed without mercy."""

import asyncio
import os
import random
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

import httpx

API = "/api/v1"
START_S = 30.0


_OWN_PORTS = range(10_000, 30_000)
"""Below those that a system gives by itself, to connections too: one of them may be gone before it is listened on."""


def free_port() -> int:
    """Return a port that nobody has; a restarted server needs the same one again."""
    for port in random.sample(_OWN_PORTS, 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no free port among a hundred")


async def until(condition: Callable[[], Awaitable[Any]], what: str, seconds: float = 60.0) -> Any:
    """Ask until the answer is truthy, and return it; fail with `what` after so many seconds."""
    end = time.monotonic() + seconds
    while not (answer := await condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
        await asyncio.sleep(0.05)
    return answer


class Program:
    """One process with its log. Settings come from `env` alone: the developer's OBT_ and OLLAMA_ are taken out."""

    def __init__(self, module: str, arguments: list[str], env: Mapping[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "OLLAMA_"))}
        self._env = {**clean, **env, "PYTHONUNBUFFERED": "1"}
        self.log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> Self:
        """Start it, its output appended to the log."""
        with self.log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._env, stdout=out, stderr=out, stdin=asyncio.subprocess.DEVNULL,
                cwd=self.log.parent,
            )  # fmt: skip
        return self

    @property
    def is_running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its process ID."""
        assert self._process is not None
        return self._process.pid

    def send(self, sig: signal.Signals) -> None:
        """Send a signal, and wait for nothing."""
        assert self._process is not None
        if self.is_running:
            self._process.send_signal(sig)

    async def stop(self, sig: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, return the exit status."""
        self.send(sig)
        assert self._process is not None
        return await self._process.wait()

    async def kill(self) -> None:
        """Kill -9."""
        await self.stop(signal.SIGKILL)

    def text(self) -> str:
        """Return all that it has said."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Server(Program):
    """`obt-server serve` on a fixed port, with its owner signed in."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        env = {"OBT_DATA_DIR": str(folder / "server"), "OBT_PORT": str(self.port), **settings}
        super().__init__("obt_server", ["serve"], env, folder / "server.log")
        self.owner = httpx.AsyncClient(base_url=self.url, headers={"Origin": self.url}, timeout=30)

    async def start(self) -> Self:
        """Start, and wait until it is ready; the first time, sign in with the link that it printed."""
        await super().start()
        await until(self._is_ready, "the server to be ready", START_S)
        if not self.owner.cookies:
            entrance = await until(self._entrance, "where to sign in")
            await self.sign_in(entrance.partition("#setup=")[2])
        return self

    async def sign_in(self, secret: str) -> None:
        """Make the owner the first administrator with the secret that the server printed, or sign them in."""
        password = "seven green kettles sing"
        path, body = (
            ("setup", {"secret": secret, "name": "owner"}) if secret else ("sign-in", {"name_or_email": "owner"})
        )
        (await self.owner.post(f"{API}/auth/{path}", json={**body, "password": password})).raise_for_status()

    async def get(self, path: str, **params: Any) -> Any:
        """GET from the API, as the owner."""
        return (await self.owner.get(f"{API}{path}", params=params)).raise_for_status().json()

    async def post(self, path: str, body: Any = None) -> Any:
        """POST to the API, as the owner."""
        reply = (await self.owner.post(f"{API}{path}", json=body)).raise_for_status()
        return reply.json() if reply.content else None

    async def token(self) -> str:
        """Make an enrolment token."""
        return (await self.post("/enrolment-tokens", {"uses": 5}))["token"]

    async def _is_ready(self) -> bool:
        assert self.is_running, f"the server ended:\n{self.text()}"
        try:
            return (await self.owner.get("/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    async def _entrance(self) -> str | None:
        found = re.search(r"http://\S+/sign-in\S*", self.text())
        return found[0] if found else None


class Client(Program):
    """`obt-client run` beside an Ollama."""

    def __init__(self, folder: Path, server_url: str, token: str, ollama_url: str, **settings: str) -> None:
        self.name = folder.name
        folder.mkdir(parents=True, exist_ok=True)
        self.data_dir = folder / "client"
        env = {
            "OBT_SERVER_URL": server_url,
            "OBT_ENROL_TOKEN": token,
            "OBT_CLIENT_NAME": self.name,
            "OBT_CLIENT_ID": self.name,
            "OBT_CLIENT_DATA_DIR": str(self.data_dir),
            "OBT_OLLAMA_URL": ollama_url,
            "OBT_GUARD_CPU_PERCENT": "100",  # what else runs beside the tests is theirs
            "OBT_QUIET_WAIT_S": "0",
            **settings,
        }
        super().__init__("obt_client", ["run"], env, folder / "client.log")


@asynccontextmanager
async def running(*programs: Program) -> AsyncGenerator[None]:
    """Kill whatever still lives when the block ends."""
    try:
        yield
    finally:
        for program in programs:
            if program.is_running:
                await program.kill()


async def view_of(server: Server, client: Client) -> dict[str, Any] | None:
    """Return the client as the server sees it, once it has told its hardware and its models."""
    views = (await server.get("/clients"))["clients"]
    found = [view for view in views if view["id"] == client.name and view["machine"] and view["model_count"]]
    return found[0] if found else None


async def job_of(server: Server, session_id: str) -> dict[str, Any]:
    """Return the only job of a session."""
    (job,) = (await server.get(f"/sessions/{session_id}"))["jobs"]
    return job
