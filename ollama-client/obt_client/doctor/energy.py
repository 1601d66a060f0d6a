"""Whether joules a token can be told: the counters of processor and GPUs, and who may read them."""

import platform

from obt_client.daemon import in_daemon
from obt_client.doctor.findings import Finding, Topic, ok, warning
from obt_client.doctor.patient import Patient
from obt_client.hardware import Host
from obt_client.telemetry.rapl import read_joules, zones
from obt_core.hardware import GpuVendor

_TELL_POWER = {GpuVendor.NVIDIA: "NVIDIA", GpuVendor.AMD: "AMD"}


async def check_energy(patient: Patient) -> list[Finding]:
    """Whether something tells energy here."""
    if patient.settings.ollama_is_remote:
        return []
    vendors = {gpu.vendor for gpu in (await patient.hardware()).gpus}
    names = [name for vendor, name in _TELL_POWER.items() if vendor in vendors]
    counters = await in_daemon(lambda: read_counters(Host())) if platform.system() == "Linux" else {}
    return [of_counters(counters, names)]


def read_counters(host: Host) -> dict[str, bool]:
    """Return the processor's energy counters (RAPL) by device, each with whether this user may read it."""
    found = zones(host).items()
    return {device: all(read_joules(host, zone) is not None for zone in counted) for device, counted in found}


def of_counters(counters: dict[str, bool], gpus: list[str]) -> Finding:
    """Judge what can be read; AMD's processors have their counter under Intel's name."""
    told_by = [*(["the processor"] if any(counters.values()) else []), *(f"the GPU ({name})" for name in gpus)]
    if counters and not all(counters.values()):
        beside = f" Joules a token are those of {' and '.join(told_by)} alone." if told_by else ""
        told = f"The processor counts its energy for root only.{beside}"
        todo = "Run the client as root, or after each start: sudo chmod a+r /sys/class/powercap/*/energy_uj"
        return warning(Topic.ENERGY, told, todo)
    if told_by:
        return ok(Topic.ENERGY, f"Told by {' and '.join(told_by)}.")
    return ok(Topic.ENERGY, "Nothing tells it here, as in most virtual machines: joules a token stay unknown.")
