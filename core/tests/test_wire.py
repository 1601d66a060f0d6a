"""What crosses the wire: what is ignored, what is refused, and every message as this release writes it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue, TypeAdapter, ValidationError

from core.tests.messages import MESSAGES
from core.tests.traces import a_sample
from obt_core import wire
from obt_core.enrolment import EnrolmentRequest
from obt_core.heartbeat import Heartbeat, HeartbeatReply
from obt_core.results import Sample

GOLDEN = Path(__file__).parent / "golden"


class Event(wire.WireModel):
    at: wire.UtcDatetime
    label: wire.Label = "x"
    fact: wire.Fact = ""
    message: wire.Message = ""
    value: float = 0.0


def test_a_message_is_frozen_and_ignores_what_it_does_not_know() -> None:
    event = Event.model_validate({"at": "2026-11-01T12:00:00Z", "colour": "red"})
    assert "colour" not in event.model_dump()
    with pytest.raises(ValidationError, match="frozen"):
        event.label = "y"  # pyright: ignore[reportAttributeAccessIssue]


def test_moments_are_kept_in_utc() -> None:
    noon = datetime(2026, 11, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert Event(at=noon).at == noon
    assert Event(at=noon).at.tzinfo is UTC
    assert json.loads(Event(at=noon).model_dump_json())["at"] == "2026-11-01T10:00:00Z"


@pytest.mark.parametrize("at", ["2026-11-01T12:00:00", "2026-11-01", "yesterday", None])
def test_a_moment_without_a_zone_is_refused(at: object) -> None:
    with pytest.raises(ValidationError, match="at"):
        Event.model_validate({"at": at})


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_has_no_utc_is_refused_and_breaks_nothing(at: str) -> None:
    with pytest.raises(ValidationError, match="years 1 to 9999"):
        Event.model_validate({"at": at})


def test_the_first_moment_of_go_is_a_moment() -> None:
    """Ollama writes `0001-01-01T00:00:00Z` for a time that it does not know."""
    assert Event.model_validate({"at": "0001-01-01T00:00:00Z"}).at.year == 1


@pytest.mark.parametrize("field", ["label", "fact", "message"])
def test_a_nul_is_refused(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Event.model_validate({"at": "2026-11-01T12:00:00Z", field: "a\x00b"})


@pytest.mark.parametrize("field", ["label", "fact"])
@pytest.mark.parametrize("text", ["a\nb", "\x1b[31m", "a\x7f", "trailing\n\x00"])
def test_one_line_has_no_control_characters(field: str, text: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Event.model_validate({"at": "2026-11-01T12:00:00Z", field: text})


def test_a_label_is_trimmed_and_not_empty() -> None:
    assert Event(at=datetime.now(UTC), label="  my machine ").label == "my machine"
    with pytest.raises(ValidationError, match="label"):
        Event(at=datetime.now(UTC), label="   ")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValidationError, match="finite"):
        Event(at=datetime.now(UTC), value=value)


@pytest.mark.parametrize("ollama", [{"a": "x\x00"}, {"b\x00": 1}, {"c": [{"d": "\ud800"}]}, {"e": float("nan")}])
def test_raw_fields_that_no_database_keeps_are_refused(ollama: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="ollama"):
        a_sample(ollama=ollama)


def test_raw_fields_are_kept_whole() -> None:
    raw: dict[str, Any] = {"model": "é😀\n", "n": 2**60, "deep": [{"a": [None, True, 0.5]}]}
    assert Sample.model_validate_json(a_sample(ollama=raw).model_dump_json()).ollama == raw


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (wire.Slug, ["quick", "a.b_c-1"], ["", "Quick", "-a", "a b", "a" * 65, "a\n"]),
        (wire.ClientId, ["my-pc", "abc"], ["ab", "My-pc", "a_b_c", "../x", "a" * 65, "abc\n"]),
        (wire.Hash, ["a" * 64, "sha256:" + "0" * 64], ["xyz", "A" * 64, "a" * 7, "md5:" + "a" * 32, "a" * 81]),
        (
            wire.ModelName,
            ["llama3.2:3b", "hf.co/user/Model-GGUF:Q4_K_M", "a"],
            ["", "-rf", "a b", "a\x00", "é", ":tag", "a" * 301],
        ),
    ],
)
def test_names(kind: Any, good: list[str], bad: list[str]) -> None:
    adapter = TypeAdapter[str](kind)
    assert [adapter.validate_python(name) for name in good] == good
    for name in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(name)


def test_a_directive_of_an_unknown_kind_is_refused() -> None:
    """A client does what it knows, and nothing that it is told beyond."""
    reply = {"server_time": "2026-11-01T12:00:00Z", "directives": [{"kind": "run", "command": "true"}]}
    with pytest.raises(ValidationError, match="union_tag_invalid"):
        HeartbeatReply.model_validate(reply)


def test_limits_of_a_beat_and_of_an_enrolment() -> None:
    beat = MESSAGES["heartbeat"].model_dump(mode="json")
    for change in ({"interval_s": 0}, {"interval_s": 3_601}, {"boot_id": "x"}, {"load": {"cpu_percent": 101}}):
        with pytest.raises(ValidationError, match=next(iter(change))):
            Heartbeat.model_validate({**beat, **change})
    enrolment = MESSAGES["enrolment_request"].model_dump(mode="json")
    for change in ({"token": "short"}, {"nonce": "a" * 31}, {"protocol_version": 0}, {"client_id": "No"}):
        with pytest.raises(ValidationError, match=next(iter(change))):
            EnrolmentRequest.model_validate({**enrolment, **change})


# Every message as it was released. A file is never changed: every later release reads it, and writes it again with
# what it has added since.


def test_every_message_has_its_file() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(MESSAGES)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_message_is_written_as_it_was_released_and_read_back_equal(name: str) -> None:
    released = (GOLDEN / f"{name}.json").read_text("utf-8")
    message = MESSAGES[name]
    parsed = type(message).model_validate_json(released)
    assert parsed == message
    assert holds(parsed.model_dump(mode="json"), json.loads(released))


def holds(written: JsonValue, released: JsonValue) -> bool:
    """Whether all that was released is still written, with fields added at most."""
    if isinstance(released, dict) and isinstance(written, dict):
        return all(name in written and holds(written[name], value) for name, value in released.items())
    if isinstance(released, list) and isinstance(written, list):
        return len(written) == len(released) and all(map(holds, written, released))
    return written == released


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_message_of_a_later_release_is_understood(name: str) -> None:
    released = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    assert type(MESSAGES[name]).model_validate({**released, "of_a_later_release": {"x": 1}}) == MESSAGES[name]
