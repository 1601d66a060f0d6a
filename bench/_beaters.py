"""Many clients in one process, each with a connection of its own that sends beats in turn: `python -m bench._beaters`.

It reads one JSON of `Wish` and then a port, says `known` when each client was heard there, beats on until it reads a
line, says `ready` and measures; it prints one of `Told`. One more line that it reads ends it before its time. Nothing
of it is clever, so that it costs less than what it asks: requests are written before it is told the port, a reply is
counted by its blank line and its length.
"""

import asyncio
import json
import random
import sys
import time
from array import array
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import cast

import uvloop

from bench._fill import beat_of, key_of
from bench._fleet import Machine, make_fleet

_LOAD = b'"cpu_percent":'
_CONNECT_AT_ONCE = 200
_GRAIN_MS = 2.0
_CALM_S = 20.0
"""Before it is measured, for what is left of the beginning; pages that are opened meanwhile are no part of it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Beats of all clients a second, over so many connections, for so long; held by `Prefer: wait` where not 0."""

    clients: int
    models_each: int
    seed: int
    per_s: float
    seconds: float
    wait_s: int = 0
    silent: int = 0
    """The last so many of the clients do not beat here."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. Latencies in ms, from writing to reading, of a held reply from when it was due.

    `late_ms` is how late beats were written at p99.
    """

    beats: int
    refused: int
    lost: int
    seconds: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    late_ms: float
    cpu_s: float
    first_p99_ms: float
    """Of the first beat of each client, all within one interval, and how many of those were refused."""
    first_refused: int


class _Connection(asyncio.Protocol):
    """One client: a request out, its reply in."""

    def __init__(self, run: "_Run", request: bytes) -> None:
        self._run = run
        self._head, _, rest = request.partition(_LOAD)
        self._tail = rest[rest.index(b",") :]
        self._transport: asyncio.WriteTransport | None = None
        self._sent_at: float | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        self._transport = cast("asyncio.WriteTransport", transport)

    @property
    def is_waiting(self) -> bool:
        """Whether a reply is to come."""
        return self._sent_at is not None and self._transport is not None

    def beat(self) -> bool:
        """Send a beat with another load, of the same length; False while the last is not answered."""
        if self._sent_at is not None or self._transport is None:
            return False
        load = b"%s%02d.0" % (_LOAD, self._run.dice.randrange(10, 100))
        self._sent_at = time.perf_counter()
        self._transport.write(self._head + load + self._tail)
        return True

    def data_received(self, data: bytes) -> None:
        """Count a whole reply."""
        self._got += data
        head, blank, body = self._got.partition(b"\r\n\r\n")
        if not blank or self._sent_at is None or len(body) < _length_in(head):
            return
        is_good = b" 200 " in head[:20]
        if not is_good and not self._run.refused:
            print(self._got.decode(errors="replace")[-300:], file=sys.stderr)
        self._run.note(self._sent_at, is_good=is_good)
        self._sent_at, self._got = None, b""

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        """Count it."""
        self._transport = None
        self._run.lost += not self._run.is_over


