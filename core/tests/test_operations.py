"""The states of an operation: what may become what is one table, and holds for every walk through it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from obt_core.operations import ENDED, TRANSITIONS, Operation, OperationOutcome, OperationStatus, sources_of

ANY = st.sampled_from(list(OperationStatus))


def test_the_table_names_every_state() -> None:
    assert TRANSITIONS.keys() == set(OperationStatus)


@given(ANY, ANY)
def test_sources_are_the_table_read_backwards(source: OperationStatus, target: OperationStatus) -> None:
    assert (source in sources_of(target)) == (target in TRANSITIONS[source])


@given(st.lists(ANY, max_size=12))
def test_what_was_done_stays_done_and_what_never_ran_never_did(wishes: list[OperationStatus]) -> None:
    now, been = OperationStatus.QUEUED, [OperationStatus.QUEUED]
    for wish in wishes:
        if wish in TRANSITIONS[now]:
            now = wish
            been.append(now)
    assert OperationStatus.QUEUED not in been[1:]
    assert been.count(OperationStatus.COMPLETED) <= 1
    if OperationStatus.COMPLETED in been:
        assert now is OperationStatus.COMPLETED
    if OperationStatus.SKIPPED in been:
        assert been == [OperationStatus.QUEUED, OperationStatus.SKIPPED]
    assert OperationStatus.RUNNING in been or now in {
        OperationStatus.QUEUED,
        OperationStatus.SKIPPED,
        OperationStatus.CANCELLED,
        OperationStatus.COMPLETED,  # of a cancelled one, whose client had been given it
    }


def test_what_has_ended_is_left_only_by_what_its_client_tells() -> None:
    told_by_clients = {_S.RUNNING, _S.COMPLETED, _S.FAILED, _S.CANCELLED}
    assert all(TRANSITIONS[state] <= told_by_clients for state in ENDED)


_S = OperationStatus


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "run", "model": "a"},
        {"kind": "pull", "model": "-rf"},
        {"kind": "copy", "model": "a"},
        {"kind": "load", "model": "a", "keep_alive_s": 0},
        {"kind": "delete"},
    ],
)
def test_the_kinds_are_a_closed_set(body: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[Operation](Operation).validate_python(body)


def test_an_end_of_a_later_release_is_read_as_failed() -> None:
    told = {"status": "postponed", "started_at": "2026-11-01T12:00:00Z", "ended_at": "2026-11-01T12:00:01Z"}
    assert OperationOutcome.model_validate(told).status == "failed"
