"""TLS without a socket: what was read stays with its stamp.

The kernel stamps ciphertext. A record can be decrypted only when it is whole, so plain text has the stamp of the read
that completed its record.
"""

import ssl
from collections.abc import Callable

from obt_client.bench.framing import BadAnswerError

_HEADER_BYTES = 5
"""Type, version, and the length of what follows in the last two (RFC 8446, 5.1)."""
_READ_BYTES = 65_536


class Tls:
    """One side of a TLS connection; the name (or address) of the other is verified."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._header = b""
        self._left = 0

    def handshake(self) -> bool:
        """Go on with the handshake; whether it is done. Raises ssl.SSLError."""
        try:
            self._object.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def to_send(self) -> bytes:
        """What the other side must get now; often nothing."""
        return self._outgoing.read()

    def received(self, data: bytes) -> None:
        """Take ciphertext; nothing means that the other side has closed."""
        if data:
            self._incoming.write(data)
            self._follow(data)
        else:
            self._incoming.write_eof()

    def encrypt(self, data: bytes) -> bytes:
        """Return records that hold the data."""
        self._object.write(data)
        return self._outgoing.read()

    def decrypt(self, data: bytes) -> bytes:
        """Take ciphertext, return the text of all records that are whole now. Raises BadAnswerError tls_failed."""
        self.received(data)
        plain = list[bytes]()
        try:
            while part := self._object.read(_READ_BYTES):
                plain.append(part)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass
        except ssl.SSLError as error:
            raise BadAnswerError("tls_failed", f"what came is not to be decrypted: {error}") from error
        return b"".join(plain)

    def ends_of_records(self, waiting: bytes) -> list[int]:
        """Where the records end in ciphertext that waits to be read behind all that was taken."""
        at, header = self._left, self._header
        ends = [at] if 0 < at <= len(waiting) else []
        while (body := at + _HEADER_BYTES - len(header)) <= len(waiting):
            header += waiting[at:body]
            at, header = body + int.from_bytes(header[3:]), b""
            if at <= len(waiting):
                ends.append(at)
        return ends

    def _follow(self, data: bytes) -> None:
        """Keep count of how much of the current record is still to come."""
        at, self._left = min(self._left, len(data)), max(0, self._left - len(data))
        while at < len(data):
            body = at + _HEADER_BYTES - len(self._header)
            self._header += data[at:body]
            if body > len(data):
                return
            end, self._header = body + int.from_bytes(self._header[3:]), b""
            at, self._left = min(end, len(data)), max(0, end - len(data))


def decrypting(tls: Tls, take: Callable[[int, bytes], bool]) -> Callable[[int, bytes], bool]:
    """Return what takes ciphertext and hands on the plain text of the records that a read completed; some have none."""

    def take_encrypted(stamp_ns: int, data: bytes) -> bool:
        if data and not (data := tls.decrypt(data)):
            return False
        return take(stamp_ns, data)

    return take_encrypted
