"""Which fault happens when to whom, drawn from a seed: the same seed, the same schedule."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong."""

    KILL_SERVER = "server killed"
    KILL_CLIENT = "client killed"
    CRASH_DATABASE = "PostgreSQL stopped at once"
    CUT_CLIENT = "client cut off"
    SILENCE_CLIENT = "client's packets lost"
    CUT_PAGE = "page cut off"
    CUT_DATABASE = "server cut off from PostgreSQL"
    SILENCE_DATABASE = "server's packets to PostgreSQL lost"
    DELAY_CLIENT = "client's requests delayed"
    DELAY_DATABASE = "server's way to PostgreSQL slow"
    LOSE_REPLIES = "replies lost"
    DUPLICATE = "requests sent twice"
    DUPLICATE_LATE = "requests sent again later"
    OVERTAKEN = "requests overtaken by later ones"
    READ_ONLY = "PostgreSQL takes no writes"
    CLOCK_JUMP = "client's clock jumped"


REQUESTS = frozenset({Kind.LOSE_REPLIES, Kind.DUPLICATE, Kind.DUPLICATE_LATE, Kind.OVERTAKEN})
"""Those that meet a few requests, wherever they come from."""
_OF_SERVERS = frozenset({Kind.KILL_SERVER, Kind.CUT_DATABASE, Kind.SILENCE_DATABASE, Kind.DELAY_DATABASE})
_ANY = r"^(POST|PUT) "
PATHS = (_ANY, r"/jobs/claim$", r"/samples$", r"/outcome$", r"/telemetry$", r"/heartbeat$")
"""Which requests are meant."""
_LASTS_S = (0.3, 5.0)
_DELAY_S = {Kind.DELAY_CLIENT: (0.1, 1.5), Kind.DELAY_DATABASE: (0.002, 0.04)}
_LATER_S = (0.2, 8.0)
_JUMPS_S = (-7_200.0, -90.0, -3.0, 3.0, 90.0, 7_200.0)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `target` counts servers, clients or pages from 0; `lasts_s` is the time until it is healed.

    `size`: seconds of a delay or of a jump, or how many requests; `path` says which.
    """

    number: int
    at_s: float
    kind: Kind
    target: int = 0
    lasts_s: float = 0.0
    size: float = 0.0
    path: str = ""

    def __str__(self) -> str:
        what = f" {self.path} x{self.size:.0f}" if self.path else f" ({self.size:+.3g} s)" if self.size else ""
        return f"#{self.number} at {self.at_s:.1f} s: {self.kind}, no. {self.target}{what}, for {self.lasts_s:.1f} s"


def plan(
    seed: int, count: int, seconds: float, *, clients: int, servers: int, pages: int, kinds: Collection[Kind]
) -> tuple[Fault, ...]:
    """Draw so many faults within so many seconds, each kind about as often as any other, in the order of time."""
    dice = random.Random(seed)
    ordered = sorted(kinds)
    drawn = [ordered[number % len(ordered)] for number in range(count)]
    dice.shuffle(drawn)
    moments = sorted(dice.uniform(0, seconds) for _ in drawn)
    among = {kind: servers if kind in _OF_SERVERS else clients for kind in Kind} | {Kind.CUT_PAGE: pages}
    return tuple(
        _fault(dice, number, at_s, kind, among[kind])
        for number, (at_s, kind) in enumerate(zip(moments, drawn, strict=True), 1)
    )


def _fault(dice: random.Random, number: int, at_s: float, kind: Kind, among: int) -> Fault:
    target, lasts_s = dice.randrange(among), dice.uniform(*_LASTS_S)
    if kind in REQUESTS:
        return Fault(number, at_s, kind, 0, dice.uniform(*_LATER_S), dice.randint(1, 5), dice.choice(PATHS))
    if kind in _DELAY_S:
        return Fault(number, at_s, kind, target, lasts_s, dice.uniform(*_DELAY_S[kind]))
    if kind is Kind.CLOCK_JUMP:
        return Fault(number, at_s, kind, target, 0.0, dice.choice(_JUMPS_S))
    return Fault(number, at_s, kind, target, lasts_s)
