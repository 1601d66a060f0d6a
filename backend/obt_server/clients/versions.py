"""Whether a client's release and this server's get along: by the protocol that each speaks. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from obt_core.wire import PROTOCOL_VERSION
from obt_server import __version__

KEY_ROTATION_PROTOCOL = 2
"""Since it, clients know how to take another key."""
CLIENT_PROTOCOL_MIN = 1
"""Clients below it are heard, and given no work."""
_NUMBER = re.compile(r"\d+(?:\.\d+)*", re.ASCII)
_UPGRADE = {
    "windows": "irm http://SERVER:8881/install.ps1 | iex",
    "": "curl -fsSL http://SERVER:8881/install.sh | sh",
}
"""By operating system: the line that installed the client, which upgrades it too."""


class VersionState(StrEnum):
    """How a client's release stands to this server's. One that is `too_old` or `too_new` is given no work."""

    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"


@dataclass(frozen=True, slots=True)
class Release:
    """What a client says of itself. `server_protocol_min` is the oldest server that it works with."""

    version: str
    protocol: int = PROTOCOL_VERSION
    server_protocol_min: int = 1

    @property
    def state(self) -> VersionState:
        """Judge it. What is not written like a version is judged by its protocol alone."""
        return _judged(self)


@lru_cache(maxsize=1_000)
def _judged(release: Release) -> VersionState:
    if release.protocol < CLIENT_PROTOCOL_MIN:
        return VersionState.TOO_OLD
    if release.server_protocol_min > PROTOCOL_VERSION:
        return VersionState.TOO_NEW
    own = (PROTOCOL_VERSION, _numbers(__version__) or ())
    numbers = _numbers(release.version)
    its = (release.protocol, own[1] if numbers is None else numbers)
    return VersionState.CURRENT if its == own else VersionState.OLDER if its < own else VersionState.NEWER


def _numbers(version: str) -> tuple[int, ...] | None:
    """Its numbers, without zeros at the end: 1.2 and 1.2.0 are one release. None where it begins with none."""
    found = _NUMBER.match(version[:100])
    if found is None:
        return None
    numbers = [int(part) for part in found.group().split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def how_to_upgrade(operating_system: str) -> str:
    """Return the sentence with the line that upgrades a client."""
    line = _UPGRADE.get(operating_system.lower(), _UPGRADE[""])
    return f"Upgrade it on its machine (SERVER: this server's address): {line}"


@lru_cache(maxsize=1_000)
def advice(state: VersionState, operating_system: str) -> str | None:
    """Return what to do about a client's release, None where there is nothing to do."""
    upgrade = how_to_upgrade(operating_system)
    return {
        VersionState.CURRENT: None,
        VersionState.OLDER: f"It works, without what later releases bring. {upgrade}",
        VersionState.NEWER: "It works; what only its release knows is left out here. Upgrade this server.",
        VersionState.TOO_OLD: f"It is given no work: this server no longer knows its protocol. {upgrade}",
        VersionState.TOO_NEW: "It is given no work: it needs a newer server. Upgrade this server.",
    }[state]
