"""What is shown while a run goes on."""

import pytest

from obt_client.cli.tally import Tally
from obt_core.jobs import JobPhase, JobProgress
from obt_core.results import SampleRole

from .runs import SUITE, a_job, a_sample, jitter

LONG = "registry.example.org/some-team/a-model-with-a-long-name:q4_K_M"


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def progress(done: int, workload: str = "chat") -> JobProgress:
    return JobProgress(
        phase=JobPhase.SAMPLING, workload=workload, samples_done=done, samples_planned=50, tokens_per_s=31.94
    )


def measured(tally: Tally, clock: Clock, samples: int) -> None:
    for number, rate in enumerate(jitter(32, samples), 1):
        clock.now_s += 0.5
        tally.sample("a:latest", a_sample(number, "chat", decode_tokens_per_s=rate))
    tally.progress("a:latest", progress(samples))


def test_it_says_what_runs_how_far_it_is_how_fast_and_what_is_known() -> None:
    clock = Clock()
    tally = Tally(SUITE, ["a:latest", "b:latest"], clock)
    measured(tally, clock, 7)
    told = tally.doing("a:latest")
    assert told.startswith("chat 7 of at most 40, 31.9 tokens/s, decode 3")
    assert "±" in told
    assert tally.doing("b:latest") == "waits"


def test_time_left_is_the_pace_so_far_and_never_more_than_the_budgets() -> None:
    clock = Clock()
    tally = Tally(SUITE, ["a:latest", "b:latest"], clock)
    assert tally.time_left() == "at most 4:00 of sampling left"
    tally.progress("a:latest", progress(0))
    measured(tally, clock, 10)
    assert tally.about_s() == pytest.approx(0.5 * (40 + 50))
    assert tally.time_left() == "about 0:45 left, at most 3:55"
    clock.now_s = 500
    assert tally.time_left().endswith("left, at most 2:00")
    tally.ended("a:latest", a_job().outcome)
    tally.progress("b:latest", progress(0).model_copy(update={"phase": JobPhase.WARMUP}))
    clock.now_s = 700
    assert tally.time_left().endswith("at most 2:00")


def test_warm_ups_and_ended_models_are_not_waited_for() -> None:
    clock = Clock()
    tally = Tally(SUITE, ["a:latest"], clock)
    tally.sample("a:latest", a_sample(1, "chat", role=SampleRole.WARMUP))
    measured(tally, clock, 4)
    tally.ended("a:latest", a_job().outcome)
    assert tally.doing("a:latest") == "completed, 4 samples"
    assert tally.about_s() == 0


@pytest.mark.parametrize("width", [60, 80, 160])
def test_its_lines_fit_the_terminal(width: int) -> None:
    clock = Clock()
    tally = Tally(SUITE, ["a:latest", LONG], clock)
    measured(tally, clock, 12)
    lines = tally.lines(width)
    assert max(map(len, lines)) <= width
    assert len(lines) == 3
    assert "; Ctrl-C keeps what was" in lines[-1]
