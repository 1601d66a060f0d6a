"""The sources of this machine, and the names of its GPUs."""

import threading
from collections.abc import Sequence

from obt_client.hardware import Host, sources_of
from obt_client.hardware.assemble import Findings, assemble
from obt_client.telemetry.amd import AmdSource
from obt_client.telemetry.cpu import CpuSource
from obt_client.telemetry.intel import IntelSource
from obt_client.telemetry.nvidia import NvidiaSource
from obt_client.telemetry.ollama_processes import OllamaProcesses
from obt_client.telemetry.processes import ProcessSource
from obt_client.telemetry.rapl import RaplSource
from obt_client.telemetry.source import Source
from obt_client.telemetry.system import SystemSource
from obt_core.hardware import Gpu, GpuVendor

_ASKED = ("gpus", "gpu_details", "intel", "nvidia")
"""Those of the hardware's sources that decide which GPUs there are, and in which order. Tools only tell more."""


class ThisMachine:
    """What telemetry knows for a whole job: who is Ollama, and which GPU is which. Both are costly to learn."""

    def __init__(self, ollama_url: str, host: Host | None = None) -> None:
        self._host = host or Host()
        self._ollama = OllamaProcesses(ollama_url)
        self._names = GpuNames(self._host)

    def sources(self) -> Sequence[Source]:
        """Return all that can be asked here: first what belongs to one moment, last what may be slow."""
        host, names = self._host, self._names
        everywhere: list[Source] = [ProcessSource(self._ollama), SystemSource(host.system)]
        if host.system == "Darwin":
            return everywhere
        nvidia = NvidiaSource(host, names, self._ollama)
        if host.system != "Linux":
            return [*everywhere, nvidia]
        files = [CpuSource(host), RaplSource(host), AmdSource(host, names), IntelSource(host, names)]
        return [*everywhere, *files, nvidia]


class GpuNames:
    """`gpu0`, `gpu1`, ... in the order in which the hardware's snapshot has the GPUs."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._lock = threading.Lock()
        self._gpus: tuple[Gpu, ...] | None = None

    def of(self, vendor: GpuVendor, pci_address: str | None, number: int) -> str | None:
        """Return the name of a GPU by its address, else as the vendor's `number`th; None where the list lacks it.

        Raises TimeoutError where a driver has not answered another one who asked.
        """
        gpus = self._asked()
        by_address = [at for at, gpu in enumerate(gpus) if pci_address and gpu.pci_address == pci_address]
        without = [at for at, gpu in enumerate(gpus) if gpu.vendor == vendor and not gpu.pci_address]
        found = by_address or without[number : number + 1]
        return f"gpu{found[0]}" if found else None

    def _asked(self) -> tuple[Gpu, ...]:
        if not self._lock.acquire(blocking=False):
            raise TimeoutError("a driver did not answer")
        try:
            if self._gpus is None:
                self._gpus = _gpus_in_order(self._host)
            return self._gpus
        finally:
            self._lock.release()


def _gpus_in_order(host: Host) -> tuple[Gpu, ...]:
    known = sources_of(host.system)
    return assemble(host, Findings(**{name: known[name](host) for name in _ASKED if name in known})).gpus
