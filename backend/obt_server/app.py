"""Puts the rooms together into one application."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute

from obt_server import __version__, loops
from obt_server.agents.beats import Beats
from obt_server.agents.holds import Holds
from obt_server.agents.routes import router as agents
from obt_server.auth.permissions import permission_of
from obt_server.auth.routes import router as auth
from obt_server.clients.presence import PresenceRule
from obt_server.clients.routes import router as clients
from obt_server.clock import Clock, SystemClock
from obt_server.config import Settings
from obt_server.dashboard import Dashboard
from obt_server.db import Database
from obt_server.errors import Problem, install
from obt_server.events import EventBus
from obt_server.guard import Guard
from obt_server.jobs.routes import router as jobs
from obt_server.live.feed import Feed
from obt_server.live.routes import router as live
from obt_server.migrate import migrate
from obt_server.models.routes import router as models
from obt_server.results.routes import router as results
from obt_server.sessions.routes import router as sessions
from obt_server.suites.routes import router as suites

log = structlog.get_logger()
ROUTERS: tuple[APIRouter, ...] = (auth, clients, agents, models, suites, sessions, jobs, results, live)
API = "/api/v1"


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Make the application. Its database is brought up to date when it starts."""
    app = FastAPI(
        title="OBT, the Ollama Benchmark Tool",
        version=__version__,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
        openapi_url=f"{API}/openapi.json",
    )
    _furnish(app, settings, clock or SystemClock())
    install(app)
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                permission_of(route)  # a route without a permission is no route
        app.include_router(router, prefix=API)
    app.add_api_route("/healthz", _healthz, tags=["health"], include_in_schema=False)
    app.add_api_route("/readyz", _readyz, tags=["health"], include_in_schema=False)
    app.add_route("/{path:path}", Dashboard(settings.static_dir), methods=["GET", "HEAD"], include_in_schema=False)
    app.add_middleware(Guard, settings=settings)
    _describe_problem(app)
    return app


def _furnish(app: FastAPI, settings: Settings, clock: Clock) -> None:
    bus = EventBus()
    db = Database(settings.sqlalchemy_url, bus.publish)
    grace_until = clock.now() + timedelta(seconds=settings.restart_grace_s)
    rule = PresenceRule(settings.stale_after_s, settings.offline_after_s, grace_until)
    holds = Holds(settings.held_heartbeats_max)
    feed = Feed(db, rule, clock)
    bus.subscribe(holds.hear)
    bus.subscribe(feed.hear)
    app.state.settings, app.state.clock, app.state.db, app.state.presence_rule = settings, clock, db, rule
    app.state.holds, app.state.feed = holds, feed
    app.state.beats = Beats(db, holds, settings, clock)
    app.state.sweeper = loops.Sweeper(db, rule, settings, clock)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    state = app.state
    sqlite_file = state.settings.data_dir / "obt.sqlite3" if state.db.is_sqlite else None
    await migrate(state.db, sqlite_file)
    running = asyncio.create_task(loops.run(state.beats, state.holds, state.feed, state.sweeper, state.settings))
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


async def _readyz(request: Request) -> dict[str, str]:
    """Answer when the database answers, else 503."""
    await request.app.state.db.ping()
    return {"status": "ready", "version": __version__}


def _describe_problem(app: FastAPI) -> None:
    """Put the schema of problems into the OpenAPI; routes refer to it by name."""
    make = app.openapi

    def openapi() -> dict[str, object]:
        document = make()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(schema.pop("$defs", {}))
        schemas["Problem"] = schema
        return document

    app.openapi = openapi
