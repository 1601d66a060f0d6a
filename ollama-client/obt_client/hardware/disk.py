"""The disk that holds Ollama's models: its kind and size, and what is free on it."""

import os
import plistlib
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from obt_client.hardware.facts import count, size_bytes, some_fact, table
from obt_client.hardware.host import Host
from obt_core.hardware import DiskKind, ModelDisk, NoteCode

SOURCE = "disk"
_SERVICE_FOLDERS = ("usr/share/ollama/.ollama/models", "var/lib/ollama/models", "var/lib/ollama/.ollama/models")
"""Where Ollama keeps models when it runs as a service: docs/linux.md and docs/faq.md of Ollama, and distributions."""
_DEPTH_MAX = 8


@dataclass(frozen=True)
class FoundDisk:
    """The disk, and the bytes free on it."""

    disk: ModelDisk = field(default_factory=ModelDisk)
    free_bytes: int | None = None


def models_folder(host: Host) -> Path:
    """Return the folder that probably holds the models: the setting, else the first usual place that exists."""
    if told := host.environ.get("OLLAMA_MODELS"):
        return host.path(told) if host.system != "Windows" else Path(told)
    usual = [host.home / ".ollama/models", *(host.path(folder) for folder in _SERVICE_FOLDERS)]
    return next((folder for folder in usual if _is_folder(folder)), usual[0])


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def existing_parent(path: Path) -> Path:
    """Return the nearest folder at or above `path` that exists: the models will lie on its disk."""
    return next((folder for folder in (path, *path.parents) if _is_folder(folder)), Path(path.anchor or "/"))


def free_bytes(folder: Path) -> int | None:
    """Return the bytes free for a user on the folder's filesystem."""
    try:
        return size_bytes(shutil.disk_usage(folder).free)
    except OSError:
        return None


def read_linux_disk(host: Host) -> FoundDisk:
    """Return the disk under the models' folder, from the mount table and sysfs."""
    folder = existing_parent(models_folder(host))
    try:
        device = folder.stat().st_dev
    except OSError:
        host.note(SOURCE, NoteCode.FAILED, "no folder for models")
        return FoundDisk()
    number = f"{os.major(device)}:{os.minor(device)}"
    return FoundDisk(disk_of_device(host, number), free_bytes(folder))


def disk_of_device(host: Host, number: str) -> ModelDisk:
    """Return what sysfs tells of the block device with `number` (`259:2`), or of what is mounted under that number.

    btrfs, ZFS and overlay filesystems have numbers of their own: the mount table names their device, if any.
    """
    filesystem, source = parse_mountinfo(host.read("proc/self/mountinfo") or "").get(number, (None, ""))
    block = _resolved(host.path(f"sys/dev/block/{number}"))
    if block is None and source.startswith("/dev/"):
        block = _resolved(host.path(f"sys/class/block/{Path(source).name}"))
    whole = _whole_disk(host, block) if block else None
    if whole is None:
        host.note(SOURCE, NoteCode.FAILED, f"no block device behind {filesystem or 'the models'}")
        return ModelDisk(filesystem=filesystem)
    sectors = count(host.read(whole / "size"), 1, 2**53)
    return ModelDisk(kind=_kind(host, whole), size_bytes=sectors and sectors * 512, filesystem=filesystem)


def _resolved(path: Path) -> Path | None:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None


def _whole_disk(host: Host, block: Path, depth: int = 0) -> Path | None:
    """Go from a partition to its disk, and through encryption, volumes and RAID to the first disk below."""
    if depth > _DEPTH_MAX:
        return None
    if (block / "partition").exists():
        return _whole_disk(host, block.parent, depth + 1)
    below = [found for entry in host.entries(block / "slaves") if (found := _resolved(entry))]
    return _whole_disk(host, below[0], depth + 1) if below else block


def _kind(host: Host, disk: Path) -> DiskKind | None:
    """Virtual disks say `rotational` of themselves without knowing: of them nothing is told."""
    if disk.name.startswith("nvme"):
        return DiskKind.NVME
    if disk.name.startswith(("vd", "xvd", "loop", "zram", "ram", "nbd", "rbd")):
        return None
    return {"0": DiskKind.SSD, "1": DiskKind.HDD}.get(host.read(disk / "queue/rotational") or "")


def parse_mountinfo(text: str) -> dict[str, tuple[str | None, str]]:
    """Return filesystem and source by device number. Format: proc_pid_mountinfo(5)."""
    found: dict[str, tuple[str | None, str]] = {}
    for line in text.splitlines()[:10_000]:
        before, separator, after = line.partition(" - ")
        left, right = before.split(), after.split()
        if separator and len(left) > 4 and len(right) > 1 and re.fullmatch(r"\d+:\d+", left[2], re.ASCII):
            found.setdefault(left[2], (some_fact(right[0]), right[1]))
    return found


def parse_diskutil(text: str) -> ModelDisk:
    """Read `diskutil info -plist`: BusProtocol is `Apple Fabric` or `PCI-Express` for NVMe."""
    try:
        told = table(plistlib.loads(text.encode()))
    except Exception:  # noqa: BLE001 - expat and plistlib raise what they like at text that is no plist
        return ModelDisk()
    bus, is_solid = told.get("busprotocol"), told.get("solidstate")
    kind = DiskKind.SSD if is_solid is True else DiskKind.HDD if is_solid is False else None
    if bus in {"Apple Fabric", "PCI-Express", "PCI"} and is_solid is not False:
        kind = DiskKind.NVME
    return ModelDisk(
        kind=kind,
        size_bytes=size_bytes(told.get("totalsize") or told.get("size")),
        filesystem=some_fact(told.get("filesystemtype")),
    )


def read_mac_disk(host: Host) -> FoundDisk:
    """Return the disk under the models' folder, from `diskutil`."""
    folder = existing_parent(models_folder(host))
    return FoundDisk(
        parse_diskutil(host.tool(SOURCE, "diskutil", "info", "-plist", str(folder)) or ""), free_bytes(folder)
    )
