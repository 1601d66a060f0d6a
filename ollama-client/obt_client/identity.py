"""Who this client is: its ID, its key, and the nonce by which the server knows a repeated enrolment."""

import re
import secrets
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from obt_client.config import Settings
from obt_client.files import make_private_dir, write_atomically
from obt_core.wire import ClientId, Label, WireModel

IDENTITY_FILE = "identity.json"
_LOCK = "client.lock"
_NONCE_BYTES = 32
_SUFFIX_BYTES = 3
_SLUG_CHARS_MAX = 40


class IdentityError(Exception):
    """The identity cannot be read, written or used; the text says why, and what to do."""


class Identity(WireModel):
    """What is kept in the data directory, mode 0600. Without a `key` the enrolment has not been answered yet."""

    client_id: ClientId
    name: Label
    server_url: str
    nonce: str
    key: str | None = None
    next_key: str | None = None
    """One that the server told, and of which it is not known yet whether it is good: `key` is good until it is."""
    heartbeat_interval_s: float | None = None
    server_ca: str | None = None
    server_pin: str | None = None
    """How the server was known when this machine enrolled: the service that runs later has other settings."""

    def keys(self) -> dict[str, str | None]:
        """Return what to sign with, as `Server` takes it."""
        return {"key": self.key, "next_key": self.next_key}

    def __repr__(self) -> str:
        return f"Identity({self.client_id!r} at {self.server_url!r})"


def lock_data_dir(settings: Settings) -> FileLock:
    """Take the data directory for this process; the lock ends with it. Raises IdentityError if another one has it."""
    folder = settings.data_dir
    lock = FileLock(folder / _LOCK)
    try:
        make_private_dir(folder)
        lock.acquire(blocking=False)
    except Timeout:
        raise IdentityError(
            f"Another obt-client uses {folder}. Stop it, or give this one a folder of its own: OBT_CLIENT_DATA_DIR."
        ) from None
    except OSError as error:
        raise IdentityError(f"The data directory {folder} (OBT_CLIENT_DATA_DIR) cannot be used: {error}") from None
    return lock


def read_identity(data_dir: Path) -> Identity | None:
    """Return the identity in the data directory, None where there is none yet. Raises IdentityError."""
    path = data_dir / IDENTITY_FILE
    try:
        return Identity.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise IdentityError(f"{path} is damaged. Remove it and enrol this machine again.") from None
    except OSError as error:
        raise IdentityError(f"{path} cannot be read: {error}") from None


def write_identity(data_dir: Path, identity: Identity) -> None:
    """Keep the identity. Raises IdentityError."""
    try:
        make_private_dir(data_dir)
        write_atomically(data_dir / IDENTITY_FILE, identity.model_dump_json())
    except OSError as error:
        raise IdentityError(f"{data_dir / IDENTITY_FILE} cannot be written: {error}") from None


def forget_identity(data_dir: Path) -> None:
    """Remove the identity; the next enrolment makes another. Raises IdentityError."""
    try:
        (data_dir / IDENTITY_FILE).unlink(missing_ok=True)
    except OSError as error:
        raise IdentityError(f"{data_dir / IDENTITY_FILE} cannot be removed: {error}") from None


def prepare_identity(settings: Settings) -> Identity:
    """Return the identity to enrol with, written down before it is sent.

    One whose enrolment was not answered is taken again, nonce and all: the server may have stored it. Raises
    IdentityError.
    """
    begun = read_identity(settings.data_dir)
    if begun and not begun.key and _still_wanted(begun, settings):
        return begun
    identity = Identity(
        client_id=settings.client_id or _new_client_id(settings.client_name),
        name=settings.client_name,
        server_url=settings.server_url,
        server_ca=str(settings.server_ca.absolute()) if settings.server_ca else None,
        server_pin=settings.server_pin,
        nonce=secrets.token_urlsafe(_NONCE_BYTES),
    )
    write_identity(settings.data_dir, identity)
    return identity


def _still_wanted(begun: Identity, settings: Settings) -> bool:
    same_id = settings.client_id in {None, begun.client_id}
    return same_id and begun.server_url == settings.server_url and begun.name == settings.client_name


def _new_client_id(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_SLUG_CHARS_MAX].strip("-")
    return f"{slug or 'client'}-{secrets.token_hex(_SUFFIX_BYTES)}"
