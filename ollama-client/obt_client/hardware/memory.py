"""The memory: its size as the system gives it, and its modules where they are told without administrator's rights."""

import re

import psutil

from obt_client.hardware.facts import count, size_bytes, some_fact
from obt_client.hardware.host import Host
from obt_core.hardware import Memory

_UDEV = "run/udev/data/+dmi:id"
_DEVICE = re.compile(r"^E:(MEMORY_DEVICE_\d{1,4})_(SIZE|TYPE|SPEED_MTS|CONFIGURED_SPEED_MTS)=(.*)$", re.ASCII)


def read_memory_bytes(_: Host) -> int:
    """Return the size of the machine's memory, in bytes."""
    return psutil.virtual_memory().total


def read_linux_memory(host: Host) -> Memory:
    """Return the modules from udev's database, which systemd 248 and later fill from SMBIOS and anybody may read."""
    return parse_udev_dmi(host.read(_UDEV) or "")


def parse_udev_dmi(text: str) -> Memory:
    """Read what `dmi_memory_id` stored: one group of lines a slot, an empty slot without a size."""
    slots: dict[str, dict[str, str]] = {}
    for line in text.splitlines()[:20_000]:
        if match := _DEVICE.match(line):
            slots.setdefault(match[1], {})[match[2]] = match[3]
    return memory_of_modules(
        [
            (slot.get("TYPE"), slot.get("CONFIGURED_SPEED_MTS") or slot.get("SPEED_MTS"))
            for slot in slots.values()
            if size_bytes(slot.get("SIZE"))
        ]
    )


def memory_of_modules(modules: list[tuple[object, object]]) -> Memory:
    """Sum up modules, each a kind and a speed. Kinds that differ are all named; of speeds the slowest counts."""
    kinds = {kind for told, _ in modules if (kind := some_fact(told))}
    speeds = [speed for _, told in modules if (speed := count(told, 1, 1_000_000))]
    return Memory(
        kind=some_fact(", ".join(sorted(kinds))),
        speed_mt_per_s=min(speeds, default=None),
        modules=count(len(modules), 1, 1_024),
    )
