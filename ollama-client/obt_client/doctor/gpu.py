"""GPUs: are they driven, may they be used, and does Ollama use them."""

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from obt_client.daemon import in_daemon
from obt_client.doctor.findings import Finding, Topic, ok, problem, warning
from obt_client.doctor.patient import Patient
from obt_client.hardware.advice import advice, is_in_container, words_of
from obt_client.ollama import Ollama, OllamaError
from obt_core.hardware import Gpu, GpuVendor, HardwareSnapshot, NoteCode
from obt_core.machine_environment import GpuEnvironment
from obt_core.models import LoadedModel

SOURCES = frozenset({"nvidia", "pci", "gpus", "gpu-details", "amd", "amd-tools", "amd-library", "intel", "intel-tools"})
"""Whose notes are about GPUs; those of others are told as hardware."""
_OLD_CHIP = (6, 2)
_OLDEST_CHIP = (5, 0)
_DRIVER, _DRIVER_OF_OLD_CHIPS = 550, 570
"""What Ollama asks of NVIDIA's driver: "Hardware support" of its documentation, 2026."""
_LIMIT_SHARE = 0.98


async def check_gpu(patient: Patient) -> list[Finding]:
    """Whether each GPU is there, driven, allowed and used."""
    if patient.settings.ollama_is_remote:
        return []
    snapshot, loaded = await asyncio.gather(patient.hardware(), _loaded(patient))
    nodes = await in_daemon(lambda: list(closed_nodes(snapshot)))
    return of_gpus(snapshot, nodes, loaded)


async def _loaded(patient: Patient) -> tuple[LoadedModel, ...]:
    try:
        async with asyncio.timeout(patient.answer_s):
            return await Ollama(patient.settings.ollama_url).loaded()
    except (OllamaError, TimeoutError):
        return ()


def of_gpus(snapshot: HardwareSnapshot, closed: list[str], loaded: tuple[LoadedModel, ...]) -> list[Finding]:
    """Judge the GPUs; `closed` are nodes that this user may not open, `loaded` what Ollama has in memory."""
    settings = snapshot.environment.gpus if snapshot.environment else ()
    pairs = list(zip(snapshot.gpus, settings, strict=False))
    found = [
        *_of_notes(snapshot),
        *(finding for gpu, driven in pairs for finding in of_gpu(gpu, driven, is_in_container(snapshot))),
        *_of_nodes(closed),
        *_of_offload(snapshot, loaded),
    ]
    if found:
        return found
    names = ", ".join(gpu.name for gpu in snapshot.gpus)
    return [ok(Topic.GPU, f"{names}." if names else "None was found: models run on the processor.")]


def _of_notes(snapshot: HardwareSnapshot) -> Iterator[Finding]:
    for note in snapshot.notes:
        if note.source in SOURCES:
            is_broken = note.code == NoteCode.DEVICE_LOST or (note.source, note.code) == ("nvidia", NoteCode.FAILED)
            todo = advice(note, in_container=is_in_container(snapshot))
            yield (problem if is_broken else warning)(Topic.GPU, f"{words_of(note)}.", todo)


def of_gpu(gpu: Gpu, driven: GpuEnvironment, in_container: bool) -> Iterator[Finding]:
    """Judge one GPU, and how it is driven."""
    if gpu.vendor is GpuVendor.NVIDIA:
        yield from _of_nvidia(gpu, driven, in_container)
    if driven.is_mig_enabled and not driven.mig_devices:
        todo = "Make one (sudo nvidia-smi mig -cgi 0 -C), or switch MIG off (sudo nvidia-smi -mig 0)."
        yield problem(Topic.GPU, f"{gpu.name}: MIG is on, and there is no instance to run on.", todo)
    limit, usual = driven.power_limit_w, driven.power_limit_default_w
    if limit and usual and limit < _LIMIT_SHARE * usual:
        told = f"{gpu.name}: its power is limited to {limit:.0f} W of {usual:.0f} W."
        yield warning(Topic.GPU, told, f"If that is not meant: sudo nvidia-smi -pl {usual:.0f} (AMD: rocm-smi).")


def _of_nvidia(gpu: Gpu, driven: GpuEnvironment, in_container: bool) -> Iterator[Finding]:
    if driven.driver == "nvidia" and not driven.driver_version:
        todo = "Install the driver's libraries of the same version (libnvidia-ml.so); nvidia-smi has to work."
        told = f"{gpu.name}: the kernel drives it, and NVIDIA's library is not here."
        yield problem(Topic.GPU, told, "Start the container with --gpus all." if in_container else todo)
    chip, driver = _numbers(gpu.compute_capability), _numbers(driven.driver_version)
    if chip and chip < _OLDEST_CHIP:
        told = f"{gpu.name}: compute capability {gpu.compute_capability}; Ollama uses 5.0 and newer."
        yield warning(Topic.GPU, told, "Nothing helps but another GPU: Ollama runs on the processor.")
        return
    needed = _DRIVER_OF_OLD_CHIPS if chip and chip <= _OLD_CHIP else _DRIVER
    if driver and driver[0] < needed:
        told = f"{gpu.name}: driver {driven.driver_version}; today's Ollama asks for {needed} and newer."
        yield warning(Topic.GPU, told, "Update NVIDIA's driver: Ollama may fall back to the processor without a word.")


def _numbers(text: str | None) -> tuple[int, ...]:
    found = re.match(r"(\d{1,5})\.(\d{1,5})", text or "", re.ASCII)
    return (int(found[1]), int(found[2])) if found else ()


def closed_nodes(snapshot: HardwareSnapshot, may: Callable[[Path], bool] | None = None) -> Iterator[str]:
    """Yield the nodes of AMD's and Intel's GPUs that are there and that this user may not open."""
    vendors = {gpu.vendor for gpu in snapshot.gpus}
    if not vendors & {GpuVendor.AMD, GpuVendor.INTEL}:
        return
    nodes = sorted(Path("/dev/dri").glob("renderD*")) if Path("/dev/dri").is_dir() else []
    compute = [Path("/dev/kfd")] if GpuVendor.AMD in vendors else []
    for node in (*compute, *nodes):
        if node.exists() and not (may or _may_use)(node):
            yield str(node)


def _may_use(node: Path) -> bool:
    return os.access(node, os.R_OK | os.W_OK)


def _of_nodes(closed: list[str]) -> Iterator[Finding]:
    if closed:
        todo = "If Ollama runs as this user: sudo usermod -aG render,video $USER, then sign in again."
        yield warning(Topic.GPU, f"This user may not open {', '.join(closed)}.", todo)


def _of_offload(snapshot: HardwareSnapshot, loaded: tuple[LoadedModel, ...]) -> Iterator[Finding]:
    """A GPU that is there, and a model in memory that is not on it at all."""
    able = [gpu.name for gpu in snapshot.gpus if gpu.is_integrated is not True or gpu.vendor is GpuVendor.APPLE]
    beside = [model.name for model in loaded if model.size_bytes and not model.size_vram_bytes]
    if able and beside and len(beside) == len(loaded):
        told = f"Ollama runs {', '.join(beside)} on the processor, beside {able[0]}."
        todo = "Ollama's log says why (journalctl -u ollama); num_gpu 0 or CUDA_VISIBLE_DEVICES=-1 would do it, too."
        yield warning(Topic.GPU, told, todo)
    if not snapshot.gpus and any(model.size_vram_bytes for model in loaded):
        told = "Ollama has a model on a GPU that this client does not see: its load and energy stay unknown."
        todo = "Run the client where the GPU can be seen: beside Ollama, or in a container with the same devices."
        yield warning(Topic.GPU, told, todo)
