"""NVIDIA's GPUs at work, by a library that answers as the API reference says."""

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psutil
import pytest

from obt_client.hardware import nvidia as driver
from obt_client.hardware.host import Host
from obt_client.telemetry import nvml
from obt_client.telemetry.machine import GpuNames
from obt_client.telemetry.nvidia import NvidiaSource
from obt_client.telemetry.ollama_processes import OllamaProcesses
from obt_client.telemetry.source import Measure
from obt_core.hardware import GpuVendor
from obt_core.telemetry import Throttle, Track

from ..hardware.recordings import recorded_host, use_nvml  # noqa: TID252 - the folder has no importable name
from .live_nvml import LiveNvml, row
from .scripted import URL

GIB = 2**30
FOREIGN = os.getpid()
"""Somebody who is there and not Ollama."""


@pytest.fixture(scope="module")
def ollama_pid() -> Generator[int]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return recorded_host("nvidia-ada-and-intel-integrated", tmp_path)


def opened(patch: pytest.MonkeyPatch, host: Host, library: Any, ollama_pid: int | None = None) -> NvidiaSource:
    patch.setattr(driver, "nvml", library)
    ollama = OllamaProcesses(URL)
    ollama.members = None if ollama_pid is None else frozenset({psutil.Process(ollama_pid)})
    return NvidiaSource(host, GpuNames(host), ollama)


def of(measure: Measure, device: str = "gpu0") -> dict[str, float]:
    return {track: value for (track, name), value in measure.gauges.items() if name == device}


def test_a_gpu_at_work_tells_everything(monkeypatch: pytest.MonkeyPatch, host: Host, ollama_pid: int) -> None:
    memory = [row(ollama_pid, usedGpuMemory=8 * GIB), row(FOREIGN, usedGpuMemory=GIB)]
    busy = [
        row(ollama_pid, timeStamp=5, smUtil=90),
        row(FOREIGN, timeStamp=5, smUtil=4),
        row(FOREIGN, timeStamp=6, smUtil=8),
    ]
    library = LiveNvml({"nvmlDeviceGetComputeRunningProcesses": memory, "nvmlDeviceGetProcessUtilization": busy})
    source = opened(monkeypatch, host, library, ollama_pid)
    offer, told = source.open(), source.read()
    assert offer.counts_energy == ("gpu0",)
    assert {track for track, _ in offer.keys} == of(told).keys()
    assert of(told) == {
        Track.UTILIZATION: 96,
        Track.VRAM_USED: 9_000_000_000,
        Track.POWER: 301.5,
        Track.POWER_LIMIT: 450,
        Track.TEMPERATURE: 63,
        Track.CLOCK: 2_520,
        Track.MEMORY_CLOCK: 10_501,
        Track.THROTTLE: Throttle.POWER_CAP,
        Track.PCIE_RECEIVED: 64_000_000,
        Track.PCIE_SENT: 1_500_000,
        Track.OLLAMA_VRAM: 8 * GIB,
        Track.FOREIGN_UTILIZATION: 6,
    }
    assert told.joules == {"gpu0": 7_000.5}
    source.close()
    assert library.opened == 0


@pytest.mark.parametrize(
    "silent",
    [
        "nvmlDeviceGetPowerUsage",
        "nvmlDeviceGetTotalEnergyConsumption",
        "nvmlDeviceGetTemperature",
        "nvmlDeviceGetMemoryInfo",
        "nvmlDeviceGetProcessUtilization",
        "nvmlDeviceGetPcieThroughput",
        "nvmlDeviceGetClockInfo",
        "nvmlDeviceGetPciInfo",
    ],
)
def test_what_a_gpu_does_not_support_has_no_channel_and_costs_nothing_else(
    monkeypatch: pytest.MonkeyPatch, host: Host, ollama_pid: int, silent: str
) -> None:
    source = opened(monkeypatch, host, LiveNvml({silent: None}), ollama_pid)
    offer, told = source.open(), source.read()
    assert set(offer.keys) == told.gauges.keys()
    assert Track.UTILIZATION in {track for track, _ in offer.keys}
    assert set(offer.counts_energy) == told.joules.keys()


def test_an_old_driver_is_asked_by_the_old_names(monkeypatch: pytest.MonkeyPatch, host: Host) -> None:
    old = {
        "nvmlDeviceGetCurrentClocksEventReasons": None,
        "nvmlDeviceGetCurrentClocksThrottleReasons": 0x40,
        "nvmlDeviceGetEnforcedPowerLimit": None,
        "nvmlDeviceGetPowerManagementLimit": 250_000,
    }
    source = opened(monkeypatch, host, LiveNvml(old))
    source.open()
    told = of(source.read())
    assert (told[Track.THROTTLE], told[Track.POWER_LIMIT]) == (Throttle.THERMAL, 250)


@pytest.mark.parametrize(
    ("reasons", "bits"),
    [
        (0x0, Throttle(0)),
        (0x1 | 0x2 | 0x100, Throttle(0)),
        (0x4, Throttle.POWER_CAP),
        (0x20, Throttle.THERMAL),
        (0x8 | 0x40, Throttle.THERMAL),
        (0x8 | 0x80 | 0x4, Throttle.POWER_BRAKE | Throttle.POWER_CAP),
        (0x8, Throttle.OTHER),
        (0x10, Throttle.OTHER),
        (0x8000, Throttle(0)),
    ],
)
def test_reasons_of_the_driver_have_their_bits(reasons: int, bits: Throttle) -> None:
    assert nvml.bits_of(reasons) == bits


