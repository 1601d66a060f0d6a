"""What to do about what could not be learnt of a machine: one sentence for a note, one for a silent gap. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from obt_core.hardware import DetectionNote, HardwareSnapshot, NoteCode
from obt_core.machine_environment import MachineEnvironment, Power

_WORDS = {
    NoteCode.TIMED_OUT: "no answer in time",
    NoteCode.PERMISSION_DENIED: "not to be read by this user",
    NoteCode.UNREADABLE: "told nothing that could be understood",
    NoteCode.FAILED: "failed",
    NoteCode.DRIVER_MISSING: "no driver",
    NoteCode.DEVICE_LOST: "lost",
    NoteCode.NOT_ACCESSIBLE: "there, but not for this process",
}
_NAMES = {
    "amd": "AMD's GPUs",
    "amd-library": "AMD's library",
    "amd-tools": "AMD's tools",
    "boundary": "virtual machine and container",
    "disk": "disk of the models",
    "gpu-details": "AMD's GPUs",
    "gpus": "GPUs",
    "intel": "Intel's GPUs",
    "intel-tools": "Intel's tools",
    "kernel-cpu": "processor",
    "library-cpu": "processor, by py-cpuinfo",
    "memory-bytes": "size of the memory",
    "npus": "NPUs",
    "nvidia": "NVIDIA's driver",
    "pci": "GPU on the bus",
    "windows": "Windows' management (WMI)",
}
"""Of sources whose name says nothing to a person."""
_BY_CODE = {
    NoteCode.TIMED_OUT: (
        "Ask again; if it stays silent, its driver hangs, and a restart of the machine is the usual cure."
    ),
    NoteCode.PERMISSION_DENIED: (
        "Give this user the right: sudo usermod -aG render,video $USER, then sign in again; for other files: as root."
    ),
    NoteCode.UNREADABLE: "Run the tool by hand: it may print an error; if not, update it, or this client.",
    NoteCode.FAILED: "Nothing else depends on it. A tool, run by hand, says why; else please report it to OBT.",
    NoteCode.DRIVER_MISSING: "Install or load its driver; without one Ollama does not use it.",
    NoteCode.DEVICE_LOST: "Restart the machine; if it comes again, look at power cables, slot and dmesg.",
    NoteCode.NOT_ACCESSIBLE: "Look whether its driver is loaded and its node is there: ls -l /dev/dri /dev/kfd.",
}
_IN_CONTAINER = {
    "nvidia": "Start the container with --gpus all (NVIDIA Container Toolkit).",
    "amd": "Start the container with --device /dev/kfd --device /dev/dri.",
    "pci": "Start the container with --device /dev/dri, for AMD also --device /dev/kfd, for NVIDIA --gpus all.",
}
_BY_SOURCE = {
    ("disk", NoteCode.FAILED): (
        "Nothing to do: the models lie on a filesystem without a disk of its own, as in a container or on a network."
    ),
    ("windows", NoteCode.DRIVER_MISSING): "Install what is missing beside the client: pip install pywin32 wmi.",
    ("nvidia", NoteCode.FAILED): "Run nvidia-smi: it says what is wrong with the driver.",
    ("nvidia", NoteCode.NOT_ACCESSIBLE): (
        "The driver does not list it: it may be given to a virtual machine (vfio), or need a restart; see nvidia-smi."
    ),
}
_MISMATCH = "The driver was updated while it ran: restart the machine, so that module and library are one version."


@dataclass(frozen=True, slots=True)
class Unlearnt:
    """Something of a machine that is not known, why, and what to do about it."""

    what: str
    todo: str


def unlearnt(snapshot: HardwareSnapshot) -> list[Unlearnt]:
    """Return all that could not be learnt: what the notes say, then what no source told."""
    in_container = is_in_container(snapshot)
    noted = [Unlearnt(words_of(note), advice(note, in_container=in_container)) for note in snapshot.notes]
    return [*noted, *_gaps(snapshot, in_container=in_container)]


def is_in_container(snapshot: HardwareSnapshot) -> bool:
    """Whether detection ran in a container, as far as it is known."""
    environment = snapshot.environment or MachineEnvironment()
    return environment.container not in {None, "none"}


def is_harmless(note: DetectionNote) -> bool:
    """Whether nobody can do anything about it, and nothing hangs on it."""
    return (note.source, note.code) == ("disk", NoteCode.FAILED)


def words_of(note: DetectionNote) -> str:
    """Return a note as words; a code of a newer release stands for itself."""
    known = next((words for code, words in _WORDS.items() if code == note.code), note.code.replace("_", " "))
    return f"{_NAMES.get(note.source, note.source)}: {known}" + (f" ({note.detail})" if note.detail else "")


def advice(note: DetectionNote, *, in_container: bool) -> str:
    """Return the next step."""
    if note.source == "nvidia" and "mismatch" in note.detail.lower():
        return _MISMATCH
    if in_container and note.code == NoteCode.NOT_ACCESSIBLE and note.source in _IN_CONTAINER:
        return _IN_CONTAINER[note.source]
    told = {(source, str(code)): text for (source, code), text in _BY_SOURCE.items()}
    general = {str(code): text for code, text in _BY_CODE.items()}
    return told.get((note.source, note.code)) or general.get(note.code) or "A newer client wrote this: update this one."


def _gaps(snapshot: HardwareSnapshot, *, in_container: bool) -> Iterator[Unlearnt]:
    memory, cpu = snapshot.memory, snapshot.cpu
    if snapshot.os == "Linux" and memory and memory.kind is None and memory.speed_mt_per_s is None:
        outside = "Linux tells them to users from systemd 248 on, outside of containers and most virtual machines."
        yield Unlearnt("type and speed of the memory are not told", outside)
    if cpu is None or cpu.max_mhz is None:
        virtual = "Nothing to do: virtual machines and some systems hide them; the present one is asked in each job."
        yield Unlearnt("the processor's highest frequency is not told", virtual)
    if not snapshot.gpus:
        todo = _IN_CONTAINER["pci"] if in_container else _BY_CODE[NoteCode.DRIVER_MISSING]
        yield Unlearnt("no GPU was found", f"If there is one: {todo[0].lower()}{todo[1:]}")
    power = snapshot.environment.power if snapshot.environment else None
    if power is None or power == Power():
        yield Unlearnt(
            "how it is powered and governed is not told", "Nothing to do: most virtual machines do not know."
        )
