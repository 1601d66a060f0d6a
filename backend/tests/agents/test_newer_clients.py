"""What a newer client says, and this server does not know, costs nothing of what stands around it."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from backend.tests import builders
from backend.tests.harness import API, Harness
from core.tests.messages import MESSAGES
from obt_core.environment import Condition
from obt_core.results import EndReason, Grade
from obt_core.wire import WireModel

NEW = "of_a_later_release"
NONSENSE: tuple[object, ...] = (7, None, [None], {}, True, [[NEW]], [{NEW: 1}])
Path = tuple[str | int, ...]
SENT: dict[str, WireModel] = {
    **{
        name: MESSAGES[name]
        for name in (
            "enrolment_request",
            "heartbeat",
            "hardware",
            "whole_hardware",
            "inventory",
            "sample_batch",
            "open_loop_batch",
            "outcome",
            "whole_environment",
        )
    },
    "conditions": MESSAGES["whole_environment"].model_copy(
        update={"conditions": (Condition(code="swap_used", weight=Grade.CLEAN),), "ollama_settings": {"OLLAMA_X": "1"}}
    ),
    "telemetry_batch": builders.a_batch(builders.a_series()),
}
"""Every message of a client but an uploaded run, whose suite is refused as a whole where it is not understood."""


def words_of(value: object, path: Path = ()) -> Iterator[Path]:
    """Where a message holds a word of a closed list."""
    if isinstance(value, Enum):
        yield path
    for name, part in _parts(value):
        yield from words_of(part, (*path, name))


def tables_of(value: object, path: Path = ()) -> Iterator[Path]:
    """Where a message can hold one more field."""
    if isinstance(value, dict):
        yield path
    for name, part in _parts(value):
        yield from tables_of(part, (*path, name))


def _parts(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return list(enumerate(value)) if isinstance(value, list | tuple) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def without(value: JsonValue, paths: set[Path], path: Path = ()) -> JsonValue:
    """The message without what is at those paths, the new field, and flags: of them only unknown ones go."""
    if isinstance(value, dict):
        kept = {name: part for name, part in value.items() if name not in {NEW, "flags"}}
        return {name: without(part, paths, (*path, name)) for name, part in kept.items()}
    if isinstance(value, list):
        return [without(part, paths, (*path, index)) for index, part in enumerate(value)]
    return None if path in paths else value


def put(message: Any, path: Path, value: object) -> None:
    for step in path[:-1]:
        message = message[step]
    message[path[-1]] = value


def test_the_messages_hold_every_kind_of_word_that_a_client_says() -> None:
    named = {path[-1] for message in SENT.values() for path in words_of(message.model_dump())}
    assert {name for name in named if isinstance(name, str)} == {
        *("state", "phase", "allows"),
        *("vendor", "kind", "source"),
        *("role", "end", "clock", "status", "weight"),
    }


@pytest.mark.parametrize("name", sorted(SENT))
@given(data=st.data())
def test_unknown_words_and_fields_leave_the_rest_as_it_is(name: str, data: st.DataObject) -> None:
    message = SENT[name]
    whole, words = message.model_dump(mode="json"), list(words_of(message.model_dump()))
    unknown = set(data.draw(st.lists(st.sampled_from(words), unique=True))) if words else set[Path]()
    fields = data.draw(st.lists(st.sampled_from(list(tables_of(whole))), unique=True))
    sent = message.model_dump(mode="json")
    for path in fields:
        put(sent, (*path, NEW), "x")
    for path in unknown:
        put(sent, path, NEW)
    read = type(message).model_validate(sent).model_dump(mode="json")
    assert without(read, unknown) == without(whole, unknown)
    assert NEW not in {_at(read, path) for path in unknown if "flags" not in path}


def _at(message: Any, path: Path) -> Any:
    for step in path:
        message = message[step]
    return message


async def test_samples_beside_one_that_is_not_understood_are_kept_and_counted(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    samples = [builders.a_sample(number).model_dump(mode="json") for number in range(1, 6)]
    for sample, field in zip(samples, ("end", "role", "clock", "flags"), strict=False):
        sample[field] = [NEW] if field == "flags" else NEW
    progress = {"phase": NEW, "samples_done": 5, "samples_planned": 9, NEW: {"x": 1}}
    body = {"samples": samples, "progress": progress, NEW: 1}
    reply = await client.http.post(f"{API}/jobs/{spec.job_id}/samples", json=body)
    assert (reply.status_code, reply.json()["stored"]) == (200, 5)
    job = (await server.get(f"/sessions/{spec.session_id}"))["jobs"][0]
    assert (job["progress"]["phase"], job["progress"]["samples_done"]) == ("sampling", 5)
    outcome = {**builders.an_outcome(spec, 5).model_dump(mode="json"), NEW: 1}
    (await client.http.put(f"{API}/jobs/{spec.job_id}/outcome", json=outcome)).raise_for_status()
    result = await server.get(f"/results/{spec.job_id}")
    assert [sample["end"] for sample in result["samples"]] == [EndReason.ERROR, *[EndReason.LENGTH] * 4]
    assert result["headline"]["decode_tokens_per_s"]["n"] == 3  # not the unknown end, nor the unknown role


@pytest.mark.parametrize("field", ["end", "role", "clock", "flags"])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_what_is_no_word_at_all_is_refused(server: Harness, field: str) -> None:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    for nonsense in NONSENSE:
        sample = {**builders.a_sample().model_dump(mode="json"), field: nonsense}
        reply = await client.http.post(f"{API}/jobs/{spec.job_id}/samples", json={"samples": [sample]})
        assert (reply.status_code, reply.json()["code"]) == (422, "invalid"), nonsense


async def test_an_outcome_that_is_not_understood_ends_its_job_and_keeps_what_was_measured(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample())
    outcome = {**builders.an_outcome(spec, 1).model_dump(mode="json"), "status": NEW}
    reply = await client.http.put(f"{API}/jobs/{spec.job_id}/outcome", json=outcome)
    assert (reply.status_code, reply.json()["status"]) == (200, "failed")
    result = await server.get(f"/results/{spec.job_id}")
    assert (result["grade"], len(result["samples"])) == ("invalid", 1)


async def test_a_client_in_a_state_that_is_not_known_is_there_and_is_given_no_work(server: Harness) -> None:
    client = await server.a_client(models=("a",))
    await server.a_session([client], ["a"])
    beat = {**builders.a_heartbeat().model_dump(mode="json"), "state": NEW, NEW: [1]}
    reply = await client.http.post(f"{API}/clients/{client.id}/heartbeat", json=beat)
    assert (reply.status_code, reply.json()["directives"]) == (200, [])
    shown = await server.get(f"/clients/{client.id}")
    assert (shown["state"], shown["presence"]) == ("busy", "online")


async def test_hardware_of_a_kind_that_is_not_known_is_kept_with_the_rest(server: Harness) -> None:
    client = await server.a_client()
    machine = MESSAGES["whole_hardware"].model_dump(mode="json")
    machine["gpus"][0]["vendor"], machine["model_disk"]["kind"] = "tenstorrent", "memristor"
    machine["environment"]["power"]["source"] = "fusion"
    reply = await client.http.put(f"{API}/clients/{client.id}/hardware", json=machine)
    assert reply.status_code == 204
    shown = (await server.get(f"/clients/{client.id}/hardware"))["current"]
    assert shown["gpus"][0]["vendor"] == "other"
    assert shown["gpus"][0]["name"] == machine["gpus"][0]["name"]
    assert (shown["model_disk"]["kind"], shown["environment"]["power"]["source"]) == (None, None)
    assert shown["cpu"] == machine["cpu"]
