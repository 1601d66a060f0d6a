"""Who is due next, and the sending. One thread; nothing is built, parsed or logged between a token and the next."""

import socket
import time
from heapq import heappop, heappush, heapreplace

from obt_client.bench.standin.answers import Prepared
from obt_client.bench.standin.asked import FINAL_AFTER_MS
from obt_client.bench.standin.record import Written

_WRITES_A_TURN = 64
"""Writes before new requests get their turn, when the schedule is behind."""
_RETRY_NS = 1_000_000
"""How soon a write is tried again that the kernel would not take."""
_FINAL_AFTER_NS = round(FINAL_AFTER_MS * 1e6)


class Flow:
    """One answer on its way."""

    __slots__ = ("_answer", "_pending", "_sock", "_tokens", "closed", "record")

    def __init__(self, sock: socket.socket, answer: Prepared, record: Written) -> None:
        self._sock, self._answer, self.record = sock, answer, record
        self._tokens = record.asked.times.tokens
        self._pending = b""
        self.closed = False

    def write(self) -> int | None:
        """Send what is due; return when the next is due in ns, None after the last. Raises OSError."""
        stamps = self.record.written_ns
        number = len(stamps)
        if self.record.final_ns is None:
            if number == self._tokens:
                return self._end()
            data = self._answer.token() if number else self._answer.first()
            stamps.append(time.time_ns())  # nothing may come between this and the send
            self._send(data)
            number += 1
            return self.record.due_ns(number) if number < self._tokens else stamps[-1] + _FINAL_AFTER_NS
        self._send(b"")
        return time.time_ns() + _RETRY_NS if self._pending else None

    def _end(self) -> int | None:
        data = self._answer.last()
        self.record.final_ns = time.time_ns()
        self._send(data)
        return self.record.final_ns + _RETRY_NS if self._pending else None

    def _send(self, data: bytes) -> None:
        if self._pending:
            data = self._pending + data
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        if sent == len(data):
            self._pending = b""
            return
        self._pending = data[sent:]
        self.record.blocked += 1


class Schedule:
    """All answers on their way, ordered by when they are due."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Flow]] = []
        self._numbers = 0

    def add(self, flow: Flow) -> None:
        """Take an answer on."""
        self._numbers += 1
        heappush(self._heap, (flow.record.due_ns(0), self._numbers, flow))

    def write_due(self) -> list[Flow]:
        """Send what is due, a turn at most; return the answers that ended (`closed`: their reader went away)."""
        heap, ended = self._heap, list[Flow]()
        for _ in range(_WRITES_A_TURN):
            if not heap or heap[0][0] > time.time_ns():
                break
            _, number, flow = heap[0]
            next_ns = _written(flow)
            if next_ns is None:
                heappop(heap)
                ended.append(flow)
            else:
                heapreplace(heap, (next_ns, number, flow))
        return ended

    def left_ns(self) -> int | None:
        """How long until something is due, in ns; None while there is nothing."""
        return self._heap[0][0] - time.time_ns() if self._heap else None


def _written(flow: Flow) -> int | None:
    if flow.closed:
        return None
    try:
        return flow.write()
    except OSError:
        flow.closed = True
        return None
