"""Guessing passwords: slowed by name and by address, on all servers together; the owner gets in all the same."""

import asyncio

import httpx
import pytest

from backend.tests.harness import API, Harness
from obt_server.auth import passwords, people, throttle
from obt_server.auth.roles import Role

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PASSWORD = "seven green kettles sing"
GUESSES, WAIT_MAX_S = 5, 300.0


async def _anna(server: Harness) -> None:
    password_hash = await passwords.hash_new(PASSWORD)
    async with server.db.write() as session:
        await people.create(session, "anna", Role.ADMINISTRATOR, server.clock.now(), password_hash=password_hash)


async def _try(server: Harness, password: str = "wrong", name: str = "anna") -> httpx.Response:
    return await server.nobody.post(f"{API}/auth/sign-in", json={"name_or_email": name, "password": password})


async def test_many_wrong_guesses_have_to_wait_longer_and_longer(server: Harness) -> None:
    await _anna(server)
    assert [(await _try(server)).status_code for _ in range(GUESSES)] == [401] * GUESSES
    waited: list[int] = []
    for _ in range(4):
        refused = await _try(server, PASSWORD)  # the right one has to wait, too
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts"), (
            "the right one has to wait, too"
        )
        waited.append(int(refused.headers["Retry-After"]))
        server.clock.advance(waited[-1])
        assert (await _try(server)).status_code == 401
    assert waited == [1, 2, 4, 8]
    server.clock.advance(60)
    assert (await _try(server, PASSWORD)).status_code == 204
    assert (await _try(server)).status_code == 401, "and with it the count begins anew"


async def test_guesses_at_once_are_counted_as_one_after_the_other(server: Harness) -> None:
    await _anna(server)
    replies = await asyncio.gather(*(_try(server) for _ in range(3 * GUESSES)))
    assert sorted(reply.status_code for reply in replies) == [401] * GUESSES + [429] * 2 * GUESSES


@on_sqlite
async def test_a_name_that_nobody_has_is_told_as_a_wrong_password(server: Harness) -> None:
    await _anna(server)
    known, unknown = await _try(server), await _try(server, name="nobody")
    assert known.json() == unknown.json()
    assert [(await _try(server, name="nobody")).status_code for _ in range(GUESSES)] == [401] * 4 + [429]


@on_sqlite
async def test_a_link_lets_in_whose_name_is_guessed_at(server: Harness) -> None:
    await _anna(server)
    for _ in range(2 * GUESSES):
        await _try(server)
    secret = await server.a_link("anna")
    assert (await server.http().post(f"{API}/auth/link", json={"secret": secret})).status_code == 204


async def _fail(server: Harness, keys: dict[str, int], count: int) -> None:
    for _ in range(count):
        async with server.db.write() as session:
            await throttle.begin(session, keys, "203.0.113.9", WAIT_MAX_S, server.clock.now())


def test_who_is_signed_in_from_an_address_is_counted_apart_there() -> None:
    elsewhere = throttle.keys_of("anna", "203.0.113.9", ["192.0.2.1"], GUESSES)
    at_home = throttle.keys_of("anna", "192.0.2.1", ["192.0.2.1"], GUESSES)
    assert elsewhere.keys().isdisjoint(at_home.keys())
    assert "anna" not in str(elsewhere), "people type their password where the name goes"
    assert throttle.keys_of("bob", "203.0.113.9", [], GUESSES).keys() & elsewhere.keys() == {"address 203.0.113.9"}


async def test_a_guesser_elsewhere_slows_nobody_down_who_is_signed_in_at_home(server: Harness) -> None:
    await _anna(server)
    (
        await server.nobody.post(f"{API}/auth/sign-in", json={"name_or_email": "anna", "password": PASSWORD})
    ).raise_for_status()
    await _fail(server, throttle.keys_of("anna", "203.0.113.9", [], GUESSES), GUESSES)
    with pytest.raises(throttle.TooManyAttemptsError):
        await _fail(server, throttle.keys_of("anna", "203.0.113.10", [], GUESSES), 1)
    assert (await _try(server, PASSWORD)).status_code == 204


async def test_one_address_that_tries_many_names_has_to_wait(server: Harness) -> None:
    for n in range(4 * GUESSES):
        await _fail(server, throttle.keys_of(f"name {n}", "203.0.113.9", [], GUESSES), 1)
    with pytest.raises(throttle.TooManyAttemptsError):
        await _fail(server, throttle.keys_of("another", "203.0.113.9", [], GUESSES), 1)
    await _fail(server, throttle.keys_of("another", "203.0.113.10", [], GUESSES), 1)


@on_sqlite
async def test_a_wait_has_an_end_and_attempts_are_forgotten(server: Harness) -> None:
    keys = {"name x": GUESSES}
    await _fail(server, keys, GUESSES)
    waited_s: list[int] = []
    for _ in range(12):
        with pytest.raises(throttle.TooManyAttemptsError) as refused:
            await _fail(server, keys, 1)
        waited_s.append(int(refused.value.headers["Retry-After"]))
        server.clock.advance(waited_s[-1])
        await _fail(server, keys, 1)
    assert waited_s == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    server.clock.advance(throttle.WINDOW.total_seconds())
    await _fail(server, keys, GUESSES)


def test_of_ipv6_a_whole_network_counts_as_one() -> None:
    networks = [throttle.network_of(f"2001:db8:1:{rest}") for rest in ("2:3::4", "2:ffff::1", "3::1")]
    assert networks == ["2001:db8:1:2::/64", "2001:db8:1:2::/64", "2001:db8:1:3::/64"]
    assert throttle.network_of("fe80::1%eth0") == "fe80::/64"
    assert throttle.network_of("192.0.2.1") == "192.0.2.1"
