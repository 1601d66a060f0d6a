"""People take turns, whatever they ask for: the order by itself, and given out by a server."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_core.jobs import JobSpec
from obt_server.auth.roles import Role
from obt_server.config import Settings
from obt_server.jobs.turns import Waiting, has_place, in_turn

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 50).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
WAITING = st.lists(
    st.builds(Waiting, st.sampled_from("abcdef"), MOMENTS, st.none() | MOMENTS), unique_by=lambda one: one.person
)


@given(WAITING)
def test_who_was_served_longest_ago_goes_first_and_the_new_ones_before_all(waiting: list[Waiting]) -> None:
    order = in_turn(waiting)
    assert sorted(order, key=repr) == sorted(waiting, key=repr)
    for one, other in pairwise(order):
        assert one.served_at is None or (other.served_at is not None and one.served_at <= other.served_at)
        if one.served_at == other.served_at:
            assert one.since <= other.since


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.permutations(range(6)))
def test_nobody_waits_for_more_turns_than_there_are_others(jobs: list[int], asked: list[int]) -> None:
    """However much each asked for, and in whatever order: between two turns of one each other has at most one."""
    left = {f"p{n}": count for n, count in enumerate(jobs)}
    since = {f"p{n}": BEGIN + timedelta(minutes=asked[n]) for n in range(len(jobs))}
    served: dict[str, datetime] = {}
    given_out: list[str] = []
    while any(left.values()):
        now = BEGIN + timedelta(hours=1, minutes=len(given_out))
        first = in_turn(Waiting(name, since[name], served.get(name)) for name, count in left.items() if count)[0].person
        given_out.append(first)
        left[first] -= 1
        served[first] = now
    for person, count in zip(left, jobs, strict=True):
        turns = [place for place, name in enumerate(given_out) if name == person]
        assert len(turns) == count
        assert turns[0] < len(jobs)
        assert all(later - earlier <= len(jobs) for earlier, later in pairwise(turns))


@given(st.lists(st.tuples(st.sampled_from("abcd"), MOMENTS), min_size=1, max_size=12), st.integers(1, 6))
def test_a_free_place_is_always_somebodys(contending: list[tuple[str, datetime]], free: int) -> None:
    served = {name: BEGIN + timedelta(minutes=n) for n, name in enumerate("dcb")}
    rivals = [Waiting(name, since, served.get(name)) for name, since in contending]
    people = {one.person for one in rivals}
    assert any(has_place(person, rivals, free) for person in people)
    assert not any(has_place(person, rivals, 0) for person in people)
    if free >= len(rivals):
        assert all(has_place(person, rivals, free) for person in people)


async def ask(server: Harness, name: str, clients: list[AClient], models: list[str]) -> None:
    person = await server.a_person(name, Role.OPERATOR)
    body = {"models": models, "client_ids": [client.id for client in clients], "order_seed": 1}
    (await person.post(f"{API}/sessions", json=body)).raise_for_status()


async def work_off(client: AClient, clock: FakeClock) -> list[str]:
    done: list[str] = []
    while spec := await client.claim():
        done.append(spec.model)
        clock.advance(1)
        await client.send_outcome(spec.job_id, builders.a_failure(spec, 0))
    return done


async def test_who_asked_for_much_first_does_not_keep_others_from_a_client(server: Harness) -> None:
    names = [f"{who}{n}" for who in "abc" for n in range(4)]
    client = await server.a_client("one", models=tuple(names))
    await ask(server, "anna", [client], [f"a{n}" for n in range(4)])
    server.clock.advance(1)
    await ask(server, "bert", [client], ["b0", "b1"])
    server.clock.advance(1)
    await ask(server, "bert", [client], ["b2"])
    await ask(server, "carl", [client], ["c0"])
    done = await work_off(client, server.clock)
    assert [model[0] for model in done] == ["a", "b", "c", "a", "b", "a", "b", "a"]
    assert [model for model in done if model[0] == "b"][-1] == "b2"  # a person's own in the order they were asked for


async def test_a_free_place_goes_to_the_person_served_longest_ago(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"running_jobs_max": 1}), clock) as server:
        mine = [await server.a_client(f"mine-{n}", models=("a",)) for n in range(3)]
        other = await server.a_client("other", models=("a",))
        await ask(server, "anna", mine, ["a"])
        first = await mine[0].claim()
        assert first is not None
        clock.advance(1)
        await ask(server, "bert", [other], ["a"])
        await mine[0].send_outcome(first.job_id, builders.a_failure(first, 0))
        assert await mine[1].claim() is None  # the place is bert's
        assert (await mine[1].beat()).directives == ()
        assert [one.kind for one in (await other.beat()).directives] == ["work"]
        spec = await other.claim()
        assert spec is not None
        await other.send_outcome(spec.job_id, builders.a_failure(spec, 0))
        assert await mine[1].claim() is not None


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_place_is_not_kept_for_whose_client_would_not_take_it(settings: Settings, clock: FakeClock) -> None:
    async with serve(settings.model_copy(update={"running_jobs_max": 1}), clock) as server:
        mine = [await server.a_client(f"mine-{n}", models=("a",)) for n in range(2)]
        other = await server.a_client("other", models=("a",))
        await ask(server, "anna", mine, ["a"])
        first = await mine[0].claim()
        assert first is not None
        await ask(server, "bert", [other], ["a"])
        await mine[0].send_outcome(first.job_id, builders.a_failure(first, 0))
        clock.advance(50)
        await mine[1].beat()
        assert await mine[1].claim() is not None  # bert's client is silent


async def test_limits_of_tags_hold_however_many_ask_at_once(settings: Settings, clock: FakeClock) -> None:
    limits = {"running_jobs_max": 5, "running_jobs_max_per_tag": {"lab-a": 2, "gpu": 1}}
    tags = [["lab-a"], ["lab-a"], ["lab-a", "gpu"], ["lab-a", "gpu"], ["gpu"], ["gpu"], [], [], [], []]
    async with serve(settings.model_copy(update=limits), clock) as server:
        clients = [await server.a_client(f"client-{n}", models=("a", "b")) for n in range(len(tags))]
        for client, its in zip(clients, tags, strict=True):
            body = {"tags": its}
            (await server.owner.patch(f"{API}/clients/{client.id}", json=body)).raise_for_status()
        await server.a_session(clients, ["a", "b"])

        async def running() -> dict[str, JobSpec]:
            specs = await asyncio.gather(*(client.claim() for client in clients))
            return {client.id: spec for client, spec in zip(clients, specs, strict=True) if spec}

        done = 0
        while taken := await running():
            done += len(taken)
            held = [set(its) for client, its in zip(clients, tags, strict=True) if client.id in taken]
            assert len(held) <= 5
            assert sum("lab-a" in its for its in held) <= 2
            assert sum("gpu" in its for its in held) <= 1
            for client in clients:
                if spec := taken.get(client.id):
                    await client.send_outcome(spec.job_id, builders.a_failure(spec, 0))
        assert done == 20


async def test_a_waiting_job_says_why(settings: Settings, clock: FakeClock) -> None:
    limits = {"running_jobs_max": 3, "running_jobs_max_per_tag": {"lab-a": 1}}
    async with serve(settings.model_copy(update=limits), clock) as server:
        lab = [await server.a_client(f"lab-{n}", models=("a", "b")) for n in range(2)]
        for client in lab:
            (await server.owner.patch(f"{API}/clients/{client.id}", json={"tags": ["lab-a"]})).raise_for_status()
        idle, full = await server.a_client("idle", models=("a",)), await server.a_client("full", models=("a",))
        kept, gone = await server.a_client("kept", models=("a",)), await server.a_client("gone", models=("a",))
        made = await server.a_session([*lab, idle, full, kept, gone], ["a"])
        (await server.owner.post(f"{API}/clients/kept/drain")).raise_for_status()

        async def reasons() -> dict[str, str | None]:
            found = (await server.get(f"/sessions/{made['id']}"))["jobs"]
            told = {job["client_id"]: job["waits_for"] for job in found if job["status"] == "queued"}
            assert (await server.get(f"/sessions/{made['id']}/waits"))["clients"] == told
            return told

        assert await lab[0].claim() is not None
        clock.advance(61)
        for client in (*lab, idle, full, kept):
            await client.beat()
        await server.sweep()
        assert await reasons() == {
            "lab-1": "tag_limit",
            "idle": None,
            "full": None,
            "kept": "drained",
            "gone": "offline",
        }
        assert await idle.claim() is not None
        other = await server.a_client(f"x-{uuid4().hex[:4]}", models=("a",))
        later = await server.a_session([other, lab[0]], ["a"])
        assert await other.claim() is not None
        assert (await reasons())["full"] == "limit"
        jobs = (await server.get(f"/sessions/{later['id']}"))["jobs"]
        assert {job["client_id"]: job["waits_for"] for job in jobs}["lab-0"] == "busy"
