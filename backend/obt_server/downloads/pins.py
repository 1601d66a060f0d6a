"""The client's third-party packages, pinned: what its hashed requirements say, and which wheels are among them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from obt_server.downloads.platforms import Target

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """One package in one version, with the SHA-256 of each of its files; a marker says where it is needed."""

    name: str
    version: str
    marker: Marker | None
    hashes: frozenset[str]

    def is_needed_on(self, target: Target) -> bool:
        """Judge the marker as that machine would."""
        return self.marker is None or self.marker.evaluate(dict(target.markers))

    def line(self) -> str:
        """Return the pin for pip, without its marker: it was judged already."""
        return " ".join([f"{self.name}=={self.version}", *(f"--hash=sha256:{text}" for text in sorted(self.hashes))])


@dataclass(frozen=True)
class Wheel:
    """A wheel that is here."""

    path: Path
    sha256: str

    @property
    def is_pure(self) -> bool:
        """Whether it holds no code of one platform."""
        return self.path.name.endswith("-any.whl")

    def fulfils(self, pin: Pin, target: Target) -> bool:
        """Whether it is a file of that pin, and can be installed there."""
        if self.sha256 not in pin.hashes:
            return False
        try:
            name, version, _, tags = parse_wheel_filename(self.path.name)
        except InvalidWheelFilename:
            return False
        return name == pin.name and str(version) == pin.version and not tags.isdisjoint(target.tags)


def parse(text: str) -> tuple[Pin, ...]:
    """Read hashed requirements, as `uv pip compile --generate-hashes` writes them. Raises InvalidRequirement."""
    lines = text.replace("\\\n", " ").splitlines()
    return tuple(_pin(line) for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _pin(line: str) -> Pin:
    requirement = Requirement(line.partition("--hash=")[0].strip())
    (exactly,) = requirement.specifier
    hashes = frozenset(_HASH.findall(line))
    return Pin(canonicalize_name(requirement.name), exactly.version, requirement.marker, hashes)


def needed(pins: Iterable[Pin], target: Target) -> Iterator[Pin]:
    """Yield the pins that are needed on one kind of machine."""
    return (pin for pin in pins if pin.is_needed_on(target))


def missing(pins: Iterable[Pin], wheels: Iterable[Wheel], target: Target) -> list[Pin]:
    """Return the pins that are needed there and of which no wheel is here."""
    here = list(wheels)
    return [pin for pin in needed(pins, target) if not any(wheel.fulfils(pin, target) for wheel in here)]
