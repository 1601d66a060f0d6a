"""The parts of the fault campaign that judge: each finds what is planted, so that finding nothing means something."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.e2e.campaign.history import illegal
from tests.e2e.campaign.invariants import Found, until, wrong_samples
from tests.e2e.campaign.schedule import Kind, plan
from tests.e2e.campaign.seen import Seen
from tests.e2e.campaign.viewer import differences_of

JOB = "11111111-2222-3333-4444-555555555555"
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def a_sample(number: int, **others: Any) -> dict[str, Any]:
    return {"number": number, "started_at": "2026-11-22T09:00:00Z", "end": "length", "ttft_ms": 10.0, **others}


def test_the_same_seed_gives_the_same_schedule_and_each_kind_its_share() -> None:
    def drawn(seed: int) -> tuple[object, ...]:
        return plan(seed, 64, 60, clients=5, servers=3, pages=2, kinds=frozenset(Kind))

    assert drawn(1) == drawn(1) != drawn(2)
    kinds = [fault.kind for fault in plan(1, 64, 60, clients=5, servers=3, pages=2, kinds=frozenset(Kind))]
    assert {kinds.count(kind) for kind in Kind} == {64 // len(Kind)}


def test_a_sample_that_is_lost_doubled_invented_or_changed_is_found() -> None:
    taken = {number: a_sample(number) for number in (1, 2, 3)}
    assert list(wrong_samples(JOB, taken, [a_sample(1), a_sample(2), a_sample(3)])) == []
    stored = [a_sample(1), a_sample(1), a_sample(2, ttft_ms=11.0), a_sample(4)]
    told = "\n".join(wrong_samples(JOB, taken, stored))
    assert "[1] are stored more than once" in told
    assert "[3] of 3 were taken and are not stored" in told
    assert "[4] are stored, and no client told them" in told
    assert "sample 2 is stored otherwise" in told


def test_a_move_that_no_table_allows_is_found() -> None:
    legal = [(JOB, None, "queued", AT), (JOB, "queued", "claimed", AT), (JOB, "claimed", "running", AT)]
    assert illegal(legal) == []
    assert len(illegal([*legal, (JOB, "completed", "running", AT), (JOB, None, "running", AT)])) == 2


def test_a_job_of_two_clients_and_a_sample_told_in_two_ways_are_seen() -> None:
    seen = Seen()
    path = f"/api/v1/jobs/{JOB}/samples"
    seen.asked("a", path, json.dumps({"samples": [a_sample(1)]}).encode())
    assert (seen.holders[JOB], seen.contradictions) == ({"a"}, [])
    seen.asked("b", path, json.dumps({"samples": [a_sample(1, ttft_ms=9.0)]}).encode())
    assert (seen.holders[JOB], len(seen.contradictions)) == ({"a", "b"}, 1)
    seen.answered("c", "/api/v1/jobs/claim", json.dumps({"job": {"job_id": JOB}}).encode())
    assert seen.holders[JOB] == {"a", "b", "c"}


def test_of_a_dead_clients_disk_a_torn_line_is_no_sample(tmp_path: Path) -> None:
    folder = tmp_path / "outbox" / JOB
    folder.mkdir(parents=True)
    (folder / "samples.ndjson").write_text(f'{json.dumps(a_sample(1))}\n{{"number": 2, "sta')
    seen = Seen()
    assert (seen.on_disk("a", tmp_path), list(seen.samples[JOB])) == (1, [1])


def test_a_page_that_shows_something_else_is_found() -> None:
    shown = [("job", "a", {"status": "running", "load": 1}), ("job", "b", {"status": "running"})]
    true = [("job", "a", {"status": "completed", "load": 2}), ("job", "c", {"status": "running"})]
    told = differences_of(shown, true)
    assert "job a: status is shown as running, and is completed" in told
    assert {one.partition(" ")[2][0] for one in told} == {"a", "b", "c"}
    assert len(told) == 3


async def test_jobs_that_go_on_ending_are_awaited_and_one_that_stays_is_found() -> None:
    left = [f"job {number} stays queued" for number in range(8)]

    async def one_more_ends(least: int) -> bool:
        if len(left) > least:
            left.pop()
        return not left

    found = Found()
    await until(lambda: one_more_ends(1), found, lambda: left, most_s=60, patience_s=0.6)
    assert found.violations == [(None, "job 0 stays queued")]
    await until(lambda: one_more_ends(0), found, lambda: left, most_s=60, patience_s=0.6)
    assert len(found.violations) == 1
