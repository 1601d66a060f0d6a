"""Bytes as they are, over a socket: what no HTTP library would send."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from backend.tests.harness import Harness

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(server: Harness) -> AsyncGenerator[Streams]:
    """A connection that is closed at the end, whatever became of it."""
    place = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**24)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def exchange(server: Harness, sent: bytes) -> bytes:
    """Send bytes, and return all that comes until the server closes."""
    async with connected(server) as (reader, writer):
        with suppress(ConnectionError):
            writer.write(sent)
            await writer.drain()
        return await all_of(reader)


async def all_of(reader: asyncio.StreamReader) -> bytes:
    """Read to the end, also where the end is a reset."""
    got = bytearray()
    with suppress(ConnectionError):
        while part := await reader.read(65_536):
            got += part
    return bytes(got)


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    """Write a request to the server's own name that ends its connection."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def status_of(reply: bytes) -> int:
    """The status of an answer."""
    return int(reply.split(b" ", 2)[1])
