"""Events as NOTIFY carries them."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as some

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
from obt_server.events.wire import EVENTS_A_PAYLOAD, PAYLOADS_MAX, payloads_of, read_payload

CLIENT = some.text(alphabet="abcxyz0189-._", min_size=1, max_size=64)
EVENTS = some.one_of(
    some.builds(Missed),
    some.builds(SignedOut),
    some.builds(ClientChanged, CLIENT),
    some.builds(ModelsChanged, CLIENT),
    some.builds(PresenceChanged, CLIENT),
    some.builds(JobChanged, some.uuids(), some.uuids(), CLIENT),
    some.builds(ResultAdded, some.uuids()),
    some.builds(OperationChanged, some.uuids(), CLIENT),
)
NOTIFY_MAX_BYTES = 7_999


@given(some.lists(some.one_of(EVENTS), max_size=100))
def test_what_is_told_is_heard_once_each_in_order_in_payloads_that_notify_takes(told: list[Event]) -> None:
    payloads = payloads_of("here", told)
    assert all(len(payload.encode()) <= NOTIFY_MAX_BYTES for payload in payloads)
    heard = [read_payload(payload) for payload in payloads]
    assert {origin for origin, _ in heard} <= {"here"}
    assert [event for _, events in heard for event in events] == list(dict.fromkeys(told))


def test_too_many_events_are_told_as_something_missed() -> None:
    most = EVENTS_A_PAYLOAD * PAYLOADS_MAX
    assert len(payloads_of("here", [ClientChanged(f"c{n}") for n in range(most)])) == PAYLOADS_MAX
    payloads = payloads_of("here", [ClientChanged(f"c{n}") for n in range(most + 1)])
    assert [read_payload(payload) for payload in payloads] == [("here", [Missed()])]


@pytest.mark.parametrize(
    "payload", ["", "[]", "{}", '["x"]', '["x",[["later"]]]', '["x",[["job","no"]]]', '["x",[["client"]]]', "7"]
)
def test_what_is_not_understood_was_missed(payload: str) -> None:
    assert cast("list[object]", read_payload(payload)[1]) == [Missed()]
