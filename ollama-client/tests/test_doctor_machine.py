"""The doctor's judgement of the machine: GPUs, power, load, memory, energy, clock."""

import asyncio
import platform
import sys
from pathlib import Path

import psutil
import pytest

from obt_client.bench import clock_probe
from obt_client.bench.clock_probe import kernel_stamps_arrivals
from obt_client.bench.clocks import BEST_CLOCK
from obt_client.doctor import Finding, Level, Topic
from obt_client.doctor.clock import UNKNOWN_ERROR_US, clock_error_us, of_error
from obt_client.doctor.gpu import closed_nodes, of_gpu, of_gpus
from obt_client.doctor.machine import check_load, of_gpu_load, of_load, of_memory, of_power, of_snapshot
from obt_client.doctor.patient import Patient
from obt_client.doctor.telemetry import of_energy, of_reading, read_counters
from obt_client.hardware import Host
from obt_client.telemetry.reading import Reading
from obt_core.hardware import DetectionNote, Gpu, GpuVendor, HardwareSnapshot, NoteCode
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, MigDevice, Power, PowerSource
from obt_core.models import LoadedModel
from obt_core.results import ClockSource
from obt_core.telemetry import Channel, EnergySource, Track

from .builders import NOW, settings_of

ADA = Gpu(vendor=GpuVendor.NVIDIA, name="RTX 4090", memory_bytes=24 * 2**30, compute_capability="8.9")
DRIVEN = GpuEnvironment(name="RTX 4090", driver="nvidia", driver_version="570.86.10", power_limit_w=450)


def a_machine(
    *gpus: tuple[Gpu, GpuEnvironment], notes: tuple[DetectionNote, ...] = (), container: str = "none"
) -> HardwareSnapshot:
    environment = MachineEnvironment(gpus=tuple(driven for _, driven in gpus), container=container)
    return HardwareSnapshot(gpus=tuple(gpu for gpu, _ in gpus), environment=environment, notes=notes)


def driven(**changed: object) -> GpuEnvironment:
    return DRIVEN.model_copy(update=changed)


def judged(gpu: Gpu, how: GpuEnvironment, *, in_container: bool = False) -> list[Finding]:
    return list(of_gpu(gpu, how, in_container))


def test_gpus_that_are_driven_and_none_at_all_are_well() -> None:
    assert [finding.told for finding in of_gpus(a_machine((ADA, DRIVEN)), [], ())] == ["RTX 4090."]
    (none,) = of_gpus(a_machine(), [], ())
    assert (none.level, "processor" in none.told) == (Level.OK, True)


@pytest.mark.parametrize(
    ("changed", "level", "word"),
    [
        ({"driver_version": None}, Level.PROBLEM, "libnvidia-ml"),
        ({"driver_version": "535.183.01"}, Level.WARNING, "550"),
        ({"is_mig_enabled": True}, Level.PROBLEM, "MIG"),
        ({"power_limit_w": 300.0, "power_limit_default_w": 450.0}, Level.WARNING, "-pl 450"),
    ],
)
def test_what_is_wrong_with_a_gpu_is_told_with_its_cure(changed: dict[str, object], level: Level, word: str) -> None:
    (finding,) = judged(ADA, driven(**changed))
    assert finding.level is level
    assert word in finding.told + finding.todo


def test_a_container_without_its_gpus_is_told_how_to_get_them() -> None:
    (finding,) = judged(ADA, driven(driver_version=None), in_container=True)
    assert "--gpus all" in finding.todo


@pytest.mark.parametrize(
    ("capability", "driver", "warned"),
    [
        ("6.1", "565.57.01", True),
        ("6.1", "570.86.10", False),
        ("7.5", "565.57.01", False),
        ("3.5", "470.256.02", True),
        (None, "550.54", False),
    ],
)
def test_old_chips_ask_for_newer_drivers(capability: str | None, driver: str, warned: bool) -> None:
    chip = ADA.model_copy(update={"compute_capability": capability})
    assert bool(judged(chip, driven(driver_version=driver))) == warned


def test_a_split_gpu_with_instances_is_well() -> None:
    assert judged(ADA, driven(is_mig_enabled=True, mig_devices=(MigDevice(profile="1g.5gb"),))) == []


