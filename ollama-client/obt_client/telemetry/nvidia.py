"""NVIDIA GPUs, as the driver's own library (NVML) tells of them."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from obt_client.hardware import nvidia as driver
from obt_client.hardware.facts import pci_address
from obt_client.hardware.gpus import GPUS_MAX
from obt_client.hardware.host import Host
from obt_client.hardware.system import read_boundary
from obt_client.telemetry import nvml
from obt_client.telemetry.ollama_processes import OllamaProcesses
from obt_client.telemetry.source import Key, Measure, Offer, gauges_of
from obt_client.telemetry.sysfs_gpus import Names
from obt_core.hardware import GpuVendor
from obt_core.telemetry import Track


@dataclass(frozen=True, slots=True)
class _Gpu:
    name: str
    handle: Any
    tracks: tuple[str, ...]
    counts_energy: bool


class NvidiaSource:
    """The driver is held open between `open` and `close` alone: it keeps GPUs awake."""

    name = "nvidia"

    def __init__(self, host: Host, names: Names, ollama: OllamaProcesses) -> None:
        self._host, self._names, self._ollama = host, names, ollama
        self._gpus: list[_Gpu] = []
        self._is_open = self._is_contained = False
        self._turn = 0
        self._read_at_s = 0.0

    def open(self) -> Offer:
        """See which GPUs there are and which questions each answers; nothing where there is no driver."""
        if not self._init():
            return Offer()
        self._is_contained = read_boundary(self._host).container not in {None, "none"}
        self._read_at_s = time.time()
        total = nvml.ask("nvmlDeviceGetCount") or 0
        self._gpus = [gpu for index in range(min(int(total), GPUS_MAX)) if (gpu := self._gpu(index))]
        keys: list[Key] = [(track, gpu.name) for gpu in self._gpus for track in gpu.tracks]
        return Offer(tuple(keys), tuple(gpu.name for gpu in self._gpus if gpu.counts_energy))

    def read(self) -> Measure:
        """Ask every GPU everything, and one after the other what takes longer. One that is lost tells nothing."""
        measure, now_s = Measure(), time.time()
        self._turn += 1
        for number, gpu in enumerate(self._gpus):
            told = {track: nvml.QUESTIONS[track](gpu.handle) for track in gpu.tracks if track in nvml.QUESTIONS}
            if self._turn % len(self._gpus) == number:
                told |= {track: nvml.TRAFFIC[track](gpu.handle) for track in gpu.tracks if track in nvml.TRAFFIC}
            measure.gauges |= gauges_of(gpu.name, told | self._by_process(gpu))
            if gpu.counts_energy and (joules := nvml.joules(gpu.handle)) is not None:
                measure.joules[gpu.name] = joules
        self._read_at_s = now_s
        return measure

    def close(self) -> None:
        """Let go of the driver."""
        if self._is_open:
            self._is_open, self._gpus = False, []
            nvml.ask("nvmlShutdown")

    def _init(self) -> bool:
        """`ask` cannot tell a driver that is not there from one that says nothing."""
        try:
            driver.nvml.nvmlInit()
        except driver.nvml.NVMLError:
            return False
        self._is_open = True
        return True

    def _gpu(self, index: int) -> _Gpu | None:
        handle = nvml.ask("nvmlDeviceGetHandleByIndex", index)
        pci = nvml.ask("nvmlDeviceGetPciInfo", handle) if handle is not None else None
        address = getattr(pci, "busId", None)
        text = address.decode(errors="replace") if isinstance(address, bytes) else address
        name = self._names.of(GpuVendor.NVIDIA, pci_address(text), index) if handle is not None else None
        if handle is None or name is None:
            return None
        questions = nvml.QUESTIONS | nvml.TRAFFIC
        tracks = [track for track, question in questions.items() if question(handle) is not None]
        tracks += [Track.OLLAMA_VRAM] if nvml.processes(handle) is not None else []
        tracks += (
            [Track.FOREIGN_UTILIZATION] if nvml.utilization_by_process(handle, self._read_at_s) is not None else []
        )
        return _Gpu(name, handle, tuple(tracks), nvml.joules(handle) is not None)

    def _by_process(self, gpu: _Gpu) -> dict[str, float | None]:
        """What is Ollama's on this GPU, and what others do there; not told where it cannot be told whose it is."""
        memory = nvml.processes(gpu.handle)
        busy = nvml.utilization_by_process(gpu.handle, self._read_at_s)
        owners = {pid: self._ollama.owns(pid) for pid in {*(memory or {}), *(busy or {})}}
        if self._ollama.members is None or not self._are_known(owners.values()):
            return {}
        foreign = None if busy is None else sum(percent for pid, percent in busy.items() if not owners[pid])
        ours = None if memory is None else [size for pid, size in memory.items() if owners[pid]]
        return {
            Track.FOREIGN_UTILIZATION: None if foreign is None else min(100.0, foreign),
            Track.OLLAMA_VRAM: None if ours is None or None in ours else float(sum(filter(None, ours))),
        }

    def _are_known(self, owners: Iterable[bool | None]) -> bool:
        """The driver may tell the numbers that processes have outside of this container, which mean others here."""
        told = list(owners)
        return None not in told and (not self._is_contained or any(told) or not told)
