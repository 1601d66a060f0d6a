"""What is sent: one request with all its options, its sample stored before anything else happens."""

import time
from datetime import UTC, datetime

from obt_client.bench.clocks import BEST_CLOCK
from obt_client.bench.model_state import ModelState
from obt_client.bench.progress import Progress
from obt_client.bench.prompts import THINKING, request_body
from obt_client.bench.recorder import Purpose, Recorder
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
    ) -> None:
        self._suite, self._model, self._url, self._state = suite, model, url, state
        self._recorder, self._progress, self._stop = recorder, progress, stop
        self._limits = _limits(suite.request_timeout_s)

    async def ask(self, workload: Workload, text: str, tokens: int, purpose: Purpose) -> Sample:
        """Send one request and store its sample; the state learns from it. Raises JobFailedError."""
        can_think = THINKING in self._model.capabilities
        body = request_body(self._model.name, text, workload, self._suite.options, tokens=tokens, can_think=can_think)
        trace = await self._send(f"{self._url}/api/{workload.endpoint}", body, purpose.stream)
        sample = await self._recorder.keep(trace, purpose)
        self._state.saw(sample)
        return sample

    async def warm(self, workload: Workload, text: str, tokens: int) -> Sample:
        """Send one that is no measurement. Raises JobFailedError, StoppedError."""
        if self._stop.is_set():
            raise StoppedError(self._stop.reason)
        sample = await self.ask(workload, text, tokens, Purpose(workload.name, SampleRole.WARMUP))
        if self._stop.reason == "cancelled":
            raise StoppedError(self._stop.reason)
        return sample

    async def _send(self, url: str, body: dict[str, object], number: int) -> Trace:
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


def _limits(timeout_s: float) -> Limits:
    idle_s = min(IDLE_TIMEOUT_S, timeout_s)
    return Limits(first_chunk_timeout_s=timeout_s, idle_timeout_s=idle_s, total_timeout_s=timeout_s)
