"""TLS on a connection of the fake: every write is one record, handed to the kernel at once as without TLS."""

import asyncio
import socket
import ssl
from pathlib import Path

from tests.fake_ollama.record import RequestRecord
from tests.fake_ollama.wire import Connection


def serving_by(certificate: Path) -> ssl.SSLContext:
    """What a server needs whose key and certificate stand in one PEM file (`certificates` writes one)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class TlsConnection(Connection):
    """A connection that speaks TLS; the handshake is done with the first read."""

    def __init__(self, sock: socket.socket, number: int, context: ssl.SSLContext) -> None:
        super().__init__(sock, number)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._shaken = False

    async def _receive(self) -> bytes:
        while data := await super()._receive():
            self._incoming.write(data)
            try:
                if plain := self._step():
                    return plain
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError as error:
                raise ConnectionAbortedError(f"no TLS: {error}") from error
            finally:
                await asyncio.get_running_loop().sock_sendall(self._sock, self._outgoing.read())
        return b""

    def _step(self) -> bytes:
        if not self._shaken:
            self._object.do_handshake()
            self._shaken = True
        return self._object.read(65_536)

    def send_unstamped(self, data: bytes, record: RequestRecord) -> None:
        self._object.write(data)
        super().send_unstamped(self._outgoing.read(), record)
