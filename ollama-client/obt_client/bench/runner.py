"""One job's requests from the first warm-up to the last sample."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from obt_client.bench.clocks import BEST_CLOCK
from obt_client.bench.load import closed_loop
from obt_client.bench.preflight import JobFailedError, Preflight, find_model, patiently
from obt_client.bench.progress import Progress
from obt_client.bench.prompts import PROBE_TEXT, THINKING, Calibration, fixed_text, request_body, words
from obt_client.bench.recorder import Purpose, Recorder
from obt_client.bench.stop import StoppedError, StopSignal
from obt_client.bench.stream import Limits, stream
from obt_client.ollama import ModelStaysLoadedError, Ollama, OllamaError
from obt_core.heartbeat import LoadedModel
from obt_core.jobs import JobPhase, JobSpec
from obt_core.metrics import Trace
from obt_core.results import EndReason, Sample, SampleRole
from obt_core.suites import SyntheticPrompt, Workload

WARMUP_AGREES = 0.05
"""Relative difference of two successive decode rates below which the model is warm."""
WARMUP_TOKENS_MIN, WARMUP_TOKENS_MAX = 16, 64
"""A warm-up generates what its workload does, within these: enough for a rate, not so much that it takes long."""
CALIBRATION_TOKENS_MAX = 4
ERRORS_IN_A_ROW = 5
IDLE_TIMEOUT_S = 60.0
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


@dataclass(slots=True)
class _Plan:
    """How much of a workload is to be done yet. Its time begins with its first request.

    `took_s` is how long its last request took: one that would not end in time is not begun.
    """

    workload: Workload
    begun: int = 0
    deadline_s: float | None = None
    took_s: float = 0.0

    def begin(self) -> None:
        if self.deadline_s is None:
            self.deadline_s = time.monotonic() + self.workload.budget_s

    @property
    def open(self) -> bool:
        in_time = self.deadline_s is None or time.monotonic() + self.took_s < self.deadline_s
        return self.begun < self.workload.samples and in_time


class Runner:
    """Sends a suite's requests to one model; knows whether it is loaded and warm, and what has gone wrong."""

    def __init__(
        self,
        spec: JobSpec,
        ollama: Ollama,
        found: Preflight,
        recorder: Recorder,
        progress: Progress,
        stop: StopSignal,
        *,
        wait_s: float,
    ) -> None:
        self._spec, self._suite, self._ollama, self._model = spec, spec.suite, ollama, found.model
        self._recorder, self._progress, self._stop, self._wait_s = recorder, progress, stop, wait_s
        self._limits = _limits(spec.suite.request_timeout_s)
        self._absent = not found.was_loaded
        self._warm = False
        self._texts: dict[str, str] = {}
        self._wrong: Sample | OllamaError | None = None
        self._away = False
        self._row = 0
        self._failed: JobFailedError | None = None
        self.memory: LoadedModel | None = None
        self.notes: list[str] = []

    async def block(self, number: int) -> None:
        """Do all workloads. Raises JobFailedError, StoppedError; what was measured until then is stored."""
        if number > 1:
            return
        for workload in self._suite.workloads:
            plan = _Plan(workload)
            while not await self._is_done(plan):
                await self._look_after()
            if left := workload.samples - plan.begun:
                self._progress.left_out(left)
                self.notes.append(f"{workload.name}: time was over after {plan.begun} of {workload.samples} requests")
            self._warm = self._warm and not workload.cold

    async def _is_done(self, plan: _Plan) -> bool:
        """Go on with a workload, up to its end or to the first error; whether it was the end."""
        workload = plan.workload
        if not plan.open:
            return True
        self._check_stop()
        await self._prepare(workload)
        self._progress.enter(JobPhase.SAMPLING, workload.name)
        plan.begin()
        await closed_loop(workload.concurrency, self._more(plan), lambda number: self._measure(plan, number))
        if self._failed:
            raise self._failed
        if self._stop.reason == "cancelled" or plan.open:
            self._check_stop()
        await self._look_at_memory()
        return self._wrong is None

    def _more(self, plan: _Plan) -> Callable[[], bool]:
        def more() -> bool:
            halted = self._wrong is not None or self._failed is not None or self._stop.is_set()
            if halted or not plan.open:
                return False
            plan.begun += 1
            return True

        return more

    async def _measure(self, plan: _Plan, number: int) -> None:
        """One request that counts. What hinders it is kept for when all streams have ended."""
        workload = plan.workload
        role = SampleRole.COLD if workload.cold else SampleRole.MEASURED
        begun_s = time.monotonic()
        try:
            if workload.cold:
                await self._unload()
            purpose = Purpose(workload.name, role, number)
            await self._request(workload, self._texts[workload.name], workload.generate_tokens, purpose)
        except StoppedError:
            plan.begun -= 1
        except JobFailedError as error:
            self._failed = error
        except ModelStaysLoadedError as error:
            self._failed = JobFailedError("model_stays_loaded", str(error))
        except OllamaError as error:
            plan.begun -= 1
            self._wrong, self._away = error, True
        else:
            plan.took_s = time.monotonic() - begun_s
            self._progress.sample_taken()

    async def _unload(self) -> None:
        digest = self._model.digest
        await self._stop.unless_stopped(self._ollama.unload(self._model.name, digest=digest))
        self._absent = True

    async def _prepare(self, workload: Workload) -> None:
        """Have the prompt at its length and the model loaded and warm. An error on the way ends it early."""
        await self._write_text(workload)
        if not workload.cold and not self._warm and self._wrong is None:
            self._progress.enter(JobPhase.WARMUP, workload.name)
            await self._warm_up(workload)
            await self._look_at_memory()

    async def _write_text(self, workload: Workload) -> None:
        if workload.name in self._texts:
            return
        text = fixed_text(workload)
        if text is None and isinstance(workload.prompt, SyntheticPrompt):
            self._progress.enter(JobPhase.WARMUP, workload.name)
            text = await self._calibrate(workload, workload.prompt.tokens)
        if text is not None:
            self._texts[workload.name] = text

    async def _calibrate(self, workload: Workload, wanted_tokens: int) -> str | None:
        """Find the words that make so many tokens; None where an error came between."""
        calibration = Calibration(wanted_tokens)
        while not calibration.done:
            tokens = min(workload.generate_tokens, CALIBRATION_TOKENS_MAX)
            sample = await self._warm_request(workload, words(calibration.words), tokens)
            if self._wrong is not None:
                return None
            if not sample.prompt_tokens:
                self.notes.append(f"{workload.name}: Ollama counts no prompt tokens; a word was taken for one")
                return words(wanted_tokens)
            calibration.saw(sample.prompt_tokens)
        return words(calibration.words)

    async def _warm_up(self, workload: Workload) -> None:
        """Ask until two successive decode rates agree, or the workload's own time has gone by.

        The first text is unlike the others, so that what the second gets from a cache stands before the nonce.
        """
        tokens = min(max(workload.generate_tokens, WARMUP_TOKENS_MIN), WARMUP_TOKENS_MAX)
        before: float | None = None
        deadline_s = time.monotonic() + workload.budget_s
        for turn in range(self._suite.warmup_max):
            if time.monotonic() > deadline_s:
                break
            text = self._texts[workload.name] if turn else PROBE_TEXT
            sample = await self._warm_request(workload, text, tokens)
            if self._wrong is not None:
                return
            if turn == 1:
                self._recorder.followed_another_text(sample)
            self._warm = _agree(before, sample.decode_tokens_per_s)
            if self._warm:
                return
            before = sample.decode_tokens_per_s
        self._warm = True
        self.notes.append(f"{workload.name}: warm-ups did not come to one decode rate")

    async def _warm_request(self, workload: Workload, text: str, tokens: int) -> Sample:
        self._check_stop()
        sample = await self._request(workload, text, tokens, Purpose(workload.name, SampleRole.WARMUP))
        if self._stop.reason == "cancelled":
            raise StoppedError(self._stop.reason)
        return sample

    async def _request(self, workload: Workload, text: str, tokens: int, purpose: Purpose) -> Sample:
        """Send one request and store its sample; see what it tells of the model. Raises JobFailedError."""
        can_think = THINKING in self._model.capabilities
        body = request_body(self._model.name, text, workload, self._suite.options, tokens=tokens, can_think=can_think)
        trace = await self._ask(f"{self._ollama.url}/api/{workload.endpoint}", body, purpose.stream)
        sample = await self._recorder.keep(trace, purpose)
        if sample.end is EndReason.ERROR:
            self._note_error(sample)
        elif sample.end is not EndReason.CANCELLED:
            self._note_success(sample)
        return sample

    async def _ask(self, url: str, body: dict[str, object], number: int) -> Trace:
        """Send it; a cut leaves a trace of when it began."""
        begun, begun_ns = datetime.now(UTC), time.time_ns()
        count = self._progress.begin(number)
        try:
            return await self._stop.cut(stream(url, body, limits=self._limits, on_chunk=count), "cancelled")
        except StoppedError:
            error = "the job was cancelled while this request ran"
            return Trace(begun, BEST_CLOCK, begun_ns, error_code="cancelled", error=error)
        finally:
            self._progress.end(number)

    def _note_error(self, sample: Sample) -> None:
        self._wrong = sample
        self._away = self._away or sample.error_code in _AWAY
        if sample.error_code in _HOPELESS:
            raise JobFailedError("ollama_error", str(sample.error))

    def _note_success(self, sample: Sample) -> None:
        if sample.role is not SampleRole.WARMUP:
            self._row = 0
        if self._absent:
            self._recorder.loaded_from_nothing(sample)
            self._absent = False

    async def _look_after(self) -> None:
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
        self._warm = self._warm and loaded and not self._away
        self._away = False

    async def _look_at_memory(self) -> None:
        """See once, after a load, where the model lies."""
        if self.memory is not None or self._wrong is not None:
            return
        try:
            loaded = await self._stop.unless_stopped(self._ollama.loaded())
        except OllamaError:
            return
        self.memory = next((row for row in loaded if row.digest == self._model.digest), None)

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise StoppedError(self._stop.reason)


def _limits(timeout_s: float) -> Limits:
    idle_s = min(IDLE_TIMEOUT_S, timeout_s)
    return Limits(first_chunk_timeout_s=timeout_s, idle_timeout_s=idle_s, total_timeout_s=timeout_s)


def _agree(before: float | None, now: float | None) -> bool:
    return before is not None and now is not None and abs(now - before) <= WARMUP_AGREES * before
