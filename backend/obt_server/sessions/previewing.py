"""What a session would become: every pair with its state, its fit, and how long it will take. Stores nothing."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import service as clients
from obt_server.clients.presence import Presence, PresenceRule
from obt_server.clients.schemas import ClientView
from obt_server.config import Settings
from obt_server.errors import NotFoundError
from obt_server.jobs import service as jobs
from obt_server.models import service as models
from obt_server.results import earlier
from obt_server.results.earlier import Earlier, Newest
from obt_server.sessions.asking import Outlook, look
from obt_server.sessions.fitting import Fit, Seen, fit, memory_of
from obt_server.sessions.freshness import age_s
from obt_server.sessions.planning import why_impossible
from obt_server.sessions.previews import Again, MeasuredBefore, PairState, PlannedClient, PlannedPair, SessionPlan
from obt_server.sessions.wishes import NewSession
from obt_server.suites import service as suites

_AWAY = frozenset({Presence.OFFLINE, Presence.NEW})


async def preview(
    session: AsyncSession, wish: NewSession, rule: PresenceRule, settings: Settings, now: datetime
) -> SessionPlan:
    """Return what `asking.create` would make of a wish now. Raises as that does, but never for lack of jobs."""
    outlook = await look(session, wish, rule, settings, now)
    ahead = await jobs.count_ahead(session, outlook.wanted)
    pairs = [_pair(outlook, client, name) for client in outlook.clients for name in outlook.wanted[client.id]]
    runs = [pair for pair in pairs if _is_run(pair, remeasure=wish.remeasure)]
    budget_s = outlook.suite.budget_s()
    planned = [_client(client, runs, ahead.get(client.id, 0), budget_s) for client in outlook.clients]
    total_s = sum(client.estimate_s for client in planned)
    longest_s = max((client.estimate_s for client in planned), default=0.0)
    return SessionPlan(
        suite=suites.view_of(outlook.suite),
        pairs=pairs,
        clients=planned,
        counts=Counter(pair.state for pair in pairs),
        estimate_s=max(longest_s, total_s / settings.running_jobs_max),
        is_bound=any(client.is_bound for client in planned),
        fresh_for_s=outlook.fresh_for.total_seconds(),
        offline_wait_s=settings.offline_wait_s,
    )


def _is_run(pair: PlannedPair, *, remeasure: bool) -> bool:
    return pair.state is PairState.POSSIBLE or (remeasure and pair.state is PairState.MEASURED)


def _pair(outlook: Outlook, client: ClientView, name: str) -> PlannedPair:
    model = outlook.installed.get((client.id, name))
    reason, error = why_impossible(client, model, outlook.suite)
    measured = outlook.measured(client, name)
    found = outlook.found(client.id, name)
    return PlannedPair(
        client_id=client.id,
        model=name,
        model_digest=model.digest if model else None,
        state=PairState.IMPOSSIBLE if reason else PairState.MEASURED if measured else PairState.POSSIBLE,
        reason=reason,
        error=error,
        waits=reason is None and client.presence in _AWAY,
        fit=_fit(outlook, client, name, found) if model and not model.cloud else None,
        measured=_measured(measured, outlook.now) if measured else None,
        estimate_s=found.of_any_grade.took_s if found and reason is None else None,
    )


def _fit(outlook: Outlook, client: ClientView, name: str, found: Newest | None) -> Fit:
    return fit(outlook.installed[client.id, name], memory_of(client), _seen(outlook, client, found))


def _seen(outlook: Outlook, client: ClientView, found: Newest | None) -> Seen | None:
    """How the model lay in memory when it was measured, if that was on the chips that are there now."""
    machine = outlook.machines.get(client.id)
    if found is None or machine is None or machine.fingerprint is None:
        return None
    last = found.of_any_grade
    if last.hardware_fingerprint != machine.fingerprint or last.size_bytes is None or last.size_vram_bytes is None:
        return None
    return Seen(last.size_bytes, last.size_vram_bytes)


def _measured(result: Earlier, now: datetime) -> MeasuredBefore:
    return MeasuredBefore(
        result_id=result.result_id,
        ended_at=result.ended_at,
        age_s=age_s(result, now),
        ollama_version=result.ollama_version,
        sample_count=result.sample_count,
        headline=result.headline,
    )


def _client(client: ClientView, runs: Iterable[PlannedPair], ahead: int, budget_s: float) -> PlannedClient:
    own = [pair for pair in runs if pair.client_id == client.id]
    return PlannedClient(
        client_id=client.id,
        client_name=client.name,
        jobs=len(own),
        jobs_ahead=ahead,
        estimate_s=sum(budget_s if pair.estimate_s is None else pair.estimate_s for pair in own),
        is_bound=any(pair.estimate_s is None for pair in own),
    )


async def again(session: AsyncSession, result_id: UUID, rule: PresenceRule, now: datetime) -> Again:
    """Return what it takes to run exactly what a result measured. Raises NotFoundError."""
    found = await jobs.list_views(session, [result_id])
    told = await earlier.one(session, result_id)
    if not found or told is None:
        raise NotFoundError(f"There is no result {result_id}.")
    (job,), (client,) = found, await clients.list_views(session, rule, now, [found[0].client_id])
    tags = await models.digests_on(session, client.id)
    return Again(
        result_id=result_id,
        client_id=client.id,
        client_name=client.name,
        is_archived=client.archived_at is not None,
        model=job.model,
        model_digest=told.model_digest,
        digest_now=tags.get(job.model),
        tags_now=sorted(name for name, digest in tags.items() if digest == told.model_digest),
        suite=await suites.find(session, job.suite_hash),
        suite_hash=job.suite_hash,
        order_seed=job.order_seed,
        ended_at=told.ended_at,
        ollama_version=told.ollama_version,
        ollama_version_now=client.ollama.version if client.ollama else None,
    )