class _Run:
    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        fleet = make_fleet(wish.clients, wish.models_each, wish.seed)[: wish.clients - wish.silent]
        self._requests = [_request(machine, wish.wait_s) for machine in fleet]
        self.dice = random.Random(wish.seed)
        self.taken_ms, self.late_ms = array("d"), array("d")
        self.refused, self.lost = 0, 0
        self._turn = 0
        self.is_over = self.is_stopped = self._is_asked = False

    def note(self, sent_at: float, *, is_good: bool) -> None:
        """Count a reply. One that was held counts from when it is due, and may be early by a timer's grain."""
        taken_ms = (time.perf_counter() - sent_at) * 1e3
        late_ms = taken_ms - self._wish.wait_s * 1e3
        self.taken_ms.append(max(0.0, late_ms) if late_ms > -_GRAIN_MS else taken_ms)
        self.refused += not is_good

    async def told(self, port: int) -> Told:
        """Connect, beat once each to be known, then beat on at the pace and count."""
        wish, all_of = self._wish, await self._connected(port)
        first_p99_ms, first_refused = await self._first(all_of)
        await self._round(all_of)  # who was refused at first is known by now
        asyncio.get_running_loop().add_reader(sys.stdin, self._hear)
        await self._until_asked(all_of)
        await self._paced(all_of, _CALM_S + wish.wait_s)  # as many held beats are answered as sent, once some wait
        self.taken_ms, self.late_ms, self.refused = array("d"), array("d"), 0
        cpu_s = time.process_time()
        print("ready", flush=True)
        begin = time.perf_counter()
        await self._paced(all_of, wish.seconds)
        seconds = time.perf_counter() - begin
        self.is_over = True
        taken = sorted(self.taken_ms) or [float("nan")]
        return Told(
            beats=len(self.taken_ms), refused=self.refused, lost=self.lost, seconds=seconds,
            p50_ms=_at(taken, 0.5), p99_ms=_at(taken, 0.99), worst_ms=taken[-1],
            late_ms=_at(sorted(self.late_ms), 0.99), cpu_s=time.process_time() - cpu_s,
            first_p99_ms=first_p99_ms, first_refused=first_refused,
        )  # fmt: skip

    async def _first(self, all_of: list[_Connection]) -> tuple[float, int]:
        """Beat once each, as after a start of the server."""
        await self._round(all_of)
        return _at(sorted(self.taken_ms), 0.99), self.refused

    async def _round(self, all_of: list[_Connection]) -> None:
        await self._paced(all_of, len(all_of) / self._wish.per_s)
        while any(one.is_waiting for one in all_of):  # noqa: ASYNC110 - ten thousand events would be no simpler
            await asyncio.sleep(0.1)

    async def _until_asked(self, all_of: list[_Connection]) -> None:
        print("known", flush=True)
        while not self._is_asked:
            await self._paced(all_of, max(1.0, 1 / self._wish.per_s))

    def _hear(self) -> None:
        """The first line asks for the measurement, the next ends it; the end of lines does neither."""
        if not sys.stdin.readline():
            asyncio.get_running_loop().remove_reader(sys.stdin)
        elif self._is_asked:
            self.is_stopped = True
        self._is_asked = True

    async def _connected(self, port: int) -> list[_Connection]:
        made: list[_Connection] = []
        for begin in range(0, len(self._requests), _CONNECT_AT_ONCE):
            some = self._requests[begin : begin + _CONNECT_AT_ONCE]
            made += await asyncio.gather(*(self._connect(port, request) for request in some))
        return made

    async def _connect(self, port: int, request: bytes) -> _Connection:
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_connection(lambda: _Connection(self, request), "127.0.0.1", port)
        return protocol

    async def _paced(self, all_of: list[_Connection], seconds: float) -> None:
        """Write each in its turn and at its time, whatever became of those before."""
        begin, beats = time.perf_counter(), round(self._wish.per_s * seconds)
        for nth in range(beats):
            if self.is_stopped:
                return
            due = begin + nth * seconds / beats
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            self.late_ms.append((time.perf_counter() - due) * 1e3)
            all_of[self._turn % len(all_of)].beat()
            self._turn += 1


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


def _length_in(head: bytes) -> int:
    rest = head.lower().partition(b"content-length:")[2]
    return int(rest.split(b"\r\n", 1)[0]) if rest else 0


def _request(machine: Machine, wait_s: int) -> bytes:
    body = beat_of(machine, 0, datetime.now(UTC)).model_dump_json().replace('"cpu_percent":3.0', '"cpu_percent":10.0')
    prefer = f"Prefer: wait={wait_s}\r\n" if wait_s else ""
    head = (
        f"POST /api/v1/clients/{machine.id}/heartbeat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {key_of(machine.id)}\r\n{prefer}Content-Length: {len(body)}\r\n\r\n"
    )
    return f"{head}{body}".encode()


if __name__ == "__main__":
    ready_run = _Run(Wish(**json.loads(sys.stdin.readline())))
    print(json.dumps(asdict(uvloop.run(ready_run.told(int(sys.stdin.readline()))))), flush=True)
