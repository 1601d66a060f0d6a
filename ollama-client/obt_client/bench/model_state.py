"""What is known of the model and its Ollama between requests: in memory or not, warm or not, what went wrong."""

from obt_client.bench.preflight import JobFailedError, Preflight, find_model, patiently
from obt_client.bench.recorder import Recorder
from obt_client.bench.stop import StopSignal
from obt_client.ollama import ModelStaysLoadedError, Ollama, OllamaError
from obt_core.heartbeat import LoadedModel
from obt_core.jobs import JobSpec
from obt_core.results import EndReason, Sample, SampleRole

ERRORS_IN_A_ROW = 5
_AWAY = frozenset(
    {
        "connect_refused",
        "connect_timeout",
        "connect_failed",
        "connection_reset",
        "connection_closed",
        "connection_failed",
    }
)
"""Errors after which nothing is known of what Ollama has in memory."""
_HOPELESS = frozenset({"bad_url", "tls_not_supported"})


class ModelState:
    """Learns from every request, and looks where requests do not tell."""

    def __init__(
        self, spec: JobSpec, ollama: Ollama, found: Preflight, recorder: Recorder, stop: StopSignal, *, wait_s: float
    ) -> None:
        self._spec, self._ollama, self._model = spec, ollama, found.model
        self._recorder, self._stop, self._wait_s = recorder, stop, wait_s
        self._absent = not found.was_loaded
        self._wrong: Sample | OllamaError | None = None
        self._away = False
        self._row = 0
        self.warm = False
        self.memory: LoadedModel | None = None

    @property
    def is_troubled(self) -> bool:
        """Whether something went wrong that nobody has looked after yet."""
        return self._wrong is not None

    def saw(self, sample: Sample) -> None:
        """Learn from a request that has ended. Raises JobFailedError where no other one can do better."""
        if sample.end is EndReason.ERROR:
            self._wrong = sample
            self._away = self._away or sample.error_code in _AWAY
            if sample.error_code in _HOPELESS:
                raise JobFailedError("ollama_error", str(sample.error))
        elif sample.end is not EndReason.CANCELLED:
            self._saw_success(sample)

    def _saw_success(self, sample: Sample) -> None:
        if sample.role is not SampleRole.WARMUP:
            self._row = 0
        if self._absent:
            self._recorder.loaded_from_nothing(sample)
            self._absent = False

    def saw_trouble(self, error: OllamaError) -> None:
        """Ollama did not answer a question about its memory."""
        self._wrong, self._away = error, True

    async def unload(self) -> None:
        """Take the model out of memory. Raises StoppedError, OllamaError, JobFailedError where it stays."""
        name, digest = self._model.name, self._model.digest
        try:
            await self._stop.unless_stopped(self._ollama.unload(name, digest=digest))
        except ModelStaysLoadedError as error:
            raise JobFailedError("model_stays_loaded", str(error)) from error
        self._absent = True

    async def look_after(self) -> None:
        """After an error: wait for Ollama, see that the model is still there, and give up after too many in a row.

        A round of streams that fail together is one error: they have one cause.
        """
        wrong, self._wrong = self._wrong, None
        self._row += 1
        await patiently(lambda: find_model(self._spec, self._ollama), self._stop, self._wait_s)
        if self._row >= ERRORS_IN_A_ROW:
            words_of_it = wrong.error if isinstance(wrong, Sample) else str(wrong)
            raise JobFailedError("too_many_errors", f"{self._row} errors in a row; the last: {words_of_it}")
        name, digest = self._model.name, self._model.digest
        loaded = await patiently(lambda: self._ollama.is_loaded(name, digest), self._stop, self._wait_s)
        self._absent = not loaded
        self.warm = self.warm and loaded and not self._away
        self._away = False

    async def look_at_memory(self) -> None:
        """See once, after a load, where the model lies."""
        if self.memory is not None or self.is_troubled:
            return
        try:
            loaded = await self._stop.unless_stopped(self._ollama.loaded())
        except OllamaError:
            return
        self.memory = next((row for row in loaded if row.digest == self._model.digest), None)
