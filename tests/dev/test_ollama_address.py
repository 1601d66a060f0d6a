"""Where an Ollama is looked for, and what is taken for one."""

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dev.ollama_address import Address, parse_host, version_at, wanted_address
from tests.fake_ollama import FakeOllama


@contextmanager
def _serving(body: bytes) -> Generator[Address]:
    """Answer everything with `body`, as some other program would."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it overrides
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Address("http", "127.0.0.1", server.server_port)
        server.shutdown()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("127.0.0.1", "http://127.0.0.1:11434"),
        (":8000", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("http://gpu-box", "http://gpu-box:80"),
        ("https://gpu-box/", "https://gpu-box:443"),
        ("http://gpu-box:11434", "http://gpu-box:11434"),
        ("::1", "http://[::1]:11434"),
        ("[::]:8000", "http://[::1]:8000"),
        (' "gpu-box:1" ', "http://gpu-box:1"),
    ],
)
def test_ollama_host_is_read_in_each_of_its_forms(text: str, url: str) -> None:
    assert parse_host(text).url == url


@pytest.mark.parametrize("text", ["host:http", "host:70000"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[Pp]ort"):
        parse_host(text)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        *((local, True) for local in ("", "0.0.0.0", "localhost", "[::1]:1", "127.8.8.8")),
        *((remote, False) for remote in ("gpu-box", "192.168.1.5", "localhost.example")),
    ],
)
def test_only_loopback_counts_as_this_machine(text: str, local: bool) -> None:
    assert wanted_address({"OLLAMA_HOST": text}).is_local() is local


async def test_an_ollama_is_known_by_its_version() -> None:
    async with FakeOllama([], version="0.12.3") as fake:
        assert await asyncio.to_thread(version_at, parse_host(fake.url)) == "0.12.3"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"version": 3}', b'{"name": "something else"}'])
def test_another_program_on_that_port_is_not_taken_for_an_ollama(body: bytes) -> None:
    with _serving(body) as address:
        assert version_at(address) is None


def test_a_closed_port_is_no_ollama() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        assert version_at(Address("http", "127.0.0.1", reserved.getsockname()[1])) is None
