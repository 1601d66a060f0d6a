"""The client's own folder: may it be written, by nobody else, is there room, and what waits in it."""

import os
import shutil
import stat
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from obt_client.agent.job_folder import OUTCOME_FILE, Refusal
from obt_client.agent.outbox import DEAD_LETTERS, OUTBOX, REASON_FILE
from obt_client.daemon import in_daemon
from obt_client.doctor.findings import Finding, Topic, ok, problem, warning
from obt_client.doctor.patient import Patient
from obt_client.hardware.disk import existing_parent
from obt_client.identity import IDENTITY_FILE

_MIB = 2**20
ROOM_LEAST_BYTES = 50 * _MIB
"""A long job with telemetry takes a few megabytes; below this, not even one is certain to fit."""
ROOM_WANTED_BYTES = 500 * _MIB
WAITS_LONG_S = 600.0
"""A result that is this old and still here is not on its way."""
_PROBE_BYTES = 65_536
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


async def _where_readable(look: Callable[[], list[Finding]]) -> list[Finding]:
    """That a folder is somebody else's is said once, by `check_data`."""
    try:
        return await in_daemon(look)
    except PermissionError:
        return []


async def check_data(patient: Patient) -> list[Finding]:
    """Whether the folder can be written."""
    return [await in_daemon(lambda: of_folder(patient.settings.data_dir))]


def of_folder(folder: Path) -> Finding:
    """Judge a folder by writing into it; one that is not there yet, by whether it could be made."""
    todo = "Give it to this user (chown), or choose another one: OBT_CLIENT_DATA_DIR."
    try:
        if not folder.exists():
            return _of_parent(existing_parent(folder), folder, todo)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * _PROBE_BYTES)
            file.flush()
    except OSError as error:
        return problem(Topic.DATA, f"{folder} cannot be written: {error.strerror or error}.", todo)
    return ok(Topic.DATA, f"{folder} can be written.")


def _of_parent(parent: Path, folder: Path, todo: str) -> Finding:
    is_effective = os.access in os.supports_effective_ids
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK, effective_ids=is_effective):
        return ok(Topic.DATA, f"{folder} is not there yet, and will be made.")
    return problem(Topic.DATA, f"{folder} cannot be made: {parent} may not be written.", todo)


async def check_privacy(patient: Patient) -> list[Finding]:
    """Whether nobody else may read the key."""
    return [] if os.name == "nt" else await _where_readable(lambda: of_modes(patient.settings.data_dir))


def of_modes(folder: Path) -> list[Finding]:
    """Judge the modes of the folder (0700) and of the file with the key (0600); nothing where there are none."""
    found: list[Finding] = []
    if (mode := _open_to_others(folder / IDENTITY_FILE)) is not None:
        file = folder / IDENTITY_FILE
        found.append(problem(Topic.PRIVACY, f"Others may read this client's key ({mode:04o}).", f"chmod 600 {file}"))
    if (mode := _open_to_others(folder)) is not None:
        told = f"Others may look into the data folder ({mode:04o})."
        found.append(warning(Topic.PRIVACY, told, f"chmod 700 {folder}"))
    return found or ([ok(Topic.PRIVACY, "Data folder and key are this user's alone.")] if folder.exists() else [])


def _open_to_others(path: Path) -> int | None:
    """The mode of what is not its owner's alone; None where it is, or is not there."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
    return mode if mode & _OTHERS else None


async def check_room(patient: Patient) -> list[Finding]:
    """Whether results fit."""
    folder = patient.settings.data_dir
    return [of_room(await in_daemon(lambda: shutil.disk_usage(existing_parent(folder)).free))]


def of_room(free_bytes: int) -> Finding:
    """Judge the room for results, in bytes."""
    told = f"{free_bytes / 2**30:,.1f} GiB free" if free_bytes >= 2**30 else f"{free_bytes // _MIB} MiB free"
    if free_bytes < ROOM_LEAST_BYTES:
        return problem(Topic.ROOM, f"{told}: results may not fit.", "Free the disk, or set OBT_CLIENT_DATA_DIR.")
    if free_bytes < ROOM_WANTED_BYTES:
        return warning(Topic.ROOM, f"{told} for results.", "Free the disk, or set OBT_CLIENT_DATA_DIR.")
    return ok(Topic.ROOM, f"{told} for results.")


async def check_outbox(patient: Patient) -> list[Finding]:
    """Whether results wait that should be with the server."""
    return await _where_readable(lambda: [of_outbox(patient.settings.data_dir / OUTBOX, time.time())])


def of_outbox(folder: Path, now_s: float) -> Finding:
    """Judge what waits: a result that has ended and is here for long. `now_s` is in seconds since 1970."""
    ended = [file.stat().st_mtime for file in folder.glob(f"*/{OUTCOME_FILE}")]
    jobs = sum(1 for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else 0
    if not jobs:
        return ok(Topic.OUTBOX, "Nothing waits for the server.")
    told = f"{jobs} {'job waits' if jobs == 1 else 'jobs wait'} for the server."
    if not ended or now_s - min(ended) < WAITS_LONG_S:
        return ok(Topic.OUTBOX, told)
    todo = "Start the client (obt-client run): it delivers first. If it runs, the lines about the server say more."
    return warning(Topic.OUTBOX, f"{told} The oldest ended {(now_s - min(ended)) / 3600:,.1f} hours ago.", todo)


async def check_dead_letters(patient: Patient) -> list[Finding]:
    """Whether the server refused results for good."""
    return await _where_readable(lambda: [of_dead_letters(patient.settings.data_dir / DEAD_LETTERS)])


def of_dead_letters(folder: Path) -> Finding:
    """Judge the folder of what was set aside, by the server's reasons."""
    letters = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    if not letters:
        return ok(Topic.DEAD_LETTERS, "The server refused nothing.")
    reasons = Counter(_reason_of(path) for path in letters).most_common(3)
    told = f"{len(letters)} set aside: {', '.join(f'{count} {reason}' for reason, count in reasons)}."
    todo = f"See {REASON_FILE} in each folder of {folder} for why, then remove what is not wanted."
    return warning(Topic.DEAD_LETTERS, told, todo)


def _reason_of(letter: Path) -> str:
    try:
        return Refusal.model_validate_json((letter / REASON_FILE).read_bytes()).code or "without a reason"
    except (OSError, ValidationError):
        return "damaged on disk"
