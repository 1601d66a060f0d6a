"""What this machine is, as far as its sources answer."""

import platform
import threading
from collections.abc import Callable
from types import SimpleNamespace

import psutil
import pynvml  # pyright: ignore[reportMissingTypeStubs]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from obt_client import hardware
from obt_client.hardware.cpu import fact
from obt_client.hardware.nvidia import read_nvidia
from obt_core.hardware import Cpu, GpuVendor


async def test_this_machine_is_told_as_the_system_knows_it() -> None:
    found = await hardware.read_hardware()
    assert found.known
    assert (found.os, found.arch) == (platform.system(), platform.machine())
    assert found.os_version
    assert found.memory_bytes == psutil.virtual_memory().total
    assert found.cpu is not None
    assert found.cpu.logical_cores == psutil.cpu_count()
    assert found.cpu.model.strip()
    assert found.fingerprint() == (await hardware.read_hardware()).fingerprint()


def test_gpus_are_told_whole_or_not_at_all() -> None:
    assert all(gpu.name and gpu.driver_version for gpu in read_nvidia())


class Driver:
    """NVIDIA's library as it answers on a machine with GPUs; `silent` functions fail as they do on some of them."""

    def __init__(self, patch: pytest.MonkeyPatch, silent: tuple[str, ...] = ()) -> None:
        self.shut = 0
        answers: dict[str, Callable[..., object]] = {
            "nvmlInit": lambda: None,
            "nvmlShutdown": self._shutdown,
            "nvmlSystemGetDriverVersion": lambda: "580.65.06",
            "nvmlDeviceGetCount": lambda: 2,
            "nvmlDeviceGetHandleByIndex": lambda index: index,  # pyright: ignore[reportUnknownLambdaType]
            "nvmlDeviceGetName": lambda handle: b"NVIDIA H200" if handle else "NVIDIA GB10",  # pyright: ignore[reportUnknownLambdaType]
            "nvmlDeviceGetMemoryInfo": self._memory,
        }
        for name, answer in answers.items():
            patch.setattr(pynvml, name, self._fail if name in silent else answer)

    def _shutdown(self) -> None:
        self.shut += 1

    def _memory(self, handle: int) -> SimpleNamespace:
        if handle == 0:  # shares the machine's memory
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return SimpleNamespace(total=150_754_820_096)

    def _fail(self, *_: object) -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_UNKNOWN)


def test_gpus_are_told_as_the_driver_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch)
    shared, own = read_nvidia()
    assert (shared.name, shared.memory_bytes, shared.driver_version) == ("NVIDIA GB10", None, "580.65.06")
    assert (own.name, own.memory_bytes, own.vendor) == ("NVIDIA H200", 150_754_820_096, GpuVendor.NVIDIA)
    assert driver.shut == 1


@pytest.mark.parametrize(
    "silent", ["nvmlInit", "nvmlDeviceGetCount", "nvmlDeviceGetName", "nvmlSystemGetDriverVersion"]
)
def test_a_driver_that_fails_is_no_gpu_and_no_trace(monkeypatch: pytest.MonkeyPatch, silent: str) -> None:
    Driver(monkeypatch, (silent,))
    assert read_nvidia() == ()


async def test_a_source_that_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def never() -> Cpu:
        released.wait(60)
        return Cpu(model="late", logical_cores=1)

    monkeypatch.setattr(hardware, "read_cpu", never)
    with capture_logs() as logs:
        found = await hardware.read_hardware(limit_s=0.3)
    released.set()
    assert found.cpu is None
    assert found.memory_bytes == psutil.virtual_memory().total
    assert [log["event"] for log in logs if log.get("source") == "cpu"] == ["hardware_source_slow"]


async def test_a_source_that_fails_leaves_its_part_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> int:
        raise RuntimeError("the driver is in trouble")

    monkeypatch.setattr(hardware, "read_memory_bytes", broken)
    with capture_logs() as logs:
        found = await hardware.read_hardware()
    assert found.memory_bytes is None
    assert found.cpu is not None
    assert "the driver is in trouble" in [log.get("reason") for log in logs]


@given(st.text())
def test_whatever_a_machine_tells_fits_the_wire(text: str) -> None:
    assert Cpu(model=fact(text), logical_cores=1).model == fact(text)
