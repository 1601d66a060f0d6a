"""Which models the demo measures."""

from collections.abc import Sequence

from dev.trouble import Trouble
from obt_core.models import InstalledModel

MOST_UNASKED = 3
"""More models than these are not measured without being named: a first look is to be short."""
MB = 1_000_000


def is_measurable(model: InstalledModel) -> bool:
    """Whether the model generates text on this machine."""
    return not model.cloud and not model.is_embedding_only()


def choose(installed: Sequence[InstalledModel], named: Sequence[str]) -> tuple[list[str], str]:
    """Return the models to measure and, where some are left out unasked, a sentence about it.

    Raises Trouble for a name that is not installed.
    """
    usable = {model.name: model for model in installed if is_measurable(model)}
    if named:
        return [_known(name, usable) for name in dict.fromkeys(named)], ""
    by_size = sorted(usable, key=lambda name: (usable[name].size_bytes, name))
    chosen = by_size[:MOST_UNASKED]
    if len(chosen) == len(by_size):
        return chosen, ""
    return chosen, (
        f"{len(by_size)} models are installed; measuring the {len(chosen)} smallest. "
        f'Others: make demo ARGS="--models {by_size[-1]}"'
    )


def _known(name: str, usable: dict[str, InstalledModel]) -> str:
    for candidate in (name, f"{name}:latest"):
        if candidate in usable:
            return candidate
    there = "\n".join(f"{known}  ({model.size_bytes // MB:,} MB)" for known, model in sorted(usable.items()))
    raise Trouble(f"There is no model {name} that generates text on this machine.", f"There are:\n{there}")
