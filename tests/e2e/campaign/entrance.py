"""One caller's way into the proxy: a port of its own, which can be cut, silenced and slowed."""

import asyncio
import socket


class Entrance:
    """What stands between one client, or one viewer, and all servers."""

    def __init__(self, name: str, *, is_client: bool) -> None:
        self.name, self.is_client = name, is_client
        self.delay_s = 0.0
        self._is_cut = False
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._transports: set[asyncio.Transport] = set()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.socket.getsockname()[1]

    def comes(self, transport: asyncio.Transport) -> None:
        """Remember a connection."""
        self._transports = {one for one in self._transports if not one.is_closing()} | {transport}

    def cut(self) -> None:
        """Reset all connections, and each new one."""
        self._is_cut = True
        for transport in self._transports:
            transport.abort()

    def silence(self) -> None:
        """Let nothing through in either direction; nobody is told."""
        self._speaks.clear()

    def heal(self) -> None:
        """Be a good way again; what waited meanwhile is reset, as after so long a silence."""
        self._is_cut, self.delay_s = False, 0.0
        self._speaks.set()

    async def lets_through(self) -> bool:
        """Wait while nothing gets through; False when what waited is to be reset."""
        if self._is_cut:
            return False
        was_silent = not self._speaks.is_set()
        await self._speaks.wait()
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        return not (was_silent or self._is_cut)
