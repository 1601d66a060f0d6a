"""How samples and ticks are stored: JSON, compressed. Pure functions."""

import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import repeat

from pydantic import TypeAdapter

from obt_core.results import Sample
from obt_core.telemetry import Tick

_SAMPLES = TypeAdapter(list[Sample])
_LENGTH_BYTES = 4


def pack_samples(samples: Sequence[Sample]) -> bytes:
    """Write samples, in their order."""
    return zlib.compress(_SAMPLES.dump_json(list(samples)))


def unpack_samples(packed: bytes) -> list[Sample]:
    """Read what `pack_samples` wrote."""
    return _SAMPLES.validate_json(zlib.decompress(packed))


def pack_ticks(ticks: Sequence[Tick]) -> bytes:
    """Write ticks as one part; parts that follow each other are read as one series.

    Column by column, since neighbours in time are alike and neighbours in a tick are not: the compressed series is
    smaller for it.
    """
    columns = [[tick.at_ms for tick in ticks], *zip(*(tick.values for tick in ticks), strict=True)]
    part = zlib.compress(json.dumps(columns, separators=(",", ":")).encode())
    return len(part).to_bytes(_LENGTH_BYTES, "big") + part


def unpack_ticks(parts: bytes) -> tuple[Tick, ...]:
    """Read what `pack_ticks` wrote, however many parts of it."""
    return tuple(tick for part in _parts(parts) for tick in _ticks(json.loads(zlib.decompress(part))))


def _parts(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        begin = at + _LENGTH_BYTES
        at = begin + int.from_bytes(content[at:begin], "big")
        yield content[begin:at]


def _ticks(columns: list[list[float]]) -> Iterator[Tick]:
    at_ms, *channels = columns
    rows = zip(*channels, strict=True) if channels else repeat(())
    # They were validated when they came: a job of an hour has a hundred thousand values.
    return (Tick.model_construct(at_ms=at, values=values) for at, values in zip(at_ms, rows, strict=False))
