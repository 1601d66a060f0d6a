"""What is asked: prompts that no cache has seen, of a wanted length, with every option set."""

import secrets
from itertools import cycle, islice
from string import ascii_lowercase

from obt_core.suites import ModelOptions, TextPrompt, Workload

THINKING = "thinking"
NONCE_LETTERS = 16
CACHE_SLACK_TOKENS = 4
"""Two nonces may begin alike, and a cache then serves so much of them: with one token a letter, five letters in common
come once in ten million pairs."""
PROBE_TEXT = "Say one word."
CALIBRATION_WORDS = 8
"""The first prompt is short, since a model may take every letter for a token."""
CALIBRATION_TOKENS = 64, 512
"""Bounds of the second one, which else has a quarter of the wanted tokens: long enough for the rise to be exact, short
enough to be read quickly by a slow machine."""

_TASK = "Continue this list of words:"
_WORDS = (
    *("river", "table", "green", "seven", "light", "stone", "paper", "music", "bread", "apple", "wheel", "house"),
    *("water", "chair", "north", "cloud", "plant", "sugar", "round", "white", "metal", "board", "grass", "beach"),
)
"""All of one length, and each one token for most models: whatever a tokenizer does, tokens rise evenly with words."""


def nonce() -> str:
    """Sixteen random letters: 75 bits, so that none comes twice."""
    return "".join(secrets.choice(ascii_lowercase) for _ in range(NONCE_LETTERS))


def prompt_of(text: str) -> str:
    """The text behind a nonce of its own."""
    return f"{nonce()} {text}"


def words(count: int) -> str:
    """A task with so many common words."""
    return f"{_TASK} {' '.join(islice(cycle(_WORDS), count))}"


def request_body(
    model: str, text: str, workload: Workload, options: ModelOptions, *, tokens: int, can_think: bool
) -> dict[str, object]:
    """The body of a request. `think` is set only where the model knows it: Ollama refuses it elsewhere."""
    prompt = prompt_of(text)
    asked = {"messages": [{"role": "user", "content": prompt}]} if workload.endpoint == "chat" else {"prompt": prompt}
    return {
        "model": model,
        **asked,
        "stream": True,
        "keep_alive": options.keep_alive_s,
        "options": {
            "num_ctx": options.num_ctx,
            "num_predict": tokens,
            "seed": options.seed,
            "temperature": options.temperature,
        },
        **({"think": options.think} if can_think else {}),
    }


class Calibration:
    """Finds how many words make a prompt of the wanted tokens, from Ollama's own counts of two short prompts.

    Every prompt has tokens that do not depend on its words (template, nonce, task), so two counts make a line.
    """

    def __init__(self, wanted_tokens: int) -> None:
        self._wanted = wanted_tokens
        self._first: tuple[int, int] | None = None
        self.words = min(CALIBRATION_WORDS, wanted_tokens)
        self.done = False

    def saw(self, tokens: int) -> None:
        """Take Ollama's count for the present words, and set the words to ask with next."""
        if self._first is None:
            self._first = (self.words, tokens)
            low, high = CALIBRATION_TOKENS
            second = min(max(self._wanted / 4, low), high, self._wanted)
            guess = round(self.words * second / tokens)
            self.words = max(guess, self.words + CALIBRATION_WORDS)
        else:
            words, before = self._first
            a_word = max((tokens - before) / (self.words - words), 0.1)
            self.words = max(1, self.words + round((self._wanted - tokens) / a_word))
            self.done = True


def fixed_text(workload: Workload) -> str | None:
    """The text of a workload, None where its words must be counted first."""
    return workload.prompt.text if isinstance(workload.prompt, TextPrompt) else None
