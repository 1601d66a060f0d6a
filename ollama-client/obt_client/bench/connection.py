"""Connects to an Ollama, over TCP alone or with TLS on it, and tells how long each of the two took."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from obt_client.bench.framing import BadAnswerError
from obt_client.bench.request import Target
from obt_client.bench.tls import Tls

_READ_BYTES = 16_384
_Addresses = Sequence[tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]]


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that is ready to be asked. `tls` is None, and `tls_ms` too, where it is not encrypted."""

    sock: socket.socket
    connect_ms: float
    tls: Tls | None = None
    tls_ms: float | None = None


async def connect(target: Target, timeout_s: float, ca_file: Path | None = None) -> Connection:
    """Connect, within so many seconds in all.

    A server's certificate is verified by the system's trust store, or by `ca_file` (PEM) instead. Raises
    BadAnswerError connect_refused, connect_timeout, connection_reset, connect_failed, tls_failed.
    """
    loop = asyncio.get_running_loop()
    context = await asyncio.to_thread(_trusting, ca_file) if target.is_tls else None
    end_s = loop.time() + timeout_s
    begin_s = loop.time()
    sock = await _by_tcp(target, end_s)
    connected_s = loop.time()
    connect_ms = (connected_s - begin_s) * 1e3
    if context is None:
        return Connection(sock, connect_ms)
    try:
        tls = await _by_tls(sock, context, target.host, end_s)
    except BaseException:
        sock.close()
        raise
    return Connection(sock, connect_ms, tls, (loop.time() - connected_s) * 1e3)


async def _by_tcp(target: Target, end_s: float) -> socket.socket:
    try:
        async with asyncio.timeout_at(end_s):
            return await _to_any_address(target)
    except ConnectionRefusedError as error:
        raise BadAnswerError("connect_refused", f"nothing listens on {target.host}:{target.port}") from error
    except ConnectionResetError as error:
        # Its listener went away between the handshake and the look at it: what a restart does.
        raise BadAnswerError("connection_reset", f"{target.host}:{target.port} reset the new connection") from error
    except TimeoutError as error:
        raise BadAnswerError("connect_timeout", f"{target.host} did not answer in time") from error
    except OSError as error:
        raise BadAnswerError("connect_failed", f"no connection to {target.host}:{target.port}: {error}") from error


async def _to_any_address(target: Target) -> socket.socket:
    """Connect to the first address that answers. Raises the error of the last."""
    loop = asyncio.get_running_loop()
    last = OSError("the name has no address")
    for family, kind, protocol, _, address in await _addresses(target):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(sock, address)
        except OSError as error:
            sock.close()
            last = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise last


async def _addresses(target: Target) -> _Addresses:
    """Look the host up, in a thread unless it is an address: that takes no time."""
    try:
        return socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)


async def _by_tls(sock: socket.socket, context: ssl.SSLContext, host: str, end_s: float) -> Tls:
    tls = Tls(context, host)
    try:
        async with asyncio.timeout_at(end_s):
            await _shake_hands(sock, tls)
    except ssl.SSLCertVerificationError as error:
        raise BadAnswerError("tls_failed", f"{host} is not to be trusted: {error.verify_message}") from error
    except TimeoutError as error:
        raise BadAnswerError("tls_failed", f"{host} did not finish the TLS handshake in time") from error
    except OSError as error:  # those of ssl among them
        raise BadAnswerError("tls_failed", f"no TLS with {host}: {error}") from error
    return tls


async def _shake_hands(sock: socket.socket, tls: Tls) -> None:
    """Compute in a thread: a handshake takes milliseconds, in which others are timed."""
    loop = asyncio.get_running_loop()
    done = False
    while not done:
        try:
            done = await asyncio.to_thread(tls.handshake)
        finally:  # an alert tells the server why, too
            await loop.sock_sendall(sock, tls.to_send())
        if not done:
            tls.received(await loop.sock_recv(sock, _READ_BYTES))


@lru_cache(maxsize=8)
def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Whom to trust. Reading the system's store takes 25 ms, hence once, in a thread, and before anything is timed."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise BadAnswerError("tls_failed", f"cannot read certificates of {ca_file}: {error}") from error
    context.set_alpn_protocols(["http/1.1"])
    return context
