"""How it is sent: one request with all its options, its sample stored before anything else happens."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from obt_client.bench.bodies import PATHS, THINKING, request_body
from obt_client.bench.clocks import BEST_CLOCK
from obt_client.bench.gate import Gate
from obt_client.bench.guard import Guard
from obt_client.bench.model_state import ModelState
from obt_client.bench.order import context_of
from obt_client.bench.progress import Progress
from obt_client.bench.recorder import Purpose, Recorder
from obt_client.bench.scripts import Said
from obt_client.bench.stop import StoppedError, StopSignal
from obt_client.bench.stream import Limits, stream
from obt_core.metrics import Trace
from obt_core.models import InstalledModel
from obt_core.results import Sample, SampleRole
from obt_core.suites import Suite, Workload

IDLE_TIMEOUT_S = 60.0


class Asker:
    """Sends a suite's requests to one model."""

    def __init__(
        self,
        suite: Suite,
        model: InstalledModel,
        url: str,
        recorder: Recorder,
        progress: Progress,
        stop: StopSignal,
        state: ModelState,
        guard: Guard | None = None,
    ) -> None:
        self._guard = guard
        self._options, self._model, self._url, self._state = suite.options, model, url, state
        self._recorder, self._progress, self._stop = recorder, progress, stop
        self._limits = _limits(suite.request_timeout_s)

    def context_of(self, workload: Workload) -> int | None:
        """The context length that its requests ask for, None where its endpoint cannot."""
        return context_of(workload, self._options, self._model.context_length)

    async def ask(self, workload: Workload, said: Said, purpose: Purpose, gate: Gate | None = None) -> Sample:
        """Send one request and store its sample; the state learns from it. Raises JobFailedError, StoppedError."""
        can_think, context = THINKING in self._model.capabilities, self.context_of(workload)
        body = request_body(
            self._model.name,
            said.prompt,
            workload,
            self._options,
            tokens=said.generate,
            context=context,
            can_think=can_think,
        )
        begun_s = time.monotonic()
        trace = await self._send(self._url + PATHS[workload.endpoint], body, purpose.stream, gate)
        ended_s = time.monotonic()
        if purpose.role is SampleRole.MEASURED:
            await self._watch(context)
        known = self._with_what_is_known(purpose, workload, said, gate)
        if self._guard and purpose.role is not SampleRole.WARMUP:
            known = replace(known, flags=known.flags | await self._guard.flags(begun_s, ended_s))
        sample = await self._recorder.keep(trace, known)
        self._state.saw(sample, context, busy_is_fine=workload.arrival is not None)
        return sample

    async def warm(self, workload: Workload, said: Said, stream: int = 0) -> Sample:
        """Send one that is no measurement. Raises JobFailedError, StoppedError."""
        if self._stop.is_set():
            raise StoppedError(self._stop.reason)
        sample = await self.ask(workload, said, Purpose(workload.name, SampleRole.WARMUP, stream))
        if self._stop.reason == "cancelled":
            raise StoppedError(self._stop.reason)
        return sample

    def _with_what_is_known(self, purpose: Purpose, workload: Workload, said: Said, gate: Gate | None) -> Purpose:
        is_warmup = purpose.role is SampleRole.WARMUP
        return replace(
            purpose,
            asked_prompt_tokens=None if is_warmup or workload.cache == "reuse" else said.asked_tokens,
            expected_tokens=said.expected_tokens,
            reuses=workload.cache == "reuse",
            thinks=self._options.think,
            lateness_ms=gate.lateness_ms if gate else None,
            flags=frozenset() if is_warmup else self._state.flags,
        )

    async def _watch(self, context: int | None) -> None:
        """A stop while looking takes nothing from the request that was made."""
        try:
            await self._state.watch(context)
        except StoppedError:
            return

    async def _send(self, url: str, body: dict[str, object], number: int, gate: Gate | None) -> Trace:
        """Send it; a cut leaves a trace of when it began."""
        begun, begun_ns = datetime.now(UTC), time.time_ns()
        count = self._progress.begin(number)
        try:
            return await self._stop.cut(stream(url, body, limits=self._limits, on_chunk=count, gate=gate), "cancelled")
        except StoppedError:
            error = "the job was cancelled while this request ran"
            return Trace(begun, BEST_CLOCK, begun_ns, error_code="cancelled", error=error)
        finally:
            self._progress.end(number)


def _limits(timeout_s: float) -> Limits:
    idle_s = min(IDLE_TIMEOUT_S, timeout_s)
    return Limits(first_chunk_timeout_s=timeout_s, idle_timeout_s=idle_s, total_timeout_s=timeout_s)
