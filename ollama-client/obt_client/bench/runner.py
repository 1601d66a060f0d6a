"""One job's requests from the first warm-up to the last sample."""

import time

from obt_client.bench.asking import Asker
from obt_client.bench.guard import Guard
from obt_client.bench.load import Turn, closed_loop, open_loop
from obt_client.bench.model_state import ModelState
from obt_client.bench.order import arrivals_s, context_of, orders
from obt_client.bench.plan import Plan
from obt_client.bench.preflight import JobFailedError, Preflight
from obt_client.bench.progress import Progress
from obt_client.bench.recorder import Purpose, Recorder
from obt_client.bench.stop import StoppedError, StopSignal
from obt_client.bench.uncached import physical_limit
from obt_client.bench.warmup import Warmup
from obt_client.ollama import Ollama, OllamaError
from obt_core.jobs import JobPhase, JobSpec
from obt_core.models import LoadedModel
from obt_core.results import SampleRole
from obt_core.suites import Suite, Workload

TIMEOUTS_MAX = 2
"""A workload is left out that ran into the suite's time for a request so often, and never ended one within it."""


class Runner:
    """Does the workloads of a suite block by block, and goes on after errors as long as there is hope."""

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
        seed: int,
        guard: Guard | None = None,
    ) -> None:
        self._suite, self._progress, self._stop = spec.suite, progress, stop
        self._model, self._seed = found.model, seed
        self._orders = orders(spec.suite, seed)
        self._plans = {workload.name: Plan(workload, spec.suite.blocks) for workload in spec.suite.workloads}
        self._notes: list[str] = []
        self._state = ModelState(spec, ollama, found, recorder, stop, wait_s=wait_s)
        self._asker = Asker(spec.suite, found.model, ollama.url, recorder, progress, stop, self._state, guard)
        self._warmup = Warmup(spec.suite, self._asker, self._state, recorder, progress, self._notes)
        self._bursts = 0
        self._failed: JobFailedError | None = None
        self._over: set[str] = set()
        recorder.uncached.physical = physical_limit(found.model.parameter_count)
        self._notes += _contexts_that_differ(spec.suite, found.model.context_length)

    @property
    def memory(self) -> LoadedModel | None:
        """Where the model lay, None as long as nobody has seen it."""
        return self._state.memory

    @property
    def slots(self) -> int | None:
        """How many requests were served at a time when probed."""
        return self._warmup.slots

    @property
    def notes(self) -> list[str]:
        """What there is to say of the workloads so far: how each one ended first."""
        was_stopped = self._stop.is_set()
        return [
            plan.how_it_ended(was_stopped=was_stopped) for plan in self._plans.values() if plan.begun or plan.refused
        ] + self._notes

    async def block(self, number: int) -> None:
        """Do one block, from 1. Raises JobFailedError, StoppedError; what was measured until then is stored."""
        await self._state.resume()
        for workload in self._orders[number - 1]:
            plan = self._plans[workload.name]
            plan.begin_block(number)
            await self._work_off(plan)
            plan.end_block()
            self._leave_out_rest(plan, number)
        refusals = [plan.refused for plan in self._plans.values()]
        if all(refusals):
            raise JobFailedError("nothing_fits", str(refusals[0]))

    def _leave_out_rest(self, plan: Plan, number: int) -> None:
        if plan.is_over(number) and plan.workload.name not in self._over:
            self._over.add(plan.workload.name)
            self._progress.left_out(plan.workload.samples - plan.done)

    async def _work_off(self, plan: Plan) -> None:
        """Go on with a workload to its end in this block, past errors and reloads."""
        while plan.open:
            self._check_stop()
            await self._ready(plan)
            if plan.open and not self._state.is_troubled:
                await self._burst(plan)
            if self._state.is_troubled:
                self._refuse_too_slow(plan)
                await self._state.look_after(is_given_up=plan.refused is not None)
        if plan.workload.cold:
            self._state.cooled()

    async def _ready(self, plan: Plan) -> None:
        """Have it warm, unless it cannot be measured, which some workloads tell only when they were asked once."""
        self._refuse_too_long(plan)
        if plan.refused is None:
            await self._warmup.prepare(plan.workload)
            self._refuse_too_long(plan)

    def _refuse_too_long(self, plan: Plan) -> None:
        """A prompt that is cut to fit, or whose answer shifts the context, measures something else."""
        wanted = self._warmup.scripts[plan.workload.name].most_tokens
        limits = (self._asker.context_of(plan.workload) or self._state.context_shown, self._model.context_length)
        room = min((limit for limit in limits if limit), default=None)
        if wanted and room and wanted > room:
            plan.refused = f"{wanted} tokens of prompt and answer do not fit into a context of {room}"

    def _refuse_too_slow(self, plan: Plan) -> None:
        """A prompt that takes longer to read than a request may: shorter ones can be measured all the same."""
        if self._state.took_too_long and not plan.good:
            plan.timeouts += 1
            if plan.timeouts >= TIMEOUTS_MAX:
                plan.refused = f"{plan.timeouts} requests took longer than {self._suite.request_timeout_s:g} s"

    async def _burst(self, plan: Plan) -> None:
        """Let its load pattern run, up to its end or to the first trouble."""
        workload = plan.workload
        self._bursts += 1
        burst = self._bursts
        self._progress.enter(JobPhase.SAMPLING, workload.name)
        plan.begin()

        def halted() -> bool:
            return self._is_halted(workload) or not plan.open

        def take() -> int | None:
            return None if halted() else plan.take()

        async def one(turn: Turn) -> None:
            await self._measure(plan, turn, burst)

        if workload.arrival:
            await open_loop(arrivals_s(workload, self._seed)[plan.begun :], take, one, halted)
        else:
            await closed_loop(workload.concurrency, take, one)
        if self._failed:
            raise self._failed
        if self._stop.reason == "cancelled" or plan.open:
            self._check_stop()
        if not self._state.is_troubled:
            await self._state.look(self._asker.context_of(workload))

    def _is_halted(self, workload: Workload) -> bool:
        """A model that was loaded anew is warmed up before it goes on, but not where requests have their moments."""
        is_warm = workload.cold or self._state.is_warm_for(self._asker.context_of(workload))
        ready = is_warm or workload.arrival is not None
        return self._state.is_troubled or self._failed is not None or self._stop.is_set() or not ready

    async def _measure(self, plan: Plan, turn: Turn, burst: int) -> None:
        """One request that counts. What hinders it is kept for when all streams have ended."""
        workload, script = plan.workload, self._warmup.scripts[plan.workload.name]
        role = SampleRole.COLD if workload.cold else SampleRole.MEASURED
        begun_s = time.monotonic()
        try:
            if workload.cold:
                await self._state.unload()
            said = script.say(turn.number)
            purpose = Purpose(workload.name, role, turn.stream, block=burst)
            sample = await self._asker.ask(workload, said, purpose, turn.gate)
        except StoppedError:
            plan.take_back()
        except JobFailedError as error:
            self._failed = error
        except OllamaError as error:
            plan.take_back()
            self._state.saw_trouble(error)
        else:
            plan.took_s = time.monotonic() - begun_s
            script.saw(said, sample)
            if plan.saw(sample):
                self._progress.sample_taken()
            await plan.look()

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise StoppedError(self._stop.reason)


def _contexts_that_differ(suite: Suite, context_max: int | None) -> list[str]:
    """What to say of workloads whose context length is not the one that was asked for."""
    notes: list[str] = []
    for workload in suite.workloads:
        wanted, is_set = workload.num_ctx or suite.options.num_ctx, context_of(workload, suite.options, context_max)
        if is_set is None:
            notes.append(f"{workload.name}: num_ctx cannot be set at this endpoint: Ollama's own default holds")
        elif is_set < wanted:
            notes.append(f"{workload.name}: num_ctx was {is_set}, the most of this model, not {wanted}")
    return notes
