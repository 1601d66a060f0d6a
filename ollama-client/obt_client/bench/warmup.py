"""Before the first sample: the prompt at its length, the model loaded and warm, its slots known, its cache filled."""

import asyncio
import time

from obt_client.bench.asking import Asker
from obt_client.bench.lengths import Length, Ruler
from obt_client.bench.model_state import ModelState
from obt_client.bench.progress import Progress
from obt_client.bench.prompts import PROBE_TEXT, nonce
from obt_client.bench.recorder import Recorder
from obt_client.bench.scripts import Said, Script
from obt_client.bench.slots import SLOT_TOKENS, probes_for, slots_of
from obt_core.jobs import JobPhase
from obt_core.results import Sample
from obt_core.suites import Suite, Workload

WARMUP_AGREES = 0.05
"""Relative difference of two successive rates below which the model is warm."""
WARMUP_TOKENS_MIN, WARMUP_TOKENS_MAX = 16, 64
"""A warm-up generates what its workload does, within these: enough for a rate, not so much that it takes long."""
COUNTING_TOKENS = 2
"""A prompt that is only to be counted generates so many: of a single one, versions tell no duration."""
TRIES_MAX, TRIES_MAX_LONG, LONG_TOKENS = 3, 2, 1_024
"""How often a length is tried before samples are taken, which then correct it further; long prompts are dear."""


