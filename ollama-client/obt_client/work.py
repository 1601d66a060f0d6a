"""One job from its spec to its outcome."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from obt_client import __version__
from obt_client.bench.preflight import JobFailedError, Preflight, Quiet, find_model, preflight
from obt_client.bench.progress import Progress
from obt_client.bench.recorder import Recorder, SampleSink
from obt_client.bench.runner import Runner
from obt_client.bench.stop import StoppedError, StopReason, StopSignal
from obt_client.bench.surroundings import Surroundings
from obt_client.config import Settings
from obt_client.ollama import Ollama, OllamaError
from obt_core.environment import Environment, OwnError
from obt_core.hardware import HardwareSnapshot
from obt_core.jobs import JobError, JobOutcome, JobPhase, JobProgress, JobSpec, OutcomeStatus

__all__ = ["Job", "SampleSink", "StopReason", "StopSignal", "do_job"]

LEAVE_S = 5.0
"""How long a job waits at its end for the model that it loaded to leave memory."""
_NOTES_MAX = 50
_NOTE_CHARS = 120
_SEED_BITS = 53
"""What every program reads from JSON without loss."""


async def do_job(
    spec: JobSpec,
    *,
    ollama: Ollama,
    folder: SampleSink,
    settings: Settings,
    hardware: HardwareSnapshot | None,
    on_progress: Callable[[JobProgress], None],
    stop: StopSignal,
    own_error: OwnError | None = None,
) -> JobOutcome:
    """Measure one model by one suite from begin to end. Arguments, errors and promises are those of `Job`."""
    job = Job(
        spec,
        ollama=ollama,
        folder=folder,
        settings=settings,
        hardware=hardware,
        on_progress=on_progress,
        stop=stop,
        own_error=own_error,
    )
    await job.begin()
    for number in range(1, job.blocks + 1):
        await job.block(number)
    return await job.end()


class Job:
    """One model measured by one suite, block by block; every sample is in `folder` before the next request begins.

    `begin()`, then `block(1)` to `block(blocks)` in this order, then `end()`, which tells how it went. Blocks of
    several jobs may take turns in one Ollama, one at a time: call `leave()` after a block whose model another one is to
    follow. The reload that this means is expected, and the model is warmed up again.

    Nothing is raised for what Ollama does, for a full disk or for the stop: from then on `is_over` is true, further
    blocks do nothing, and `end()` tells the code: ollama_unreachable, ollama_error, model_not_found, model_changed,
    model_is_cloud, model_embeds_only, model_stays_loaded, too_many_errors, nothing_fits, outbox_disk_full,
    client_stopped. Cancelling any of them takes the model out of memory and is raised.

    `on_progress` is called at most every quarter of a second and at every change of phase; it must not wait. The
    spec's `order_seed` decides the order of workloads and the moments of arrivals; where it has none, one is drawn. It
    is in the outcome's environment, and so is `own_error`, what a calibration of this machine told.
    """

    def __init__(
        self,
        spec: JobSpec,
        *,
        ollama: Ollama,
        folder: SampleSink,
        settings: Settings,
        hardware: HardwareSnapshot | None,
        on_progress: Callable[[JobProgress], None],
        stop: StopSignal,
        own_error: OwnError | None = None,
    ) -> None:
        self._spec, self._ollama, self._settings, self._stop = spec, ollama, settings, stop
        self._own_error = own_error
        self._surroundings = Surroundings(settings, hardware, folder)
        self._progress = Progress(spec.suite, on_progress)
        self._recorder = Recorder(folder)
        self._found: Preflight | None = None
        self._runner: Runner | None = None
        self._ended: tuple[OutcomeStatus, JobError | None] | None = None
        self._notes: list[str] = []
        self._started_at = datetime.now(UTC)
        self._blocks_done = 0
        self._model_parameters: str | None = None
        self.seed = secrets.randbits(_SEED_BITS) if spec.order_seed is None else spec.order_seed

    @property
    def blocks(self) -> int:
        """How many blocks there are to do."""
        return self._spec.suite.blocks

    @property
    def is_over(self) -> bool:
        """Whether it has failed or was stopped: nothing more will be measured."""
        return self._ended is not None

    async def begin(self) -> None:
        """Look at Ollama, the model and the machine; the model is sent nothing."""
        self._started_at = datetime.now(UTC)
        await self._guarded(self._preflight)

    async def block(self, number: int) -> None:
        """Do one block of the suite, from 1."""
        if (runner := self._runner) is not None:
            async with self._surroundings.watched():
                await self._guarded(lambda: runner.block(number))
            self._blocks_done = number

    async def leave(self) -> None:
        """Take the model out of memory, so that another one has the room."""
        if self._found and self._runner:
            model = self._found.model
            with suppress(OllamaError):
                await self._ollama.unload(model.name, digest=model.digest, wait_s=LEAVE_S)

    async def end(self) -> JobOutcome:
        """Leave memory as it was found, and tell how it went. With blocks left undone the job was stopped."""
        if self._blocks_done < self.blocks:
            self._ended = self._ended or self._stopped()
        await self._guarded(self._check_model)
        if self._found and not self._found.was_loaded:
            await self.leave()
        await self._surroundings.look_after()
        status, error = self._ended or (OutcomeStatus.COMPLETED, None)
        notes = [*(self._runner.notes if self._runner else ()), *self._notes]
        return JobOutcome(
            status=status,
            sample_count=self._recorder.stored,
            started_at=self._started_at,
            ended_at=max(self._started_at, datetime.now(UTC)),
            environment=self._environment(),
            error=error,
            notes=tuple(note[:_NOTE_CHARS] for note in notes[:_NOTES_MAX]),
        )

    async def _guarded(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do it, unless the job is over; what ends the job is kept for its outcome."""
        if self._ended:
            return
        try:
            async with _telling(self._progress):
                await act()
        except StoppedError:
            self._ended = self._stopped()
        except JobFailedError as error:
            self._ended = OutcomeStatus.FAILED, JobError(code=error.code, message=_message(str(error)))
        except BaseException:
            if self._found and not self._found.was_loaded:
                await self.leave()
            raise

    async def _preflight(self) -> None:
        wait_s, remote = self._settings.ollama_wait_s, self._settings.ollama_is_remote
        self._progress.enter(JobPhase.PREFLIGHT)
        await self._surroundings.look_before()
        quiet = None if remote else Quiet(self._settings.guard_cpu_percent, self._settings.quiet_wait_s)
        async with self._surroundings.watched():
            self._found = found = await preflight(self._spec, self._ollama, self._stop, wait_s=wait_s, quiet=quiet)
        self._surroundings.saw_idle()
        with suppress(OllamaError):  # an Ollama that does not tell them costs nothing else
            self._model_parameters = await self._ollama.parameters(found.model.name)
        self._runner = Runner(
            self._spec,
            self._ollama,
            found,
            self._recorder,
            self._progress,
            self._stop,
            wait_s=wait_s,
            seed=self.seed,
            guard=self._surroundings.guard,
        )

    def _environment(self) -> Environment:
        """All that may explain the numbers, as far as the job came to see it."""
        found, spec = self._found, self._spec
        memory = self._runner.memory if self._runner else None
        return Environment(
            client_version=__version__,
            ollama_version=found.ollama_version if found else None,
            model=spec.model,
            model_digest=spec.model_digest,
            quantization=found.model.quantization if found else None,
            options=spec.suite.options,
            suite_hash=spec.suite_hash,
            clock=self._recorder.clock,
            size_bytes=memory.size_bytes if memory else None,
            size_vram_bytes=memory.size_vram_bytes if memory else None,
            context_length=memory.context_length if memory else None,
            other_models_loaded=found.other_models_loaded if found else (),
            cpu_percent_before=found.cpu_percent if found else None,
            parallel_slots=self._runner.slots if self._runner else None,
            order_seed=self.seed,
            own_error=self._own_error,
            model_parameters=self._model_parameters,
            conditions=self._surroundings.conditions(found, memory),
            **self._surroundings.facts(),
        )

    async def _check_model(self) -> None:
        """A model that was pulled anew in mid-job makes two of one. One removed after its last sample was one."""
        self._progress.enter(JobPhase.FINISHING)
        try:
            await find_model(self._spec, self._ollama)
        except OllamaError:
            self._notes.append("Ollama was away at the end: whether the model was changed in mid-job is unknown")
        except JobFailedError as error:
            if error.code == "model_changed":
                raise
            self._notes.append("the model was removed when all samples had been taken")

    def _stopped(self) -> tuple[OutcomeStatus, JobError | None]:
        if self._stop.reason == "cancelled":
            return OutcomeStatus.CANCELLED, None
        message = "the client was stopped before the job was done"
        return OutcomeStatus.FAILED, JobError(code="client_stopped", message=message)


@asynccontextmanager
async def _telling(progress: Progress) -> AsyncGenerator[None]:
    teller = asyncio.get_running_loop().create_task(progress.keep_telling())
    try:
        yield
    finally:
        teller.cancel()


def _message(text: str) -> str:
    return text.replace("\0", " ")[:4_000]
