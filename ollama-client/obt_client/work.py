"""One job from its spec to its outcome."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from obt_client import __version__
from obt_client.bench.preflight import JobFailedError, Preflight, find_model, preflight
from obt_client.bench.progress import Progress
from obt_client.bench.recorder import Recorder, SampleSink
from obt_client.bench.runner import Runner
from obt_client.bench.stop import StoppedError, StopReason, StopSignal
from obt_client.config import Settings
from obt_client.ollama import Ollama, OllamaError
from obt_core.heartbeat import LoadedModel
from obt_core.jobs import JobError, JobOutcome, JobPhase, JobProgress, JobSpec, OutcomeStatus
from obt_core.results import Environment

__all__ = ["SampleSink", "StopReason", "StopSignal", "do_job"]

LEAVE_S = 5.0
"""How long a job waits at its end for the model that it loaded to leave memory."""
_NOTES_MAX = 50
_NOTE_CHARS = 120


async def do_job(
    spec: JobSpec,
    *,
    ollama: Ollama,
    folder: SampleSink,
    settings: Settings,
    hardware_fingerprint: str | None,
    on_progress: Callable[[JobProgress], None],
    stop: StopSignal,
) -> JobOutcome:
    """Measure one model by one suite; every sample is in `folder` before the next request begins.

    Raises nothing for what Ollama does, for a full disk or for the stop: the outcome tells. Its error codes:
    ollama_unreachable, ollama_error, model_not_found, model_changed, model_is_cloud, model_embeds_only,
    model_stays_loaded, too_many_errors, outbox_disk_full, client_stopped. `on_progress` is called at most every
    quarter of a second and at every change of phase; it must not wait.
    """
    job = _Job(spec, ollama, folder, settings, Progress(spec.suite, on_progress), stop)
    started_at = datetime.now(UTC)
    status, error = await job.run()
    return JobOutcome(
        status=status,
        sample_count=job.recorder.stored,
        started_at=started_at,
        ended_at=max(started_at, datetime.now(UTC)),
        environment=job.environment(hardware_fingerprint),
        error=error,
        notes=tuple(note[:_NOTE_CHARS] for note in job.notes[:_NOTES_MAX]),
    )


class _Job:
    """The parts of a job, and how it ends."""

    def __init__(
        self,
        spec: JobSpec,
        ollama: Ollama,
        folder: SampleSink,
        settings: Settings,
        progress: Progress,
        stop: StopSignal,
    ) -> None:
        self._spec, self._ollama, self._settings = spec, ollama, settings
        self._progress, self._stop = progress, stop
        self._found: Preflight | None = None
        self._memory: LoadedModel | None = None
        self.recorder = Recorder(folder)
        self.notes: list[str] = []

    async def run(self) -> tuple[OutcomeStatus, JobError | None]:
        """Do it; tell how it ended."""
        async with _telling(self._progress):
            try:
                await self._measure()
            except StoppedError:
                return self._stopped()
            except JobFailedError as error:
                return OutcomeStatus.FAILED, JobError(code=error.code, message=_message(str(error)))
            finally:
                await self._leave()
        return OutcomeStatus.COMPLETED, None

    def environment(self, hardware_fingerprint: str | None) -> Environment:
        """All that may explain the numbers, as far as the job came to see it."""
        found, memory, spec = self._found, self._memory, self._spec
        return Environment(
            client_version=__version__,
            hardware_fingerprint=hardware_fingerprint,
            ollama_version=found.ollama_version if found else None,
            model=spec.model,
            model_digest=spec.model_digest,
            quantization=found.model.quantization if found else None,
            options=spec.suite.options,
            suite_hash=spec.suite_hash,
            clock=self.recorder.clock,
            size_bytes=memory.size_bytes if memory else None,
            size_vram_bytes=memory.size_vram_bytes if memory else None,
            context_length=memory.context_length if memory else None,
            other_models_loaded=found.other_models_loaded if found else (),
            cpu_percent_before=found.cpu_percent if found else None,
        )

    async def _measure(self) -> None:
        wait_s, remote = self._settings.ollama_wait_s, self._settings.ollama_is_remote
        self._progress.enter(JobPhase.PREFLIGHT)
        self._found = found = await preflight(self._spec, self._ollama, self._stop, wait_s=wait_s, remote=remote)
        runner = Runner(self._spec, self._ollama, found, self.recorder, self._progress, self._stop, wait_s=wait_s)
        try:
            await runner.run()
        finally:
            self._memory, self.notes = runner.memory, runner.notes
        self._progress.enter(JobPhase.FINISHING)
        await self._check_model()

    async def _check_model(self) -> None:
        """A model that was pulled anew in mid-job makes two of one. One removed after its last sample was one."""
        try:
            await find_model(self._spec, self._ollama)
        except OllamaError:
            self.notes.append("Ollama was away at the end: whether the model was changed in mid-job is unknown")
        except JobFailedError as error:
            if error.code == "model_changed":
                raise
            self.notes.append("the model was removed when all samples had been taken")

    async def _leave(self) -> None:
        """Leave memory as it was found, so that the next job's model has room."""
        if self._found and not self._found.was_loaded:
            model = self._found.model
            with suppress(OllamaError):
                await self._ollama.unload(model.name, digest=model.digest, wait_s=LEAVE_S)

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
