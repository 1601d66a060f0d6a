"""Events as the text that PostgreSQL's NOTIFY carries."""

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from obt_server.events import (
    ClientChanged,
    Event,
    JobChanged,
    Missed,
    ModelsChanged,
    OperationChanged,
    PresenceChanged,
    ResultAdded,
    SignedOut,
)

EVENTS_A_PAYLOAD = 30
"""NOTIFY takes fewer than 8,000 bytes; the longest event is some 200."""
PAYLOADS_MAX = 30
"""A write that changed more than so many payloads hold is told as something missed: everybody looks anew."""
_KINDS: dict[str, type[Event]] = {
    "missed": Missed,
    "client": ClientChanged,
    "presence": PresenceChanged,
    "models": ModelsChanged,
    "job": JobChanged,
    "result": ResultAdded,
    "operation": OperationChanged,
    "signed_out": SignedOut,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def payloads_of(origin: str, events: Sequence[Event]) -> list[str]:
    """Write events, each once, as payloads that say which server they come from."""
    told = list(dict.fromkeys(events))
    if len(told) > EVENTS_A_PAYLOAD * PAYLOADS_MAX:
        told = [Missed()]
    return [json.dumps([origin, part], separators=(",", ":")) for part in _parts([_written(one) for one in told])]


def read_payload(text: str) -> tuple[str, list[Event]]:
    """Return the origin and the events of a payload. What a later release tells and we do not know was missed."""
    try:
        origin, told = json.loads(text)
        return str(origin), [_read(*one) for one in told]
    except (ValueError, TypeError, KeyError):
        return "", [Missed()]


def _parts(written: list[list[str]]) -> Iterator[list[list[str]]]:
    for begin in range(0, len(written), EVENTS_A_PAYLOAD):
        yield written[begin : begin + EVENTS_A_PAYLOAD]


def _written(event: Event) -> list[str]:
    return [_NAMES[type(event)], *(str(getattr(event, field.name)) for field in dataclasses.fields(event))]


def _read(name: str, *values: str) -> Event:
    fields = dataclasses.fields(cast("Any", _KINDS[name]))
    make = cast("Callable[..., Event]", _KINDS[name])
    return make(*(UUID(value) if field.type is UUID else value for field, value in zip(fields, values, strict=True)))
