"""What cannot be done is said when it is asked for, with what to do about it."""

from typing import Any

import pytest

from backend.tests import builders
from backend.tests.harness import API, Harness
from backend.tests.operations.asking import PULL, ask, ask_for, claim, models_client, of
from obt_core.operations import Allowed, Copy, Delete, Load, Operation, Pull, Unload
from obt_server.clients.allowances import Allowance
from obt_server.clients.versions import Release
from obt_server.operations.planning import Foreseen, refusal

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DAY_S = 86_400


def an_allowance(**fields: Any) -> Allowance:
    told: dict[str, Any] = {"client_id": "one", "name": "One", "release": Release("0.1.0"), "allows": Allowed.MODELS}
    return Allowance(**{**told, **fields})


def installed(**models: bool) -> Foreseen:
    return Foreseen.of(models, is_known=True)


@pytest.mark.parametrize(
    ("operation", "foreseen", "reason"),
    [
        (Pull(model="new"), installed(), None),
        (Delete(model="a"), installed(a=False), None),
        (Delete(model="a:latest"), installed(a=False), None),
        (Delete(model="b"), installed(a=False), "not_installed"),
        (Copy(model="b", to="a"), installed(a=False), "not_installed"),
        (Unload(model="b"), Foreseen(is_known=False), None),  # it has not told what it has: it will say itself
        (Load(model="far"), installed(far=True), "cloud_model"),
        (Delete(model="far"), installed(far=True), None),
    ],
)
def test_what_the_models_there_say(operation: Operation, foreseen: Foreseen, reason: str | None) -> None:
    refused = refusal(operation, an_allowance(), foreseen)
    assert (refused.reason if refused else None) == reason


def test_what_is_done_before_is_taken_for_done() -> None:
    foreseen = installed(a=False)
    for operation in (Pull(model="new"), Copy(model="a", to="b"), Delete(model="a")):
        foreseen.note(operation)
    reasons = [refusal(Load(model=name), an_allowance(), foreseen) for name in ("new", "b", "a")]
    assert [refused.reason if refused else None for refused in reasons] == [None, None, "not_installed"]


@pytest.mark.parametrize("allows", [Allowed.NOTHING, Allowed.BENCHMARKS])
def test_what_the_owner_says_goes_before_all(allows: Allowed) -> None:
    refused = refusal(Delete(model="a"), an_allowance(allows=allows), installed(a=False))
    assert refused is not None
    assert refused.error is not None
    assert (refused.reason, "OBT_ALLOW=models" in refused.error.message) == ("not_allowed", True)


def test_an_outdated_client_is_told_how_to_be_upgraded() -> None:
    client = an_allowance(release=Release("0.0.9", 1), operating_system="Windows", allows=Allowed.BENCHMARKS)
    refused = refusal(PULL_OF_HF, client, installed())
    assert refused is not None
    assert refused.error is not None
    assert (refused.reason, "install.ps1" in refused.error.message) == ("client_outdated", True)


PULL_OF_HF = Pull(model="hf.co/someone/model")


def test_a_registry_is_the_owners_choice() -> None:
    refused = refusal(PULL_OF_HF, an_allowance(), installed())
    assert refused is not None
    assert refused.error is not None
    assert (refused.reason, "OBT_ALLOW_REGISTRIES=hf.co" in refused.error.message) == ("not_allowed", True)
    assert refusal(PULL_OF_HF, an_allowance(registries=("hf.co",)), installed()) is None


async def test_each_client_of_a_batch_is_judged_for_itself(server: Harness) -> None:
    willing, unwilling = await models_client(server), await models_client(server, allows=Allowed.BENCHMARKS)
    old = await server.a_client(models=("a:latest",))
    await old.beat(protocol_version=1)
    body = {"operation": {"kind": "delete", "model": "a"}, "client_ids": [willing.id, unwilling.id, old.id, willing.id]}
    told = {view["client_id"]: view for view in await ask_for(server, body)}
    assert {one: (view["status"], view["skip_reason"]) for one, view in told.items()} == {
        willing.id: ("queued", None),
        unwilling.id: ("skipped", "not_allowed"),
        old.id: ("skipped", "client_outdated"),
    }
    assert len({view["batch_id"] for view in told.values()}) == 1
    assert told[old.id]["ended_at"] is not None
    assert await claim(unwilling) is None


