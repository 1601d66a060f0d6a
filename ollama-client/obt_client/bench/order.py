"""In which order and at which moments, all from one seed: the same seed gives the same again. Pure functions."""

import random
from collections.abc import Sequence
from itertools import accumulate

from obt_core.suites import ConstantArrival, ModelOptions, PoissonArrival, ReplayArrival, Suite, Workload


def context_of(workload: Workload, options: ModelOptions, context_max: int | None = None) -> int | None:
    """The num_ctx to ask for, at most what the model was made for; None where the endpoint cannot set one."""
    if workload.endpoint.startswith("openai"):
        return None
    wanted = workload.num_ctx or options.num_ctx
    return min(wanted, context_max) if context_max else wanted


def orders(suite: Suite, seed: int) -> tuple[tuple[Workload, ...], ...]:
    """The workloads of every block in their order.

    One block: as they are written. More: shuffled anew in each, those that need the same state of the model behind
    each other, and those first that need the state in which the block before has left it.
    """
    if suite.blocks == 1:
        return (suite.workloads,)
    found: list[tuple[Workload, ...]] = []
    last: tuple[bool, int | None] | None = None
    for block in range(1, suite.blocks + 1):
        rng = _rng(seed, "order", block)
        groups = _by_state(suite)
        states = sorted(groups, key=str)
        rng.shuffle(states)
        states.sort(key=lambda state: state != last)
        found.append(tuple(workload for state in states for workload in _shuffled(groups[state], rng)))
        last = states[-1]
    return tuple(found)


def _by_state(suite: Suite) -> dict[tuple[bool, int | None], list[Workload]]:
    groups: dict[tuple[bool, int | None], list[Workload]] = {}
    for workload in suite.workloads:
        groups.setdefault((workload.cold, context_of(workload, suite.options)), []).append(workload)
    return groups


def _shuffled(workloads: Sequence[Workload], rng: random.Random) -> list[Workload]:
    return rng.sample(workloads, len(workloads))


def share(whole: int, blocks: int, block: int) -> int:
    """How many of `whole` are to be done by the end of a block, from 1; all by the end of the last."""
    return whole * block // blocks


def arrivals_s(workload: Workload, seed: int) -> tuple[float, ...]:
    """When each request of an open loop is to be sent, in seconds from its begin, rising; none for a closed loop.

    Poisson: the times between requests are exponential (Kingman, "Poisson Processes"), drawn from the seed.
    """
    match workload.arrival:
        case ConstantArrival(rate_per_s=rate):
            return tuple(number / rate for number in range(workload.samples))
        case PoissonArrival(rate_per_s=rate):
            rng = _rng(seed, "arrivals", workload.name)
            return tuple(accumulate(rng.expovariate(rate) for _ in range(workload.samples)))
        case ReplayArrival(requests=requests):
            return tuple(request.at_s for request in requests[: workload.samples])
        case None:
            return ()


def _rng(seed: int, *what: object) -> random.Random:
    return random.Random(" ".join(map(str, (seed, *what))))  # noqa: S311 - an order, no secret
