"""Passwords: which are good enough, and how they are kept (Argon2id, RFC 9106's second recommendation)."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from obt_server.auth.people_schemas import PASSWORD_MIN
from obt_server.errors import UnprocessableError

GUESSES_MIN = 1_000_000
"""What an attacker who knows the lists of breached passwords would need: fewer guesses are refused."""
_JUDGED_CHARACTERS = 40
"""Judging takes longer than linear time; what is longer is not easier to guess."""
_HASHERS = 2
"""Hashes made at once. Each takes 64 MiB and some 50 ms of processor time."""
_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(_HASHERS, thread_name_prefix="password")
NOBODYS = _hasher.hash("the password of nobody")
"""What is looked at for a name that nobody has: it is to take as long."""
T = TypeVar("T")


class WeakPasswordError(UnprocessableError):
    """A password that is among the first that anybody would try."""

    code = "weak_password"


async def hash_new(password: str, *names: str | None) -> str:
    """Judge a password that somebody chose, and hash it. Raises WeakPasswordError."""
    return await _in_thread(lambda: _hash_new(_normal(password), [name for name in names if name]))


async def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one of this hash. Takes as long where there is none."""
    return await _in_thread(lambda: _is_right(_normal(password), password_hash))


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def _normal(password: str) -> str:
    """Keyboards write one letter in several ways (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _hash_new(password: str, names: list[str]) -> str:
    judge(password, names)
    return _hasher.hash(password)


def judge(password: str, names: list[str]) -> None:
    """Raise WeakPasswordError for one that is in, or made of, breached lists, keyboard rows, repeats or one's names."""
    known = ["ollama", "obt", "benchmark", *names, *(part for name in names for part in name.split("@"))]
    found = zxcvbn(password[:_JUDGED_CHARACTERS], user_inputs=known)
    if len(password) < PASSWORD_MIN or found["guesses"] < GUESSES_MIN:
        raise WeakPasswordError(
            "This password is known from breaches, or made of what is tried first. Take several words that do not "
            "belong together."
        )


def _is_right(password: str, password_hash: str | None) -> bool:
    try:
        return _hasher.verify(password_hash or NOBODYS, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
