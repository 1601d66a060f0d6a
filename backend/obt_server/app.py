"""Puts the rooms together into one application."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, cast

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from obt_server import __version__, loops
from obt_server.agents.beats import Beats
from obt_server.agents.holds import Holds
from obt_server.agents.hot import HotBeats
from obt_server.agents.quiet import QuietClients
from obt_server.agents.routes import router as agents
from obt_server.agents.warming import Warming
from obt_server.analysis.routes import router as analysis
from obt_server.analysis.shelf import Desk
from obt_server.audit.routes import router as audit
from obt_server.auth.cookies import COOKIE, session_cookie
from obt_server.auth.oidc_routes import router as oidc
from obt_server.auth.people_routes import router as people
from obt_server.auth.permissions import GRANTS, OPEN, Kind, permission_of
from obt_server.auth.roles import NEVER_BY_KEY
from obt_server.auth.routes import router as auth
from obt_server.clients.presence import PresenceRule
from obt_server.clients.routes import router as clients
from obt_server.clients.shown import ShownClients
from obt_server.clock import Clock, SystemClock
from obt_server.compression import CompressedApi
from obt_server.config import Settings
from obt_server.dashboard import Dashboard
from obt_server.db import Database
from obt_server.downloads.routes import root_router
from obt_server.downloads.routes import router as downloads
from obt_server.engines import limits_of
from obt_server.errors import Problem, install
from obt_server.events import EventBus
from obt_server.events.peers import Alone, Peers
from obt_server.export.routes import router as export
from obt_server.guard import Guard
from obt_server.hardware.routes import router as hardware
from obt_server.jobs.routes import router as jobs
from obt_server.limits.middleware import Limited
from obt_server.limits.senders import Senders
from obt_server.live.feed import Feed
from obt_server.live.routes import router as live
from obt_server.metrics.fleet import Fleet
from obt_server.metrics.middleware import Observed
from obt_server.metrics.process import Process
from obt_server.metrics.requests import Requests
from obt_server.metrics.routes import root_router as metrics
from obt_server.metrics.service import Metrics
from obt_server.migrate import migrate
from obt_server.models.routes import router as models
from obt_server.operations.routes import router as operations
from obt_server.pulse import Pulse
from obt_server.readiness import Readiness
from obt_server.readiness import router as readiness
from obt_server.results.routes import router as results
from obt_server.retention.routes import router as retention
from obt_server.room import Room
from obt_server.sessions.routes import router as sessions
from obt_server.suites.routes import router as suites

log = structlog.get_logger()
ROUTERS: tuple[APIRouter, ...] = (
    auth,
    oidc,
    people,
    audit,
    clients,
    hardware,
    agents,
    models,
    suites,
    sessions,
    jobs,
    operations,
    results,
    analysis,
    export,
    live,
    downloads,
    retention,
)
API = "/api/v1"


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Make the application. Its database is brought up to date when it starts."""
    app = FastAPI(
        title="OBT, the Ollama Benchmark Tool",
        version=__version__,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # FastAPI's page for people loads scripts of other hosts into this origin
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # it asks at each request who listens
    )
    _furnish(app, settings, clock or SystemClock())
    install(app)
    for route in (*api_routes(), *_routes_of(root_router), *_routes_of(metrics)):
        permission_of(route)  # a route without a permission is no route
    for router in ROUTERS:
        app.include_router(router, prefix=API)
    app.include_router(root_router)
    app.include_router(metrics)
    app.add_api_route("/healthz", _healthz, tags=["health"], include_in_schema=False)
    app.include_router(readiness)
    app.router.routes.append(Route("/api/{path:path}", _NoSuchRoute(), include_in_schema=False))
    app.add_route(
        "/{path:path}", Dashboard(settings.static_dir).answer, methods=["GET", "HEAD"], include_in_schema=False
    )
    app.add_middleware(CompressedApi, prefix=f"{API}/")
    app.add_middleware(HotBeats, prefix=API, beats=app.state.beats)
    app.add_middleware(Limited, settings=settings, senders=app.state.senders, cookie=session_cookie)
    app.add_middleware(Guard, settings=settings)
    _observe(app, settings)
    _describe(app)
    return app


def api_routes() -> list[APIRoute]:
    """Return every route of the API; their paths are without the prefix."""
    return [route for router in ROUTERS for route in _routes_of(router)]


def _routes_of(router: APIRouter) -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute)]


