"""AMD, Intel and RAPL on recorded trees of files."""

from pathlib import Path
from typing import IO, Any

import pytest

from obt_client.hardware.host import Host
from obt_client.telemetry.amd import AmdSource, parse_level
from obt_client.telemetry.intel import IntelSource
from obt_client.telemetry.machine import GpuNames
from obt_client.telemetry.rapl import RaplSource
from obt_core.hardware import NoteCode
from obt_core.telemetry import Throttle, Track

from ..hardware.recordings import recorded_host, unpack, use_nvml  # noqa: TID252 - the folder has no importable name

TREES = Path(__file__).parent / "trees"
CARD, APU = "sys/bus/pci/devices/0000:03:00.0", "sys/bus/pci/devices/0000:0d:00.0"
ARC, XE = "sys/bus/pci/devices/0000:03:00.0", "sys/bus/pci/devices/0000:00:02.0"


@pytest.fixture(autouse=True)
def _no_nvidia(monkeypatch: pytest.MonkeyPatch) -> None:
    use_nvml(monkeypatch, None)


def machine(tmp_path: Path, name: str, *trees: str) -> Host:
    host = recorded_host(name, tmp_path)
    for tree in trees:
        unpack((TREES / f"{tree}.txt").read_text("utf-8"), host.root)
    return host


def test_amd_tells_of_a_card_and_of_an_apu(tmp_path: Path) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "amd")
    source = AmdSource(host, GpuNames(host))
    offer, told = source.open(), source.read()
    assert {key for key in offer.keys if key[1] == "gpu0"} == told.gauges.keys() - {
        key for key in told.gauges if key[1] == "gpu1"
    }
    assert {track: value for (track, device), value in told.gauges.items() if device == "gpu0"} == pytest.approx(
        {
            Track.UTILIZATION: 97,
            Track.VRAM_USED: 9_876_543_210,
            Track.POWER: 243,
            Track.POWER_LIMIT: 265,
            Track.TEMPERATURE: 61,
            Track.CLOCK: 2_371,
            Track.MEMORY_CLOCK: 1_249,
        }
    )
    apu = {track: value for (track, device), value in told.gauges.items() if device == "gpu1"}
    assert apu == pytest.approx({Track.UTILIZATION: 4, Track.POWER: 41.5, Track.CLOCK: 2_200, Track.VRAM_USED: 1})
    assert told.joules == {}


def test_power_of_an_apu_is_not_told_where_the_processor_counts_it_itself(tmp_path: Path) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "amd", "rapl")
    source = AmdSource(host, GpuNames(host))
    keys = set(source.open().keys)
    assert (Track.POWER, "gpu0") in keys
    assert (Track.POWER, "gpu1") not in keys
    assert (Track.CLOCK, "gpu1") in keys


@pytest.mark.parametrize("content", ["", "not a number", "\0\0", "-5"])
def test_odd_files_tell_nothing_or_what_they_say(tmp_path: Path, content: str) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "amd")
    (host.root / CARD / "gpu_busy_percent").write_text(content)
    source = AmdSource(host, GpuNames(host))
    source.open()
    assert (Track.UTILIZATION, "gpu0") not in source.read().gauges
    assert (Track.TEMPERATURE, "gpu0") in source.read().gauges


def test_a_gpu_that_sleeps_is_left_asleep_and_has_its_channels(tmp_path: Path) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "amd")
    status = host.root / CARD / "power" / "runtime_status"
    status.parent.mkdir()
    status.write_text("suspended\n")
    source = AmdSource(host, GpuNames(host))
    assert (Track.POWER, "gpu0") in source.open().keys
    assert {device for _, device in source.read().gauges} == {"gpu1"}
    status.write_text("active\n")
    assert {device for _, device in source.read().gauges} == {"gpu0", "gpu1"}


def test_a_gpu_that_is_taken_away_tells_nothing_and_the_other_goes_on(tmp_path: Path) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "amd")
    source = AmdSource(host, GpuNames(host))
    source.open()
    (host.root / CARD).rename(host.root / "taken-away")
    assert {device for _, device in source.read().gauges} == {"gpu1"}


def test_an_energy_counter_of_amds_is_used_where_there_is_one(tmp_path: Path) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "amd")
    (host.root / CARD / "hwmon/hwmon3/energy1_input").write_text("1234567890\n")
    source = AmdSource(host, GpuNames(host))
    assert source.open().counts_energy == ("gpu0",)
    assert source.read().joules == {"gpu0": pytest.approx(1_234.56789)}


