"""Questions to Ollama that nobody times, over the same connections as the measured requests."""

import asyncio
from collections.abc import AsyncGenerator, Mapping

from obt_client.bench.connection import Connection, connect
from obt_client.bench.framing import BadAnswerError, Framing
from obt_client.bench.request import request_bytes, target_of

_READ_BYTES = 65_536


async def fetch(
    url: str, *, method: str, body: Mapping[str, object] | None, timeout_s: float, bytes_max: int
) -> tuple[int, bytes]:
    """Ask, and return the HTTP status and the whole body; a redirect is an answer as any other.

    Raises TimeoutError after so many seconds in all, OSError where the connection breaks, and BadAnswerError: bad_url,
    connect_refused, connect_timeout, connection_reset, connect_failed, tls_failed, bad_http, connection_closed (before
    there was an answer), too_long.
    """
    target = target_of(url)
    async with asyncio.timeout(timeout_s):
        connection = await connect(target, timeout_s)
        with connection.sock:
            request = request_bytes(target, body, method=method)
            tls = connection.tls
            await asyncio.get_running_loop().sock_sendall(connection.sock, tls.encrypt(request) if tls else request)
            return await _answer(connection, bytes_max)


async def fetch_lines(
    url: str, *, body: Mapping[str, object], connect_s: float, quiet_s: float, bytes_max: int
) -> AsyncGenerator[tuple[int, bytes]]:
    """Post, and give each line of the answer as it comes, with the HTTP status; a last one without an end too.

    Raises as `fetch` does, TimeoutError after `quiet_s` seconds in which nothing came. Whoever stops listening closes
    the connection, by which Ollama knows that nobody waits any more. `bytes_max` is of one line.
    """
    target = target_of(url)
    connection = await connect(target, connect_s)
    with connection.sock:
        request, tls = request_bytes(target, body, method="POST"), connection.tls
        await asyncio.get_running_loop().sock_sendall(connection.sock, tls.encrypt(request) if tls else request)
        framing, rest = Framing(), b""
        while not framing.complete:
            async with asyncio.timeout(quiet_s):
                data = await asyncio.get_running_loop().sock_recv(connection.sock, _READ_BYTES)
            if not data:
                break
            if plain := connection.tls.decrypt(data) if connection.tls else data:
                framing.feed(0, plain)
            *lines, rest = (rest + b"".join(piece for _, piece in framing.pieces)).split(b"\n")
            framing.pieces.clear()
            if len(rest) > bytes_max:
                raise BadAnswerError("too_long", f"a line of more than {bytes_max >> 20} MiB is none of Ollama")
            for line in lines:
                yield framing.status or 0, line
        if framing.status is None:
            raise BadAnswerError("connection_closed", "it closed the connection without an answer")
        if rest:
            yield framing.status, rest


async def _answer(connection: Connection, bytes_max: int) -> tuple[int, bytes]:
    """Read to the end. An answer of no stated length ends with its connection."""
    loop, framing, length = asyncio.get_running_loop(), Framing(), 0
    while not framing.complete:
        data = await loop.sock_recv(connection.sock, _READ_BYTES)
        if not data:
            break
        length += len(data)
        if length > bytes_max:
            raise BadAnswerError("too_long", f"an answer of more than {bytes_max >> 20} MiB is none of Ollama")
        if plain := connection.tls.decrypt(data) if connection.tls else data:
            framing.feed(0, plain)
    if framing.status is None:
        raise BadAnswerError("connection_closed", "it closed the connection without an answer")
    return framing.status, b"".join(piece for _, piece in framing.pieces)
