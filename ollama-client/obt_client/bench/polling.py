"""Tells readings that there is something to read: at once while little comes, every 1 to 2.5 ms while much does.

The kernel has stamped what waits, so reading it a little later moves no stamp, and two chunks of one stream that wait
together are read apart (`reading.KernelReading`). Waking up for every single token is what costs most: with 32 streams
at 100 tokens/s a token took 34 µs of CPU, parsing and all, and 26 µs gathered like this. An answer's end, and so the
next request of its stream, is noticed so much later; it is stamped in time all the same.
"""

import asyncio
import select
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

_NAPS_S = (0.001, 0.0025)
"""The shortest and the longest nap; in between it is a quarter of the time between two reads of one stream."""
_READS_A_NAP = 1.5
"""So many have to come in a nap for it to be worth it."""
_WINDOW_S = 0.05
"""Over what time the rate is taken."""


class Polling:
    """All that is read in one event loop. Linux only (epoll)."""

    def __init__(self) -> None:
        self._epoll: select.epoll | None = None
        self._readers: dict[int, Callable[[], object]] = {}
        self._busy = False
        self._nap_s = _NAPS_S[0]
        self._timer: asyncio.TimerHandle | None = None
        self._since_s, self._count = 0.0, 0

    @property
    def gathers(self) -> bool:
        """Whether so much comes that it is gathered."""
        return self._timer is not None

    def add(self, descriptor: int, reader: Callable[[], object]) -> None:
        """Call `reader` whenever there is something to read."""
        if self._epoll is None:
            self._epoll = select.epoll()
            asyncio.get_running_loop().add_reader(self._epoll.fileno(), self._on_ready)
        self._readers[descriptor] = reader
        self._epoll.register(descriptor, select.EPOLLIN)

    def remove(self, descriptor: int) -> None:
        """Call it no more; again does nothing."""
        if self._epoll is None or self._readers.pop(descriptor, None) is None:
            return
        self._epoll.unregister(descriptor)
        if not self._readers:
            self._end()

    def _end(self) -> None:
        epoll, self._epoll = self._epoll, None
        if epoll:
            asyncio.get_running_loop().remove_reader(epoll.fileno())
            epoll.close()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _on_ready(self) -> None:
        """Something came while nobody naps."""
        self._read()
        if self._epoll and self._is_busy():
            asyncio.get_running_loop().remove_reader(self._epoll.fileno())
            self._timer = asyncio.get_running_loop().call_later(self._nap_s, self._on_nap_over)

    def _on_nap_over(self) -> None:
        try:
            self._read()
        finally:
            if self._epoll and self._is_busy():
                self._timer = asyncio.get_running_loop().call_later(self._nap_s, self._on_nap_over)
            elif self._epoll:
                self._timer = None
                asyncio.get_running_loop().add_reader(self._epoll.fileno(), self._on_ready)

    def _read(self) -> None:
        if self._epoll is None:
            return
        ready = self._epoll.poll(0)
        self._count += len(ready)
        for descriptor, _ in ready:
            if reader := self._readers.get(descriptor):
                reader()

    def _is_busy(self) -> bool:
        """Whether much came of late; half as much is enough to stay so."""
        now_s = time.monotonic()
        if (past_s := now_s - self._since_s) >= _WINDOW_S:
            rate_per_s = self._count / past_s
            self._nap_s = min(max(len(self._readers) / max(rate_per_s, 1) / 4, _NAPS_S[0]), _NAPS_S[1])
            self._busy = rate_per_s * self._nap_s > (_READS_A_NAP / 2 if self._busy else _READS_A_NAP)
            self._since_s, self._count = now_s, 0
        return self._busy


_pollings: WeakKeyDictionary[asyncio.AbstractEventLoop, Polling] = WeakKeyDictionary()


def polling() -> Polling:
    """Return the polling of the running loop."""
    return _pollings.setdefault(asyncio.get_running_loop(), Polling())
