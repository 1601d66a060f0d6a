"""A workload with a `sweep` becomes several plain ones: one for each value, or each combination of values."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from math import ceil, prod
from typing import Any, cast

from obt_core.suite_files.lines import Place
from obt_core.suite_files.problems import shown
from obt_core.suites import ModelOptions

SWEEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "prompt_tokens": (("prompt", "tokens"), ""),
    "generate_tokens": (("generate_tokens",), "g"),
    "num_ctx": (("num_ctx",), "ctx"),
    "concurrency": (("concurrency",), "c"),
    "rate_per_s": (("arrival", "rate_per_s"), "r"),
}
"""What can be swept: the key that takes the values, and what stands before a value in the workload's name."""

WORKLOADS_MAX = 50
CONTEXT_SLACK_TOKENS = 128
"""Kept free in a context that follows its prompt, for the model's template and a prompt some tokens too long."""
CONTEXT_STEP_TOKENS = 1024
"""A context that follows its prompt is a multiple of this."""


@dataclass(slots=True)
class Draft:
    """A plain workload on its way. `moved`: where in the file a value stands that did not stand in its own place."""

    fields: dict[str, Any]
    place: Place
    moved: dict[Place, Place] = field(default_factory=dict[Place, Place])

    def source(self, inner: Place) -> Place:
        """Where in the file the value of that key of the workload stands."""
        for length in range(len(inner), 0, -1):
            if inner[:length] in self.moved:
                return (*self.place, *self.moved[inner[:length]])
        return (*self.place, *inner)


class SweepError(ValueError):
    """A sweep that makes no workloads; `inner` is the key of the workload that is wrong."""

    def __init__(self, inner: Place, text: str) -> None:
        self.inner = inner
        super().__init__(text)


def swept(fields: dict[str, Any], place: Place, options: dict[str, Any]) -> Iterator[Draft]:
    """Yield the workloads that one table of the file stands for. Raises SweepError."""
    if "sweep" not in fields:
        yield Draft(fields, place)
        return
    plain = {key: value for key, value in fields.items() if key != "sweep"}
    sweep = _values(fields["sweep"])
    for key in sweep:
        _check_target(plain, key)
    for chosen in product(*(enumerate(values) for values in sweep.values())):
        yield _combined(Draft(deepcopy(plain), place), dict(zip(sweep, chosen, strict=True)), options)


def _values(sweep: object) -> dict[str, list[int | float]]:
    """The known keys with their lists; unknown ones are told elsewhere."""
    if not isinstance(sweep, dict):
        raise SweepError(("sweep",), "must be a table of lists, such as sweep = { concurrency = [1, 2, 4] }")
    found: dict[str, list[int | float]] = {}
    for key, values in cast("dict[str, object]", sweep).items():
        if key in SWEEPS:
            found[key] = _numbers(key, values)
    if (count := prod(len(values) for values in found.values())) > WORKLOADS_MAX:
        raise SweepError(("sweep",), f"makes {count} workloads; a suite has {WORKLOADS_MAX} at most")
    return found


def _numbers(key: str, values: object) -> list[int | float]:
    if not isinstance(values, list) or not values:
        raise SweepError(("sweep", key), "must be a list of numbers, such as [1, 2, 4]")
    numbers = cast("list[object]", values)
    for index, value in enumerate(numbers):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SweepError(("sweep", key, index), f"is {shown(value)}; a sweep is over numbers")
        if numbers.index(value) < index:
            raise SweepError(("sweep", key, index), f"is {shown(value)} for the second time")
    return cast("list[int | float]", numbers)


def _check_target(plain: dict[str, Any], key: str) -> None:
    """See that the swept key has a place to go to, and is not given there too."""
    (first, *rest), _ = SWEEPS[key]
    if not rest and first in plain:
        raise SweepError((first,), f"is swept and given: leave {first} out")
    if first == "prompt":
        _check_prompt(plain.get("prompt", {"kind": "synthetic"}))
    if first == "arrival":
        _check_arrival(plain.get("arrival"))


def _check_prompt(prompt: Any) -> None:
    if not isinstance(prompt, dict) or cast("dict[str, Any]", prompt).get("kind") != "synthetic":
        raise SweepError(("sweep", "prompt_tokens"), 'needs prompt = { kind = "synthetic" }: a text has its own length')
    if "tokens" in prompt:
        raise SweepError(("prompt", "tokens"), "is swept and given: leave tokens out")


def _check_arrival(arrival: Any) -> None:
    kind = cast("dict[str, Any]", arrival).get("kind") if isinstance(arrival, dict) else None
    if kind not in {"constant", "poisson"}:
        raise SweepError(("sweep", "rate_per_s"), 'needs arrival = { kind = "poisson" } or { kind = "constant" }')
    if "rate_per_s" in cast("dict[str, Any]", arrival):
        raise SweepError(("arrival", "rate_per_s"), "is swept and given: leave rate_per_s out")


def _combined(draft: Draft, chosen: dict[str, tuple[int, int | float]], options: dict[str, Any]) -> Draft:
    suffixes: list[str] = []
    for key, (index, value) in chosen.items():
        target, before = SWEEPS[key]
        table = draft.fields
        for part in target[:-1]:
            table = table.setdefault(part, {"kind": "synthetic"})
        table[target[-1]] = value
        draft.moved[target] = ("sweep", key, index)
        suffixes.append(f"-{before}{value}")
    if isinstance(draft.fields.get("name"), str):
        draft.fields["name"] += "".join(suffixes)
    if "prompt_tokens" in chosen and "num_ctx" not in draft.fields:
        _let_context_follow(draft.fields, options)
    return draft


def _let_context_follow(fields: dict[str, Any], options: dict[str, Any]) -> None:
    """Give a prompt that does not fit the options' context one that it fits."""
    prompt, generated = fields["prompt"]["tokens"], fields.get("generate_tokens")
    common = options.get("num_ctx", ModelOptions().num_ctx)
    if not isinstance(prompt, int) or not isinstance(generated, int) or not isinstance(common, int):
        return
    needed = prompt + generated + CONTEXT_SLACK_TOKENS
    if needed > common:
        fields["num_ctx"] = ceil(needed / CONTEXT_STEP_TOKENS) * CONTEXT_STEP_TOKENS
