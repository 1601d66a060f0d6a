"""What the server logs of others' words stays one line each, in both styles."""

import json
import logging
import subprocess
import sys
from typing import Literal

import pytest
import structlog

from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock
from obt_server import logs
from obt_server.config import Settings

HOSTILE = "one\n2026-11-01T12:00:00Z [info] signed_in name=owner\r\x1b[2J\x1b]0;owned\x07\u202e\u2028two"
PROGRAM = """
import logging, sys, structlog
from obt_server import logs
logs.configure("info", sys.argv[1])
structlog.get_logger().warning("client_changed", name=sys.argv[2], names=[sys.argv[2]])
structlog.get_logger().warning(sys.argv[2])
logging.getLogger("library").warning("it said %s", sys.argv[2])
"""
FAILING = """
import sys, structlog
from obt_server import logs
logs.configure("info", sys.argv[1])
def fail(secret):
    raise LookupError("not there")
try:
    fail("obt_" + "hush" * 3)
except LookupError:
    structlog.get_logger().exception("failed")
"""


def told(style: Literal["text", "json"]) -> list[str]:
    """What three hostile lines become, on standard error of a program of its own."""
    command = [sys.executable, "-c", PROGRAM, style, HOSTILE]
    return subprocess.run(command, check=True, capture_output=True).stderr.decode().split("\n")[:-1]


@pytest.mark.parametrize("style", ["text", "json"])
def test_of_an_error_no_variable_is_told_and_little_else(style: Literal["text", "json"]) -> None:
    command = [sys.executable, "-c", FAILING, style]
    said = subprocess.run(command, check=True, capture_output=True).stderr.decode()
    assert "LookupError: not there" in said
    assert "hushhush" not in said
    assert len(said.splitlines()) < 12


@pytest.mark.parametrize("style", ["text", "json"])
def test_log_injection_no_word_of_others_makes_a_line_or_commands_a_terminal(style: Literal["text", "json"]) -> None:
    lines = told(style)
    assert len(lines) == 3
    assert all("2026-11-01T12:00:00Z" in line and "\x1b" not in line and "\r" not in line for line in lines)
    if style == "text":
        assert all(line.isprintable() for line in lines)
    else:
        assert json.loads(lines[0])["name"] == HOSTILE


async def test_lines_of_a_failing_request_carry_the_id_that_its_reply_tells(
    settings: Settings, clock: FakeClock, capfd: pytest.CaptureFixture[str]
) -> None:
    handlers, level = logging.root.handlers[:], logging.root.level
    logs.configure("info", "json")
    try:
        async with serve(settings, clock) as server:
            async with server.db.write() as session:
                await (await session.connection()).exec_driver_sql("ALTER TABLE clients RENAME TO gone")
            replies = [await server.owner.get(f"{API}/clients") for _ in range(2)]
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    ids = [line["request_id"] for line in lines if line.get("path") == f"{API}/clients"]
    assert ids == [reply.headers["X-Request-ID"] for reply in replies]
    assert len(set(ids)) == 2
