"""Lists and counts of results under any filter, held against what plain Python says of the same results."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.tests.builders import MOMENT
from backend.tests.harness import Harness
from backend.tests.results.rows import CLIENTS, SESSIONS, Told, furnish, one, some, store
from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_server.results import cells, facets, listing, service
from obt_server.results.cursors import ResultPage
from obt_server.results.filters import Facet, ResultFilter

LATER = MOMENT + timedelta(minutes=20)
SORTS = ("ended_at", "ttft_ms", *listing.BY_WORD)
WISHES: list[dict[str, Any]] = [
    {},
    {"client_id": ["one"]},
    {"client_id": ["one", "three"], "grade": ["clean"]},
    {"model": ["qwen3:8b"], "quantization": ["", "F16"]},
    {"family": ["llama", ""]},
    {"family": [""], "suite": ["quick"], "status": ["completed"]},
    {"tag": ["gpu"]},
    {"tag": ["lab"], "client_id": ["two"]},
    {"tag": ["nobody-has-it"]},
    {"suite": ["standard"], "status": ["failed", "cancelled"]},
    {"session_id": SESSIONS[0]},
    {"session_id": SESSIONS[1], "grade": ["disturbed"], "model": ["phi4:14b", "qwen3:8b"]},
    {"from": LATER},
    {"from": MOMENT + timedelta(minutes=5), "to": LATER, "client_id": ["four"]},
    {"q": "LLAMA quick"},
    {"q": "attic", "grade": ["clean"]},
    {"q": "100%"},
]


def _own(told: Told, facet: str) -> set[str]:
    return set(CLIENTS[told.client_id][1]) if facet == "tag" else {getattr(told, facet)}


def matches(told: Told, wish: dict[str, Any], but: str | None = None) -> bool:
    for name, wanted in wish.items():
        texts = (told.model, told.suite, CLIENTS[told.client_id][0])
        if (
            (name in set(Facet) and name != but and _own(told, name).isdisjoint(wanted))
            or (name == "session_id" and told.session_id != wanted)
            or (name == "from" and told.ended_at < wanted)
            or (name == "to" and told.ended_at >= wanted)
            or (name == "q" and not all(any(w in t.lower() for t in texts) for w in wanted.lower().split()))
        ):
            return False
    return True


def in_order(results: list[Told], sort: str) -> list[Told]:
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    newest = sorted(results, key=lambda told: (told.ended_at, told.id), reverse=True)
    if name == "ended_at":
        return newest if descending else newest[::-1]
    if name == "ttft_ms":
        known = [told for told in newest if told.ttft_ms is not None]
        known.sort(key=lambda told: (told.ttft_ms, told.ended_at, told.id), reverse=descending)
        return known + [told for told in newest if told.ttft_ms is None]
    ranks = {"grade": [g.value for g in Grade], "status": [s.value for s in JobStatus]}.get(name)

    def word(told: Told) -> Any:
        if name == "client":
            return (CLIENTS[told.client_id][0].casefold(), told.client_id)
        value = getattr(told, name)
        return ranks.index(value) if ranks else (value.casefold(), value)

    return sorted(newest, key=word) if not descending else _stable_descending(newest, word)


def _stable_descending(newest: list[Told], word: Any) -> list[Told]:
    words = sorted({word(told) for told in newest}, reverse=True)
    return [told for each in words for told in newest if word(told) == each]


async def _fill(server: Harness, number: int = 80) -> list[Told]:
    stored = some(random.Random(7), number)
    async with server.db.write() as session:
        await furnish(session)
        for told in stored:
            await store(session, told)
    return stored


async def _pages(server: Harness, wish: dict[str, Any], sort: str, limit: int) -> list[Any]:
    seen: list[Any] = []
    after: str | None = None
    async with server.db.read() as session:
        while True:
            page = await service.list_page(session, ResultPage(**wish, sort=sort, after=after, limit=limit))
            seen += [result.id for result in page.results]
            after = page.next
            if after is None:
                return seen


@pytest.mark.parametrize("most", [(20_000, 5_000, 2_000), (0, 0, 0), (30, 20, 10)], ids=["collected", "walked", "both"])
async def test_every_filter_in_every_order_lists_each_result_once(
    server: Harness, monkeypatch: pytest.MonkeyPatch, most: tuple[int, int, int]
) -> None:
    for name, value in zip(("COLLECTED_MOST", "LOOKED_UP_MOST", "SORTED_HERE_MOST"), most, strict=True):
        monkeypatch.setattr(listing, name, value)
    stored, dice = await _fill(server), random.Random(most[0])
    for wish in WISHES:
        for name in dice.sample(SORTS, 3):
            sort = dice.choice(["", "-"]) + name
            wanted = [told.id for told in in_order([t for t in stored if matches(t, wish)], sort)]
            assert await _pages(server, wish, sort, dice.choice([5, 17, 50])) == wanted, (wish, sort)


def _wanted(stored: list[Told], wish: dict[str, Any]) -> dict[str, dict[str, int]]:
    wanted: dict[str, Counter[str]] = {facet.value: Counter() for facet in Facet}
    for facet, counted in wanted.items():
        for told in stored:
            if matches(told, wish, but=facet):
                counted.update(_own(told, facet))
    return {facet: {value: n for value, n in counted.items() if n} for facet, counted in wanted.items()}


async def _counted(server: Harness, wish: dict[str, Any]) -> tuple[int, dict[str, dict[str, int]], bool]:
    async with server.db.read() as session:
        told = await service.count(session, ResultFilter(**wish))
    values = {each.facet: {value.value: value.total for value in each.values if value.total} for each in told.facets}
    return told.total, values, told.is_exact


async def test_counts_of_a_facet_ignore_its_own_choice_and_no_other(server: Harness) -> None:
    stored = await _fill(server)
    for wish in WISHES:
        total, values, is_exact = await _counted(server, wish)
        assert is_exact
        assert total == sum(matches(told, wish) for told in stored), wish
        assert values == _wanted(stored, wish), wish


async def test_counts_follow_results_that_are_renewed_and_are_the_same_counted_anew(server: Harness) -> None:
    stored = await _fill(server, 60)
    dice = random.Random(3)
    renewed = [
        replace(told, grade="disturbed", quantization="Q8_0", family=dice.choice(["", "llama"]))
        if dice.random() < 0.5
        else told
        for told in stored
    ]
    async with server.db.write() as session:
        for told in renewed:
            await store(session, told)
    for wish in WISHES:
        assert (await _counted(server, wish))[1] == _wanted(renewed, wish), wish
    before = await _counted(server, {"suite": ["quick"]})
    async with server.db.write() as session:
        await cells.rebuild(session, {(told.client_id, told.model): None for told in renewed})
    after = await _counted(server, {"suite": ["quick"]})
    assert after[0] == before[0]
    assert {**after[1], "family": 0} == {**before[1], "family": 0}
    assert await _pages(server, {"model": ["qwen3:8b"]}, "-ended_at", 50)


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_results_of_two_clients_with_one_model_are_stored_side_by_side(server: Harness) -> None:
    first = replace(one(random.Random(1)), client_id="one")
    second = replace(first, id=uuid4(), client_id="two")
    async with server.db.write() as session:
        await furnish(session)
    async with server.db.write() as session:
        await store(session, first)
        async with asyncio.timeout(10), server.db.write() as another:
            await store(another, second)
    assert (await _counted(server, {"model": [first.model]}))[::2] == (2, True)


async def test_counts_of_a_long_time_are_those_of_the_newest_and_say_so(
    server: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await _fill(server, 60)
    monkeypatch.setattr(facets, "COUNTED_MOST", 20)
    newest = in_order(stored, "-ended_at")[:20]
    total, values, is_exact = await _counted(server, {"from": MOMENT})
    assert (total, is_exact) == (20, False)
    assert values == _wanted(newest, {})
    assert (await _counted(server, {}))[::2] == (60, True)
