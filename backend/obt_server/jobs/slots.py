"""How many jobs run at once: over all, and on the clients of a tag; and who is given a place that is free.

Who gives a job away holds `claims.take_turns`; who only looks may be told what is over a moment later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients import readiness
from obt_server.config import Settings
from obt_server.jobs import repository
from obt_server.jobs.schemas import WaitReason
from obt_server.jobs.turns import Waiting, has_place, in_turn

OVERALL = ""
"""No tag: the limit of all jobs."""
AT_THIS_MOMENT = 100
"""No more jobs are given away at one moment: each takes a connection to the database."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A client that would take a job at once: the limits that it stands under, and who is next there."""

    limits: list[str]
    next: Waiting


@dataclass(frozen=True, slots=True)
class Places:
    """How many places are free under each limit, and who would have them where they do not suffice for all."""

    free: Mapping[str, int]
    contending: tuple[Contender, ...] = ()

    def limits_of(self, tags: Iterable[str]) -> list[str]:
        """Return the limits that a client with those tags stands under."""
        return [OVERALL, *(tag for tag in tags if tag in self.free)]

    def why_full(self, tags: Iterable[str]) -> WaitReason | None:
        """Why a client with those tags gets nothing now; None where each of its limits leaves a place."""
        taken = [tag for tag in self.limits_of(tags) if self.free[tag] <= 0]
        if not taken:
            return None
        return WaitReason.LIMIT if OVERALL in taken else WaitReason.TAG_LIMIT

    def why_none(self, tags: Iterable[str], person: str) -> WaitReason | None:
        """Why no place is there for a job of this person on a client with those tags; None where there is one."""
        if full := self.why_full(tags):
            return full
        for limit in self.limits_of(tags):
            rivals = [one.next for one in self.contending if limit in one.limits]
            if not has_place(person, rivals, self.free[limit]):
                return WaitReason.TURN
        return None


async def look(session: AsyncSession, settings: Settings, now: datetime) -> Places:
    """Count what is free, and who contends for it."""
    places = Places(await _free(session, settings))
    usable = [count for count in places.free.values() if count > 0]
    if places.free[OVERALL] <= 0 or await repository.count_queued(session, min(usable) + 1) <= min(usable):
        return places
    return Places(places.free, await _contending(session, places, settings, now))


async def are_plenty(session: AsyncSession, settings: Settings) -> bool:
    """Whether there are places for all jobs that wait, whoever else gives some away at this moment."""
    least = min((await _free(session, settings)).values()) - AT_THIS_MOMENT
    return least > 0 and await repository.count_queued(session, least + 1) <= least


async def why_none(
    session: AsyncSession, client_id: str, person: str, settings: Settings, now: datetime
) -> WaitReason | None:
    """Why no place is there for a job of this person on this client; None where there is one."""
    tags = await readiness.tags_of(session, client_id) if settings.running_jobs_max_per_tag else []
    return (await look(session, settings, now)).why_none(tags, person)


async def _free(session: AsyncSession, settings: Settings) -> dict[str, int]:
    active = await repository.count_active(session)
    free = {OVERALL: settings.running_jobs_max - active, **settings.running_jobs_max_per_tag}
    if active and settings.running_jobs_max_per_tag:
        by_client = await repository.count_active_by_client(session)
        tagged = await readiness.tagged(session, by_client)
        for client_id, count in by_client.items():
            for tag in settings.running_jobs_max_per_tag.keys() & set(tagged.get(client_id, ())):
                free[tag] -= count
    return free


async def _contending(
    session: AsyncSession, places: Places, settings: Settings, now: datetime
) -> tuple[Contender, ...]:
    """Find them. Their next person's turn counts from when that person was last given a job anywhere."""
    waiting = await repository.people_waiting(session, now)
    ready = await readiness.ready(session, waiting, settings, now)
    able = {
        client_id: in_turn(people)[0]
        for client_id, people in waiting.items()
        if client_id in ready and places.why_full(ready[client_id]) is None
    }
    served = await repository.last_served(session, {one.person for one in able.values()})
    return tuple(
        Contender(places.limits_of(ready[client_id]), Waiting(one.person, one.since, served.get(one.person)))
        for client_id, one in able.items()
    )
