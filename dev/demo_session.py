"""One test session of the demo, asked of the server as the dashboard would ask."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from rich.console import Console

from dev.demo_models import choose
from dev.demo_view import JobsProgress, result_table
from dev.server_api import ServerApi
from dev.trouble import Trouble
from obt_core.jobs import ENDED
from obt_core.models import InstalledModel
from obt_server.clients.schemas import Clients, ClientView
from obt_server.models.schemas import Models
from obt_server.results.schemas import Results
from obt_server.sessions.schemas import SessionDetail, Sessions
from obt_server.sessions.state import SessionState

POLL_S = 0.5
CLIENT_S = 90.0
"""How long the client may take to enrol, to beat, and to tell what models it has."""
_OPEN = {SessionState.QUEUED, SessionState.RUNNING}
T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """What to measure: a suite by its name, models by theirs or, with none named, a few of those `installed`."""

    suite: str
    models: list[str]
    installed: set[str]


async def measure(api: ServerApi, console: Console, wanted: Wanted) -> bool:
    """Run the session, show it while it runs and its table at the end; return whether every job completed."""
    client = await _client(api, datetime.now(UTC))
    await _cancel_leftovers(api)
    models, note = choose(await _models(api, client, wanted.installed), wanted.models)
    if note:
        console.print(note, highlight=False)
    asked = {"suite": wanted.suite, "models": models, "client_ids": [client.id], "title": f"Demo: {wanted.suite}"}
    session = await api.post(SessionDetail, "/sessions", asked)
    console.print(f"Suite {session.suite.title}: {session.suite.description}", highlight=False)
    ended = await _follow(api, console, session)
    await _show(api, console, client, ended)
    return ended.state is SessionState.COMPLETED


async def _follow(api: ServerApi, console: Console, session: SessionDetail) -> SessionDetail:
    """Show the jobs until all have ended."""
    planned = session.suite.samples_planned()
    progress = JobsProgress(console)
    with progress.bars:
        progress.show(session.jobs, planned)
        while not all(job.status in ENDED for job in session.jobs):
            await asyncio.sleep(POLL_S)
            session = await api.get(SessionDetail, f"/sessions/{session.id}")
            progress.show(session.jobs, planned)
    return session


async def _show(api: ServerApi, console: Console, client: ClientView, session: SessionDetail) -> None:
    results = await api.get(Results, "/results", {"session_id": str(session.id)})
    grades = {str(result.id): str(result.grade) for result in results.results}
    version = client.ollama.version if client.ollama else None
    title = f"{session.suite.title} on {client.name}, Ollama {version or 'of unknown version'}"
    console.print()
    console.print(result_table(title, session.jobs, grades))
    for result in results.results:
        if result.reasons:
            reasons = ", ".join(reason.replace("_", " ") for reason in result.reasons)
            console.print(f"{result.model} is {result.grade}: {reasons}", style="yellow", highlight=False, markup=False)
    for job in session.jobs:
        if job.error:
            console.print(f"{job.model}: {job.error.message}", style="red", highlight=False, markup=False)


async def _client(api: ServerApi, since: datetime) -> ClientView:
    """Return the client that was started for the demo: the one that beats now, with its Ollama in reach."""

    async def look() -> ClientView | None:
        clients = (await api.get(Clients, "/clients")).clients
        alive = (client for client in clients if client.last_seen_at and client.last_seen_at >= since)
        return next((client for client in alive if client.ollama and client.ollama.reachable), None)

    return await _until(look, "The client did not report to the server")


async def _models(api: ServerApi, client: ClientView, installed: set[str]) -> list[InstalledModel]:
    """Return the client's models once the server knows all that are installed."""

    async def look() -> list[InstalledModel] | None:
        told = (await api.get(Models, "/models", {"client_id": client.id})).models
        own = [InstalledModel.model_validate(model.model_dump()) for model in told]
        return own if installed <= {model.name for model in own} else None

    return await _until(look, "The client did not tell the server what models are installed")


async def _until(look: Callable[[], Awaitable[T | None]], failure: str) -> T:
    try:
        async with asyncio.timeout(CLIENT_S):
            while (found := await look()) is None:  # noqa: ASYNC110 - the server is asked over HTTP
                await asyncio.sleep(POLL_S)
            return found
    except TimeoutError as error:
        hint = "See .local/logs/demo-client.log and .local/logs/demo-server.log."
        raise Trouble(f"{failure} within {CLIENT_S:.0f} s.", hint) from error


async def _cancel_leftovers(api: ServerApi) -> None:
    """Cancel what a demo that was cut short left queued: it would be measured before what is asked for now."""
    for session in (await api.get(Sessions, "/sessions")).sessions:
        if session.state in _OPEN:
            await api.post(SessionDetail, f"/sessions/{session.id}/cancel", {})
