"""Before the first sample: the prompt at its length, the model loaded and warm."""

import time

from obt_client.bench.asking import Asker
from obt_client.bench.model_state import ModelState
from obt_client.bench.progress import Progress
from obt_client.bench.prompts import PROBE_TEXT, Calibration, fixed_text, words
from obt_client.bench.recorder import Recorder
from obt_core.jobs import JobPhase
from obt_core.suites import SyntheticPrompt, Workload

WARMUP_AGREES = 0.05
"""Relative difference of two successive decode rates below which the model is warm."""
WARMUP_TOKENS_MIN, WARMUP_TOKENS_MAX = 16, 64
"""A warm-up generates what its workload does, within these: enough for a rate, not so much that it takes long."""
CALIBRATION_TOKENS_MAX = 4


class Warmup:
    """Makes workloads ready. An error on the way ends it early; the state has it."""

    def __init__(
        self, turns_max: int, asker: Asker, state: ModelState, recorder: Recorder, progress: Progress, notes: list[str]
    ) -> None:
        self._turns_max, self._asker, self._state = turns_max, asker, state
        self._recorder, self._progress, self._notes = recorder, progress, notes
        self.texts: dict[str, str] = {}
        """The text of each workload that is ready."""

    async def prepare(self, workload: Workload) -> None:
        """Have the prompt at its length and the model loaded and warm. Raises JobFailedError, StoppedError."""
        await self._write_text(workload)
        if not workload.cold and not self._state.warm and not self._state.is_troubled:
            self._progress.enter(JobPhase.WARMUP, workload.name)
            await self._warm_up(workload)
            await self._state.look_at_memory()

    async def _write_text(self, workload: Workload) -> None:
        if workload.name in self.texts:
            return
        text = fixed_text(workload)
        if text is None and isinstance(workload.prompt, SyntheticPrompt):
            self._progress.enter(JobPhase.WARMUP, workload.name)
            text = await self._calibrate(workload, workload.prompt.tokens)
        if text is not None:
            self.texts[workload.name] = text

    async def _calibrate(self, workload: Workload, wanted_tokens: int) -> str | None:
        """Find the words that make so many tokens; None where an error came between."""
        calibration = Calibration(wanted_tokens)
        while not calibration.done:
            tokens = min(workload.generate_tokens, CALIBRATION_TOKENS_MAX)
            sample = await self._asker.warm(workload, words(calibration.words), tokens)
            if self._state.is_troubled:
                return None
            if not sample.prompt_tokens:
                self._notes.append(f"{workload.name}: Ollama counts no prompt tokens; a word was taken for one")
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
        for turn in range(self._turns_max):
            if time.monotonic() > deadline_s:
                break
            text = self.texts[workload.name] if turn else PROBE_TEXT
            sample = await self._asker.warm(workload, text, tokens)
            if self._state.is_troubled:
                return
            if turn == 1:
                self._recorder.followed_another_text(sample)
            self._state.warm = _agree(before, sample.decode_tokens_per_s)
            if self._state.warm:
                return
            before = sample.decode_tokens_per_s
        self._state.warm = True
        self._notes.append(f"{workload.name}: warm-ups did not come to one decode rate")


def _agree(before: float | None, now: float | None) -> bool:
    return before is not None and now is not None and abs(now - before) <= WARMUP_AGREES * before
