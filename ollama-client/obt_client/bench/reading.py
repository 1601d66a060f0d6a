"""Reads an answer as it comes and stamps every read, by the kernel's clock or by this process's own.

What is in the timed path is here: the send, the reads, their stamps, and what `take` does with them.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from obt_client.bench.clocks import (
    ANCILLARY_BYTES,
    ask_kernel_for_rest,
    ask_kernel_for_stamps,
    counter_of_waiting,
    drain_stamps,
    kernel_stamp_ns,
    read_clocks,
    rest_bytes,
    send_stamped,
)
from obt_client.bench.framing import BadAnswerError
from obt_client.bench.polling import polling
from obt_core.results import ClockSource

_READ_BYTES = 65_536
_PATIENCE_S = 0.5
"""How often a blocked thread looks whether it is still wanted; shutting its socket wakes it at once, but not on
every system."""
Take = Callable[[int, bytes], bool]
"""Takes a stamp (ns of CLOCK_REALTIME) and what was read, nothing at the end of the connection; returns whether the
answer is whole now. A BadAnswerError ends the reading."""
Ends = Callable[[bytes], list[int]]
"""Tells where the server's writes end in what waits to be read."""


class KernelReading:
    """Reads on the event loop whenever there is something; the kernel has stamped it before (Linux).

    A read that takes two packets has the stamp of the newer. So what waits is counted first, and where it is more
    than one chunk, looked at and read chunk by chunk: each has its own stamp then, unless the kernel had joined their
    packets (it does once the older is acknowledged, after about three chunks on loopback); such chunks have one
    and the same stamp and are told by that. The kernel may join one more while they are being read, and their stamp
    becomes its. So each read tells how much is left behind it (TCP_INQ): where that is more than there was, its stamp
    is doubted, and that of the chunk before with it. Acknowledging later (TCP_QUICKACK) would keep a few more apart
    and is not done: a server that waits for the acknowledgement would be slower than it is for others.

    The send is stamped before send(), where a user's wait begins. When the kernel handed it on is asked too
    (SO_TIMESTAMPING), to know of a stall in between: usually it is 7 µs later (p99 27 µs, with both cores busy).
    """

    def __init__(self, sock: socket.socket, take: Take, ends: Ends, doubt: Callable[[int], object]) -> None:
        self.clock = ClockSource.KERNEL
        self.sent, self.send_ns = read_clocks(), 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sock, self._take, self._ends, self._doubt = sock, take, ends, doubt
        self._loop = asyncio.get_running_loop()
        self._waiting = counter_of_waiting(sock)
        self._one_chunk = self._stamp_ns = 0
        ask_kernel_for_stamps(sock)
        ask_kernel_for_rest(sock)
        self._descriptor = sock.fileno()
        polling().add(self._descriptor, self._on_readable)

    async def ask(self, request: bytes) -> None:
        """Send the request and stamp that. Raises OSError."""
        self.sent = read_clocks()
        sent, left_ns = send_stamped(self._sock, request)
        self.send_ns = left_ns - self.sent.real_ns if left_ns else time.perf_counter_ns() - self.sent.monotonic_ns
        if sent < len(request):
            await self._loop.sock_sendall(self._sock, request[sent:])

    def stop(self) -> None:
        """Read no more."""
        polling().remove(self._descriptor)

    def _on_readable(self) -> None:
        try:
            waiting = self._waiting()
            whole = self._read(waiting or 1, 0) if waiting <= self._one_chunk else self._read_apart(waiting)
        except BlockingIOError:
            drain_stamps(self._sock)  # one that came late makes a socket look readable
        except (OSError, BadAnswerError) as error:
            self._end(error)
        else:
            if whole:
                self._end(None)

    def _read(self, size: int, rest: int, before_ns: int | None = None) -> bool:
        """Read so much; so much more was there, and before it something with that stamp."""
        data, ancillary, _, _ = self._sock.recvmsg(size, ANCILLARY_BYTES)
        stamp_ns = kernel_stamp_ns(ancillary)
        if stamp_ns is None:
            stamp_ns = time.time_ns()
            self.clock = ClockSource.PROCESS if data else self.clock
        elif rest_bytes(ancillary) > rest:
            self._doubt(stamp_ns)
            self._doubt(before_ns or stamp_ns)
        self._stamp_ns = stamp_ns
        self._one_chunk = min(self._one_chunk or size * 2, size + (size >> 1))
        return self._take(stamp_ns, data)

    def _read_apart(self, waiting: int) -> bool:
        peeked, before_ns, at = self._sock.recv(waiting, socket.MSG_PEEK), None, 0
        for end in (*self._ends(peeked), len(peeked)):
            if end > at or not peeked:
                if self._read(end - at or 1, len(peeked) - end, before_ns):
                    return True
                at, before_ns = end, self._stamp_ns
        return False

    def _end(self, error: Exception | None) -> None:
        self.stop()
        _settle(self.done, error)


class ThreadReading:
    """Reads in a thread of its own that blocks in recv(), and stamps directly after it by the monotonic clock.

    Where the kernel gives no stamps. Compared on two cores, against the record of an Ollama with known times that
    sends a chunk every 10 ms: stamps too late by, in µs, p50 / p99.

    | streams               | thread each | Protocol   | sock_recv in a task |
    |-----------------------|-------------|------------|---------------------|
    | 1                     | 97 / 288    | 169 / 264  | 254 / 388           |
    | 8                     | 29 / 339    | 93 / 529   | 94 / 430            |
    | 8, one core kept busy | 29 / 198    | 50 / 287   | 98 / 448            |
    | 32                    | 32 / 384    | 30 / 442   | 97 / 780            |
    | 32, one core kept busy| 35 / 7,158  | 32 / 3,650 | 161 / 9,033         |
    """

    def __init__(self, sock: socket.socket, take: Take) -> None:
        self.clock = ClockSource.PROCESS
        self.sent, self.send_ns = read_clocks(), 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sock, self._take = sock, take
        self._loop = asyncio.get_running_loop()
        self._wanted = True
        self.thread: threading.Thread | None = None

    async def ask(self, request: bytes) -> None:
        """Have the thread send the request; it stamps that directly before."""
        self._sock.settimeout(_PATIENCE_S)
        self.thread = threading.Thread(target=self._run, args=(request,), name="obt-read", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Wake the thread and wait for its end, so that nobody reads when the socket is closed."""
        self._wanted = False
        if self.thread and self.thread.is_alive():
            with suppress(OSError):  # the other side was faster
                self._sock.shutdown(socket.SHUT_RDWR)
            self.thread.join()

    def _run(self, request: bytes) -> None:
        error: Exception | None = None
        try:
            self._send(memoryview(request))
            self._read()
        except (OSError, BadAnswerError) as told:
            error = told
        if self._wanted:
            self._loop.call_soon_threadsafe(_settle, self.done, error)

    def _send(self, rest: memoryview) -> None:
        self.sent = read_clocks()
        while rest and self._wanted:
            with suppress(TimeoutError):
                rest = rest[self._sock.send(rest) :]
            self.send_ns = self.send_ns or time.perf_counter_ns() - self.sent.monotonic_ns

    def _read(self) -> None:
        zero_ns = self.sent.real_ns - self.sent.monotonic_ns
        recv, take, clock_ns = self._sock.recv, self._take, time.perf_counter_ns
        while self._wanted:
            try:
                data = recv(_READ_BYTES)
            except TimeoutError:
                continue
            if take(zero_ns + clock_ns(), data):
                return


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
