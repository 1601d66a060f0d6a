"""What is asked: words that are one token each for most models, behind a nonce that was never used before."""

import secrets
from enum import StrEnum
from itertools import cycle, islice
from string import ascii_lowercase

NONCE_WORDS = 6
NONCE_LETTERS = 8
"""Both are some 37 bits: what counts is that no two nonces begin alike, for a cache serves what they have in common."""
CACHE_SLACK_TOKENS = 4
"""So many tokens two nonces may well have in common: five come once in ten million pairs."""
PROBE_TEXT = "Say one word."
TASK = "Continue this list of words:"
WORDS = (
    *("river", "table", "green", "seven", "light", "stone", "paper", "music", "bread", "apple", "wheel", "house"),
    *("water", "chair", "north", "cloud", "plant", "sugar", "round", "white", "metal", "board", "grass", "beach"),
    *("black", "brown", "small", "large", "short", "heavy", "sharp", "clean", "fresh", "sweet", "quick", "quiet"),
    *("world", "earth", "night", "month", "three", "eight", "first", "third", "south", "state", "plain", "field"),
    *("horse", "mouse", "tiger", "glass", "knife", "plate", "shirt", "dress", "clock", "phone", "truck", "train"),
    *("money", "store", "price", "trade"),
)
"""All of one length and all common: each is one token for most models, and for a model of letters all are as long."""


class NonceStyle(StrEnum):
    """What a nonce is made of, so that all have the same number of tokens: it differs by how a model reads."""

    WORDS = "words"
    LETTERS = "letters"
    """For a model that reads letter by letter, to which six words are too long."""


_used: set[str] = set()
_firsts = cycle(secrets.SystemRandom().sample(WORDS, len(WORDS)))
"""The first words of nonces go through the list, so that those of neighbours always differ."""


def nonce(style: NonceStyle = NonceStyle.WORDS) -> str:
    """A beginning that this process has not used before."""
    while True:
        if style is NonceStyle.LETTERS:
            drawn = "".join(secrets.choice(ascii_lowercase) for _ in range(NONCE_LETTERS))
        else:
            drawn = " ".join((next(_firsts), *(secrets.choice(WORDS) for _ in range(NONCE_WORDS - 1))))
        if drawn not in _used:
            _used.add(drawn)
            return drawn


def words(count: int) -> str:
    """So many words, the list from its begin again and again."""
    return " ".join(islice(cycle(WORDS), count))
