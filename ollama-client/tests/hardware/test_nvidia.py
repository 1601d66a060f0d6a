"""NVIDIA's library in all its moods."""

from pathlib import Path
from typing import Any

import pytest

from obt_client.hardware import nvidia
from obt_client.hardware.host import Host
from obt_client.hardware.nvidia_facts import has_tensor_cores, number_formats
from obt_core.hardware import NoteCode

from .recordings import RecordedNvml, machine_of, pynvml, use_nvml

ADA: dict[str, Any] = machine_of("nvidia-ada-and-intel-integrated")["nvml"]
QUESTIONS = sorted(ADA["devices"][0])


def read(patch: pytest.MonkeyPatch, told: dict[str, Any] | None) -> tuple[list[nvidia.FoundGpu], Host]:
    use_nvml(patch, told)
    host = Host(root=Path("/nowhere"))
    return nvidia.read_nvidia(host), host


@pytest.mark.parametrize("silent", [question for question in QUESTIONS if question != "nvmlDeviceGetName"])
def test_each_question_may_stay_without_answer(monkeypatch: pytest.MonkeyPatch, silent: str) -> None:
    device = {name: answer for name, answer in ADA["devices"][0].items() if name != silent}
    found, host = read(monkeypatch, {**ADA, "devices": [device]})
    assert [gpu.gpu.name for gpu in found] == ["NVIDIA GeForce RTX 4090"]
    assert host.notes == []


def test_a_gpu_without_a_name_is_noted_and_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    found, host = read(monkeypatch, {**ADA, "devices": [{}, ADA["devices"][0]]})
    assert len(found) == 1
    assert [note.code for note in host.notes] == [NoteCode.FAILED]


def test_no_driver_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    found, host = read(monkeypatch, None)
    assert (found, host.notes) == ([], [])


class Broken(RecordedNvml):
    """The library stands, and one of its functions fails."""

    def __init__(self, name: str) -> None:
        super().__init__(ADA)
        self._broken = name

    def _answer(self, name: str, *arguments: Any) -> Any:
        if name == self._broken:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_UNKNOWN)
        return super()._answer(name, *arguments)


@pytest.mark.parametrize("name", ["nvmlInit", "nvmlDeviceGetCount", "nvmlDeviceGetHandleByIndex", "nvmlShutdown"])
def test_a_driver_that_fails_is_noted_and_never_raises(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(nvidia, "nvml", Broken(name))
    host = Host(root=Path("/nowhere"))
    found = nvidia.read_nvidia(host)
    assert bool(found) == (name == "nvmlShutdown")
    assert bool(host.notes) == (name != "nvmlShutdown")


@pytest.mark.parametrize(
    ("capability", "name", "tensor_cores", "formats"),
    [
        ((5, 2), "NVIDIA GeForce GTX 980", False, ()),
        ((6, 0), "Tesla P100-PCIE-16GB", False, ("fp16",)),
        ((6, 2), "NVIDIA Tegra X2", False, ("fp16",)),
        ((7, 0), "Tesla V100-SXM2-16GB", True, ("fp16", "int8")),
        ((7, 5), "Tesla T4", True, ("fp16", "int8")),
        ((7, 5), "NVIDIA T1000 8GB", False, ("fp16", "int8")),
        ((7, 5), "NVIDIA GeForce GTX 1650", False, ("fp16", "int8")),
        ((8, 6), "NVIDIA RTX A6000", True, ("bf16", "fp16", "int8")),
        ((9, 0), "NVIDIA H200", True, ("bf16", "fp16", "fp8", "int8")),
        ((12, 0), "NVIDIA GeForce RTX 5090", True, ("bf16", "fp16", "fp4", "fp8", "int8")),
    ],
)
def test_what_follows_from_the_compute_capability(
    capability: tuple[int, int], name: str, tensor_cores: bool, formats: tuple[str, ...]
) -> None:
    assert has_tensor_cores(capability, name) == tensor_cores
    assert number_formats(capability) == formats
