"""The clocks that a request is timed by.

On Linux a read can tell when the kernel received its last byte (SO_TIMESTAMPNS; the kernel's documentation,
networking/timestamping): such a stamp does not depend on when this process gets to run. It is CLOCK_REALTIME.
"""

import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import NamedTuple, cast

if sys.platform == "linux":
    import fcntl
    import termios
    from array import array

from obt_core.results import ClockSource

BEST_CLOCK = ClockSource.KERNEL if sys.platform == "linux" else ClockSource.PROCESS
"""The most exact clock of this system."""
_SO_TIMESTAMPNS = 35
"""One number for the option and for its control message, which holds a native timespec; Python does not name it."""
_SO_TIMESTAMPING = 37
"""The same for the stamps of what is sent; its message begins with the timespec that software made."""
_SENT_STAMPS = struct.pack("@i", 1 << 1 | 1 << 4 | 1 << 11)
"""SOF_TIMESTAMPING_TX_SOFTWARE, SOFTWARE (report them), OPT_TSONLY (without the data)."""
_TCP_INQ = 36
"""One number for the option and for its control message: how many bytes are left to read (an int)."""
_INT = struct.Struct("@i")
_NO_STAMPS = struct.pack("@i", 0)
_MSG_ERRQUEUE = 0x2000
_ERROR_BYTES = 256
_TIMESPEC = struct.Struct("@ll")
ANCILLARY_BYTES = 64
"""Room for the two control messages of a read."""
_SIDE_BY_SIDE_NS = 20_000
"""Two clocks read further apart than this were read with an interruption between them."""
_RETRIES = 3


def _clock_that_never_stops() -> int | None:
    """The clock that goes on while the machine is suspended, where time.monotonic() does not."""
    if sys.platform == "linux":
        return time.CLOCK_BOOTTIME
    return time.CLOCK_MONOTONIC if sys.platform == "darwin" else None


_NEVER_STOPS = _clock_that_never_stops()


class Clocks(NamedTuple):
    """CLOCK_REALTIME and the monotonic clock, read side by side, in ns."""

    real_ns: int
    monotonic_ns: int

    def step_ns(self, later: "Clocks") -> int:
        """By how much CLOCK_REALTIME was set forward (negative: back) until `later`."""
        return (later.real_ns - self.real_ns) - (later.monotonic_ns - self.monotonic_ns)


def read_clocks() -> Clocks:
    """Read both clocks at one moment, again where an interruption came between them."""
    for _ in range(_RETRIES):
        clocks = _read_once()
        if time.perf_counter_ns() - clocks.monotonic_ns < _SIDE_BY_SIDE_NS:
            return clocks
    return _read_once()


def _read_once() -> Clocks:
    monotonic_ns = time.perf_counter_ns()
    return Clocks(time.time_ns(), monotonic_ns)


def elapsed_s() -> float:
    """Seconds of a clock that nobody sets and that counts the time of a suspended machine too."""
    if _NEVER_STOPS is None:
        return time.perf_counter()  # on Windows it counts that time
    return time.clock_gettime(_NEVER_STOPS)


def ask_kernel_for_stamps(sock: socket.socket) -> None:
    """Have every `recvmsg` of this socket carry its time. Raises OSError where the system cannot."""
    keep_kernel_stamping()
    sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


@cache
def keep_kernel_stamping() -> socket.socket:
    """Have the kernel stamp packets from now on, not from one measured connection to its end.

    It begins with the first socket of the machine that asks and stops with the last, both a moment later, in its own
    time (net_enable_timestamp of Linux): what arrives in that moment has no stamp. So one socket asks for as long as
    this process lives. Raises OSError where the system cannot.
    """
    keeper = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    keeper.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    return keeper


def kernel_stamp_ns(ancillary: list[tuple[int, int, bytes]]) -> int | None:
    """The time of a read out of its control messages, in ns of CLOCK_REALTIME; None if the kernel gave none."""
    return _stamp_in(ancillary, _SO_TIMESTAMPNS)


def send_stamped(sock: socket.socket, data: bytes) -> tuple[int, int | None]:
    """Send what the kernel takes at once (Linux); return how much, and when that left, in ns of CLOCK_REALTIME.

    None where the kernel does not tell (the driver does not stamp, or it left later): then `drain_stamps` once the
    socket has an error to tell.
    """
    with suppress(OSError):  # a system that does not know how
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPING, _SENT_STAMPS)
    try:
        sent = sock.send(data)
    except BlockingIOError:
        sent = 0
    left_ns = drain_stamps(sock)
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPING, _NO_STAMPS)
    return sent, left_ns


def drain_stamps(sock: socket.socket) -> int | None:
    """Take the stamps of what was sent off the socket's error queue; return the first, None if there is none."""
    first_ns: int | None = None
    with suppress(OSError):
        while True:
            _, ancillary, _, _ = sock.recvmsg(0, _ERROR_BYTES, _MSG_ERRQUEUE)
            first_ns = first_ns or _stamp_in(ancillary, _SO_TIMESTAMPING)
    return first_ns


def _stamp_in(ancillary: list[tuple[int, int, bytes]], wanted: int) -> int | None:
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == wanted:
            seconds, nanoseconds = _TIMESPEC.unpack_from(data)
            return seconds * 1_000_000_000 + nanoseconds
    return None


def ask_kernel_for_rest(sock: socket.socket) -> None:
    """Have every `recvmsg` of this socket tell how much is left behind it, where the system can (Linux 4.18)."""
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, _TCP_INQ, 1)


def rest_bytes(ancillary: list[tuple[int, int, bytes]]) -> int:
    """How many bytes were left behind a read, out of its control messages; 0 where the kernel did not tell."""
    for level, kind, data in ancillary:
        if level == socket.IPPROTO_TCP and kind == _TCP_INQ:
            return cast("int", _INT.unpack_from(data)[0])
    return 0


def counter_of_waiting(sock: socket.socket) -> Callable[[], int]:
    """Return what tells how many bytes of a socket can be read now. Linux only: raises OSError elsewhere."""
    if sys.platform != "linux":
        raise OSError("asked for only where the kernel stamps")
    descriptor, waiting = sock.fileno(), array("i", [0])

    def count() -> int:
        fcntl.ioctl(descriptor, termios.FIONREAD, waiting)
        return waiting[0]

    return count
