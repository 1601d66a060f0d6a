"""A TCP proxy that loses a reply: the server has stored what was sent, and the client cannot know."""

import asyncio
import re
from contextlib import suppress
from types import TracebackType
from typing import Self

_REQUEST = re.compile(rb"^(GET|POST|PUT) (\S+) HTTP/1\.1\r\n", re.MULTILINE)


class LossyProxy:
    """Listens on a port of the system's choice and forwards to the server's."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._rules: list[tuple[re.Pattern[bytes], int]] = []
        self._server: asyncio.Server | None = None
        self._relays: set[asyncio.Task[None]] = set()
        self.lost: list[str] = []

    def lose(self, pattern: str, times: int) -> None:
        """Lose the replies to the next so many requests whose method and path match."""
        self._rules.append((re.compile(pattern.encode()), times))

    @property
    def url(self) -> str:
        """Where clients find it."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for relay in self._relays:
            relay.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._relays.add(task)
        task.add_done_callback(self._relays.discard)
        with suppress(ConnectionError, asyncio.CancelledError):
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
            doomed = asyncio.Event()
            sending = asyncio.create_task(self._send_up(reader, up_writer, doomed))
            await _send_down(up_reader, writer, doomed)
            sending.cancel()
            up_writer.close()
        writer.close()

    async def _send_up(self, reader: asyncio.StreamReader, up: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
        while data := await reader.read(65_536):
            if (found := _REQUEST.search(data)) and self._is_to_lose(found[1] + b" " + found[2]):
                doomed.set()
            up.write(data)
            await up.drain()
        up.close()

    def _is_to_lose(self, request: bytes) -> bool:
        for index, (pattern, times) in enumerate(self._rules):
            if times > 0 and pattern.search(request):
                self._rules[index] = (pattern, times - 1)
                self.lost.append(request.decode())
                return True
        return False


async def _send_down(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
    while (data := await reader.read(65_536)) and not doomed.is_set():
        writer.write(data)
        await writer.drain()
