"""One run: several models measured by one suite, in blocks that take turns."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol
from uuid import UUID, uuid4

from obt_client import __version__
from obt_client.bench.calibration import Calibration, own_error_of
from obt_client.bench.stop import StopSignal
from obt_client.cli.run_files import JobSink, RunFile
from obt_client.config import Settings
from obt_client.ollama import Ollama, OllamaError
from obt_client.work import Job
from obt_core.hardware import HardwareSnapshot
from obt_core.jobs import JobOutcome, JobProgress, JobSpec
from obt_core.models import InstalledModel
from obt_core.results import Sample
from obt_core.runs import AnnouncedRun, RunJob
from obt_core.suites import Suite
from obt_core.telemetry import TelemetryBatch


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured, and what is known of the machine."""

    suite: Suite
    models: tuple[InstalledModel, ...]
    order_seed: int
    settings: Settings
    hardware: HardwareSnapshot
    calibration: Calibration | None

    def announced(self) -> AnnouncedRun:
        """The run, with IDs of its own."""
        return AnnouncedRun(
            run_id=uuid4(),
            client_version=__version__,
            started_at=datetime.now(UTC),
            machine=self.settings.client_name,
            hardware=self.hardware,
            suite=self.suite,
            order_seed=self.order_seed,
            jobs=tuple(RunJob(job_id=uuid4(), model=model) for model in self.models),
        )


class Watcher(Protocol):
    """Who sees how a run goes. It must not wait: it is called between requests, and while one runs."""

    def progress(self, model: str, progress: JobProgress) -> None:
        """A job got on."""
        ...

    def sample(self, model: str, sample: Sample) -> None:
        """A sample was stored."""
        ...

    def ended(self, model: str, outcome: JobOutcome) -> None:
        """A job has ended."""
        ...


class _Sink:
    """Stores samples, then shows them."""

    def __init__(self, sink: JobSink, model: str, watcher: Watcher) -> None:
        self._sink, self._model, self._watcher = sink, model, watcher

    async def append(self, sample: Sample) -> None:
        await self._sink.append(sample)
        self._watcher.sample(self._model, sample)

    async def append_ticks(self, batch: TelemetryBatch) -> None:
        await self._sink.append_ticks(batch)


@dataclass(frozen=True, slots=True)
class _Task:
    model: InstalledModel
    job: Job
    sink: JobSink


async def measure(
    plan: Plan, run: AnnouncedRun, ollama: Ollama, file: RunFile, watcher: Watcher, stop: StopSignal
) -> None:
    """Measure, and write all of it into the file. Raises OSError where the disk does not take an outcome.

    In each block the models take turns in an order of its own, by the run's seed: what drifts meanwhile (heat, other
    work) does not always meet the same one.
    """
    await _make_room(plan.models, ollama)
    tasks = [_task(plan, run, announced, ollama, file, watcher, stop) for announced in run.jobs]
    for task in tasks:
        await task.job.begin()
    for block in range(1, plan.suite.blocks + 1):
        for task in shuffled(tasks, plan.order_seed, block):
            await task.job.block(block)
            if len(tasks) > 1 and not task.job.is_over:
                await task.job.leave()
    for task in tasks:
        outcome = await task.job.end()
        await task.sink.end(outcome)
        watcher.ended(task.model.name, outcome)


def shuffled(tasks: Sequence[_Task], seed: int, block: int) -> list[_Task]:
    """Order the tasks for a block, the same for the same seed whatever order the models were named in."""
    in_order = sorted(tasks, key=lambda task: task.model.name)
    random.Random(f"{seed} {block}").shuffle(in_order)  # noqa: S311 - an order that can be had again, no secret
    return in_order


async def _make_room(models: Sequence[InstalledModel], ollama: Ollama) -> None:
    """Several models take turns in memory: none of them is to be the other one's disturbance."""
    if len(models) < 2:
        return
    with suppress(OllamaError):
        loaded = {model.digest for model in await ollama.loaded()}
        for model in models:
            if model.digest in loaded:
                await ollama.unload(model.name, digest=model.digest)


def _task(
    plan: Plan,
    run: AnnouncedRun,
    announced: RunJob,
    ollama: Ollama,
    file: RunFile,
    watcher: Watcher,
    stop: StopSignal,
) -> _Task:
    model, sink = announced.model, file.sink(announced.job_id)
    job = Job(
        spec_of(plan, run.run_id, announced),
        ollama=ollama,
        folder=_Sink(sink, model.name, watcher),
        settings=plan.settings,
        hardware=plan.hardware,
        on_progress=partial(watcher.progress, model.name),
        stop=stop,
        own_error=own_error_of(plan.calibration, plan.suite),
    )
    return _Task(model, job, sink)


def spec_of(plan: Plan, run_id: UUID, announced: RunJob) -> JobSpec:
    """The job as a server would have said it."""
    return JobSpec(
        job_id=announced.job_id,
        session_id=run_id,
        model=announced.model.name,
        model_digest=announced.model.digest,
        suite=plan.suite,
        suite_hash=plan.suite.hash(),
        order_seed=plan.order_seed,
    )
