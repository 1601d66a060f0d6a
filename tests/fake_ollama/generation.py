"""One answer: which line at which moment, with which fault."""

import random
import time
from collections.abc import Iterator

from tests.fake_ollama.asks import Ask
from tests.fake_ollama.dialects import dialect_of
from tests.fake_ollama.faults import Fault, FaultKind
from tests.fake_ollama.pump import NEVER
from tests.fake_ollama.record import RequestRecord
from tests.fake_ollama.wire import LAST_CHUNK, Connection, chunk, stream_head, whole

_WORDS = ("the", "light", "of", "a", "lamp", "falls", "on", "seven", "blue", "stones", "by", "an", "old", "river")


class StreamEndError(Exception):
    """The answer ends here by a fault; `how` is what happens to the connection: keep, close, reset, restart."""

    def __init__(self, how: str, outcome: str) -> None:
        super().__init__(how)
        self.how = how
        self.outcome = outcome


class Generation:
    """Writes one answer. `steps` is driven by the pump: every yield is the moment of the next write."""

    def __init__(self, ask: Ask, fault: Fault | None, connection: Connection, record: RequestRecord) -> None:
        self._ask, self._connection, self._record = ask, connection, record
        self._fault = fault
        self._fault_at = fault.after_chunks if fault else -1
        self._stretch = fault.factor if fault and fault.kind is FaultKind.SLOW else 1.0
        self._join = fault.size if fault and fault.kind is FaultKind.MERGED_WRITES else 1
        self._split_ns = round(fault.delay_ms * 1e6) if fault and fault.kind is FaultKind.SPLIT_WRITES else -1
        self._dialect = dialect_of(ask)
        self._head = stream_head(self._dialect.content_type)
        self._pending: list[tuple[str, bytes]] = []
        self._texts: dict[str, list[str]] = {"thinking": [], "content": []}
        self._first_ns = 0
        self._shift_ns = 0

    def steps(self) -> Iterator[int]:
        """Yield when to go on, in monotonic ns; write in between. Raises StreamEndError, ConnectionError."""
        begin = time.monotonic_ns()
        index = -1
        for index, (offset_ns, kind, text) in enumerate(self._plan()):
            if index == self._fault_at:
                yield from self._disturb()
            due = begin + offset_ns + self._shift_ns
            yield due
            self._first_ns = self._first_ns or time.monotonic_ns()
            yield from self._put(kind, text, due)
        if index < self._fault_at:  # there were fewer chunks than that
            yield from self._disturb()
        due = begin + self._end_offset_ns() + self._shift_ns
        yield due
        yield from self._finish(begin, due)

    def _plan(self) -> Iterator[tuple[int, str, str]]:
        """Offset from the begin in ns, kind and text of every content chunk."""
        ask, model = self._ask, self._ask.model
        first, interval = self._first_offset_ns(), model.interval_ms * self._stretch * 1e6
        spread = model.jitter_ms * self._stretch * 1e6
        dice = random.Random(f"{model.seed} {self._record.number}")
        at_least = 0
        for bound, kind, start in ((ask.thinking, "thinking", 0), (ask.tokens, "content", ask.thinking)):
            for done in range(start, bound, model.tokens_per_chunk):
                upto = min(done + model.tokens_per_chunk, bound)
                wobble = dice.uniform(-spread, spread) if spread else 0.0
                at_least = max(at_least, round(first + (upto - 1) * interval + wobble))
                yield at_least, kind, "".join(f" {_WORDS[n % len(_WORDS)]}" for n in range(done, upto))

    def _first_offset_ns(self) -> float:
        model = self._ask.model
        evaluated = len(self._ask.prompt) + model.template_tokens - self._ask.cached
        return (model.ttft_ms + model.prefill_ms_per_token * evaluated) * self._stretch * 1e6

    def _end_offset_ns(self) -> int:
        return round(self._first_offset_ns() + self._ask.tokens * self._ask.model.interval_ms * self._stretch * 1e6)

    def _put(self, kind: str, text: str, due: int) -> Iterator[int]:
        """Write one content chunk, or keep it for later where the answer is not streamed or chunks are joined."""
        if not self._ask.stream:
            self._texts[kind].append(text)
            return
        self._pending.append((kind, chunk(self._dialect.line(kind, text))))
        if len(self._pending) < self._join:
            return
        if self._split_ns < 0:
            self._flush(due)
        else:
            yield from self._flush_in_two(due)

    def _flush(self, due: int) -> None:
        if self._pending:
            data = self._head + b"".join(data for _, data in self._pending)
            self._connection.send(data, self._record, tuple(kind for kind, _ in self._pending), due)
            self._head = b""
            self._pending.clear()

    def _flush_in_two(self, due: int) -> Iterator[int]:
        """Write one half, wait, write the other; the line's stamp is that of the second: only then is it whole."""
        ((kind, data),) = self._pending
        self._pending.clear()
        data, self._head = self._head + data, b""
        self._connection.send_unstamped(data[: len(data) // 2], self._record)
        yield time.monotonic_ns() + self._split_ns
        self._connection.send(data[len(data) // 2 :], self._record, (kind,), due)

    def _write_line(self, kind: str, line: bytes, due: int) -> None:
        self._flush(due)
        self._pending.append((kind, chunk(line)))
        self._flush(due)

    def _disturb(self) -> Iterator[int]:
        """Let the fault happen that was to come here."""
        fault, now = self._fault, time.monotonic_ns()
        assert fault is not None
        match fault.kind:
            case FaultKind.PAUSE:
                self._shift_ns = round(fault.delay_ms * 1e6)
            case FaultKind.HANG_MID_STREAM:
                self._flush(now)
                self._record.outcome = "hung"
                yield NEVER
            case FaultKind.ERROR_LINE:
                self._write_line("error", self._dialect.error(fault.message), now)
                self._connection.send_unstamped(LAST_CHUNK, self._record)
                raise StreamEndError("keep", "error")
            case FaultKind.BAD_JSON:
                self._write_line("garbage", self._dialect.unfinished, now)
            case FaultKind.CUT | FaultKind.CLOSE | FaultKind.RESTART:
                self._flush(now)
                how = {FaultKind.CUT: "reset", FaultKind.CLOSE: "close"}.get(fault.kind, "restart")
                raise StreamEndError(how, "cut")
            case _:
                pass

    def _finish(self, begin: int, due: int) -> Iterator[int]:
        """Write the final line and the end of the body."""
        counts = {} if self._fault and self._fault.kind is FaultKind.MISSING_COUNTS else self._counts(begin)
        if not self._ask.stream:
            body = self._dialect.whole({kind: "".join(texts) for kind, texts in self._texts.items()}, counts)
            self._connection.send(whole(200, body), self._record, ("body",), due)
            return
        if self._fault is not None and self._fault.kind is FaultKind.NO_DONE:
            self._flush(due)
        else:
            self._write_line("final", self._dialect.final(counts), due)
        self._connection.send_unstamped(self._head + LAST_CHUNK, self._record)
        yield from ()

    def _counts(self, begin: int) -> dict[str, int]:
        ask, now = self._ask, time.monotonic_ns()
        prompt = len(ask.prompt) + ask.model.template_tokens
        cached = {"prompt_eval_cached_count": ask.cached} if ask.model.cache == "reported" else {}
        counted = prompt - ask.cached if ask.model.cache == "new_only" else prompt
        shown = {} if ask.model.cache == "omitted" and ask.cached else {"prompt_eval_count": counted}
        first = self._first_ns or now
        return {
            "total_duration": now - ask.received_ns,
            "load_duration": ask.loaded_ns - ask.received_ns,
            **shown,
            **cached,
            "prompt_eval_duration": first - begin,
            "eval_count": ask.tokens,
            "eval_duration": round((now - first) * ask.model.eval_duration_factor),
        }
