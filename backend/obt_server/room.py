"""How much room the disks have that this server writes to, and what it does not take on where that is little.

A disk is not to be filled by what may wait: who asks for new measurements is told before it is full, and what was
measured already still has its room.
"""

import asyncio
import shutil
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import structlog
from fastapi import Depends
from starlette.requests import HTTPConnection

from obt_server.config import Settings
from obt_server.errors import ObtError

log = structlog.get_logger()
MB = 1_000_000
LOOK_EVERY_S = 10.0
NEARLY_FULL = "disk_nearly_full"


class Disk(StrEnum):
    """What stands on it."""

    DATABASE = "database"
    ARCHIVE = "archive"


class NearlyFullError(ObtError):
    """The disk has room for what was measured, and not for more."""

    status = 503
    code = NEARLY_FULL
    headers: Mapping[str, str] = {"Retry-After": "60"}

    def __init__(self) -> None:
        super().__init__(
            "The disk of the database is nearly full (OBT_DISK_FREE_MIN_MB): nothing new is measured or uploaded until "
            "somebody makes room. What was asked for before goes on."
        )


class Room:
    """What was free when it was last looked, in bytes. A disk that cannot be looked at is none that is short."""

    def __init__(self, settings: Settings) -> None:
        self.least_bytes = settings.disk_free_min_mb * MB
        self.free_bytes: dict[Disk, int] = {}
        self._folders = _folders(settings)
        self._short: list[Disk] = []

    async def look(self) -> None:
        """Look in a thread, since the disk may be one of a network; say once that one is short, or is not any more."""
        self.free_bytes = await asyncio.to_thread(_free, self._folders)
        short = [disk for disk, free in self.free_bytes.items() if free < self.least_bytes]
        if short != self._short:
            told = {str(disk): free // MB for disk, free in self.free_bytes.items()}
            say, event = (log.warning, NEARLY_FULL) if short else (log.info, "disk_has_room_again")
            say(event, disks=[str(disk) for disk in short], free_mb=told, least_mb=self.least_bytes // MB)
        self._short = short

    def is_short(self, *disks: Disk) -> bool:
        """Whether one of them has too little; no disk named: any."""
        return any(disk in self._short for disk in disks or Disk)

    def want(self) -> None:
        """Raise NearlyFullError where nothing new is to be taken on."""
        if self.is_short(Disk.DATABASE):
            raise NearlyFullError


def _folders(settings: Settings) -> dict[Disk, Path]:
    """PostgreSQL's disk is its own: it cannot be seen from here."""
    found = {Disk.DATABASE: settings.data_dir} if settings.database_url is None else {}
    return found | ({Disk.ARCHIVE: settings.archive_folder} if settings.archive else {})


def _free(folders: Mapping[Disk, Path]) -> dict[Disk, int]:
    found: dict[Disk, int] = {}
    for disk, folder in folders.items():
        there = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), None)
        try:
            found |= {disk: shutil.disk_usage(there).free} if there else {}
        except OSError as error:
            log.debug("disk_not_looked_at", disk=str(disk), error=str(error))
    return found


def _want_room(connection: HTTPConnection) -> None:
    connection.app.state.room.want()


NEEDS_ROOM = Depends(_want_room)
"""Of a route by which much that is new begins."""
