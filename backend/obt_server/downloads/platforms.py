"""The platforms that clients run on: which wheels fit there, and how their markers are judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""What the install scripts look for; all of them CPython."""
_GLIBC_MINOR = 28
"""Wheels for a newer glibc than 2.28 (Debian 10, RHEL 8) are not fetched."""
_MUSL_MINOR = 2
_MACOS = (12, 0)
"""Wheels for a newer macOS are not fetched."""
_OLD_MANYLINUX = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
"""The earlier names of manylinux_2_17 and so on (PEP 600)."""


@dataclass(frozen=True)
class Platform:
    """One kind of machine. `tags` are the platform tags of its wheels, the most wanted first (PEP 425)."""

    name: str
    tags: tuple[str, ...]
    sys_platform: str
    machine: str

    @property
    def system(self) -> str:
        """What `platform.system()` says there."""
        return {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[self.sys_platform]


@dataclass(frozen=True)
class Target:
    """One platform with one Python, such as linux-x86_64 with 3.12."""

    platform: Platform
    python: str

    def __str__(self) -> str:
        return f"{self.platform.name} with Python {self.python}"

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """Every tag that a wheel may have to be installed there."""
        version = tuple(int(part) for part in self.python.split("."))
        interpreter, platforms = "cp" + "".join(self.python.split(".")), self.platform.tags
        return frozenset(
            (*cpython_tags(version, platforms=platforms), *compatible_tags(version, interpreter, platforms))
        )

    @property
    def markers(self) -> dict[str, str]:
        """The environment in which markers are judged (PEP 508); pip judges them for its own machine only."""
        return {
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "os_name": "nt" if self.platform.sys_platform == "win32" else "posix",
            "sys_platform": self.platform.sys_platform,
            "platform_system": self.platform.system,
            "platform_machine": self.platform.machine,
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
        }


def _manylinux(machine: str) -> Iterator[str]:
    for minor in range(_GLIBC_MINOR, 4, -1):
        yield f"manylinux_2_{minor}_{machine}"
        if minor in _OLD_MANYLINUX:
            yield f"{_OLD_MANYLINUX[minor]}_{machine}"
    yield f"linux_{machine}"


def _musllinux(machine: str) -> Iterator[str]:
    for minor in range(_MUSL_MINOR, -1, -1):
        yield f"musllinux_1_{minor}_{machine}"
    yield f"linux_{machine}"


def _all() -> Iterator[Platform]:
    for machine in ("x86_64", "aarch64"):
        yield Platform(f"linux-{machine}", tuple(_manylinux(machine)), "linux", machine)
    for machine in ("x86_64", "aarch64"):
        yield Platform(f"linux-musl-{machine}", tuple(_musllinux(machine)), "linux", machine)
    for machine in ("arm64", "x86_64"):
        yield Platform(f"macos-{machine}", tuple(mac_platforms(_MACOS, machine)), "darwin", machine)
    yield Platform("windows-x86_64", ("win_amd64",), "win32", "AMD64")
    yield Platform("windows-arm64", ("win_arm64",), "win32", "ARM64")


PLATFORMS = {platform.name: platform for platform in _all()}
ALL_TARGETS = tuple(Target(platform, python) for platform in PLATFORMS.values() for python in PYTHONS)
