"""What is said of a machine beside its numbers."""

from datetime import UTC, datetime

import pytest

from obt_client.bench.conditions import of_memory, of_power, of_processor, of_telemetry
from obt_core.environment import Condition
from obt_core.machine_environment import Power, PowerSource
from obt_core.models import LoadedModel
from obt_core.results import Grade
from obt_core.telemetry import Channel, Telemetry, Throttle, Tick, Track

MAINS, BATTERY = Power(source=PowerSource.MAINS), Power(source=PowerSource.BATTERY, battery_percent=61.4)


def series(track: Track, *values: float | None) -> Telemetry:
    ticks = tuple(Tick(at_ms=1e3 * number, values=(value,)) for number, value in enumerate(values))
    return Telemetry(started_at=datetime.now(UTC), channels=(Channel(track=track, device="gpu0"),), ticks=ticks)


def codes(found: list[Condition]) -> dict[str, Grade]:
    return {condition.code: condition.weight for condition in found}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, {}),
        (MAINS, MAINS, {}),
        (MAINS, None, {}),
        (BATTERY, BATTERY, {"on_battery": Grade.DISTURBED}),
        (BATTERY, MAINS, {"on_battery": Grade.DISTURBED, "power_source_changed": Grade.DISTURBED}),
        (MAINS, BATTERY, {"power_source_changed": Grade.DISTURBED}),
        (Power(plan="power_saver"), None, {"power_saving": Grade.DISTURBED}),
        (Power(is_low_power_mode=True), None, {"power_saving": Grade.DISTURBED}),
        (Power(platform_profile="low-power"), None, {"power_saving": Grade.DISTURBED}),
        (Power(governor="powersave"), None, {}),  # the usual one where the processor chooses its own clock
    ],
)
def test_power(before: Power | None, after: Power | None, expected: dict[str, Grade]) -> None:
    assert codes(of_power(before, after)) == expected


def test_a_battery_says_how_full_it_is() -> None:
    assert of_power(BATTERY, None)[0].detail == "61 % charged"


def test_a_busy_processor_weighs_only_where_samples_are_not_watched_one_by_one() -> None:
    assert codes(of_processor(55, 10, is_watched=False)) == {"cpu_busy_before": Grade.DISTURBED}
    assert codes(of_processor(55, 10, is_watched=True)) == {"cpu_busy_before": Grade.CLEAN}
    assert of_processor(10, 10, is_watched=False) == of_processor(None, 10, is_watched=False) == []


@pytest.mark.parametrize(("vram", "told"), [(0, []), (620, ["62 % in GPU memory"]), (1_000, [])])
def test_a_model_that_half_fits_is_told(vram: int, told: list[str]) -> None:
    loaded = LoadedModel(name="m", digest="ab" * 32, size_bytes=1_000, size_vram_bytes=vram)
    assert [condition.detail for condition in of_memory(loaded)] == told
    assert of_memory(None) == []


def test_a_power_limit_that_was_changed_disturbs_and_a_cap_is_only_told() -> None:
    (changed,) = of_telemetry(series(Track.POWER_LIMIT, 450, None, 450, 300))
    assert (changed.code, changed.detail, changed.weight) == (
        "power_limit_changed",
        "gpu0: 300 to 450 W",
        Grade.DISTURBED,
    )
    assert of_telemetry(series(Track.POWER_LIMIT, 450, 450.4)) == []
    capped, free = float(Throttle.POWER_CAP | Throttle.OTHER), 0.0
    (told,) = of_telemetry(series(Track.THROTTLE, capped, free, None, capped, capped))
    assert (told.code, told.detail, told.weight) == ("power_capped", "gpu0: 75 % of the time", Grade.CLEAN)
    assert of_telemetry(series(Track.THROTTLE, *[free] * 10, capped)) == []
    assert of_telemetry(series(Track.THROTTLE)) == of_telemetry(None) == []
