"""Which passwords are good enough, and how they are kept."""

import pytest

from obt_server.auth import passwords
from obt_server.auth.passwords import WeakPasswordError

GOOD = "seven green kettles sing"


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "1234567890",
        "qwertyuiop",
        "password123",
        "Passw0rd1234",
        "aaaaaaaaaaaaaaaa",
        "iloveyou12",
        "letmein2024",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        passwords.judge(password, [])


def test_ones_own_name_and_address_are_refused() -> None:
    for password in ("annasmithson", "AnnaSmithson1", "anna.smithson@example.net"):
        with pytest.raises(WeakPasswordError):
            passwords.judge(password, ["AnnaSmithson", "anna.smithson@example.net"])


@pytest.mark.parametrize("password", [GOOD, "xK9#mQ2$vL", "x" * 5 + GOOD * 12, "pässwörter sind länger als neun"])
def test_what_nobody_tries_is_taken_though_it_is_long_or_foreign(password: str) -> None:
    passwords.judge(password, ["anna"])


async def test_a_password_is_kept_as_argon2id_and_known_again() -> None:
    kept = await passwords.hash_new(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD not in kept
    assert await passwords.hash_new(GOOD) != kept, "each has a salt of its own"
    assert await passwords.is_right(GOOD, kept)
    for wrong in (GOOD.upper(), GOOD + " ", GOOD[:-1], ""):
        assert not await passwords.is_right(wrong, kept)


async def test_one_letter_that_keyboards_write_in_two_ways_is_one() -> None:
    kept = await passwords.hash_new("caf\u00e9 and seven kettles")
    assert await passwords.is_right("cafe\u0301 and seven kettles", kept)


async def test_nobody_has_no_password_that_is_right() -> None:
    assert not await passwords.is_right("the password of nobody", None)
    assert not await passwords.is_right(GOOD, "not a hash")