def test_a_gpu_that_falls_off_the_bus_tells_nothing_and_the_other_goes_on(
    monkeypatch: pytest.MonkeyPatch, host: Host, ollama_pid: int
) -> None:
    second = {"nvmlDeviceGetPciInfo": {"busId": "00000000:02:00.0", "pciDeviceId": 0x268410DE}}
    library = LiveNvml({}, second)
    source = opened(monkeypatch, host, library, ollama_pid)
    assert {device for _, device in source.open().keys} == {"gpu0", "gpu1"}
    library.gpus[0]["lost"] = True
    told = source.read()
    assert of(told) == {}
    assert of(told, "gpu1")[Track.POWER] == 301.5
    assert told.joules.keys() == {"gpu1"}


def test_traffic_is_asked_of_one_gpu_at_a_time(monkeypatch: pytest.MonkeyPatch, host: Host) -> None:
    second = {"nvmlDeviceGetPciInfo": {"busId": "00000000:02:00.0", "pciDeviceId": 0x268410DE}}
    source = opened(monkeypatch, host, LiveNvml({}, second))
    source.open()
    turns = [{device for (track, device) in source.read().gauges if track == Track.PCIE_SENT} for _ in range(4)]
    assert turns in ([{"gpu0"}, {"gpu1"}] * 2, [{"gpu1"}, {"gpu0"}] * 2)


BUSY = {"nvmlDeviceGetProcessUtilization": [row(FOREIGN, timeStamp=5, smUtil=70)]}


def test_where_ollamas_processes_are_not_known_nobody_is_called_foreign(
    monkeypatch: pytest.MonkeyPatch, host: Host
) -> None:
    source = opened(monkeypatch, host, LiveNvml(BUSY))
    source.open()
    assert not of(source.read()).keys() & {Track.FOREIGN_UTILIZATION, Track.OLLAMA_VRAM}


@pytest.mark.parametrize("is_contained", [True, False])
def test_numbers_of_processes_are_not_believed_in_a_container_that_may_not_mean_them(
    monkeypatch: pytest.MonkeyPatch, host: Host, ollama_pid: int, is_contained: bool
) -> None:
    if is_contained:
        (host.root / ".dockerenv").touch()
    source = opened(monkeypatch, host, LiveNvml(BUSY), ollama_pid)
    source.open()
    assert (Track.FOREIGN_UTILIZATION in of(source.read())) != is_contained


def test_a_process_that_is_not_there_for_us_leaves_it_open_whose_the_work_is(
    monkeypatch: pytest.MonkeyPatch, host: Host, ollama_pid: int
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    busy = {"nvmlDeviceGetProcessUtilization": [row(ended.pid, timeStamp=5, smUtil=70)]}
    source = opened(monkeypatch, host, LiveNvml(busy), ollama_pid)
    source.open()
    assert Track.FOREIGN_UTILIZATION not in of(source.read())


def test_rows_that_mean_nothing_are_passed_over(monkeypatch: pytest.MonkeyPatch, host: Host, ollama_pid: int) -> None:
    rows = [
        row(FOREIGN, timeStamp=0, smUtil=50),
        row(FOREIGN, timeStamp=5, smUtil=4_000_000),
        row(FOREIGN, timeStamp=6, smUtil=3),
    ]
    source = opened(monkeypatch, host, LiveNvml({"nvmlDeviceGetProcessUtilization": rows}), ollama_pid)
    source.open()
    assert of(source.read())[Track.FOREIGN_UTILIZATION] == 3


def test_memory_that_windows_does_not_tell_is_not_told(
    monkeypatch: pytest.MonkeyPatch, host: Host, ollama_pid: int
) -> None:
    memory = {"nvmlDeviceGetComputeRunningProcesses": [row(ollama_pid, usedGpuMemory=None)]}
    source = opened(monkeypatch, host, LiveNvml(memory), ollama_pid)
    source.open()
    assert Track.OLLAMA_VRAM not in of(source.read())


def test_without_a_driver_there_is_nothing_and_nothing_is_closed(monkeypatch: pytest.MonkeyPatch, host: Host) -> None:
    use_nvml(monkeypatch, None)
    source = NvidiaSource(host, GpuNames(host), OllamaProcesses(URL))
    assert source.open().keys == ()
    assert source.read() == Measure()
    source.close()


def test_a_driver_that_fails_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch, host: Host) -> None:
    library = LiveNvml({"lost": True})
    source = opened(monkeypatch, host, library)
    assert source.open().keys == ()
    source.close()
    assert library.opened == 0
    assert "nvmlInit" in library.asked


def test_gpus_are_named_in_the_order_of_the_hardware(monkeypatch: pytest.MonkeyPatch, host: Host) -> None:
    """The graphics part of the processor comes first on the bus and last in the list."""
    library = LiveNvml({})
    monkeypatch.setattr(driver, "nvml", library)
    names = GpuNames(host)
    assert names.of(GpuVendor.NVIDIA, "0000:01:00.0", 0) == "gpu0"
    assert names.of(GpuVendor.INTEL, "0000:00:02.0", 0) == "gpu1"
    assert names.of(GpuVendor.AMD, "0000:99:00.0", 0) is None
