"""What reading a prompt costs where no cache can have helped: above that, a cache served it without saying so."""

RATE_SLACK = 8.0
"""How many times faster than the fastest known reading is taken for impossible. The known one may have been disturbed,
and a prompt of twice its length may be read at twice its rate; a cache saves far more of a long prompt."""
LENGTH_SLACK = 2
"""A reading tells of prompts up to so many times its length; a cache that held less than the half saved little."""
READING_MIN_S = 0.5
"""A shorter reading is no measure: the first long prompt after a load may wait as long for the start of a library."""
FLOPS_A_PARAMETER = 2.0
ACTIVE_SHARE_MIN = 1 / 50
"""No mixture of experts uses a smaller share of its parameters for a token."""
FLOPS_MAX = 8 * 2e16
"""Eight of the fastest accelerators at four bits."""


def physical_limit(parameters: int | None) -> float | None:
    """Tokens per second that no machine exceeds: its arithmetic over that of a token; None where the size is unknown.

    Two operations a parameter and token: Kaplan et al., "Scaling Laws for Neural Language Models" (2020), section 2.1.
    """
    if not parameters:
        return None
    return FLOPS_MAX / (FLOPS_A_PARAMETER * parameters * ACTIVE_SHARE_MIN)


class Uncached:
    """Collects readings that are known to be whole: those of a model that had just been loaded.

    Its cache was empty then. The first request tells nothing, for it does much else; each one after it at least
    `LENGTH_SLACK` times as long as all before it had to be read, for the most part at least.
    """

    def __init__(self) -> None:
        self.physical: float | None = None
        """The limit by arithmetic alone, where it is known."""
        self._readings: list[tuple[int, float]] = []
        self._longest: int | None = None

    def emptied(self) -> None:
        """The model was loaded: no prompt is known to it."""
        self._longest = 0

    def saw(self, tokens: int | None, rate: float | None, cached: int | None) -> None:
        """Take a reading: prompt tokens, tokens per second, cached tokens where told."""
        if not tokens or self._longest is None:
            return
        is_whole = not cached and tokens >= LENGTH_SLACK * self._longest > 0
        if rate and is_whole and tokens / rate >= READING_MIN_S:
            self._readings.append((tokens, rate))
        self._longest = max(self._longest, tokens)

    def limit(self, tokens: int | None) -> float | None:
        """Tokens per second above which a prompt of that length cannot have been read; None where nothing tells."""
        near = [rate for length, rate in self._readings if tokens and tokens <= LENGTH_SLACK * length]
        known = ([RATE_SLACK * max(near)] if near else []) + ([self.physical] if self.physical else [])
        return min(known, default=None)
