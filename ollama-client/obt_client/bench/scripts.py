"""What each workload says, request by request."""

from dataclasses import dataclass

from obt_client.bench.lengths import Form, Length, Ruler
from obt_client.bench.prompts import NonceStyle, nonce
from obt_core.results import EndReason, Flag, Sample
from obt_core.suites import ReplayArrival, SyntheticPrompt, TextPrompt, Workload

CACHED = frozenset({Flag.CACHED_PROMPT, Flag.IMPOSSIBLE_PREFILL, Flag.PROMPT_TRUNCATED})
"""The count of such a sample is not the length of its prompt."""


@dataclass(frozen=True, slots=True)
class Said:
    """One prompt with its nonce, and how much is to follow. `asked_tokens` is None for a text, which has no aim."""

    prompt: str
    generate: int
    asked_tokens: int | None = None
    expected_tokens: int | None = None
    """What this prompt was counted with when no cache can have known it, or what it was asked to be."""
    form: Form | None = None


class Script:
    """The prompts of one workload. Synthetic ones need the ruler; with `cache` reuse all are the very same."""

    def __init__(self, workload: Workload, ruler: Ruler) -> None:
        self._workload, self._ruler = workload, ruler
        self._lengths: dict[int, Length] = {}
        self._fixed: Said | None = None
        self._counted: int | None = None

    @property
    def wanted_tokens(self) -> tuple[int, ...]:
        """The prompt lengths that are asked for, without repetition; none for a text."""
        workload = self._workload
        if isinstance(workload.arrival, ReplayArrival):
            return tuple(dict.fromkeys(request.prompt_tokens for request in workload.arrival.requests))
        return (workload.prompt.tokens,) if isinstance(workload.prompt, SyntheticPrompt) else ()

    @property
    def most_tokens(self) -> int | None:
        """Prompt and answer of the longest request; None for a text that was not counted yet."""
        workload = self._workload
        if isinstance(workload.arrival, ReplayArrival):
            return max(request.prompt_tokens + request.generate_tokens for request in workload.arrival.requests)
        if isinstance(workload.prompt, SyntheticPrompt):
            return workload.prompt.tokens + workload.generate_tokens
        return None if self._counted is None else self._counted + workload.generate_tokens

    def length(self, tokens: int) -> Length:
        """The prompt of that length; the ruler must be known."""
        return self._lengths.setdefault(tokens, Length(self._ruler, tokens))

    def say(self, number: int = 0) -> Said:
        """The request of that number, from 0; a nonce of its own unless the cache is to be reused."""
        if self._fixed:
            return self._fixed
        said = self._say(number)
        if self._workload.cache == "reuse":
            self._fixed = said
        return said

    def _say(self, number: int) -> Said:
        workload = self._workload
        if isinstance(workload.arrival, ReplayArrival):
            request = workload.arrival.requests[number % len(workload.arrival.requests)]
            return self.synthetic(request.prompt_tokens, request.generate_tokens)
        if isinstance(workload.prompt, TextPrompt):
            prompt = f"{nonce(NonceStyle.WORDS)} {workload.prompt.text}"
            return Said(prompt, workload.generate_tokens, expected_tokens=self._counted)
        return self.synthetic(workload.prompt.tokens, workload.generate_tokens)

    def synthetic(self, tokens: int, generate: int) -> Said:
        """A prompt of that many tokens."""
        form = self.length(tokens).form
        return Said(form.text(nonce(self._ruler.style)), generate, tokens, tokens, form)

    def saw(self, said: Said, sample: Sample) -> None:
        """Learn from what Ollama counted for what was said."""
        tokens = sample.prompt_tokens
        if not tokens or sample.cached_tokens or sample.end is EndReason.ERROR or CACHED.intersection(sample.flags):
            return
        if said.form and said.asked_tokens:
            self.length(said.asked_tokens).saw(said.form, tokens)
        elif self._counted is None:
            self._counted = tokens