@pytest.mark.parametrize(
    ("text", "level"),
    [("0: 500Mhz\n1: 2100Mhz *\n", 2_100), ("S: 19Mhz *\n0: 500Mhz", 19), ("0: 500Mhz", None), ("", None)],
)
def test_the_clock_in_use_is_the_one_with_the_star(text: str, level: float | None) -> None:
    assert parse_level(text) == level


def test_intel_tells_of_a_card_and_of_a_graphics_part(tmp_path: Path) -> None:
    host = machine(tmp_path, "intel-arc-with-npu", "intel")
    source = IntelSource(host, GpuNames(host))
    assert source.open().counts_energy == ("gpu0",)
    told = source.read()
    assert told.gauges == {
        (Track.CLOCK, "gpu0"): 2_400,
        (Track.POWER_LIMIT, "gpu0"): 190,
        (Track.THROTTLE, "gpu0"): Throttle.POWER_CAP,
        (Track.CLOCK, "gpu1"): 1_350,
        (Track.THROTTLE, "gpu1"): 0,
    }
    assert told.joules == {"gpu0": pytest.approx(123_456.789)}


@pytest.mark.parametrize(
    ("reasons", "bits"),
    [
        (["reason_thermal"], Throttle.THERMAL),
        (["reason_prochot", "reason_pl4"], Throttle.THERMAL | Throttle.POWER_CAP),
        (["reason_vr_tdc"], Throttle.OTHER),
        ([], Throttle.OTHER),
    ],
)
def test_intels_reasons_have_their_bits(tmp_path: Path, reasons: list[str], bits: Throttle) -> None:
    host = machine(tmp_path, "intel-arc-with-npu", "intel")
    folder = host.root / XE / "tile0/gt0/freq0/throttle"
    for name in ("status", *reasons):
        (folder / name).write_text("1\n")
    source = IntelSource(host, GpuNames(host))
    source.open()
    assert source.read().gauges[Track.THROTTLE, "gpu1"] == bits


def rapl(host: Host) -> RaplSource:
    source = RaplSource(host)
    source.open()
    return source


def test_packages_and_memory_are_counted_and_what_they_hold_is_not_counted_again(tmp_path: Path) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "rapl")
    source = RaplSource(host)
    assert source.open().counts_energy == ("cpu", "cpu1", "dram")
    assert source.read().joules == {"cpu": 0, "cpu1": 0, "dram": 0}
    for zone, microjoules in {
        "intel-rapl:0": 2_000_000,
        "intel-rapl:0:1": 51_000_000,
        "intel-rapl:1:0": 4_000_000,
    }.items():
        (host.root / "sys/class/powercap" / zone / "energy_uj").write_text(str(microjoules))
    told = source.read().joules
    assert told == {"cpu": pytest.approx(262_143.32885 - 262_143.0 + 2.0), "cpu1": 0, "dram": pytest.approx(50 + 3)}


def test_without_the_right_to_read_them_nothing_is_counted_and_a_note_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, really = machine(tmp_path, "amd-discrete-and-apu", "rapl"), Path.open

    def refused(path: Path, *arguments: Any, **options: Any) -> IO[Any]:
        if path.name == "energy_uj":
            raise PermissionError
        return really(path, *arguments, **options)  # pyright: ignore[reportUnknownVariableType]

    monkeypatch.setattr(Path, "open", refused)
    source = RaplSource(host)
    assert source.open().counts_energy == ()
    assert source.read().joules == {}
    assert [(note.source, note.code, note.detail) for note in host.notes] == [
        ("rapl", NoteCode.PERMISSION_DENIED, "energy_uj")
    ]


def test_memory_of_which_half_is_not_told_is_not_told(tmp_path: Path) -> None:
    host = machine(tmp_path, "amd-discrete-and-apu", "rapl")
    source = rapl(host)
    (host.root / "sys/class/powercap/intel-rapl:1:0/energy_uj").unlink()
    assert source.read().joules.keys() == {"cpu", "cpu1"}


def test_a_machine_without_any_of_it_tells_nothing(tmp_path: Path) -> None:
    host = machine(tmp_path, "raspberry-pi-5")
    for source in (RaplSource(host), AmdSource(host, GpuNames(host)), IntelSource(host, GpuNames(host))):
        offer, told = source.open(), source.read()
        assert (offer.keys, offer.counts_energy, told.gauges, told.joules) == ((), (), {}, {})
    assert host.notes == []