class Warmup:
    """Makes workloads ready. An error on the way ends it early; the state has it."""

    def __init__(
        self, suite: Suite, asker: Asker, state: ModelState, recorder: Recorder, progress: Progress, notes: list[str]
    ) -> None:
        self._suite, self._asker, self._state = suite, asker, state
        self._recorder, self._progress, self._notes = recorder, progress, notes
        self._rulers: dict[str, Ruler] = {}
        self._probed = False
        self._measured: set[str] = set()
        self.slots: int | None = None
        self.scripts = {workload.name: Script(workload, self._ruler(workload)) for workload in suite.workloads}

    async def prepare(self, workload: Workload) -> None:
        """Have the prompt at its length and the model loaded and warm. Raises JobFailedError, StoppedError."""
        await self._measure_lengths(workload)
        if workload.cold or self._state.is_troubled:
            return
        if not self._state.is_warm_for(self._asker.context_of(workload)):
            self._progress.enter(JobPhase.WARMUP, workload.name)
            await self._warm_up(workload)
            await self._look(workload)
        elif self.scripts[workload.name].most_tokens is None:
            self._progress.enter(JobPhase.WARMUP, workload.name)
            await self._warm_once(workload, probing=False)
        if not self._probed and not self._state.is_troubled:
            await self._probe_slots(workload)
        if workload.cache == "reuse" and not self._state.is_troubled:
            await self._fill_cache(workload)

    def _ruler(self, workload: Workload) -> Ruler:
        """Templates differ by endpoint, so that each has its own."""
        return self._rulers.setdefault(workload.endpoint, Ruler(self._asker.context_of(workload)))

    async def _measure_lengths(self, workload: Workload) -> None:
        script = self.scripts[workload.name]
        if workload.name in self._measured or not script.wanted_tokens:
            return
        self._progress.enter(JobPhase.WARMUP, workload.name)
        await self._measure_words(workload, self._ruler(workload))
        for tokens in script.wanted_tokens:
            if not self._state.is_troubled:
                await self._come_to(workload, script, script.length(tokens))
        if not self._state.is_troubled:
            self._measured.add(workload.name)

    async def _measure_words(self, workload: Workload, ruler: Ruler) -> None:
        while not ruler.known:
            sample = await self._asker.warm(workload, Said(ruler.prompt, COUNTING_TOKENS))
            if self._state.is_troubled:
                return
            if sample.prompt_tokens:
                ruler.saw(sample.prompt_tokens)
            else:
                self._notes.append(f"{workload.name}: Ollama counts no prompt tokens; a word was taken for one")
                ruler.counts_nothing()

    async def _come_to(self, workload: Workload, script: Script, length: Length) -> None:
        """Try a length until it is exact, where the ruler alone does not tell."""
        for _ in range(TRIES_MAX_LONG if length.wanted >= LONG_TOKENS else TRIES_MAX):
            if length.is_sure:
                break
            said = script.synthetic(length.wanted, COUNTING_TOKENS)
            script.saw(said, await self._asker.warm(workload, said))
            if self._state.is_troubled:
                return
        if length.is_least and length.counted != length.wanted:
            least = f" than {length.counted}" if length.counted else ""
            self._notes.append(f"{workload.name}: no prompt of {length.wanted} tokens: none is shorter{least}")

    async def _warm_up(self, workload: Workload) -> None:
        """Ask until two successive rates agree, or the workload's own time has gone by.

        The first text is unlike the others, so that what the second gets from a cache stands before the nonce.
        """
        before: float | None = None
        deadline_s = time.monotonic() + workload.budget_s
        for turn in range(self._suite.warmup_max):
            if time.monotonic() > deadline_s:
                break
            sample = await self._warm_once(workload, probing=turn == 0)
            if self._state.is_troubled:
                return
            if turn == 1:
                self._recorder.followed_another_text(sample)
            if _agree(before, now := _rate_of(sample)):
                self._state.became_warm()
                return
            before = now
        self._state.became_warm()
        self._notes.append(f"{workload.name}: warm-ups did not come to one decode rate")

    async def _warm_once(self, workload: Workload, *, probing: bool) -> Sample:
        script = self.scripts[workload.name]
        tokens = min(max(workload.generate_tokens, WARMUP_TOKENS_MIN), WARMUP_TOKENS_MAX)
        if probing:
            return await self._asker.warm(workload, Said(f"{nonce()} {PROBE_TEXT}", tokens))
        said = script.say()
        sample = await self._asker.warm(workload, Said(said.prompt, tokens, said.asked_tokens, None, said.form))
        script.saw(said, sample)
        return sample

    async def _look(self, workload: Workload) -> None:
        if not self._state.is_troubled:
            await self._state.look(self._asker.context_of(workload))

    async def _probe_slots(self, workload: Workload) -> None:
        """Send several at once, and see how many generate at the same time."""
        self._progress.enter(JobPhase.WARMUP, workload.name)
        self._probed = True
        said = [Said(f"{nonce()} {PROBE_TEXT}", SLOT_TOKENS) for _ in range(probes_for(self._suite))]
        samples = await self._together(workload, said)
        self.slots = slots_of(samples)

    async def _fill_cache(self, workload: Workload) -> None:
        """Send the prompt that is to be reused at once as often as there are slots, each of which has its own cache.

        And once more than there are streams: a slot may be busy for a moment after its answer has ended.
        """
        self._progress.enter(JobPhase.WARMUP, workload.name)
        said = self.scripts[workload.name].say()
        once = Said(said.prompt, COUNTING_TOKENS, said.asked_tokens, None, said.form)
        await self._together(workload, [once] * max(workload.concurrency + 1, self.slots or 1))

    async def _together(self, workload: Workload, said: list[Said]) -> list[Sample]:
        """Send all of these at once. Raises the first error of them, when all have ended."""
        asked = (self._asker.warm(workload, one, stream) for stream, one in enumerate(said))
        done = await asyncio.gather(*asked, return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in done if isinstance(outcome, Sample)]


def _rate_of(sample: Sample) -> float | None:
    """Tokens per second; by our stamps where the endpoint tells no durations."""
    return sample.decode_tokens_per_s or (1e3 / sample.tpot_ms if sample.tpot_ms else None)


def _agree(before: float | None, now: float | None) -> bool:
    return before is not None and now is not None and abs(now - before) <= WARMUP_AGREES * before
