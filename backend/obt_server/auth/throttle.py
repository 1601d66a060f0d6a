"""Guessing passwords is slowed down, on all servers together, and nobody is locked out by somebody else's guesses.

Each attempt is written down before the password is looked at, so that many at once are not free. It counts against the
address that it comes from and against the name that it tries; the longer a series of wrong ones, the longer the wait.
Addresses where the person is signed in have a count of their own for that name: a guesser elsewhere does not slow down
whom it concerns. Links are 256 random bits and need none of this.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.auth.tables import SignInAttemptRow
from obt_server.db import lock
from obt_server.errors import ObtError

WINDOW = timedelta(hours=1)
"""Older attempts are forgotten."""
_NAMES_OF_AN_ADDRESS = 4
"""An office has one address: so many times the guesses of one name are free there."""
_LOCK = 881_006


class TooManyAttemptsError(ObtError):
    """Too many wrong passwords; the right one will do after a while, or a link now."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            f"Too many wrong passwords. Try again in {wait_s} s, or use the link that `obt-server link` prints."
        )
        self.headers = {"Retry-After": str(wait_s)}


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was written down. `keys` are what it counts against."""

    keys: tuple[str, ...]
    ids: tuple[UUID, ...]


def keys_of(name_folded: str, address: str, known_addresses: Iterable[str], guesses: int) -> dict[str, int]:
    """Return what an attempt counts against, with the guesses that are free.

    Names are hashed: people type their password there, too.
    """
    network = network_of(address)
    name = hashlib.sha256(name_folded.encode()).hexdigest()[:32]
    is_known = network in {network_of(known) for known in known_addresses}
    of_name = f"name {name} {network}" if is_known else f"name {name}"
    return {of_name: guesses, f"address {network}": guesses * _NAMES_OF_AN_ADDRESS}


def network_of(address: str) -> str:
    """Return the address, of IPv6 its /64: one machine has all of those."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:40]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)


async def begin(session: AsyncSession, keys: dict[str, int], address: str, wait_max_s: float, now: datetime) -> Attempt:
    """Write an attempt down. Raises TooManyAttemptsError where it has to wait; that one does not count."""
    await lock(session, _LOCK)
    await session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.at <= now - WINDOW))
    waits = [await _wait_s(session, key, free, wait_max_s, now) for key, free in keys.items()]
    if max(waits) > 0:
        raise TooManyAttemptsError(max(waits))
    rows = [SignInAttemptRow(id=uuid4(), key=key, at=now, address=address[:64]) for key in keys]
    session.add_all(rows)
    return Attempt(tuple(keys), tuple(row.id for row in rows))


async def succeed(session: AsyncSession, attempt: Attempt) -> None:
    """Forget this attempt, and the wrong ones for this name; not those of the address, which may try other names."""
    names = [key for key in attempt.keys if key.startswith("name ")]
    row = SignInAttemptRow
    await session.execute(delete(row).where(row.id.in_(attempt.ids) | row.key.in_(names)))


async def _wait_s(session: AsyncSession, key: str, free: int, wait_max_s: float, now: datetime) -> int:
    """Return how long to wait, in seconds: 1, 2, 4, ... from the last attempt on."""
    row = SignInAttemptRow
    count, last = (await session.execute(select(func.count(), func.max(row.at)).where(row.key == key))).one()
    if count < free:
        return 0
    wait_s = min(2.0 ** min(count - free, 20), wait_max_s)
    return max(0, ceil(wait_s - (now - last).total_seconds()))
