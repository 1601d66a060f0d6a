"""What must hold when everything is healed and has ended, whatever happened before."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from tests.e2e.campaign import history
from tests.e2e.campaign.house import House
from tests.e2e.campaign.seen import Sample
from tests.e2e.campaign.viewer import Viewer
from tests.e2e.programs import API

_SETTLE_S = 120.0
_SETTLE_MOST_S = 900.0
"""Two hundred clients on two cores end what they hold in minutes: what goes on ending does not hang."""
_LOOK_EVERY_S = 0.25
_AT_ONCE = 4
_FAILED = retry_if_exception_type((aiohttp.ClientError, TimeoutError))
"""Servers that all clients beat at again are asked again where they are busy."""
_WHOLE = frozenset({"length", "stop"})
_COMPARED = ("end", "ttft_ms", "e2e_ms", "tpot_ms", "role", "workload")
_OPEN = "SELECT id::text, client_id, status FROM jobs WHERE status IN ('queued', 'claimed', 'running')"
_LEFT = "SELECT DISTINCT s.job_id::text FROM samples s JOIN jobs j ON j.id = s.job_id WHERE j.status <> 'lost'"
_JOBS = "SELECT id::text, status FROM jobs"
_CLONES = "SELECT id FROM clients WHERE clone_seen_at IS NOT NULL"


@dataclass(slots=True)
class Found:
    """What was counted, and what should not be. A violation names the job that it is about, if any."""

    violations: list[tuple[str | None, str]] = field(default_factory=list[tuple[str | None, str]])
    jobs: Counter[str] = field(default_factory=Counter[str])
    moves: int = 0
    samples: int = 0
    answers: int = 0
    """Of the samples: those that an Ollama gave to their end."""
    given: int = 0
    """How many answers the Ollamas gave to their end, as they tell themselves."""
    clones: int = 0
    """Clients that are called a clone, though none is: a beat of before a restart came after it."""
    stories: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def add(self, texts: Iterable[str], job_id: str | None = None) -> None:
        """Note violations."""
        self.violations += [(job_id, text) for text in texts]


async def check(house: House) -> Found:
    """Wait until all has ended, then look at everything."""
    found = Found()
    await _settle(house, found)
    moves = await asyncio.to_thread(house.ask, history.MOVES)
    found.moves = len(moves)
    found.add(history.illegal(moves))
    found.jobs = Counter(status for _, status in await asyncio.to_thread(house.ask, _JOBS))
    found.clones = len(await asyncio.to_thread(house.ask, _CLONES))
    found.add(house.seen.contradictions)
    found.add(f"job {id_}: samples lie beside its result" for (id_,) in await asyncio.to_thread(house.ask, _LEFT))
    for job_id, holders in house.seen.holders.items():
        if len(holders) > 1:
            found.add([f"job {job_id} was on {', '.join(sorted(holders))}"], job_id)
    await _check_samples(house, found)
    await _check_pages(house, found)
    for job_id in {job_id for job_id, _ in found.violations if job_id}:
        found.stories[job_id] = _story(job_id, moves)
    return found


async def _settle(house: House, found: Found) -> None:
    """Have all sessions end and all outboxes emptied; what does not is a violation."""
    await until(house.all_ready, found, lambda: ["not every server is ready again"])
    opened: list[tuple[Any, ...]] = []

    async def nothing_is_open() -> bool:
        opened[:] = await asyncio.to_thread(house.ask, _OPEN)
        return not opened

    async def outboxes_are_empty() -> bool:
        return not _undelivered(house, "outbox")

    def still_open() -> list[str]:
        return [f"job {id_} on {client} stays {status}" for id_, client, status in opened]

    def still_there() -> list[str]:
        return [f"not delivered: {one}" for one in _undelivered(house, "outbox")]

    await until(nothing_is_open, found, still_open, _SETTLE_MOST_S)
    await until(outboxes_are_empty, found, still_there, _SETTLE_MOST_S)
    found.add(f"refused by the server: {one}" for one in _undelivered(house, "dead-letter"))


async def until(
    holds: Callable[[], Awaitable[bool]],
    found: Found,
    otherwise: Callable[[], Iterable[str]],
    most_s: float = _SETTLE_S,
    patience_s: float = _SETTLE_S,
) -> None:
    """Wait until it holds. What is otherwise and stays the same so long, or is still so at last, is a violation."""
    begin = changed = time.monotonic()
    seen: list[str] = []
    while not await holds():
        now, told = time.monotonic(), list(otherwise())
        if told != seen:
            seen, changed = told, now
        if now > min(changed + patience_s, begin + most_s):
            found.add(told)
            return
        await asyncio.sleep(_LOOK_EVERY_S)


def _undelivered(house: House, folder: str) -> list[str]:
    files = (file for member in house.members for file in member.program.data_dir.glob(f"{folder}/*/*.json"))
    return sorted(f"{file.parents[3].name} {file.parent.name}" for file in files)


async def _check_samples(house: House, found: Found) -> None:
    """Hold each job's result against all that its client ever said or wrote down."""
    slots = asyncio.Semaphore(_AT_ONCE)
    async with house.owner(house.servers[0].url) as http:

        async def look(job_id: str) -> None:
            try:
                async with slots:
                    stored = await _stored(http, job_id)
            except (aiohttp.ClientError, TimeoutError) as error:
                found.add([f"job {job_id}: its result cannot be read: {error!r}"], job_id)
                return
            found.samples += len(stored)
            found.answers += sum(sample["end"] in _WHOLE for sample in stored)
            found.add(wrong_samples(job_id, house.seen.samples.get(job_id, {}), stored), job_id)

        await asyncio.gather(*map(look, house.seen.samples.keys() | house.seen.ended))
    cut = sum(member.kills for member in house.members) + found.jobs["cancelled"]
    found.given = sum([await _given(fake.record) for fake in house.ollamas])
    if not found.answers <= found.given <= found.answers + cut:
        found.add([f"{found.given} answers were given, {found.answers} are stored, at most {cut} were cut off"])


