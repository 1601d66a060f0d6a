"""Who sent a request, as far as limits need to know: an address, until its credential was found good."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

SENDER = "obt_sender"
"""In a request's scope: whoever finds out who sent it tells it here."""
KNOWN_MAX = 50_000
_IPV6_NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is counted together. `kind`: address, client, person, key."""

    kind: str
    name: str


def digest_of(credential: str) -> bytes:
    """SHA-256, as keys are stored."""
    return hashlib.sha256(credential.encode()).digest()


class Senders:
    """Remembers what lately stood behind a credential, by its hash, so that it is known before the database is asked.

    This gives no rights: it only decides whose requests are counted together. A bad credential counts for its address,
    so that trying many helps nobody; a good one for its owner, so that a thousand clients behind one address are not
    counted as one.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Bucket] = OrderedDict()

    def meet(self, scope: Scope, headers: Headers, cookie: str) -> "Sender":
        """Say who sends, and let the request carry that."""
        credential = _credential(headers, cookie)
        digest = digest_of(credential) if credential else None
        known = self._known.get(digest) if digest else None
        sender = scope[SENDER] = Sender(self, digest, known or Bucket("address", _address_of(scope)))
        return sender

    def learn(self, digest: bytes, bucket: Bucket | None) -> None:
        """Remember who it was, None for nobody; the one not heard of for longest is forgotten."""
        self._known.pop(digest, None)
        if bucket is not None:
            self._known[digest] = bucket
            if len(self._known) > KNOWN_MAX:
                self._known.popitem(last=False)


class Sender:
    """One request's sender."""

    __slots__ = ("_senders", "bucket", "digest")

    def __init__(self, senders: Senders, digest: bytes | None, bucket: Bucket) -> None:
        self._senders, self.digest = senders, digest
        self.bucket = bucket

    def is_(self, bucket: Bucket | None) -> None:
        """Tell who it was found to be, None for nobody."""
        if self.digest is not None and bucket != self.bucket:
            self._senders.learn(self.digest, bucket)
            self.bucket = bucket or self.bucket


def tell_sender(connection: HTTPConnection, kind: str, name: str | None) -> None:
    """Say who sent a request: the one line by which whoever checks credentials knows of limits. No name: nobody."""
    sender: Sender | None = connection.scope.get(SENDER)
    if sender is not None:
        sender.is_(Bucket(kind, name) if name else None)


def bearer_of(header: str | None) -> str | None:
    """Return the key that an Authorization header carries; None where it carries none, or something else."""
    scheme, _, key = (header or "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


def _credential(headers: Headers, cookie: str) -> str | None:
    """Return what a request signs itself with, whether it is good or not: the one that `auth.permissions` takes.

    With another one beside it a sender would be counted as somebody new each time.
    """
    if (signed := headers.get("x-api-key")) or (signed := bearer_of(headers.get("authorization"))):
        return signed
    return _cookie_of(headers.get("cookie", ""), cookie)


def _cookie_of(header: str, name: str) -> str | None:
    if f"{name}=" not in header:
        return None
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _address_of(scope: Scope) -> str:
    """An IPv6 host has a whole network of addresses to send from, and so counts as one."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:100]
    if address.version == 4 or address.ipv4_mapped:  # type: ignore[union-attr]
        return host
    return str(int(address) >> (128 - _IPV6_NETWORK_BITS))
