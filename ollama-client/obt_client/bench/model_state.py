"""What is known of the model and its Ollama between requests: in memory or not, warm or not, what went wrong."""

import time
from collections.abc import Sequence

from obt_client.bench.preflight import JobFailedError, Preflight, find_model, patiently
from obt_client.bench.recorder import Recorder
from obt_client.bench.stop import StopSignal
from obt_client.ollama import ModelStaysLoadedError, Ollama, OllamaError
from obt_core.jobs import JobSpec
from obt_core.models import LoadedModel
from obt_core.results import EndReason, Flag, Sample, SampleRole

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
_HOPELESS = frozenset({"bad_url"})
_TIMEOUTS = frozenset({"first_chunk_timeout", "total_timeout"})
LOOK_EVERY_S = 1.0
"""While samples are taken, Ollama is asked at most this often what is in its memory."""


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
        self._is_warm = False
        self._context: int | None = None
        self._looked_s = 0.0
        self._shown: dict[int | None, int] = {}
        self._changed = False
        self._rows: dict[int | None, LoadedModel] = {}

    @property
    def memory(self) -> LoadedModel | None:
        """Where the model lay when it was first seen, with the context length of the suite's options if it ever was."""
        usual = min(self._spec.suite.options.num_ctx, self._model.context_length or self._spec.suite.options.num_ctx)
        return self._rows.get(usual) or next(iter(self._rows.values()), None)

    @property
    def is_troubled(self) -> bool:
        """Whether something went wrong that nobody has looked after yet."""
        return self._wrong is not None

    @property
    def took_too_long(self) -> bool:
        """Whether what went wrong is a request that Ollama did not end within the suite's time for one."""
        return isinstance(self._wrong, Sample) and self._wrong.error_code in _TIMEOUTS

    def is_warm_for(self, context: int | None) -> bool:
        """Whether the model was warmed up at that context length and nothing is known to have changed since."""
        return self._is_warm and self._context == context

    def became_warm(self) -> None:
        """Warmed up, at the context length of the last request."""
        self._is_warm = True

    def cooled(self) -> None:
        """It has to be warmed up again: it was loaded anew, or left the memory."""
        self._is_warm = False

    def saw(self, sample: Sample, context: int | None, *, busy_is_fine: bool = False) -> None:
        """Learn from a request that has ended. Raises JobFailedError where no other one can do better.

        `busy_is_fine`: under an arrival rate, to be told that the queue is full (503) is a finding, no trouble.
        """
        if context != self._context:
            self._context, self._is_warm = context, False
        if sample.end is EndReason.ERROR:
            if not (busy_is_fine and sample.error_code == "http_503"):
                self._saw_error(sample)
        elif sample.end is not EndReason.CANCELLED:
            self._saw_success(sample)

    def _saw_error(self, sample: Sample) -> None:
        self._wrong = sample
        self._away = self._away or sample.error_code in _AWAY
        if sample.error_code in _HOPELESS:
            raise JobFailedError("ollama_error", str(sample.error))

    def _saw_success(self, sample: Sample) -> None:
        if sample.role is not SampleRole.WARMUP:
            self._row = 0
        if self._absent:
            self._recorder.loaded_from_nothing(sample)
            self._absent = False
        self._recorder.uncached.saw(sample.prompt_tokens, sample.prefill_tokens_per_s, sample.cached_tokens)
        if Flag.MODEL_RELOADED in sample.flags:
            self.cooled()

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
        self._absent, self._is_warm = True, False

    async def look_after(self, *, is_given_up: bool = False) -> None:
        """After an error: wait for Ollama, see that the model is still there, and give up after too many in a row.

        A round of streams that fail together is one error: they have one cause. `is_given_up`: what failed is not
        tried again, so that there is no row.
        """
        wrong, self._wrong = self._wrong, None
        self._row = 0 if is_given_up else self._row + 1
        await patiently(lambda: find_model(self._spec, self._ollama), self._stop, self._wait_s)
        if self._row >= ERRORS_IN_A_ROW:
            words_of_it = wrong.error if isinstance(wrong, Sample) else str(wrong)
            raise JobFailedError("too_many_errors", f"{self._row} errors in a row; the last: {words_of_it}")
        await self.resume()
        self._is_warm = self._is_warm and not self._away
        self._away = False

    async def resume(self) -> None:
        """See whether the model is still in memory. Raises JobFailedError, StoppedError."""
        name, digest = self._model.name, self._model.digest
        loaded = await patiently(lambda: self._ollama.is_loaded(name, digest), self._stop, self._wait_s)
        self._absent = not loaded
        self._is_warm = self._is_warm and loaded

    async def watch(self, context: int | None) -> None:
        """Look at memory between two requests, if nobody did for a while. Raises StoppedError."""
        if time.monotonic() - self._looked_s >= LOOK_EVERY_S:
            await self.look(context)

    async def look(self, context: int | None) -> None:
        """See where the model lies, and with which context length. What cannot be seen stays as it was."""
        self._looked_s = time.monotonic()
        try:
            loaded = await self._stop.unless_stopped(self._ollama.loaded())
        except OllamaError:
            return
        row = next((row for row in loaded if row.digest == self._model.digest), None)
        if row is None:
            self._missed(loaded)
            return
        self._rows.setdefault(context, row)
        self._saw_context(context, row.context_length)

    def _missed(self, loaded: Sequence[LoadedModel]) -> None:
        """It was there and is there no more: evicted, or another one by the same name. Some proxies list nothing."""
        if any(row.name == self._model.name for row in loaded):
            self._wrong = OllamaError(f"{self._model.name} is another model by now")
        elif self.memory is not None:
            self._absent, self._is_warm = True, False

    def _saw_context(self, asked: int | None, shown: int | None) -> None:
        """Some versions show the context of all slots together: what came of our own load is the measure."""
        if shown is None or asked is None:
            return
        before = self._shown.setdefault(asked, shown)
        self._changed = shown != before or shown % asked != 0

    @property
    def flags(self) -> frozenset[Flag]:
        """What a sample that ends now has to say."""
        return frozenset({Flag.CONTEXT_CHANGED}) if self._changed else frozenset()

    @property
    def context_shown(self) -> int | None:
        """The context length that the model has where the endpoint sets none, as far as it was seen."""
        row = self._rows.get(None)
        return row.context_length if row else None
