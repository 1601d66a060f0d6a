"""Whether an earlier result still tells what a measurement would tell now. Pure.

It has to be clean, of the same series, and of a machine that is the same to the last thing that is known to move
numbers: the digest behind the tag, the suite, the chips, and also Ollama's version and the GPUs' drivers. Those two
are in no series, because a series is where their effect is to be seen: a number from before an upgrade would hide it.
"""

from datetime import datetime, timedelta

from obt_core.models import InstalledModel
from obt_server.clients.clocks import CLOCK_SLACK
from obt_server.clients.machines import Machine
from obt_server.results.earlier import Earlier, Newest


def fresh(
    found: Newest | None,
    model: InstalledModel,
    machine: Machine | None,
    ollama_version: str | None,
    now: datetime,
    fresh_for: timedelta,
) -> Earlier | None:
    """Return the clean result that may stand for a measurement now, None where there is none.

    The newest completed result, whatever its grade, tells which series a measurement would belong to now: an offload
    that changed makes another one.
    """
    if found is None or found.clean is None or machine is None:
        return None
    clean = found.clean
    is_same = (
        clean.series == found.of_any_grade.series
        and clean.model_digest == model.digest
        and clean.hardware_fingerprint is not None
        and clean.hardware_fingerprint == machine.fingerprint
        and clean.ollama_version is not None
        and clean.ollama_version == ollama_version
        and clean.drivers == machine.drivers
    )
    return clean if is_same and -CLOCK_SLACK <= now - clean.ended_at < fresh_for else None


def age_s(result: Earlier, now: datetime) -> float:
    """Return how old a result is, in seconds: since its measurement ended, not since it came here."""
    return max(0.0, (now - result.ended_at).total_seconds())
