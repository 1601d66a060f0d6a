"""The machine around Ollama: what is not known of it, its power, what else runs on it, its memory."""

import asyncio
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress

import psutil

from obt_client.daemon import in_daemon
from obt_client.doctor.findings import Finding, Topic, ok, warning
from obt_client.doctor.gpu import SOURCES as GPU_SOURCES
from obt_client.doctor.patient import WATCH_S, Patient
from obt_client.hardware.advice import advice, is_harmless, is_in_container, words_of
from obt_client.telemetry.reading import Reading
from obt_core.hardware import HardwareSnapshot
from obt_core.machine_environment import Power, PowerSource
from obt_core.telemetry import Track

_NAMED_MAX = 3
_OLLAMA_S = ("ollama", "llama-server")
_LITTLE_MEMORY_SHARE = 0.1
_MIB, _GIB = 2**20, 2**30
_SLOW_PREFERENCES = frozenset({"power", "balance_power"})


async def check_hardware(patient: Patient) -> list[Finding]:
    """Whether the machine told of itself what it could."""
    snapshot = await patient.hardware()
    return [] if patient.settings.ollama_is_remote else of_snapshot(snapshot)


def of_snapshot(snapshot: HardwareSnapshot) -> list[Finding]:
    """Judge the notes that are not about GPUs; what nobody can help is no warning."""
    notes = [note for note in snapshot.notes if note.source not in GPU_SOURCES and not is_harmless(note)]
    if notes:
        in_container = is_in_container(snapshot)
        return [
            warning(Topic.HARDWARE, f"{words_of(note)}.", advice(note, in_container=in_container)) for note in notes
        ]
    return [ok(Topic.HARDWARE, f"Known; its fingerprint is {snapshot.fingerprint()[:12]} (obt-client hardware).")]


async def check_power(patient: Patient) -> list[Finding]:
    """Whether the machine may be as fast as it can."""
    if patient.settings.ollama_is_remote:
        return []
    environment = (await patient.hardware()).environment
    return of_power(environment.power if environment else None)


def of_power(power: Power | None) -> list[Finding]:
    """Judge source, mode and governor."""
    if power is None or power == Power():
        return [ok(Topic.POWER, "This machine tells nothing of it, as most virtual machines.")]
    source = power.source and ("on mains" if power.source is PowerSource.MAINS else "on battery")
    told = [source, power.governor and f"governor {power.governor}", power.plan and f"plan {power.plan}"]
    return list(_savings(power)) or [ok(Topic.POWER, f"{', '.join(filter(None, told)) or 'no saving'}.".capitalize())]


def _savings(power: Power) -> Iterator[Finding]:
    if power.source is PowerSource.BATTERY:
        charge = "" if power.battery_percent is None else f", {power.battery_percent:.0f} % charged"
        yield warning(Topic.POWER, f"It runs on battery{charge}.", "Plug it in: results are marked as disturbed.")
    if power.is_low_power_mode:
        yield warning(Topic.POWER, "Low Power Mode is on.", "Switch it off: sudo pmset -a lowpowermode 0")
    if power.plan == "power_saver":
        todo = "Choose another one: powercfg /setactive SCHEME_MIN (high performance)"
        yield warning(Topic.POWER, "The power plan is the one that saves.", todo)
    if power.platform_profile == "low-power":
        todo = "Choose another one: powerprofilesctl set performance (or balanced)"
        yield warning(Topic.POWER, "The platform's profile is low-power.", todo)
    if power.governor == "powersave" and power.energy_preference is None:
        todo = "sudo cpupower frequency-set -g schedutil (or performance)"
        yield warning(Topic.POWER, "The governor powersave holds the processor at its lowest frequency.", todo)
    if power.energy_preference in _SLOW_PREFERENCES:
        todo = "powerprofilesctl set performance, or write balance_performance to energy_performance_preference"
        yield warning(Topic.POWER, f"The processor prefers saving ({power.energy_preference}).", todo)


