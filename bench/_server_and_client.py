"""A server and a client as a user runs them, from nothing to measuring, each in a process of its own."""

import asyncio
import re
import socket
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from bench._command import CommandError
from dev.children import Children, clean_environment
from dev.paths import venv_program
from dev.server_api import ServerApi, secret_link
from obt_core.jobs import ENDED
from obt_server.clients.schemas import Clients, ClientView
from obt_server.jobs.schemas import JobView
from obt_server.sessions.schemas import SessionDetail

_POLL_S = 0.5
_READY_S = 120.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Pair:
    """A client that its server knows and hears. `client` is its process."""

    api: ServerApi
    client: psutil.Process
    client_id: str

    async def job(self, suite: str, model: str, timeout_s: float) -> AsyncGenerator[JobView, None]:
        """Have one job done; yield it as it stands, again and again, the last time when it has ended."""
        body = {"suite": suite, "models": [model], "client_ids": [self.client_id], "title": "bench"}
        session = await self.api.post(SessionDetail, "/sessions", body)
        give_up_s = time.monotonic() + timeout_s
        while True:
            (job,) = session.jobs
            yield job
            if job.status in ENDED:
                return
            if time.monotonic() > give_up_s:
                raise CommandError(f"the job was {job.status} after {timeout_s:.0f} s")
            await asyncio.sleep(_POLL_S)
            session = await self.api.get(SessionDetail, f"/sessions/{session.id}")


@asynccontextmanager
async def server_and_client(folder: Path, ollama_url: str, settings: Mapping[str, str]) -> AsyncGenerator[Pair, None]:
    """Start both, the client with some settings of its own, and end them at the end. Raises Trouble, CommandError."""
    port = _free_port()
    server = {"OBT_DATA_DIR": str(folder / "server"), "OBT_HOST": "127.0.0.1", "OBT_PORT": str(port)}
    async with Children(folder, folder / "logs") as children, ServerApi(f"http://127.0.0.1:{port}") as api:
        await children.start("the server", [venv_program("obt-server"), "serve"], server)
        await _until(lambda: _or_none(api.is_ready()), "the server was not ready")
        await api.sign_in(secret_link(await _server_says(folder, server, "link")))
        token = re.search(r'"token"\s*:\s*"([^"]+)"', await _server_says(folder, server, *_TOKEN))
        client = {
            "OBT_SERVER_URL": f"http://127.0.0.1:{port}",
            "OBT_ENROL_TOKEN": token[1] if token else "",
            "OBT_CLIENT_DATA_DIR": str(folder / "client"),
            "OBT_CLIENT_NAME": "bench",
            "OBT_OLLAMA_URL": ollama_url,
            **settings,
        }
        child = await children.start("the client", [venv_program("obt-client"), "run"], client)
        view = await _until(lambda: _reporting(api), "the client did not report")
        yield Pair(api, psutil.Process(child.process.pid), view.id)


_TOKEN = ("token", "create", "--uses", "1", "--expires-hours", "1", "--json")


async def _reporting(api: ServerApi) -> ClientView | None:
    clients = (await api.get(Clients, "/clients")).clients
    return next((client for client in clients if client.ollama and client.ollama.reachable), None)


async def _or_none(question: Awaitable[bool]) -> bool | None:
    return await question or None


async def _until(look: Callable[[], Awaitable[_T | None]], failure: str) -> _T:
    give_up_s = time.monotonic() + _READY_S
    while (found := await look()) is None:
        if time.monotonic() > give_up_s:
            raise CommandError(f"{failure} within {_READY_S:.0f} s")
        await asyncio.sleep(_POLL_S)
    return found


async def _server_says(folder: Path, env: Mapping[str, str], *words: str) -> str:
    pipe = asyncio.subprocess.PIPE
    command = (venv_program("obt-server"), *words)
    variables = {**clean_environment(), **env}
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=variables, stdout=pipe, stderr=pipe)
    out, error = await process.communicate()
    if process.returncode:
        raise CommandError(f"obt-server {words[0]} failed: {error.decode(errors='replace')[-1_000:]}")
    return out.decode()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def say(line: str) -> None:
    """Tell how far it is, beside what is printed."""
    print(line, file=sys.stderr, flush=True)
