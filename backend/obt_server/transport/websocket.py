"""WebSocket as uvicorn speaks it, for browsers that only listen: whoever talks much, or does not take, is cut."""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from obt_server.transport.deflate import SharedDeflateFactory

MESSAGE_MAX_BYTES = 4_096
"""A browser sends pongs and a closing word, never a message."""
HEARD_MAX_BYTES = 65_536
HEARD_WITHIN_S = 10.0
"""So much within so long, of whatever kind of frame, and the socket is closed: the head of its request is in it."""
_POLICY_VIOLATION = 1008


class QuietSocket(WebSocketsSansIOProtocol):
    """Bounds what a browser may send, and for how long it may leave what it is sent."""

    patience_s: ClassVar[float] = 30.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.conn.available_extensions = [SharedDeflateFactory()]
        self._heard_bytes, self._heard_since_s = 0, self.loop.time()
        self._take_timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is a flood."""
        now_s = self.loop.time()
        if now_s - self._heard_since_s > HEARD_WITHIN_S:
            self._heard_bytes, self._heard_since_s = 0, now_s
        self._heard_bytes += len(data)
        if self._heard_bytes <= HEARD_MAX_BYTES:
            super().data_received(data)
        elif not self.transport.is_closing():
            self._cut()

    def pause_writing(self) -> None:
        """Begin to count for how long the browser takes less than it is sent."""
        super().pause_writing()
        if self._take_timer is None:
            self._take_timer = self.loop.call_later(self.patience_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It took enough."""
        super().resume_writing()
        self._forget_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._forget_timer()
        super().connection_lost(exc)

    def _cut(self) -> None:
        """Say why in one frame, and close; the application hears of it as of any lost connection."""
        if self.handshake_complete and not self.close_sent:
            self.conn.fail(_POLICY_VIOLATION, "too much was sent")
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.transport.close()

    def _forget_timer(self) -> None:
        if self._take_timer is not None:
            self._take_timer.cancel()
            self._take_timer = None
