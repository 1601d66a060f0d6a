"""Asking for a session, and what it would become: both look at the same things, so that they agree on every pair."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.models import InstalledModel
from obt_core.suites import Suite
from obt_server.audit import service as audit
from obt_server.clients import machines
from obt_server.clients import service as clients
from obt_server.clients.machines import Machine
from obt_server.clients.presence import PresenceRule
from obt_server.clients.schemas import ClientView
from obt_server.config import Settings
from obt_server.errors import FieldError, InvalidFieldsError, NotFoundError, UnprocessableError
from obt_server.jobs import service as jobs
from obt_server.models import service as models
from obt_server.results import earlier
from obt_server.results.earlier import Earlier, Newest
from obt_server.sessions.freshness import fresh
from obt_server.sessions.planning import Pair, plan, why_impossible
from obt_server.sessions.schemas import SessionDetail
from obt_server.sessions.service import get_detail
from obt_server.sessions.tables import SessionRow
from obt_server.sessions.wishes import PAIRS_MAX, NewSession
from obt_server.suites import service as suites

SCHEDULE_MAX = timedelta(days=366)
_SEED_BITS = 53
"""What every program reads from JSON without loss."""


class NothingToMeasureError(UnprocessableError):
    """Every pair was left out: each has a fresh clean result."""

    code = "nothing_to_measure"

    def __init__(self) -> None:
        super().__init__("Everything asked for was measured lately, and is left out. Ask with remeasure to run it.")


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that decides what becomes of each pair, as it is now."""

    suite: Suite
    wanted: Mapping[str, Sequence[str]]
    clients: Sequence[ClientView]
    installed: Mapping[Pair, InstalledModel]
    newest: Mapping[tuple[str, str], Newest]
    """By (client, model digest)."""
    machines: Mapping[str, Machine]
    now: datetime
    fresh_for: timedelta

    def found(self, client_id: str, model: str) -> Newest | None:
        """What was measured of this pair before, with this suite and the digest that is installed now."""
        installed = self.installed.get((client_id, model))
        return self.newest.get((client_id, installed.digest)) if installed else None

    def measured(self, client: ClientView, model: str) -> Earlier | None:
        """The fresh clean result that may stand for measuring this pair; of what cannot be measured now, none."""
        installed = self.installed.get((client.id, model))
        if installed is None or why_impossible(client, installed, self.suite)[0] is not None:
            return None
        version = client.ollama.version if client.ollama else None
        found, machine = self.found(client.id, model), self.machines.get(client.id)
        return fresh(found, installed, machine, version, self.now, self.fresh_for)


async def look(
    session: AsyncSession, wish: NewSession, rule: PresenceRule, settings: Settings, now: datetime
) -> Outlook:
    """Gather all that decides. Raises NotFoundError, UnprocessableError."""
    wanted = wish.wanted()
    if sum(map(len, wanted.values())) > PAIRS_MAX:
        raise UnprocessableError(f"A session has at most {PAIRS_MAX} pairs of model and client.")
    suite = await _suite_of(session, wish)
    views = await clients.list_views(session, rule, now, wanted)
    if unknown := sorted(wanted.keys() - {view.id for view in views}):
        raise NotFoundError(f"There is no client '{unknown[0]}'.")
    names = {name for each in wanted.values() for name in each}
    installed = await models.installed(session, wanted, names)
    digests = {model.digest for model in installed.values()}
    return Outlook(
        suite=suite,
        wanted=wanted,
        clients=views,
        installed=installed,
        newest=await earlier.newest(session, suite.hash(), wanted, digests),
        machines=await machines.of_clients(session, wanted),
        now=now,
        fresh_for=timedelta(days=settings.result_fresh_days),
    )


async def _suite_of(session: AsyncSession, wish: NewSession) -> Suite:
    if isinstance(wish.suite, str):
        return await suites.find(session, wish.suite)
    suites.check_contexts(wish.suite, "body.suite.content")
    return wish.suite


async def create(
    session: AsyncSession,
    wish: NewSession,
    asked_by: str,
    rule: PresenceRule,
    settings: Settings,
    now: datetime,
    person: str | None = None,
) -> SessionDetail:
    """Queue a job for each possible pair; store the impossible ones as skipped, with their reason.

    `asked_by` is for readers; `person` tells whose turn its jobs take, where that is not the same.

    Without `remeasure`, pairs that a fresh clean result stands for are left out. Raises NotFoundError,
    UnprocessableError, InvalidFieldsError, NothingToMeasureError.
    """
    not_before = _not_before(wish, now)
    outlook = await look(session, wish, rule, settings, now)
    wanted = outlook.wanted if wish.remeasure else _without_measured(outlook)
    order_seed = secrets.randbits(_SEED_BITS) if wish.order_seed is None else wish.order_seed
    planned = plan(wanted, outlook.clients, outlook.installed, outlook.suite, order_seed)
    if not planned:
        raise NothingToMeasureError
    row = SessionRow(
        id=uuid4(),
        title=wish.title or _title(outlook.suite, wanted),
        suite_name=outlook.suite.name,
        suite_hash=await suites.keep(session, outlook.suite, now),
        created_at=now,
        not_before=not_before,
        asked_by=asked_by,
    )
    session.add(row)
    await session.flush()
    await jobs.queue(session, row.id, row.suite_hash, planned, now, not_before, person or asked_by)
    after = {"title": row.title, "suite": row.suite_name, "jobs": len(planned)}
    await audit.note(session, "benchmark.asked", "session", row.id, after=after)
    await session.flush()
    return await get_detail(session, row.id, settings, now)


def _not_before(wish: NewSession, now: datetime) -> datetime | None:
    """When it is to begin; None: at once, also where the moment is over already."""
    if wish.not_before is not None and wish.not_before > now + SCHEDULE_MAX:
        where = FieldError(where="body.not_before", message="is more than a year ahead")
        raise InvalidFieldsError([where])
    return wish.not_before if wish.not_before is not None and wish.not_before > now else None


def _without_measured(outlook: Outlook) -> dict[str, list[str]]:
    return {
        client.id: [name for name in outlook.wanted[client.id] if outlook.measured(client, name) is None]
        for client in outlook.clients
    }


def _title(suite: Suite, wanted: Mapping[str, Sequence[str]]) -> str:
    names = list(dict.fromkeys(name for each in wanted.values() for name in each))
    return f"{suite.title}: {_in_words(names, 'model')} on {_in_words([c for c in wanted if wanted[c]], 'client')}"[
        :120
    ]


def _in_words(names: Sequence[str], noun: str) -> str:
    return names[0][:40] if len(names) == 1 else f"{len(names)} {noun}s"
