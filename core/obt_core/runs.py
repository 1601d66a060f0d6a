"""A saved run: what `obt-client bench` measured, in one file, to be compared, kept, or handed to a server.

Two forms. The file of a run that ended is one JSON object, a `SavedRun`. While it runs, and where it was cut off, it is
a `.part`: a line with an `AnnouncedRun`, then a line for each sample, each outcome and every few ticks of telemetry, in
the order in which they came.
`parse_run` reads both, and ignores fields that it does not know.
"""

import json
from collections.abc import Iterable
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError, model_validator

from obt_core.hardware import HardwareSnapshot
from obt_core.jobs import JobError, JobOutcome, JobStatus, OutcomeStatus
from obt_core.models import InstalledModel
from obt_core.results import Sample
from obt_core.suites import Suite
from obt_core.telemetry import Telemetry, TelemetryBatch, appended
from obt_core.wire import Fact, Label, UtcDatetime, WireModel

RUN_FORMAT, PART_FORMAT = "obt-run", "obt-run-part"
FORMAT_VERSION = 1
"""Rises when a file changes so that an older reader would misunderstand it."""
RUN_BYTES_MAX = 512 * 2**20
MODELS_MAX = 500
_SAMPLES_MAX = 1_000_000


class RunFileError(ValueError):
    """No saved run; the text says why, and where."""


class RunJob(WireModel):
    """One model of a run. `job_id` is drawn when the run begins: a server keeps it under that ID."""

    job_id: UUID
    model: InstalledModel


class MeasuredJob(RunJob):
    """One model of a run with what was measured of it."""

    outcome: JobOutcome
    samples: tuple[Sample, ...] = Field(max_length=_SAMPLES_MAX)
    telemetry: Telemetry | None = None

    @model_validator(mode="after")
    def _numbered_once(self) -> Self:
        if len({sample.number for sample in self.samples}) < len(self.samples):
            raise ValueError("two samples of one job have the same number")
        return self


class _Run(WireModel):
    """What is known when a run begins. `machine` is its name, `order_seed` the seed of every order in it."""

    run_id: UUID
    client_version: Fact
    started_at: UtcDatetime
    machine: Label
    hardware: HardwareSnapshot
    suite: Suite
    order_seed: int | None = Field(default=None, ge=0, le=2**53 - 1)


class AnnouncedRun(_Run):
    """A run without its samples: the first line of a `.part`, and how a client begins to hand a run to a server."""

    format: Literal["obt-run-part"] = PART_FORMAT
    format_version: int = Field(default=FORMAT_VERSION, ge=1, le=1_000_000)
    jobs: Annotated[tuple[RunJob, ...], Field(min_length=1, max_length=MODELS_MAX)]

    @model_validator(mode="after")
    def _jobs_differ(self) -> Self:
        _check_apart(self.jobs)
        return self


class SavedRun(_Run):
    """A run that ended."""

    format: Literal["obt-run"] = RUN_FORMAT
    format_version: int = Field(default=FORMAT_VERSION, ge=1, le=1_000_000)
    ended_at: UtcDatetime
    jobs: Annotated[tuple[MeasuredJob, ...], Field(min_length=1, max_length=MODELS_MAX)]

    @model_validator(mode="after")
    def _jobs_differ(self) -> Self:
        _check_apart(self.jobs)
        return self

    def announced(self) -> AnnouncedRun:
        """The run without its samples."""
        about = {name: getattr(self, name) for name in _Run.model_fields}
        return AnnouncedRun(**about, jobs=tuple(RunJob(job_id=job.job_id, model=job.model) for job in self.jobs))


class RunLine(WireModel):
    """One line of a `.part` after the first."""

    job_id: UUID
    sample: Sample | None = None
    outcome: JobOutcome | None = None
    telemetry: TelemetryBatch | None = None


class StoredJob(WireModel):
    """How a server holds a job of a run that was handed to it."""

    job_id: UUID
    status: JobStatus
    samples_stored: int = Field(ge=0)


class RunReply(WireModel):
    """What a server says to an announced run. `created` is False where it had the run already."""

    session_id: UUID
    created: bool
    jobs: tuple[StoredJob, ...]


def _check_apart(jobs: Iterable[RunJob]) -> None:
    ids, names = zip(*((job.job_id, job.model.name) for job in jobs), strict=True)
    if len(set(ids)) < len(ids) or len(set(names)) < len(names):
        raise ValueError("a run has each job, and each model, once")


def parse_run(data: bytes) -> SavedRun:
    """Read a saved run, or what was written of one that was cut off. Raises RunFileError."""
    if len(data) > RUN_BYTES_MAX:
        raise RunFileError(f"longer than {RUN_BYTES_MAX >> 20} MiB: no saved run is")
    head, _, rest = data.partition(b"\n")
    try:
        _check_version(head if PART_FORMAT.encode() in head[:4_096] else data)
        if _format_of(head) == PART_FORMAT:
            return _put_together(AnnouncedRun.model_validate_json(head), rest)
        return SavedRun.model_validate_json(data)
    except ValidationError as error:
        raise RunFileError(_in_words(error)) from None


def _format_of(text: bytes) -> str | None:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found.get("format") if isinstance(found, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class _Version(WireModel):
    format: Literal["obt-run", "obt-run-part"]
    format_version: int


def _check_version(text: bytes) -> None:
    try:
        found = _Version.model_validate_json(text)
    except ValidationError:
        raise RunFileError(f'no saved run of OBT: it does not say "format": "{RUN_FORMAT}"') from None
    if found.format_version > FORMAT_VERSION:
        raise RunFileError(f"written by a newer OBT (format {found.format_version}); this one reads {FORMAT_VERSION}")


def _put_together(run: AnnouncedRun, rest: bytes) -> SavedRun:
    """A last line without its end was being written when it was cut, and is left out."""
    lines = [RunLine.model_validate_json(line) for line in rest[: rest.rfind(b"\n") + 1].splitlines()]
    jobs = tuple(_measured(job, run, [line for line in lines if line.job_id == job.job_id]) for job in run.jobs)
    about = {name: getattr(run, name) for name in _Run.model_fields}
    return SavedRun(**about, ended_at=max(job.outcome.ended_at for job in jobs), jobs=jobs)


def _measured(job: RunJob, run: AnnouncedRun, lines: Iterable[RunLine]) -> MeasuredJob:
    samples, telemetry, outcome = list[Sample](), None, None
    for line in lines:
        outcome = line.outcome or outcome
        telemetry = appended(telemetry, line.telemetry) if line.telemetry else telemetry
        if line.sample:
            samples.append(line.sample)
    ended = outcome or _cut_off(run, samples)
    return MeasuredJob(**dict(job), samples=tuple(samples), telemetry=telemetry, outcome=ended)


def _cut_off(run: AnnouncedRun, samples: Iterable[Sample]) -> JobOutcome:
    moments = [sample.started_at for sample in samples]
    return JobOutcome(
        status=OutcomeStatus.FAILED,
        sample_count=len(moments),
        started_at=run.started_at,
        ended_at=max([run.started_at, *moments]),
        error=JobError(code="client_stopped", message="The run was cut off before this model was done."),
    )


def _in_words(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)
    told = [f"{'.'.join(str(part) for part in one['loc'])[:120] or 'the file'}: {one['msg']}" for one in found[:3]]
    return "; ".join(told) + (f"; and {len(found) - 3} more" if len(found) > 3 else "")
