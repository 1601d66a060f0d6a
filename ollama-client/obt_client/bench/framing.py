"""From stamped reads to lines: takes HTTP/1.1 framing off. No I/O, so every split can be tested."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import httptools


class BadAnswerError(Exception):
    """What came is not what Ollama sends, or nothing came; `code` tells programs how."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Framing:
    """Takes the HTTP framing off, read by read. Its stamp stays with every piece of the body.

    Reads with one stamp come of one packet, or of packets that the kernel had joined: they make one piece.
    """

    def __init__(self) -> None:
        self.first_ns: int | None = None
        self.last_ns: int | None = None
        self.pieces: list[tuple[int, bytes]] = []
        self.doubtful: set[int] = set()
        """Stamps that may be those of a later packet than what was read with them."""
        self.complete = False
        self._now: list[bytes] = []
        self.on_body = self._now.append  # called by the parser with each part of the body
        self._parser = httptools.HttpResponseParser(self)

    @property
    def status(self) -> int | None:
        """The HTTP status, None before it has come."""
        return self._parser.get_status_code() or None

    def feed(self, stamp_ns: int, data: bytes) -> int:
        """Take one read; return how many line ends were in it. Raises BadAnswerError for what is no HTTP."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise BadAnswerError("bad_http", f"the answer is no HTTP: {error}") from error
        finally:
            before_ns, self.last_ns = self.last_ns, stamp_ns
        if before_ns is None:
            self.first_ns = stamp_ns
        if not self._now:
            return 0
        piece = self._now[0] if len(self._now) == 1 else b"".join(self._now)
        self._now.clear()
        if stamp_ns == before_ns and self.pieces:
            self.pieces[-1] = (stamp_ns, self.pieces[-1][1] + piece)
        else:
            self.pieces.append((stamp_ns, piece))
        return piece.count(b"\n")

    def on_message_complete(self) -> None:
        """The body is whole, called by the parser."""
        self.complete = True


class Line(NamedTuple):
    """One line and the stamp of the read that ended it. `merged`: that read brought more of the body behind it."""

    stamp_ns: int
    data: bytes
    merged: bool


def lines_of(pieces: Iterable[tuple[int, bytes]], doubtful: AbstractSet[int] = frozenset()) -> Iterator[Line]:
    """Split the body at its newlines; a last line without one is a line too. Empty lines are left out.

    Lines with a doubtful stamp count as merged.
    """
    stamp_ns, rest = 0, b""
    for stamp_ns, piece in pieces:
        *ended, rest = (rest + piece).split(b"\n")
        lines = [data for data in ended if data.strip()]
        last = len(lines) - 1
        more = (bool(rest) and bool(rest.strip())) or stamp_ns in doubtful
        for index, data in enumerate(lines):
            yield Line(stamp_ns, data, more or index < last)
    if rest.strip():
        yield Line(stamp_ns, rest, stamp_ns in doubtful)


def ends_of_chunks(waiting: bytes) -> list[int]:
    """Where the HTTP chunks end in what waits to be read, however it begins.

    Ollama writes whole lines, one an HTTP chunk: a newline before a chunk's own CRLF is nowhere else in an answer.
    """
    ends, at = list[int](), 0
    while (found := waiting.find(b"\n\r\n", at)) >= 0:
        at = found + 3
        ends.append(at)
    return ends