@pytest.mark.parametrize(
    ("source", "code", "detail", "level", "word"),
    [
        ("nvidia", NoteCode.FAILED, "Driver/library version mismatch", Level.PROBLEM, "restart"),
        ("nvidia", NoteCode.FAILED, "Unknown Error", Level.PROBLEM, "nvidia-smi"),
        ("nvidia", NoteCode.DEVICE_LOST, "GPU 2: GPU is lost", Level.PROBLEM, "dmesg"),
        ("amd", NoteCode.NOT_ACCESSIBLE, "/dev/kfd", Level.WARNING, "--device /dev/kfd"),
        ("pci", NoteCode.DRIVER_MISSING, "0000:01:00.0", Level.WARNING, "driver"),
    ],
)
def test_notes_about_gpus_become_findings(source: str, code: NoteCode, detail: str, level: Level, word: str) -> None:
    note = DetectionNote(source=source, code=code, detail=detail)
    (finding,) = of_gpus(a_machine((ADA, DRIVEN), notes=(note,), container="docker"), [], ())
    assert (finding.topic, finding.level) == (Topic.GPU, level)
    assert word in finding.todo


def test_notes_about_other_parts_are_hardware_and_what_nobody_can_help_is_none() -> None:
    slow = DetectionNote(source="library-cpu", code=NoteCode.TIMED_OUT)
    overlay = DetectionNote(source="disk", code=NoteCode.FAILED, detail="no block device behind overlay")
    assert [finding.level for finding in of_snapshot(a_machine(notes=(slow, overlay)))] == [Level.WARNING]
    assert [finding.level for finding in of_snapshot(a_machine(notes=(overlay,)))] == [Level.OK]


def a_model(vram_bytes: int) -> LoadedModel:
    return LoadedModel(name="chat:latest", digest="0" * 64, size_bytes=10**9, size_vram_bytes=vram_bytes)


def test_a_model_that_is_not_where_it_could_be_is_told() -> None:
    with_gpu, without = a_machine((ADA, DRIVEN)), a_machine()
    assert "processor" in of_gpus(with_gpu, [], (a_model(0),))[0].told
    assert of_gpus(with_gpu, [], (a_model(10**9),))[0].level is Level.OK
    assert "does not see" in of_gpus(without, [], (a_model(10**9),))[0].told
    shared = ADA.model_copy(update={"vendor": GpuVendor.INTEL, "is_integrated": True})
    assert of_gpus(a_machine((shared, driven(driver="i915"))), [], (a_model(0),))[0].level is Level.OK


def test_nodes_that_this_user_may_not_open_are_told() -> None:
    (finding,) = of_gpus(a_machine((ADA, DRIVEN)), ["/dev/kfd"], ())
    assert (finding.level, "render" in finding.todo) == (Level.WARNING, True)
    assert list(closed_nodes(a_machine((ADA, DRIVEN)), may=lambda _: False)) == []


@pytest.mark.parametrize(
    ("power", "levels"),
    [
        (None, [Level.OK]),
        (Power(), [Level.OK]),
        (Power(source=PowerSource.MAINS, governor="performance"), [Level.OK]),
        (Power(source=PowerSource.BATTERY, battery_percent=41), [Level.WARNING]),
        (Power(governor="powersave"), [Level.WARNING]),
        (Power(governor="powersave", energy_preference="balance_performance"), [Level.OK]),
        (Power(governor="powersave", energy_preference="power"), [Level.WARNING]),
        (Power(source=PowerSource.BATTERY, is_low_power_mode=True), [Level.WARNING, Level.WARNING]),
        (Power(plan="power_saver"), [Level.WARNING]),
        (Power(platform_profile="low-power"), [Level.WARNING]),
    ],
)
def test_power_is_judged(power: Power | None, levels: list[Level]) -> None:
    assert [finding.level for finding in of_power(power)] == levels


async def test_a_process_that_keeps_a_core_busy_is_named(tmp_path: Path) -> None:
    hog = await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass")
    try:
        patient = Patient(settings_of(tmp_path, guard_cpu_percent=20 / (psutil.cpu_count() or 1)))
        (finding,) = await check_load(patient)
    finally:
        hog.kill()
        await hog.wait()
    assert finding.level is Level.WARNING
    assert "python" in finding.told


def test_load_below_the_limit_is_well() -> None:
    assert of_load({"chrome": 4.0, "sshd": 0.1}, limit=10).level is Level.OK
    assert "chrome 31 %" in of_load({"chrome": 31.0, "sshd": 0.1}, limit=10).told


