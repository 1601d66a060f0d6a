"""Chunks that wait together are read apart, and told where the kernel had joined them."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from obt_client.bench.clocks import drain_stamps, send_stamped
from obt_client.bench.framing import Framing, ends_of_chunks, lines_of
from obt_client.bench.polling import polling
from obt_client.bench.reading import KernelReading, ThreadReading
from obt_core.results import ClockSource

_linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's stamps are asked for on Linux only")
_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def _chunk(number: int) -> bytes:
    line = b'{"n":%d,"response":"%b"}\n' % (number, b"word" * (number % 7))
    return b"%x\r\n%b\r\n" % (len(line), line)


@asynccontextmanager
async def _pair() -> AsyncGenerator[tuple[socket.socket, socket.socket]]:
    """A reader's and a writer's end of one TCP connection."""
    with socket.socket() as listener, socket.socket() as reader:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        reader.setblocking(False)
        await asyncio.get_running_loop().sock_connect(reader, listener.getsockname())
        writer, _ = listener.accept()
        writer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with writer:
            yield reader, writer


async def _end(reading: KernelReading | ThreadReading) -> None:
    try:
        async with asyncio.timeout(10):
            await reading.done
    finally:
        reading.stop()


@pytest.fixture(autouse=True, scope="module")
def stamping() -> None:
    """Wait until the kernel stamps what arrives: it begins a moment after it was first asked."""
    if sys.platform != "linux":
        return
    deadline = time.monotonic() + 10
    while not asyncio.run(_is_stamped()):
        assert time.monotonic() < deadline, "the kernel gives no stamps"


async def _is_stamped() -> bool:
    async with _pair() as (reader, writer):
        reading = KernelReading(reader, lambda stamp_ns, data: True, ends_of_chunks, set[int]().add)
        writer.send(_chunk(1))
        await _end(reading)
    return reading.clock is ClockSource.KERNEL


async def _two_that_wait() -> tuple[int, int]:
    """Send two chunks before the loop runs again; how many stamps they got, and how many were marked as merged."""
    framing = Framing()

    def take(stamp_ns: int, data: bytes) -> bool:
        framing.feed(stamp_ns, data)
        return framing.complete

    async with _pair() as (reader, writer):
        reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)  # what is not acknowledged is seldom joined
        reading = KernelReading(reader, take, ends_of_chunks, framing.doubtful.add)
        for data in (_HEAD + _chunk(1), _chunk(2), b"0\r\n\r\n"):
            writer.send(data)
        await _end(reading)
    assert reading.clock is ClockSource.KERNEL
    lines = list(lines_of(framing.pieces))
    return len({line.stamp_ns for line in lines}), sum(line.merged for line in lines)


@_linux
async def test_two_chunks_that_wait_have_each_their_own_stamp_unless_the_kernel_joined_them() -> None:
    """A kernel that is busy may join any two packets; it does not join those of ten connections."""
    found = [await _two_that_wait() for _ in range(10)]
    assert (2, 0) in found
    assert set(found) <= {(2, 0), (1, 1)}


@_linux
async def test_one_write_of_many_chunks_is_one_stamp_and_all_but_its_last_are_merged() -> None:
    framing = Framing()

    def take(stamp_ns: int, data: bytes) -> bool:
        framing.feed(stamp_ns, data)
        return framing.complete

    async with _pair() as (reader, writer):
        reading = KernelReading(reader, take, ends_of_chunks, framing.doubtful.add)
        writer.send(_HEAD + b"".join(map(_chunk, range(100))))
        writer.send(b"0\r\n\r\n")
        await _end(reading)
    lines = list(lines_of(framing.pieces))
    assert len({line.stamp_ns for line in lines}) == 1
    assert [line.merged for line in lines] == [True] * 99 + [False]


@_linux
async def test_a_chunk_that_is_joined_while_others_are_read_makes_no_stamp_untrue() -> None:
    framing, written_ns = Framing(), list[int]()

    async with _pair() as (reader, writer):

        def write(data: bytes) -> None:
            written_ns.append(time.time_ns())
            writer.send(data)

        def take(stamp_ns: int, data: bytes) -> bool:
            framing.feed(stamp_ns, data)
            if data == _chunk(1):  # the second still waits, perhaps in one packet with the first
                write(_chunk(3))
            return framing.complete

        reading = KernelReading(reader, take, ends_of_chunks, framing.doubtful.add)
        for data in (_HEAD, _chunk(1), _chunk(2)):
            write(data)
        async with asyncio.timeout(10):
            while len(written_ns) < 4:
                await asyncio.sleep(0)
        write(b"0\r\n\r\n")
        await _end(reading)
    lines = list(lines_of(framing.pieces, framing.doubtful))
    assert len(lines) == 3
    for line, begin_ns, end_ns in zip(lines[:2], written_ns[1:3], written_ns[2:4], strict=True):
        assert line.stamp_ns >= begin_ns
        assert line.merged or line.stamp_ns <= end_ns


@_linux
@pytest.mark.parametrize("error", [ConnectionResetError, None])
async def test_the_end_of_the_connection_is_told(error: type[Exception] | None) -> None:
    seen = list[bytes]()

    def take(stamp_ns: int, data: bytes) -> bool:
        seen.append(data)
        return not data

    async with _pair() as (reader, writer):
        reading = KernelReading(reader, take, ends_of_chunks, set[int]().add)
        writer.send(_chunk(1))
        if error:
            writer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.close()
        if error:
            with pytest.raises(error):
                await _end(reading)
        else:
            await _end(reading)
            assert seen == [_chunk(1), b""]


@_linux
async def test_much_is_gathered_and_nothing_is_lost_when_it_gets_less() -> None:
    got = list[bytes]()

    def take(stamp_ns: int, data: bytes) -> bool:
        got.append(data)
        return data == b"0\r\n\r\n"

    async with _pair() as (reader, writer):
        reading = KernelReading(reader, take, ends_of_chunks, set[int]().add)
        async with asyncio.timeout(30):
            while not polling().gathers:  # a chunk each turn of the loop: thousands a second
                writer.send(_chunk(1))
                await asyncio.sleep(0)
            while polling().gathers:
                writer.send(_chunk(2))
                await asyncio.sleep(0.005)
        writer.send(b"0\r\n\r\n")
        await _end(reading)
    assert b"".join(got).replace(_chunk(1), b"").replace(_chunk(2), b"") == b"0\r\n\r\n"


async def test_a_thread_ends_with_its_reading() -> None:
    async with _pair() as (reader, _):
        reading = ThreadReading(reader, lambda stamp_ns, data: False)
        await reading.ask(b"never answered")
        assert reading.thread is not None
        assert reading.thread.is_alive()
        reading.stop()
        assert not reading.thread.is_alive()
    assert not reading.done.done()


async def test_a_request_that_nobody_takes_ends_with_its_reading_too() -> None:
    async with _pair() as (reader, _):
        reading = ThreadReading(reader, lambda stamp_ns, data: False)
        await reading.ask(bytes(50_000_000))  # more than the kernel buffers
        reading.stop()
        assert reading.thread is not None
        assert not reading.thread.is_alive()


@_linux
async def test_the_kernel_tells_when_a_request_left() -> None:
    async with _pair() as (reader, _):
        before_ns = time.time_ns()
        sent, left_ns = send_stamped(reader, b"asked")
        assert sent == 5
        assert left_ns is not None
        assert before_ns <= left_ns <= time.time_ns()
        assert drain_stamps(reader) is None


@_linux
async def test_a_stamp_that_comes_late_does_not_keep_the_loop_busy() -> None:
    async with _pair() as (reader, writer):
        reader.setsockopt(socket.SOL_SOCKET, 37, 1 << 1 | 1 << 4 | 1 << 11)
        reading = KernelReading(reader, lambda stamp_ns, data: True, ends_of_chunks, set[int]().add)
        reader.send(b"asked")  # its stamp is left on the error queue
        for _ in range(3):
            await asyncio.sleep(0)
        assert drain_stamps(reader) is None
        assert not reading.done.done()
        writer.send(_chunk(1))
        await _end(reading)
