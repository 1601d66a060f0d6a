"""Which results may be compared."""

from datetime import timedelta
from typing import Any

import pytest

from core.tests.messages import ENVIRONMENT
from core.tests.traces import MOMENT, a_sample
from obt_core.grading import grade
from obt_core.jobs import JobError, JobOutcome, OutcomeStatus
from obt_core.results import Flag, Grade, Sample
from obt_core.statistics import summarize

GOOD = [a_sample(number, ttft_ms=40.0) for number in range(1, 7)]
ALONE = ENVIRONMENT.model_copy(update={"other_models_loaded": ()})


def an_outcome(**fields: Any) -> JobOutcome:
    told: dict[str, Any] = {"status": OutcomeStatus.COMPLETED, "sample_count": 6, "environment": ALONE}
    return JobOutcome(started_at=MOMENT, ended_at=MOMENT + timedelta(minutes=1), **{**told, **fields})


CASES: list[tuple[JobOutcome, list[Sample], tuple[Grade, list[str]]]] = [
    (an_outcome(), GOOD, (Grade.CLEAN, [])),
    (an_outcome(sample_count=7), GOOD, (Grade.DISTURBED, ["samples_missing"])),
    (an_outcome(environment=ENVIRONMENT), GOOD, (Grade.DISTURBED, ["other_models_loaded"])),
    (
        an_outcome(),
        [*GOOD[:5], a_sample(6, ttft_ms=40.0, flags=(Flag.MODEL_RELOADED,))],
        (Grade.DISTURBED, ["samples_left_out"]),
    ),
    (an_outcome(sample_count=0), [], (Grade.INVALID, ["no_sample_counted"])),
    (an_outcome(status=OutcomeStatus.CANCELLED), GOOD, (Grade.INVALID, ["cancelled"])),
    (
        an_outcome(status=OutcomeStatus.FAILED, error=JobError(code="model_changed", message="It changed.")),
        GOOD,
        (Grade.INVALID, ["model_changed"]),
    ),
]


@pytest.mark.parametrize(("outcome", "samples", "expected"), CASES)
def test_the_grade_and_its_reasons(
    outcome: JobOutcome, samples: list[Sample], expected: tuple[Grade, list[str]]
) -> None:
    assert grade(outcome, summarize(samples), len(samples)) == expected