def test_memory_is_judged_by_what_is_free_and_what_is_swapped() -> None:
    assert [one.level for one in of_memory(8 * 2**30, 16 * 2**30, 0, 2**20)] == [Level.OK]
    assert [one.level for one in of_memory(2**30, 16 * 2**30, 2**21, 2**20)] == [Level.WARNING] * 2


def test_counters_for_root_alone_are_told_with_what_to_do(tmp_path: Path) -> None:
    for number, name in enumerate(("package-0", "package-1")):
        zone = tmp_path / f"sys/class/powercap/intel-rapl:{number}"
        zone.mkdir(parents=True)
        (zone / "name").write_text(name)
    (tmp_path / "sys/class/powercap/intel-rapl:0/energy_uj").write_text("123\n")
    (tmp_path / "sys/class/powercap/intel-rapl:1/energy_uj").mkdir()  # whatever reads it gets an error, root as well
    assert read_counters(Host(root=tmp_path)) == {"cpu": True, "cpu1": False}
    counted = Channel(track=Track.ENERGY, device="cpu", source=EnergySource.COUNTER)
    summed = Channel(track=Track.ENERGY, device="gpu0", source=EnergySource.INTEGRATED)
    both = of_energy((counted, summed), {"cpu": True})
    assert (both.level, both.told) == (Level.OK, "Told by cpu (counted), gpu0 (summed from its power).")
    closed = of_energy((summed,), {"cpu": False})
    assert (closed.level, "gpu0" in closed.told, "chmod" in closed.todo) == (Level.WARNING, True, True)
    nothing = of_energy((Channel(track=Track.CPU),), {})
    assert (nothing.level, "unknown" in nothing.told) == (Level.OK, True)


def a_reading(**told: float) -> Reading:
    device = {"FOREIGN_UTILIZATION": "gpu0"}
    values: dict[tuple[str, str | None], float] = {(Track[name], device.get(name)): told[name] for name in told}
    return Reading(at_s=1, previous_s=0, at=NOW, told=values)


def test_an_ollama_whose_processes_are_not_seen_is_told_and_one_that_does_not_run_is_not() -> None:
    assert of_reading(a_reading(CPU=1), is_running=True).level is Level.WARNING
    assert of_reading(a_reading(CPU=1), is_running=False).level is Level.OK
    seen = of_reading(a_reading(CPU=1, OLLAMA_CPU=0, FOREIGN_UTILIZATION=0), is_running=True)
    assert (seen.level, "Ollama's processes, gpu0" in seen.told) == (Level.OK, True)


def test_a_gpu_that_is_busy_for_others_is_told() -> None:
    assert of_gpu_load(a_reading(FOREIGN_UTILIZATION=3), limit=10) == []
    (finding,) = of_gpu_load(a_reading(FOREIGN_UTILIZATION=64), limit=10)
    assert (finding.level, "64 %" in finding.told) == (Level.WARNING, True)


def test_what_ollama_itself_uses_is_no_other_load() -> None:
    percents = {"ollama": 80.0, "chrome": 12.0}
    assert of_load(percents, limit=10, foreign=2.0).level is Level.OK
    assert of_load(percents, limit=10, foreign=12.0).told.endswith("12 % of all cores: chrome 12 %.")


def test_a_clock_is_judged_by_its_possible_error() -> None:
    assert of_error(12_000).level is Level.OK
    assert of_error(UNKNOWN_ERROR_US).level is Level.WARNING


@pytest.mark.skipif(platform.system() != "Linux", reason="only Linux tells it")
def test_the_kernel_tells_the_error_of_its_clock_or_nothing() -> None:
    error_us = clock_error_us()
    assert error_us is None or 0 <= error_us <= UNKNOWN_ERROR_US


def test_stamps_are_tried_and_not_believed() -> None:
    assert kernel_stamps_arrivals() == (BEST_CLOCK is ClockSource.KERNEL)


@pytest.mark.skipif(BEST_CLOCK is not ClockSource.KERNEL, reason="only Linux's kernel stamps what it receives")
def test_a_kernel_that_begins_to_stamp_a_moment_later_does_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux begins with the machine's first socket that asks, in its own time: what arrives before has no stamp."""
    looks = iter((None, 1))

    def look(_: object) -> int | None:
        return next(looks)

    monkeypatch.setattr(clock_probe, "kernel_stamp_ns", look)
    assert kernel_stamps_arrivals()
    assert next(looks, "none left") == "none left"
