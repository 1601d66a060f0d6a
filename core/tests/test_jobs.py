"""The table of moves that a job may make."""

from obt_core.jobs import ACTIVE, ENDED, TRANSITIONS, JobStatus, OutcomeStatus, sources_of


def _reachable(start: JobStatus) -> set[JobStatus]:
    seen, todo = {start}, [start]
    while todo:
        new = TRANSITIONS[todo.pop()] - seen
        seen |= new
        todo += new
    return seen


def test_every_state_has_its_row_and_is_reached_from_the_queue() -> None:
    assert set(TRANSITIONS) == set(JobStatus) == _reachable(JobStatus.QUEUED)


def test_sources_are_the_moves_read_backwards() -> None:
    moves = {(source, target) for source, targets in TRANSITIONS.items() for target in targets}
    assert moves == {(source, target) for target in JobStatus for source in sources_of(target)}
    assert all(source != target for source, target in moves)


def test_every_state_is_waiting_held_or_ended() -> None:
    assert {JobStatus.QUEUED} | ACTIVE | ENDED == set(JobStatus)
    assert not ACTIVE & ENDED
    assert JobStatus.QUEUED not in ACTIVE | ENDED


def test_nothing_goes_back_into_the_queue() -> None:
    assert not sources_of(JobStatus.QUEUED)


def test_only_the_machine_that_measured_moves_what_has_ended() -> None:
    again = {status: TRANSITIONS[status] for status in ENDED if TRANSITIONS[status]}
    assert set(again) == {JobStatus.LOST, JobStatus.FAILED}
    assert again[JobStatus.FAILED] == {JobStatus.COMPLETED}


def test_a_client_that_holds_a_job_may_end_it_in_every_way() -> None:
    for outcome in OutcomeStatus:
        assert sources_of(JobStatus(outcome)) >= ACTIVE | {JobStatus.LOST}
