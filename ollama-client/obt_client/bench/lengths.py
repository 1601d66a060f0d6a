"""Prompts of exactly N tokens, found by the counts that Ollama returns: no tokenizer is needed.

Every prompt has tokens that do not depend on its words (template, nonce, task), and a word makes the same number of
tokens wherever it stands; so two short prompts make a line, which then holds for long ones.
"""

from dataclasses import dataclass

from obt_client.bench.prompts import TASK, WORDS, NonceStyle, nonce, words

FIRST_WORDS = 8
"""The second prompt has each word of the list once more: where they came to a whole number of tokens each, all did."""
LETTERS_FROM = 2.5
"""Tokens per word from which a model reads letters rather than words."""
_TAIL = "x"


@dataclass(frozen=True, slots=True)
class Form:
    """A synthetic prompt: its words, letters behind the last one, whether a task stands before them."""

    words: int
    tail: int = 0
    task: bool = True

    def text(self, begin: str) -> str:
        """Write it out behind a nonce."""
        parts = (begin, TASK if self.task else "", words(self.words))
        return " ".join(part for part in parts if part) + _TAIL * self.tail


class Ruler:
    """How many tokens a word is for the model at hand, measured at one endpoint by two short prompts."""

    def __init__(self, context: int | None) -> None:
        self.style = NonceStyle.WORDS
        self.per_word = 1.0
        self._context = context
        self._first: int | None = None
        self.known = False
        self.base = 0
        """Tokens of a prompt with its task and no word."""
        self._asked_words = FIRST_WORDS
        self._begin = nonce(self.style)

    @property
    def prompt(self) -> str:
        """The prompt to ask with next, as long as it is not known.

        Both begin with the same words in another order: as long for the counts, and of no use to a cache.
        """
        first, _, others = self._begin.partition(" ")
        return Form(self._asked_words).text(self._begin if self._first is None else f"{others} {first}".strip())

    def saw(self, tokens: int) -> None:
        """Take Ollama's count for that prompt."""
        if self._first is None:
            self._first = tokens
            room = (self._context or 1 << 20) - tokens - FIRST_WORDS
            self._asked_words = FIRST_WORDS + max(1, min(len(WORDS), int(room * FIRST_WORDS / tokens)))
            return
        if self._asked_words > FIRST_WORDS:
            self.per_word = max((tokens - self._first) / (self._asked_words - FIRST_WORDS), 0.1)
            tokens, self._asked_words = self._first, FIRST_WORDS
            if self.per_word > LETTERS_FROM:
                self.style = NonceStyle.LETTERS  # and ask once more, for the length of such a nonce
                self._begin = nonce(self.style)
                return
        self.base = round(tokens - FIRST_WORDS * self.per_word)
        self.known = True

    def counts_nothing(self) -> None:
        """Ollama tells no counts: a word is taken for a token."""
        self.known, self.per_word, self.base = True, 1.0, 0

    @property
    def is_even(self) -> bool:
        """Whether every word is the same whole number of tokens."""
        return self.per_word.is_integer()


class Length:
    """One prompt's way to its N tokens: a guess by the ruler, corrected by every count until one is exact."""

    def __init__(self, ruler: Ruler, wanted: int) -> None:
        self._ruler, self.wanted = ruler, wanted
        self._task = wanted >= ruler.base + ruler.per_word
        base = ruler.base if self._task else ruler.base - round(len(TASK.split()) * ruler.per_word)
        self._units = 0
        self._add(wanted - base)
        self._best: tuple[int, int] | None = None
        self.counted: int | None = None
        """The last count; None before there was one."""

    @property
    def form(self) -> Form:
        """The prompt as it is to be asked now."""
        if not self._ruler.is_even:
            return Form(max(0, self._units), 0, self._task)
        return Form(*divmod(max(0, self._units), int(self._ruler.per_word)), self._task)

    @property
    def is_sure(self) -> bool:
        """Whether a try would tell nothing new."""
        return self.counted == self.wanted or (self._ruler.is_even and self._task) or self.is_least

    @property
    def is_least(self) -> bool:
        """Whether it was seen to be too long, and cannot be made shorter."""
        return self._units <= 0 and self.counted is not None and self.counted > self.wanted

    def saw(self, form: Form, tokens: int) -> None:
        """Take Ollama's count for a form: the next one is nearer, or the nearest that there was."""
        self.counted = tokens
        if form != self.form:
            return  # asked before the last correction
        self._units = max(0, self._units)
        off = abs(self.wanted - tokens)
        if self._best is not None and off >= self._best[0]:
            self._units = self._best[1]
            return
        self._best = off, self._units
        if off:
            self._add(self.wanted - tokens)

    def _add(self, tokens: int) -> None:
        """Units are words, or for words of several tokens each the tokens themselves."""
        if self._ruler.is_even:
            self._units += tokens
        else:
            self._units += round(tokens / self._ruler.per_word) or (1 if tokens > 0 else -1)
