"""The server's own TLS: its certificate from files, read anew when they change, and the pin of its key."""

import ssl
from collections.abc import Sequence
from pathlib import Path

import structlog

from obt_core.key_pin import pin_of
from obt_server.config import Settings

log = structlog.get_logger()
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secrecy and authenticated encryption alone (RFC 9325, section 4.2). TLS 1.3 has no others."""


class TlsError(Exception):
    """The files of the certificate cannot be used; the text says why, and names the settings."""


class Certificate:
    """The context that uvicorn serves with. Raises TlsError where the files are no certificate with its key."""

    def __init__(self, settings: Settings) -> None:
        assert settings.tls_cert is not None  # noqa: S101 - made only where TLS is set
        self._cert, self._key = settings.tls_cert, settings.tls_key or settings.tls_cert
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_ciphers(_CIPHERS)
        self._load()
        self._stamps = self._changed_at()

    @property
    def pin(self) -> str:
        """The pin of its key, as OBT_SERVER_PIN of a client has it: the same as long as renewals keep the key."""
        return pin_of(ssl.PEM_cert_to_DER_cert(_first(self._cert.read_text("ascii"))))

    def renew(self) -> None:
        """Take the files as they are now, where they changed; what cannot be used leaves the earlier one in place."""
        stamps = self._changed_at()
        if stamps == self._stamps:
            return
        self._stamps = stamps
        try:
            self._load()
            log.info("certificate_renewed", file=self._cert.name)
        except TlsError as error:
            log.warning("certificate_not_renewed", reason=str(error), todo="The earlier one is in use.")

    def _load(self) -> None:
        try:  # without a password of ours, OpenSSL would ask for one at the terminal
            self.context.load_cert_chain(self._cert, self._key, password="")
        except ssl.SSLError as error:
            reason = error.reason or "they are no certificate and key in PEM, or the key has a password"
            raise TlsError(f"OBT_TLS_CERT and OBT_TLS_KEY cannot be used: {reason}") from None
        except OSError as error:
            raise TlsError(f"OBT_TLS_CERT or OBT_TLS_KEY cannot be read: {error.strerror}") from None

    def _changed_at(self) -> Sequence[int | None]:
        return [_mtime_ns(path) for path in (self._cert, self._key)]


def _mtime_ns(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None  # it is being replaced


def _first(pem: str) -> str:
    """The server's own certificate stands first in a chain; a key may stand before it."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return begin + pem.partition(begin)[2].partition(end)[0] + end + "\n"
