"""What a client logs of others' words stays one line each, in both styles."""

import json
import subprocess
import sys
from typing import Literal

import pytest

HOSTILE = "one\n2026-11-01T12:00:00Z [info] signed_in name=owner\r\x1b[2J\x1b]0;owned\x07\u202e\u2028two"
PROGRAM = """
import logging, sys, structlog
from obt_client import logs
logs.configure("info", sys.argv[1])
structlog.get_logger().warning("client_changed", name=sys.argv[2], names=[sys.argv[2]])
structlog.get_logger().warning(sys.argv[2])
logging.getLogger("library").warning("it said %s", sys.argv[2])
"""
FAILING = """
import sys, structlog
from obt_client import logs
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