def _furnish(app: FastAPI, settings: Settings, clock: Clock) -> None:
    bus = EventBus(hears_all=settings.database_url is None)
    limits = limits_of(settings)
    peers = Alone() if settings.database_url is None else Peers(settings.database_url, limits, bus)
    db = Database(settings.sqlalchemy_url, bus.publish, peers.tell, settings.writers_max, limits)
    grace_until = clock.now() + timedelta(seconds=settings.restart_grace_s)
    rule = PresenceRule(settings.stale_after_s, settings.offline_after_s, grace_until, settings.clock_apart_s)
    holds = Holds(settings.held_heartbeats_max)
    shown = ShownClients(rule)
    feed, quiet, senders = Feed(db, rule, clock, shown), QuietClients(bus), Senders()
    bus.subscribe(quiet.hear)  # before a held beat is woken to look
    bus.subscribe(holds.hear)
    bus.subscribe(feed.hear)
    app.state.settings, app.state.clock, app.state.db, app.state.presence_rule = settings, clock, db, rule
    app.state.shown_clients = shown
    app.state.holds, app.state.feed, app.state.bus, app.state.peers = holds, feed, bus, peers
    app.state.giving_out = asyncio.Semaphore(max(1, settings.db_write_connections_max // 3))
    app.state.is_draining = False  # asked to stop: whoever comes again is to go to another server
    app.state.has_people = False  # as far as is known: `auth.first_visit` looks
    app.state.beats = Beats(db, holds, quiet, rule, settings, clock)
    app.state.senders, app.state.warming = senders, Warming(db, quiet, holds, senders)
    app.state.quiet, app.state.desk, app.state.kept = quiet, Desk(), {}
    app.state.room = Room(settings)
    app.state.sweeper = loops.Sweeper(db, rule, settings, clock, peers, app.state.room)
    app.state.pulse = Pulse()
    app.state.readiness = Readiness(db, app.state.pulse)


def _observe(app: FastAPI, settings: Settings) -> None:
    """Count from the outside on, and let the metrics read what else there is."""
    state, requests = app.state, Requests()
    process = Process(
        database="sqlite" if state.db.is_sqlite else "postgresql",
        pools=lambda: state.db.pools,
        pulse=state.pulse,
        held=state.holds,
        held_max=settings.held_heartbeats_max,
        is_draining=lambda: state.is_draining,
        room=state.room,
    )
    state.bus.subscribe(process.hear)
    fleet = Fleet(state.db, state.presence_rule, state.clock, settings.metrics_clients_max)
    state.metrics = Metrics(requests, process, fleet)
    quietly = "debug" if settings.log_level == "debug" else None
    level = "info" if settings.log_requests else quietly
    app.add_middleware(Observed, requests=requests, level=level)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    state = app.state
    sqlite_file = state.settings.data_dir / "obt.sqlite3" if state.db.is_sqlite else None
    await migrate(state.db, sqlite_file)
    loop = loops.run(state.beats, state.warming, state.feed, state.sweeper, state.settings, state.pulse)
    running = asyncio.create_task(loop)
    try:
        yield
    finally:
        state.holds.release_all()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await state.beats.flush()
        await state.db.close()


async def _healthz() -> dict[str, str]:
    """Answer while the process lives."""
    return {"status": "ok", "version": __version__}


class _NoSuchRoute:
    """Answers what no route of the API took, instead of the dashboard: 404, or 405 with the methods that there are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's names
        path = f"/api/{scope['path_params']['path']}".removeprefix(API)
        methods = {method for route in api_routes() if route.path_regex.match(path) for method in route.methods or ()}
        if methods:
            raise HTTPException(
                405, f"Here one may {', '.join(sorted(methods))}.", {"Allow": ", ".join(sorted(methods))}
            )
        raise HTTPException(404, "The API has no such path. See /docs.")


def _describe(app: FastAPI) -> None:
    """Put into the OpenAPI what routes refer to by name, the schema of problems, and who may call which route."""
    make = app.openapi

    def openapi() -> dict[str, object]:
        document = make()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(schema.pop("$defs", {}))
        schemas["Problem"] = schema
        document["components"]["securitySchemes"] = _SECURITY_SCHEMES
        for route in api_routes():
            for method in route.methods or ():
                document["paths"][API + route.path_format][method.lower()]["security"] = _security_of(route)
        app.openapi_schema = cast("dict[str, Any]", _exact(document))
        return app.openapi_schema

    app.openapi = openapi


def _exact(value: object) -> object:
    """FastAPI makes a float of every bound; one past 2**53 would be read as another number."""
    if isinstance(value, dict):
        return {name: _exact(part) for name, part in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_exact(part) for part in cast("list[object]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


_SECURITY_SCHEMES = {
    "clientKey": {"type": "http", "scheme": "bearer", "description": "The key that a client got when it enrolled."},
    "browserSession": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"Set when somebody signs in. Over TLS its name is {session_cookie('https')}.",
    },
    "apiKey": {"type": "http", "scheme": "bearer", "description": "A key that a person made: obt_ and 43 characters."},
    "apiKeyHeader": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key, by itself."},
}


def _security_of(route: APIRoute) -> list[dict[str, list[str]]]:
    permission = permission_of(route)
    if permission in OPEN:
        return []
    if permission in GRANTS[Kind.CLIENT]:
        return [{"clientKey": []}]
    ways = ("browserSession",) if permission in NEVER_BY_KEY else ("browserSession", "apiKey", "apiKeyHeader")
    return [{way: []} for way in ways]
