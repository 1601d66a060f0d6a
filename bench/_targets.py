"""What is asked of a server at scale: the dashboard's pages, and the calls that they make."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench._served import Served
from tests.e2e.programs import Server

_FACETS: tuple[dict[str, str], ...] = (
    {},
    {"grade": "clean"},
    {"suite": "quick"},
    {"quantization": "Q4_K_M"},
    {"family": "llama", "grade": "clean"},
    {"tag": "team-3"},
)
_SORTS = ("-ended_at", "ended_at", "-decode_tokens_per_s", "ttft_ms")
Asked = Callable[[random.Random], str]


@dataclass(frozen=True, slots=True)
class Call:
    """One kind of call of a page; `path` draws the address of the next one."""

    page: str
    name: str
    path: Asked


@dataclass(frozen=True, slots=True)
class Known:
    """What of the database addresses are made of."""

    clients: Sequence[str]
    models: Sequence[str]
    results: Sequence[Mapping[str, Any]]
    sessions: Sequence[str]


async def know(it: Served) -> Known:
    """Ask for the newest results and sessions, and those of some clients."""
    dice = random.Random(1)
    clients = [machine.id for machine in it.fleet]
    pages = [await it.server.get("/results", client_id=client, limit=20) for client in dice.sample(clients, 30)]
    sessions = await it.server.get("/sessions", limit=100)
    return Known(
        clients=clients,
        models=sorted({model.name for machine in it.fleet for model in machine.models}),
        results=[result for page in pages for result in page["results"]],
        sessions=[session["id"] for session in sessions["sessions"]],
    )


def calls_of(known: Known) -> list[Call]:
    """Every call that a page makes of the API when it is opened, narrowed or turned."""

    def result(dice: random.Random) -> Mapping[str, Any]:
        return dice.choice(known.results)

    def narrowed(dice: random.Random) -> dict[str, str]:
        own = ({"client_id": dice.choice(known.clients)}, {"model": dice.choice(known.models)})
        return dict(dice.choice((*_FACETS, *own)))

    return [
        Call("everywhere", "snapshot", lambda _: "/live/snapshot"),
        Call("fleet", "latest results", lambda _: "/results?limit=10"),
        Call("fleet", "latest of each", lambda _: "/results/latest/columns"),
        Call("clients", "archived", lambda _: "/clients?archived=true"),
        Call("client", "one", lambda dice: f"/clients/{dice.choice(known.clients)}"),
        Call("client", "presence", lambda dice: f"/clients/{dice.choice(known.clients)}/presence"),
        Call("client", "hardware", lambda dice: f"/clients/{dice.choice(known.clients)}/hardware"),
        Call("client", "its results", lambda dice: _at("/results", client_id=dice.choice(known.clients), limit=20)),
        Call("models", "all", lambda _: "/models"),
        Call("operations", "list", lambda _: "/operations?limit=100"),
        Call("benchmarks", "list", lambda _: "/sessions?limit=50"),
        Call("new benchmark", "suites", lambda _: "/suites"),
        Call("session", "one", lambda dice: f"/sessions/{dice.choice(known.sessions)}"),
        Call("session", "jobs", lambda dice: f"/sessions/{dice.choice(known.sessions)}/jobs"),
        Call("session", "log", lambda dice: f"/sessions/{dice.choice(known.sessions)}/log"),
        Call("results", "list", lambda dice: _at("/results", **narrowed(dice), sort=dice.choice(_SORTS), limit=50)),
        Call("results", "facets", lambda dice: _at("/results/facets", **narrowed(dice))),
        Call("results", "search", lambda dice: _at("/results", q=dice.choice(known.models)[:6], limit=50)),
        Call("result", "one", lambda dice: f"/results/{result(dice)['id']}"),
        Call("compare", "two", lambda dice: _at("/compare", result_id=[result(dice)["id"], result(dice)["id"]])),
        Call("compare", "ten", lambda dice: _at("/compare", result_id=[result(dice)["id"] for _ in range(10)])),
        Call("trends", "pick", lambda dice: _at("/series", client_id=dice.choice(known.clients))),
        Call("trends", "one", lambda dice: f"/series/{result(dice)['series']}"),
    ]


def _at(path: str, **query: object) -> str:
    return f"{path}?{urlencode(query, doseq=True)}"


async def routes_of(server: Server) -> list[str]:
    """The addresses of the dashboard's pages, with examples of those that have an ID in them."""
    results = (await server.get("/results", limit=2))["results"]
    sessions = (await server.get("/sessions", limit=1))["sessions"]
    first, second = results
    return [
        "/",
        "/clients",
        f"/clients/{first['client_id']}",
        "/models",
        "/operations",
        "/benchmarks",
        "/benchmarks/new",
        f"/benchmarks/{sessions[0]['id']}",
        "/results",
        f"/results/{first['id']}",
        f"/compare?result={first['id']}&result={second['id']}",
        f"/trends?series={first['series']}",
        "/settings",
        "/help",
    ]
