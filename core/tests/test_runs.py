"""Saved runs: read whole, read after a cut, and refused with words that help."""

import json
from typing import Any
from uuid import UUID

import pytest

from core.tests.messages import JOB_ID, OUTCOME, RUN, SAMPLE
from obt_core.jobs import OutcomeStatus
from obt_core.models import InstalledModel
from obt_core.runs import AnnouncedRun, RunFileError, RunJob, RunLine, SavedRun, parse_run

OTHER = RunJob(job_id=UUID(int=5), model=InstalledModel(name="b:latest", digest="ef" * 32, size_bytes=1))
TWO = RUN.announced().model_copy(update={"jobs": (*RUN.announced().jobs, OTHER)})


def a_part(run: AnnouncedRun, *lines: RunLine) -> bytes:
    return b"".join(message.model_dump_json().encode() + b"\n" for message in (run, *lines))


def changed(**fields: Any) -> bytes:
    return json.dumps({**RUN.model_dump(mode="json"), **fields}).encode()


@pytest.mark.parametrize("indent", [None, 2])
def test_a_run_that_was_written_is_read_back_equal(indent: int | None) -> None:
    assert parse_run(RUN.model_dump_json(indent=indent).encode()) == RUN


def test_what_a_later_release_adds_is_ignored() -> None:
    assert parse_run(changed(of_a_later_release={"x": 1})) == RUN


def test_a_part_that_ended_is_the_run_itself() -> None:
    sample, outcome = RunLine(job_id=JOB_ID, sample=SAMPLE), RunLine(job_id=JOB_ID, outcome=OUTCOME)
    assert parse_run(a_part(RUN.announced(), sample, outcome)) == RUN


def test_a_part_that_was_cut_keeps_every_whole_line_and_calls_the_rest_stopped() -> None:
    lines = [RunLine(job_id=JOB_ID, sample=SAMPLE), RunLine(job_id=JOB_ID, outcome=OUTCOME)]
    second = SAMPLE.model_copy(update={"number": 1})
    whole = a_part(TWO, *lines, RunLine(job_id=OTHER.job_id, sample=second))
    run = parse_run(whole + RunLine(job_id=OTHER.job_id, sample=SAMPLE).model_dump_json().encode()[:-20])
    assert isinstance(run, SavedRun)
    assert run.jobs[0].outcome == OUTCOME
    cut = run.jobs[1]
    assert (cut.samples, cut.outcome.sample_count) == ((second,), 1)
    assert cut.outcome.status is OutcomeStatus.FAILED
    assert cut.outcome.error is not None
    assert cut.outcome.error.code == "client_stopped"


def test_a_part_without_a_sample_is_a_run_of_nothing() -> None:
    run = parse_run(a_part(TWO))
    assert [len(job.samples) for job in run.jobs] == [0, 0]
    assert run.ended_at == run.started_at


def test_a_run_is_announced_without_its_samples() -> None:
    announced = RUN.announced()
    assert (announced.run_id, announced.suite, announced.hardware) == (RUN.run_id, RUN.suite, RUN.hardware)
    assert "samples" not in announced.model_dump()["jobs"][0]


def a_job(**fields: Any) -> dict[str, Any]:
    return {**RUN.jobs[0].model_dump(mode="json"), **fields}


def a_broken_sample(**fields: Any) -> dict[str, Any]:
    return a_job(samples=[{**SAMPLE.model_dump(mode="json"), **fields}])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no saved run of OBT"),
        (b"\x00\xff\xfe", "no saved run of OBT"),
        (b"[1, 2]", "no saved run of OBT"),
        (b"[" * 100_000, "no saved run of OBT"),
        (b'{"format": "obt-run"}', "no saved run of OBT"),
        (changed(format="something"), "no saved run of OBT"),
        (changed(format_version=2), "newer OBT"),
        (changed(run_id="x"), "run_id"),
        (changed(jobs=[]), "jobs"),
        (changed(jobs=[a_job(), a_job()]), "once"),
        (changed(jobs=[a_job(), a_job(job_id=str(UUID(int=9)))]), "once"),
        (changed(jobs=[a_job(samples=[SAMPLE.model_dump(mode="json")] * 2)]), "same number"),
        (changed(jobs=[a_broken_sample(ttft_ms=float("nan"))]), "samples.0.ttft_ms"),
        (changed(jobs=[a_broken_sample(ttft_ms=1e300)]), "samples.0.ttft_ms"),
        (changed(jobs=[a_broken_sample(number="many")]), "samples.0.number"),
        (changed(jobs=[a_broken_sample(workload="No Slug")]), "samples.0.workload"),
        (changed(machine="two\nlines"), "machine"),
        (a_part(RUN.announced()) + b"no json\n", "JSON"),
    ],
)
def test_what_is_no_run_is_refused_with_the_place(data: bytes, words: str) -> None:
    with pytest.raises(RunFileError, match=words) as refused:
        parse_run(data)
    assert len(str(refused.value)) < 1_000
