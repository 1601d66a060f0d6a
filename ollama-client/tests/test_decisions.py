"""What a client does with an answer, whatever the answer is."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from obt_client.agent.decisions import BUSY_INTERVAL_S, GAP_MIN_S, Situation, decide, hold_s
from obt_core.heartbeat import AgentState, Cancel, Directive, SendHardware, SendModels, Work

JOBS = (uuid4(), uuid4())
directives = st.lists(
    st.one_of(
        st.builds(Work), st.builds(SendHardware), st.builds(SendModels), st.builds(Cancel, job_id=st.sampled_from(JOBS))
    ),
    max_size=6,
)
situations = st.builds(
    Situation,
    interval_s=st.floats(0.5, 600),
    job_id=st.sampled_from([None, *JOBS]),
    is_claiming=st.booleans(),
    is_draining=st.booleans(),
    claim_backoff_s=st.sampled_from([0.0, 0.2, 5.0, 1_000.0]),
)
elapsed = st.floats(0, 1_000)


@given(directives, situations, elapsed)
def test_work_is_claimed_only_by_a_client_that_is_idle_and_does_not_back_off(
    said: list[Directive], situation: Situation, elapsed_s: float
) -> None:
    actions = decide(said, situation, elapsed_s)
    free = not (situation.job_id or situation.is_claiming or situation.is_draining or situation.claim_backoff_s)
    assert actions.claim == (free and Work() in said)
    assert (situation.state is AgentState.IDLE) or not actions.claim


@given(directives, situations, elapsed)
def test_only_the_job_that_runs_is_stopped(said: list[Directive], situation: Situation, elapsed_s: float) -> None:
    actions = decide(said, situation, elapsed_s)
    assert actions.stop_job == any(Cancel(job_id=job) in said for job in JOBS if job == situation.job_id)


@given(directives, situations, elapsed)
def test_the_next_beat_is_never_later_than_an_interval_and_never_at_once(
    said: list[Directive], situation: Situation, elapsed_s: float
) -> None:
    assert GAP_MIN_S <= decide(said, situation, elapsed_s).pause_s <= situation.interval_s


@given(situations)
def test_only_a_client_that_would_take_work_lets_its_beat_be_held(situation: Situation) -> None:
    assert (hold_s(situation) > 0) == situation.may_claim
    assert hold_s(situation) <= situation.interval_s


def test_a_beat_that_was_held_for_the_interval_is_followed_by_the_next() -> None:
    assert decide([], Situation(10), 10.0).pause_s == GAP_MIN_S
    assert decide([], Situation(10), 0.0).pause_s == 10
    assert decide([], Situation(10), 4.0).pause_s == 6


def test_a_client_that_measures_beats_more_often_so_that_a_cancel_reaches_it() -> None:
    assert decide([], Situation(10, job_id=UUID(int=1)), 0.5).pause_s == BUSY_INTERVAL_S - 0.5
    assert decide([], Situation(1, job_id=UUID(int=1)), 0.0).pause_s == 1


def test_work_that_cannot_be_taken_yet_makes_no_storm_of_beats() -> None:
    assert decide([Work()], Situation(10, claim_backoff_s=4.0), 0.0).pause_s == 4
    assert decide([Work()], Situation(10), 0.0).pause_s == 10
