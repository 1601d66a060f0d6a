"""Whom this client believes to be its server: one that an authority vouches for, or whose key it was told."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from obt_client.config import Settings
from obt_client.identity import Identity
from obt_client.refusals import UnreachableError
from obt_core.key_pin import pin_of


@dataclass(frozen=True, slots=True)
class Trust:
    """`ca`: authorities (PEM) instead of the system's. `pin`: of the key that the server must have.

    With a pin and no authorities the key alone decides, so that a certificate of one's own making needs nothing more:
    who can prove to have the key is the server, whatever the certificate says of names and dates.
    """

    ca: Path | None = None
    pin: str | None = None

    def context(self) -> ssl.SSLContext | bool:
        """Return what aiohttp connects with: True for its own. Raises UnreachableError for a file that is gone."""
        return True if self == SYSTEM else _context(self)


SYSTEM = Trust()


def trust_of(settings: Settings, identity: Identity | None = None) -> Trust:
    """Return what the settings say, else what they said when this machine enrolled."""
    ca, pin = settings.server_ca, settings.server_pin
    if identity is not None:
        ca = ca or (Path(identity.server_ca) if identity.server_ca else None)
        pin = pin or identity.server_pin
    return Trust(ca, pin)


@cache
def _context(trust: Trust) -> ssl.SSLContext:
    """Reading the authorities takes tens of milliseconds: once for each."""
    try:
        context = ssl.create_default_context(cafile=trust.ca)
    except (OSError, ssl.SSLError) as error:
        raise UnreachableError(f"The authorities in {trust.ca} (OBT_SERVER_CA) cannot be read: {error}") from None
    if trust.pin is not None:
        if trust.ca is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        # The handshake ends here, and nothing was sent yet: no key, no token, not even which page is asked for.
        context.sslobject_class = type("Pinned", (_Pinned,), {"pin": trust.pin})
    return context


class _Pinned(ssl.SSLObject):
    """One side of a TLS connection that ends where the other has another key."""

    pin: ClassVar[str]

    def do_handshake(self) -> None:
        """Shake hands, then look at the key. Raises SSLCertVerificationError."""
        super().do_handshake()
        found: Any = self.getpeercert(binary_form=True)
        key = "none" if found is None else _pin_or_none(found)
        if key != self.pin:
            told = f"the server's key is {key}, not the one of OBT_SERVER_PIN"
            raise ssl.SSLCertVerificationError(1, told)


def _pin_or_none(certificate: bytes) -> str:
    try:
        return pin_of(certificate)
    except ValueError:
        return "none"


async def is_exposed(url: str) -> bool:
    """Whether what is sent there crosses a public network in the clear. A name that leads nowhere is not."""
    parts = urlsplit(url)
    if parts.scheme == "https" or not parts.hostname:
        return False
    with suppress(ValueError):
        return _is_public(parts.hostname)
    with suppress(OSError, UnicodeError):
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port or 80)
        return any(_is_public(str(address[0])) for *_, address in found)
    return False


def _is_public(address: str) -> bool:
    """Raises ValueError for a name. Loopback, private and shared networks (RFC 1918, 4193, 6598) are not public."""
    found = ip_address(address.partition("%")[0])
    return (getattr(found, "ipv4_mapped", None) or found).is_global