async def test_a_list_of_operations_is_done_in_its_order(server: Harness) -> None:
    client = await models_client(server)
    wished = [PULL, {"kind": "load", "model": "new:1b", "keep_alive_s": 60}, {"kind": "delete", "model": "no"}]
    told = await ask_for(server, {"operations": [{"operation": one, "client_id": client.id} for one in wished]})
    assert [view["status"] for view in told] == ["queued", "queued", "skipped"]
    listed = (await server.get("/operations"))["operations"]
    assert [view["id"] for view in listed] == [view["id"] for view in told]
    spec = await claim(client)
    assert spec is not None
    assert spec.operation == Pull(model="new:1b")


@SQLITE
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"operation": PULL},
        {"client_ids": ["one"]},
        {"operation": PULL, "client_ids": ["one"], "operations": [{"operation": PULL, "client_id": "one"}]},
        {"operation": {"kind": "run", "model": "a"}, "client_ids": ["one"]},
        {"operation": PULL, "client_ids": ["one"], "command": "true"},
        {"operations": [{"operation": PULL, "client_id": "one"}] * 5_001},
    ],
)
async def test_what_is_not_well_formed_is_refused(server: Harness, body: dict[str, Any]) -> None:
    assert (await server.owner.post(f"{API}/operations", json=body)).status_code == 422


@SQLITE
async def test_an_unknown_client_is_said(server: Harness) -> None:
    reply = await server.owner.post(f"{API}/operations", json={"operation": PULL, "client_ids": ["nobody"]})
    assert (reply.status_code, "nobody" in reply.json()["detail"]) == (404, True)


async def test_what_waits_too_long_for_an_offline_client_is_skipped(server: Harness) -> None:
    client = await models_client(server)
    server.clock.advance(600)
    await server.sweep()
    asked = await ask(server, PULL, client)
    await server.sweep()
    assert (await of(server, asked))["status"] == "queued"
    server.clock.advance(DAY_S)
    await server.sweep()
    view = await of(server, asked)
    assert (view["status"], view["skip_reason"]) == ("skipped", "offline")
    assert (await client.beat(**client.said)).directives == ()


@pytest.mark.parametrize(
    ("said", "reason"), [({"allows": Allowed.BENCHMARKS}, "not_allowed"), ({"protocol_version": 1}, "client_outdated")]
)
async def test_what_waits_for_a_client_that_does_not_do_it_any_more_is_skipped(
    server: Harness, said: dict[str, Any], reason: str
) -> None:
    client = await models_client(server)
    asked = await ask(server, PULL, client)
    reply = await client.beat(**{**client.said, **said})
    if reason == "client_outdated":
        assert reply.directives == ()  # it could not read it
    await server.sweep()
    view = await of(server, asked)
    assert (view["status"], view["skip_reason"]) == ("skipped", reason)


@SQLITE
async def test_a_client_is_shown_with_what_it_allows(server: Harness) -> None:
    client, old = await models_client(server), await server.a_client()
    shown = {view["id"]: view["allows"] for view in (await server.get("/clients"))["clients"]}
    assert shown == {client.id: "models", old.id: "benchmarks"}


async def test_a_model_that_is_coming_may_be_asked_for(server: Harness) -> None:
    client = await models_client(server)
    await ask(server, PULL, client)
    assert (await ask(server, {"kind": "load", "model": PULL["model"]}, client))["status"] == "queued"
    assert (await ask(server, {"kind": "load", "model": "other"}, client))["skip_reason"] == "not_installed"
    await client.put_models(builders.a_model("far:cloud", cloud=True))
    assert (await ask(server, {"kind": "load", "model": "far:cloud"}, client))["skip_reason"] == "cloud_model"
