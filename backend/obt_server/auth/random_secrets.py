"""Secrets that nobody chose: 256 random bits, kept as their hash."""

import hashlib
import re
import secrets

_SECRET_BYTES = 32
_API_KEY = re.compile(r"obt_[A-Za-z0-9_-]{43}")
SHOWN_CHARACTERS = 10
"""Of an API key, for people to know it again: 36 of its 256 bits."""


def hash_secret(secret: str) -> str:
    """SHA-256, in hexadecimal: enough for secrets of 256 random bits, which nobody can guess through."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret(kind: str) -> str:
    """Return 256 random bits as URL-safe text, after a word that tells a person, or a scanner, what it is."""
    return f"obt_{kind}_{secrets.token_urlsafe(_SECRET_BYTES)}"


def new_api_key() -> str:
    """Return 256 random bits as URL-safe text after `obt_`."""
    return f"obt_{secrets.token_urlsafe(_SECRET_BYTES)}"


def is_api_key(text: str) -> bool:
    """Whether it has the form of an API key; keys of clients are longer."""
    return _API_KEY.fullmatch(text) is not None
