"""What can be recorded of this machine during a job: load, Ollama's processes, GPUs, and energy for joules a token."""

import asyncio
import platform
from collections.abc import Mapping, Sequence

from obt_client.daemon import in_daemon
from obt_client.doctor.findings import Finding, Topic, ok, warning
from obt_client.doctor.patient import Patient
from obt_client.hardware import Host
from obt_client.ollama import OllamaError
from obt_client.telemetry.rapl import read_joules, zones
from obt_client.telemetry.reading import Reading
from obt_core.telemetry import Channel, EnergySource, Track

_PARTS = {
    Track.CPU: "the processor",
    Track.MEMORY_USED: "memory",
    Track.SWAPPED: "swapping",
    Track.OLLAMA_CPU: "Ollama's processes",
}
_SOURCES = {EnergySource.COUNTER: "counted", EnergySource.INTEGRATED: "summed from its power"}


async def check_telemetry(patient: Patient) -> list[Finding]:
    """Whether the machine tells what a result is guarded by."""
    if patient.settings.ollama_is_remote:
        return []
    watched, is_running = await asyncio.gather(patient.watched(), _is_running(patient))
    return [of_reading(watched.reading, is_running=is_running)]


async def _is_running(patient: Patient) -> bool:
    try:
        await patient.ollama_version()
    except OllamaError:
        return False
    return True


def of_reading(reading: Reading, *, is_running: bool) -> Finding:
    """Judge what a reading of the machine told. `is_running`: Ollama answers, so that it has processes."""
    tracks = {track for track, _ in reading.told}
    if is_running and Track.OLLAMA_CPU not in tracks:
        told = "Ollama's processes cannot be seen: what else uses the machine cannot be told apart from it."
        return warning(Topic.TELEMETRY, told, "Run obt-client as Ollama's own user or as root, and not in a container.")
    gpus = sorted({device for _, device in reading.told if device and device.startswith("gpu")})
    told = [words for track, words in _PARTS.items() if track in tracks] + gpus
    return ok(Topic.TELEMETRY, f"Watched during a job: {', '.join(told) or 'nothing is told here'}.")


async def check_energy(patient: Patient) -> list[Finding]:
    """Whether something tells energy here."""
    if patient.settings.ollama_is_remote:
        return []
    channels = (await patient.watched()).channels
    counters = await in_daemon(lambda: read_counters(Host())) if platform.system() == "Linux" else {}
    return [of_energy(channels, counters)]


def read_counters(host: Host) -> dict[str, bool]:
    """Return the processor's energy counters (RAPL) by device, each with whether this user may read it."""
    found = zones(host).items()
    return {device: all(read_joules(host, zone) is not None for zone in counted) for device, counted in found}


def of_energy(channels: Sequence[Channel], counters: Mapping[str, bool]) -> Finding:
    """Judge what tells energy, and what would if this user were allowed to read it."""
    energy = [channel for channel in channels if channel.track == Track.ENERGY]
    told_by = ", ".join(f"{one.device} ({_SOURCES[one.source]})" if one.source else f"{one.device}" for one in energy)
    if not all(counters.values()):
        told = "The processor counts its energy for root only." + (f" Told by {told_by} alone." if told_by else "")
        todo = "Run the client as root, or after each start: sudo chmod a+r /sys/class/powercap/*/energy_uj"
        return warning(Topic.ENERGY, told, todo)
    if told_by:
        return ok(Topic.ENERGY, f"Told by {told_by}.")
    return ok(Topic.ENERGY, "Nothing tells it here, as in most virtual machines: joules a token stay unknown.")
