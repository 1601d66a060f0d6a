"""The pin of a certificate's key: `sha256//` and the base64 of the SHA-256 of its SubjectPublicKeyInfo, as curl has it.

A certificate is renewed every few months and mostly keeps its key; so the key is pinned, not the certificate
(RFC 7469, section 2.4). The standard library tells no certificate's key, so the few steps of DER to it are taken here.
"""

import base64
import binascii
import hashlib
import re

_PREFIX = "sha256//"
_HEX = re.compile(r"[0-9a-f]{64}")
_SEQUENCE, _VERSION = 0x30, 0xA0
_FIELDS_BEFORE_KEY = 5
"""Serial number, signature algorithm, issuer, validity, subject (RFC 5280, section 4.1)."""


def pin_of(certificate: bytes) -> str:
    """Return the pin of a certificate's key; `certificate` is DER. Raises ValueError where it is none."""
    outer = _content(certificate, 0, _SEQUENCE)
    position, end = _content(certificate, outer[0], _SEQUENCE)
    if position < end and certificate[position] == _VERSION:
        position = _content(certificate, position, _VERSION)[1]
    for _ in range(_FIELDS_BEFORE_KEY):
        position = _content(certificate, position)[1]
    key = certificate[position : _content(certificate, position, _SEQUENCE)[1]]
    return _PREFIX + base64.b64encode(hashlib.sha256(key).digest()).decode()


def parse_pin(text: str) -> str:
    """Return a pin in its one form; `text` may be that, or the hash in hexadecimal. Raises ValueError."""
    text = text.strip()
    plain = text.lower().removeprefix("sha256:").replace(":", "")
    if _HEX.fullmatch(plain):
        return _PREFIX + base64.b64encode(bytes.fromhex(plain)).decode()
    try:
        digest = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        digest = b""
    if not text.startswith(_PREFIX) or len(digest) != hashlib.sha256().digest_size:
        raise ValueError("it is no pin: sha256// and 44 characters of base64, or 64 hexadecimal digits")
    return _PREFIX + base64.b64encode(digest).decode()


def _content(data: bytes, position: int, tag: int | None = None) -> tuple[int, int]:
    """Return where the content of the DER element at `position` begins and ends."""
    if position + 2 > len(data) or (tag is not None and data[position] != tag):
        raise ValueError("this is no certificate")
    length, begin = data[position + 1], position + 2
    if length & 0x80:
        count = length & 0x7F
        length, begin = int.from_bytes(data[begin : begin + count], "big"), begin + count
    if begin + length > len(data):
        raise ValueError("this certificate is cut off")
    return begin, begin + length
