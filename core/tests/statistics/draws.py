"""Series of samples whose true median is known, and a machine that generates tokens with jitter and spikes."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

Draw = Callable[[random.Random, int], list[float]]
"""So many values, in the order in which they were taken."""


@dataclass(frozen=True)
class Population:
    """Where samples come from; `scale` is about their standard deviation."""

    draw: Draw
    median: float
    scale: float


def _normal(chance: random.Random, n: int) -> list[float]:
    return [chance.gauss(100, 1) for _ in range(n)]


def _lognormal(chance: random.Random, n: int) -> list[float]:
    return [100 * chance.lognormvariate(0, 0.5) for _ in range(n)]


def _exponential(chance: random.Random, n: int) -> list[float]:
    return [100 + chance.expovariate(1) for _ in range(n)]


def _bimodal(chance: random.Random, n: int) -> list[float]:
    return [chance.gauss(98 if chance.random() < 0.5 else 102, 1) for _ in range(n)]


def _autoregressive(rho: float, chance: random.Random, n: int) -> list[float]:
    values, state = list[float](), chance.gauss(0, 1)
    for _ in range(n):
        values.append(100 + state)
        state = rho * state + math.sqrt(1 - rho * rho) * chance.gauss(0, 1)
    return values


def autoregressive(rho: float) -> Population:
    """Normal samples, each correlated by `rho` with the next."""
    return Population(partial(_autoregressive, rho), 100, 1)


INDEPENDENT = {
    "normal": Population(_normal, 100, 1),
    "lognormal": Population(_lognormal, 100, 50),
    "exponential": Population(_exponential, 100 + math.log(2), 1),
    "bimodal": Population(_bimodal, 100, 2.2),
}
CORRELATED = {f"AR {rho}": autoregressive(rho) for rho in (0.3, 0.5, 0.7)}
POPULATIONS = INDEPENDENT | CORRELATED


def machine(ms_per_token: float, jitter: float = 0.1, spikes: float = 0.002, spike_ms: float = 20.0) -> Draw:
    """Mean ms a token of requests of 64 to 128 tokens.

    Each token takes `ms_per_token` with lognormal jitter (standard deviation of the logarithm), and with the chance
    `spikes` an exponential `spike_ms` longer. By default one request varies by about 2 %.
    """

    def request(chance: random.Random) -> float:
        tokens = chance.randint(64, 128)
        typical = ms_per_token / math.exp(jitter * jitter / 2)
        taken = sum(typical * chance.lognormvariate(0, jitter) for _ in range(tokens))
        return (
            taken + sum(chance.expovariate(1 / spike_ms) for _ in range(tokens) if chance.random() < spikes)
        ) / tokens

    return lambda chance, n: [request(chance) for _ in range(n)]