async def check_load(patient: Patient) -> list[Finding]:
    """Whether processor and GPUs are free."""
    if patient.settings.ollama_is_remote:
        return []
    await patient.hardware()
    before, begin_s = await in_daemon(_times), time.monotonic()
    reading = (await patient.watched()).reading
    after, span_s = await in_daemon(_times), time.monotonic() - begin_s
    percents = _percents(before, after, span_s * (psutil.cpu_count() or 1))
    foreign = reading.value(Track.FOREIGN_CPU)
    gpus = of_gpu_load(reading, patient.settings.guard_gpu_percent)
    return [of_load(percents, patient.settings.guard_cpu_percent, foreign), *gpus]


def _times() -> dict[tuple[int, str], float]:
    """Seconds of processor that each process but this one has used, by its number and name."""
    found: dict[tuple[int, str], float] = {}
    own = psutil.Process().pid
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != own:
                spent = process.cpu_times()
                found[process.pid, process.name()] = spent.user + spent.system
    return found


def _percents(
    before: dict[tuple[int, str], float], after: dict[tuple[int, str], float], whole_s: float
) -> dict[str, float]:
    """Percents of all cores by name, the most first."""
    found: dict[str, float] = {}
    for (pid, name), spent_s in after.items():
        used = 100 * (spent_s - before.get((pid, name), spent_s)) / whole_s
        found[name] = found.get(name, 0.0) + used
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def of_load(percents: dict[str, float], limit: float, foreign: float | None = None) -> Finding:
    """Judge what other processes use of all cores, in percent; `foreign` is without Ollama's, where those are known."""
    if foreign is not None:
        percents = {name: used for name, used in percents.items() if not name.startswith(_OLLAMA_S)}
    whole = min(100.0, sum(percents.values()) if foreign is None else foreign)
    if whole <= limit:
        return ok(Topic.LOAD, f"Other processes use {whole:.0f} % of all cores.")
    most = ", ".join(f"{name} {used:.0f} %" for name, used in list(percents.items())[:_NAMED_MAX] if used >= 1)
    todo = "End it before you measure: samples taken beside it are marked as disturbed."
    return warning(Topic.LOAD, f"Other processes use {whole:.0f} % of all cores{most and ': '}{most}.", todo)


def of_gpu_load(reading: Reading, limit: float) -> list[Finding]:
    """Judge what processes that are not Ollama's use of each GPU, in percent; nothing where that is not told."""
    busy = {device: used for device, used in reading.values(Track.FOREIGN_UTILIZATION).items() if used > limit}
    todo = "End what uses it (nvidia-smi lists it): samples taken beside it are marked as disturbed."
    told = (f"{device} is busy for others, {used:.0f} %." for device, used in sorted(busy.items(), key=str))
    return [warning(Topic.LOAD, one, todo) for one in told]


async def check_memory(patient: Patient) -> list[Finding]:
    """Whether there is memory left, and nothing is swapped."""
    if patient.settings.ollama_is_remote:
        return []
    before = _swapped_bytes()
    await asyncio.sleep(WATCH_S)
    swapped = (_swapped_bytes() - before) / WATCH_S
    memory = psutil.virtual_memory()
    return of_memory(memory.available, memory.total, swapped, patient.settings.guard_swap_mib_per_s * _MIB)


def _swapped_bytes() -> int:
    """What went to swap and came back, since the machine began; 0 where that is not told."""
    with warnings.catch_warnings(), suppress(OSError, RuntimeError):
        warnings.simplefilter("ignore")  # psutil warns where the kernel does not tell
        told = psutil.swap_memory()
        return told.sin + told.sout
    return 0


def of_memory(free_bytes: int, total_bytes: int, swapped_bytes_per_s: float, limit_bytes_per_s: float) -> list[Finding]:
    """Judge what is left of the memory, in bytes, and how much is swapped, in bytes a second."""
    told = f"{free_bytes / _GIB:,.1f} of {total_bytes / _GIB:,.1f} GiB are free"
    found: list[Finding] = []
    if free_bytes < _LITTLE_MEMORY_SHARE * total_bytes:
        todo = "End what needs it: a model that does not fit is swapped, or refused by Ollama."
        found.append(warning(Topic.MEMORY, f"Only {told}.", todo))
    if swapped_bytes_per_s > limit_bytes_per_s:
        swapping = f"The machine swaps {swapped_bytes_per_s / _MIB:,.1f} MiB a second."
        found.append(warning(Topic.MEMORY, swapping, "End what needs memory, or measure a smaller model."))
    return found or [ok(Topic.MEMORY, f"{told}, nothing is swapped.")]
