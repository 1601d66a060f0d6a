"""Errors: what went wrong inside stands in the log, never in an answer; what was sent is not sent back."""

import logging

import pytest
from sqlalchemy.exc import OperationalError

from backend.tests.attacks.raw import exchange, request
from backend.tests.harness import API, Harness

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PLANTED = "planted-secret-7d1e"
INSIDE = ("Traceback", "site-packages", "obt_server", ".py", "sqlalchemy", "sqlite3", "psycopg", "SELECT ", PLANTED)
JSON = {"Content-Type": "application/json"}


class _Failing:
    """In the feed's place: it fails with something that nobody is to read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def snapshot(self) -> object:
        raise self._error


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(PLANTED),
        KeyError(PLANTED),
        OSError(2, "No such file", f"/home/{PLANTED}/x.py"),
        OperationalError(f"SELECT {PLANTED}", {"password": PLANTED}, Exception(PLANTED)),
        UnicodeDecodeError("utf-8", PLANTED.encode(), 0, 1, PLANTED),
        RecursionError(PLANTED),
    ],
)
async def test_a_failure_inside_is_told_as_one_sentence(server: Harness, error: Exception) -> None:
    server.app.state.feed = _Failing(error)
    reply = await server.owner.get(f"{API}/live/snapshot")
    assert reply.status_code in {400, 500, 503}
    assert not any(word in reply.text for word in INSIDE), reply.text
    assert "X-Request-ID" in reply.headers


async def test_what_was_sent_wrong_is_not_sent_back(server: Harness) -> None:
    bodies = (
        f'{{"secret": "{PLANTED}"}}',
        f'{{"secret": ["{PLANTED}"]}}',
        f'{{"name_or_email": {{"a": "{PLANTED}"}}, "password": ["{PLANTED}"]}}',
        f'{{"token": "{PLANTED} {PLANTED}", "password": 5}}',
        f'["{PLANTED}"]',
        f'"{PLANTED}',
    )
    for path in ("/auth/link", "/auth/sign-in", "/auth/setup", "/auth/reset", "/clients"):
        for body in bodies:
            reply = await server.nobody.post(API + path, content=body, headers=JSON)
            assert 400 <= reply.status_code < 500, (path, body)
            assert PLANTED not in reply.text, (path, body, reply.text)


async def test_credentials_are_neither_sent_back_nor_logged(server: Harness, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"Authorization": f"Bearer {PLANTED}", "X-API-Key": PLANTED, "Cookie": f"obt_session={PLANTED}"}
    with caplog.at_level(logging.DEBUG):
        for name, value in headers.items():
            for path in ("/auth/me", "/clients", "/none", "/jobs/claim"):
                reply = await server.nobody.get(API + path, headers={name: value})
                assert PLANTED not in reply.text + str(reply.headers), (name, path)
    assert PLANTED not in caplog.text


async def test_no_answer_names_what_the_server_is_made_of(server: Harness) -> None:
    replies = [
        await exchange(server, request("GET", "/")),
        await exchange(server, request("GET", f"{API}/none")),
        await exchange(server, request("TRACE", "/", "X-A: planted")),
        await exchange(server, b"nonsense\r\n\r\n"),
    ]
    for reply in replies:
        head = reply.partition(b"\r\n\r\n")[0].lower()
        assert not any(word in head for word in (b"uvicorn", b"python", b"starlette", b"\r\nserver:", b"x-powered"))
    assert b"planted" not in replies[2]