@retry(retry=_FAILED, wait=wait_fixed(1), stop=stop_after_delay(_SETTLE_S), reraise=True)
async def _stored(http: aiohttp.ClientSession, job_id: str) -> list[Sample]:
    async with http.get(f"{API}/results/{job_id}") as reply:
        if reply.status == 404:
            return []
        reply.raise_for_status()
        return (await reply.json())["samples"]


async def _given(record: Callable[[], Awaitable[list[Any]]]) -> int:
    """How many answers an Ollama gave to their end."""
    return sum(request.outcome == "done" and bool(request.content) for request in await record())


def wrong_samples(job_id: str, taken: dict[int, Sample], stored: list[Sample]) -> Iterable[str]:
    """Say in what the stored samples of a job are not those that were taken, by their number."""
    numbers = [sample["number"] for sample in stored]
    if repeated := sorted(number for number, times in Counter(numbers).items() if times > 1):
        yield f"job {job_id}: samples {repeated} are stored more than once"
    if missing := sorted(taken.keys() - set(numbers)):
        yield f"job {job_id}: samples {missing} of {len(taken)} were taken and are not stored"
    if unknown := sorted(set(numbers) - taken.keys()):
        yield f"job {job_id}: samples {unknown} are stored, and no client told them"
    for sample in stored:
        told = taken.get(sample["number"], sample)
        if [name for name in _COMPARED if told.get(name) != sample.get(name)] or _at(told) != _at(sample):
            yield f"job {job_id}: sample {sample['number']} is stored otherwise than it was taken"


def _at(sample: Sample) -> datetime:
    return datetime.fromisoformat(sample["started_at"])


async def _check_pages(house: House, found: Found) -> None:
    """The pages that were open all the time end equal to the database."""
    async with house.owner(house.servers[0].url) as http:
        for number, page in enumerate(house.pages):
            await _check_page(number, page.viewer, http, found)


async def _check_page(number: int, viewer: Viewer, http: aiohttp.ClientSession, found: Found) -> None:
    differences: list[str] = []

    async def is_equal() -> bool:
        differences[:] = await viewer.differences(http)
        return not differences

    await until(is_equal, found, lambda: [f"on open page {number}: {one}" for one in differences])


def _story(job_id: str, moves: Iterable[tuple[Any, ...]]) -> list[str]:
    """What happened to a job, and when."""
    return [
        f"{at.astimezone(UTC):%H:%M:%S.%f} {before} -> {after}" for id_, before, after, at in moves if id_ == job_id
    ]
