"""The state of a session is one function of the states of its jobs."""

from hypothesis import given
from hypothesis import strategies as st

from obt_core.jobs import ACTIVE, ENDED, JobStatus
from obt_server.sessions.state import SessionState, derive

OPEN = {SessionState.QUEUED, SessionState.RUNNING}
_counts = st.dictionaries(st.sampled_from(JobStatus), st.integers(0, 3)).filter(lambda counts: any(counts.values()))


@given(_counts)
def test_a_session_is_open_as_long_as_a_job_is(counts: dict[JobStatus, int]) -> None:
    present = {status for status, count in counts.items() if count}
    assert (derive(counts) in OPEN) is bool(present & (ACTIVE | {JobStatus.QUEUED}))
    if present & ACTIVE:
        assert derive(counts) is SessionState.RUNNING
    if derive(counts) is SessionState.QUEUED:
        assert present <= {JobStatus.QUEUED, JobStatus.SKIPPED}  # nothing was begun


@given(_counts)
def test_only_what_is_there_counts_and_not_how_often(counts: dict[JobStatus, int]) -> None:
    assert derive(counts) is derive({status: 1 for status, count in counts.items() if count})


@given(st.sets(st.sampled_from(sorted(ENDED)), min_size=1))
def test_an_ended_session_tells_what_came_of_it(present: set[JobStatus]) -> None:
    state = derive(dict.fromkeys(present, 1))
    assert (state is SessionState.COMPLETED) is (present == {JobStatus.COMPLETED})
    assert (state is SessionState.PARTIAL) is (JobStatus.COMPLETED in present and len(present) > 1)
    if state is SessionState.CANCELLED:
        assert present <= {JobStatus.CANCELLED, JobStatus.SKIPPED}
    if present & {JobStatus.FAILED, JobStatus.LOST} and JobStatus.COMPLETED not in present:
        assert state is SessionState.FAILED


def test_what_only_was_skipped_has_failed() -> None:
    assert derive({JobStatus.SKIPPED: 2}) is SessionState.FAILED
