"""Heat of processors, on recorded trees of files."""

from pathlib import Path

import pytest

from obt_client.hardware.host import Host
from obt_client.telemetry.cpu import CpuSource
from obt_core.telemetry import Throttle, Track

from ..hardware.recordings import unpack  # noqa: TID252 - the folder has no importable name

TREES = Path(__file__).parent / "trees"
COUNTER = "sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count"


def a_host(tmp_path: Path, tree: str) -> Host:
    return Host(root=unpack((TREES / f"{tree}.txt").read_text("utf-8"), tmp_path), system="Linux")


@pytest.mark.parametrize(
    ("tree", "degrees"),
    [
        ("intel-cpu", {"cpu": 83, "cpu1": 47}),
        ("amd-cpu", {"cpu": 68.125}),
        ("raspberry-pi", {"cpu": 51.6}),
        ("intel", {}),
    ],
)
def test_every_package_tells_its_temperature(tmp_path: Path, tree: str, degrees: dict[str, float]) -> None:
    source = CpuSource(a_host(tmp_path, tree))
    offered = {device for track, device in source.open().keys if track == Track.TEMPERATURE}
    told = {device: value for (track, device), value in source.read().gauges.items() if track == Track.TEMPERATURE}
    assert told == pytest.approx(degrees)
    assert offered == degrees.keys()


def test_a_processor_that_was_held_back_since_the_last_reading_says_so_once(tmp_path: Path) -> None:
    host = a_host(tmp_path, "intel-cpu")
    source = CpuSource(host)
    source.open()

    def bits() -> list[float]:
        told = source.read().gauges
        return [told[Track.THROTTLE, "cpu"], told[Track.THROTTLE, "cpu1"]]

    assert bits() == [0, 0]
    (host.root / COUNTER).write_text("1850\n")
    assert [bits(), bits()] == [[Throttle.THERMAL, 0], [0, 0]]


@pytest.mark.parametrize("content", ["", "many", "-3"])
def test_a_counter_that_says_nothing_tells_nothing(tmp_path: Path, content: str) -> None:
    host = a_host(tmp_path, "intel-cpu")
    source = CpuSource(host)
    source.open()
    (host.root / COUNTER).write_text(content)
    told = source.read().gauges
    assert (Track.THROTTLE, "cpu") not in told
    assert (Track.THROTTLE, "cpu1") in told
