"""One job's requests from the first warm-up to the last sample."""

import time
from collections.abc import Callable

from obt_client.bench.asking import Asker
from obt_client.bench.load import closed_loop
from obt_client.bench.model_state import ModelState
from obt_client.bench.plan import Plan
from obt_client.bench.preflight import JobFailedError, Preflight
from obt_client.bench.progress import Progress
from obt_client.bench.recorder import Purpose, Recorder
from obt_client.bench.stop import StoppedError, StopSignal
from obt_client.bench.warmup import Warmup
from obt_client.ollama import Ollama, OllamaError
from obt_core.heartbeat import LoadedModel
from obt_core.jobs import JobPhase, JobSpec
from obt_core.results import SampleRole


class Runner:
    """Does the workloads of a suite one after another, and goes on after errors as long as there is hope."""

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
        self._suite, self._progress, self._stop = spec.suite, progress, stop
        self.notes: list[str] = []
        self._state = ModelState(spec, ollama, found, recorder, stop, wait_s=wait_s)
        self._asker = Asker(spec.suite, found.model, ollama.url, recorder, progress, stop, self._state)
        self._warmup = Warmup(spec.suite.warmup_max, self._asker, self._state, recorder, progress, self.notes)
        self._failed: JobFailedError | None = None

    @property
    def memory(self) -> LoadedModel | None:
        """Where the model lay, None as long as nobody has seen it."""
        return self._state.memory

    async def block(self, number: int) -> None:
        """Do all workloads. Raises JobFailedError, StoppedError; what was measured until then is stored."""
        if number > 1:
            return
        for workload in self._suite.workloads:
            plan = Plan(workload)
            while not await self._is_done(plan):
                await self._state.look_after()
            if left := workload.samples - plan.begun:
                self._progress.left_out(left)
                self.notes.append(f"{workload.name}: time was over after {plan.begun} of {workload.samples} requests")
            self._state.warm = self._state.warm and not workload.cold

    async def _is_done(self, plan: Plan) -> bool:
        """Go on with a workload, up to its end or to the first error; whether it was the end."""
        workload = plan.workload
        if not plan.open:
            return True
        self._check_stop()
        await self._warmup.prepare(workload)
        self._progress.enter(JobPhase.SAMPLING, workload.name)
        plan.begin()
        await closed_loop(workload.concurrency, self._more(plan), lambda number: self._measure(plan, number))
        if self._failed:
            raise self._failed
        if self._stop.reason == "cancelled" or plan.open:
            self._check_stop()
        await self._state.look_at_memory()
        return not self._state.is_troubled

    def _more(self, plan: Plan) -> Callable[[], bool]:
        def more() -> bool:
            halted = self._state.is_troubled or self._failed is not None or self._stop.is_set()
            if halted or not plan.open:
                return False
            plan.begun += 1
            return True

        return more

    async def _measure(self, plan: Plan, number: int) -> None:
        """One request that counts. What hinders it is kept for when all streams have ended."""
        workload = plan.workload
        role = SampleRole.COLD if workload.cold else SampleRole.MEASURED
        begun_s = time.monotonic()
        try:
            if workload.cold:
                await self._state.unload()
            purpose = Purpose(workload.name, role, number)
            await self._asker.ask(workload, self._warmup.texts[workload.name], workload.generate_tokens, purpose)
        except StoppedError:
            plan.begun -= 1
        except JobFailedError as error:
            self._failed = error
        except OllamaError as error:
            plan.begun -= 1
            self._state.saw_trouble(error)
        else:
            plan.took_s = time.monotonic() - begun_s
            self._progress.sample_taken()

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise StoppedError(self._stop.reason)
