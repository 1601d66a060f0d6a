"""What a reader of a result should know of machine and model, as coded conditions. Pure."""

from collections.abc import Iterable

from obt_core.environment import Condition
from obt_core.machine_environment import Power, PowerSource
from obt_core.models import LoadedModel
from obt_core.results import Grade
from obt_core.telemetry import Telemetry, Throttle, Track

_SAVING_PLANS = frozenset({"power_saver"})
POWER_CAP_TOLD_SHARE = 0.1
"""A power cap is told where it was seen in so much of the job."""


def of_power(before: Power | None, after: Power | None) -> list[Condition]:
    """Battery, saving modes, and a source that changed in mid-job."""
    if before is None:
        return []
    found: list[Condition] = []
    if before.source is PowerSource.BATTERY:
        charge = "" if before.battery_percent is None else f"{before.battery_percent:.0f} % charged"
        found.append(_disturbing("on_battery", charge))
    if before.is_low_power_mode or before.plan in _SAVING_PLANS or before.platform_profile == "low-power":
        found.append(_disturbing("power_saving", before.plan or before.platform_profile or "Low Power Mode"))
    if after and before.source and after.source and after.source is not before.source:
        found.append(_disturbing("power_source_changed", f"{before.source} to {after.source}"))
    return found


def of_processor(percent: float | None, limit: float, *, is_watched: bool) -> list[Condition]:
    """A processor that was busy before the job. Where every sample is watched, they are judged for themselves."""
    if percent is None or percent <= limit:
        return []
    weight = Grade.CLEAN if is_watched else Grade.DISTURBED
    return [Condition(code="cpu_busy_before", detail=f"{percent:.0f} % of all cores", weight=weight)]


def of_memory(memory: LoadedModel | None) -> list[Condition]:
    """A model that lies partly in a GPU's memory: its own series, and told."""
    if memory is None or not memory.size_bytes or not 0 < memory.size_vram_bytes < 0.999 * memory.size_bytes:
        return []
    share = 100 * memory.size_vram_bytes / memory.size_bytes
    return [Condition(code="offload_split", detail=f"{share:.0f} % in GPU memory")]


def of_telemetry(telemetry: Telemetry | None) -> list[Condition]:
    """A power limit that was changed in mid-job; a power cap that held a GPU back, which is told only."""
    if telemetry is None:
        return []
    found: list[Condition] = []
    for index, channel in enumerate(telemetry.channels):
        values = [value for tick in telemetry.ticks if (value := tick.values[index]) is not None]
        device = channel.device or "gpu"
        if channel.track == Track.POWER_LIMIT and values and max(values) - min(values) > 1:
            found.append(_disturbing("power_limit_changed", f"{device}: {min(values):.0f} to {max(values):.0f} W"))
        if channel.track == Track.THROTTLE and (share := _capped_share(values)) > POWER_CAP_TOLD_SHARE:
            found.append(Condition(code="power_capped", detail=f"{device}: {100 * share:.0f} % of the time"))
    return found


def _capped_share(bits: Iterable[float]) -> float:
    capped = [bool(int(value) & Throttle.POWER_CAP) for value in bits]
    return sum(capped) / len(capped) if capped else 0.0


def _disturbing(code: str, detail: str) -> Condition:
    return Condition(code=code, detail=detail, weight=Grade.DISTURBED)
