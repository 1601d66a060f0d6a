"""What a reader is asked to read: so many streams, each with requests one after the other, of known times."""

from dataclasses import dataclass

from obt_client.bench.standin.asked import Times


@dataclass(frozen=True, slots=True)
class Load:
    """`waves`: requests of each stream."""

    streams: int
    times: Times
    waves: int

    @property
    def ideal_s(self) -> float:
        """How long all waves last where nobody is ever late."""
        return self.waves * self.times.answer_ms / 1e3

    @property
    def ideal_tokens_per_s(self) -> float:
        """Of all streams, over whole requests."""
        return self.streams * self.times.tokens / self.times.answer_ms * 1e3

    @property
    def peak_tokens_per_s(self) -> float:
        """Of all streams, while all of them stream."""
        return self.streams * 1e3 / self.times.interval_ms
