"""NVIDIA's library while GPUs work: answers that depend on what is asked besides the GPU, and GPUs that fall off."""

from types import SimpleNamespace
from typing import Any

from ..hardware.recordings import RecordedNvml, machine_of, pynvml  # noqa: TID252 - the folder has no importable name

ADA: dict[str, Any] = machine_of("nvidia-ada-and-intel-integrated")["nvml"]
AT_WORK: dict[str, Any] = {
    "nvmlDeviceGetUtilizationRates": {"gpu": 96, "memory": 60},
    "nvmlDeviceGetMemoryInfo": {"total": 25_757_220_864, "used": 9_000_000_000},
    "nvmlDeviceGetPowerUsage": 301_500,
    "nvmlDeviceGetEnforcedPowerLimit": 450_000,
    "nvmlDeviceGetTotalEnergyConsumption": 7_000_500,
    "nvmlDeviceGetTemperature": 63,
    "nvmlDeviceGetClockInfo": {1: 2_520, 2: 10_501},
    "nvmlDeviceGetCurrentClocksEventReasons": 4,
    "nvmlDeviceGetPcieThroughput": {0: 1_500, 1: 64_000},
    "nvmlDeviceGetComputeRunningProcesses": [],
    "nvmlDeviceGetGraphicsRunningProcesses": [],
    "nvmlDeviceGetProcessUtilization": [],
}
"""As the NVML API reference has units: watts, joules by the thousand; KB/s; bits of nvmlClocksEventReasons."""
_BY_SECOND_ARGUMENT = {"nvmlDeviceGetClockInfo", "nvmlDeviceGetPcieThroughput"}
_LISTS = {
    "nvmlDeviceGetComputeRunningProcesses",
    "nvmlDeviceGetGraphicsRunningProcesses",
    "nvmlDeviceGetProcessUtilization",
}


def row(pid: int, **values: int | None) -> dict[str, Any]:
    return {"pid": pid, **values}


class LiveNvml(RecordedNvml):
    """GPUs that answer `AT_WORK` and what each is told besides. None takes an answer away."""

    def __init__(self, *gpus: dict[str, Any]) -> None:
        self.gpus = [{**ADA["devices"][0], **AT_WORK, **gpu} for gpu in gpus]
        super().__init__({**ADA, "devices": self.gpus})
        self.opened = 0
        self.asked: list[str] = []

    def _answer(self, name: str, *arguments: Any) -> Any:
        self.asked.append(name)
        self.opened += {"nvmlInit": 1, "nvmlShutdown": -1}.get(name, 0)
        device: dict[str, Any] = next((one for one in arguments if one in self.gpus), dict[str, Any]())
        if device.get("lost"):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        if name in _BY_SECOND_ARGUMENT and device.get(name) is not None:
            return device[name][arguments[1]]
        answer = super()._answer(name, *arguments)
        if name not in _LISTS:
            return answer
        if name == "nvmlDeviceGetProcessUtilization" and not answer:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return [SimpleNamespace(**one) for one in answer]
