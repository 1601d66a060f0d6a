"""Which pairs can be run, and why the others cannot."""

from typing import Any

import pytest

from backend.tests import builders
from obt_core.models import InstalledModel
from obt_core.operations import Allowed
from obt_core.suite_files import shipped_suites
from obt_core.wire import PROTOCOL_VERSION
from obt_server.clients.presence import Presence
from obt_server.clients.schemas import ClientView, MachineSummary
from obt_server.clients.versions import VersionState
from obt_server.jobs.schemas import SkipReason
from obt_server.sessions.planning import plan, why_impossible

GIB = builders.GIB
(QUICK,) = (suite for suite in shipped_suites() if suite.name == "quick")


def a_summary(gpu: str | None = None) -> MachineSummary:
    return MachineSummary.model_validate(builders.a_machine(gpu=gpu, memory_gib=32), from_attributes=True)


def a_client(client_id: str = "one", **fields: Any) -> ClientView:
    required = (name for name, told in ClientView.model_fields.items() if told.is_required())
    empty: dict[str, Any] = dict.fromkeys(required)
    defaults: dict[str, Any] = {
        "id": client_id,
        "name": client_id,
        "presence": Presence.ONLINE,
        "enrolled_at": builders.MOMENT,
        "interval_s": 10,
        "client_version": "0.1.0",
        "protocol_version": PROTOCOL_VERSION,
        "server_protocol_min": 1,
        "version_state": VersionState.CURRENT,
        "machine": a_summary(),
        "tags": [],
        "allows": Allowed.BENCHMARKS,
        "model_count": 1,
    }
    return ClientView(**{**empty, **defaults, **fields})


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (None, SkipReason.NOT_INSTALLED),
        (builders.a_model(), None),
        (builders.a_model(cloud=True), SkipReason.CLOUD_MODEL),
        (builders.a_model(cloud=True, size_bytes=999 * GIB), SkipReason.CLOUD_MODEL),
        (builders.a_model(capabilities=("embedding",)), SkipReason.EMBEDDINGS_ONLY),
        (builders.a_model(capabilities=("embedding", "completion")), None),
        (builders.a_model(capabilities=()), None),
        (builders.a_model(size_bytes=32 * GIB), None),
        (builders.a_model(size_bytes=32 * GIB + 1), SkipReason.DOES_NOT_FIT),
    ],
)
def test_why_a_model_cannot_be_measured(model: InstalledModel | None, reason: SkipReason | None) -> None:
    assert why_impossible(a_client(), model, QUICK) == (reason, None)


def test_a_gpu_of_its_own_memory_holds_a_part() -> None:
    client = a_client(machine=a_summary(gpu="RTX 4090"))  # with 24 GiB
    assert why_impossible(client, builders.a_model(size_bytes=56 * GIB), QUICK) == (None, None)
    too_large = builders.a_model(size_bytes=57 * GIB)
    assert why_impossible(client, too_large, QUICK) == (SkipReason.DOES_NOT_FIT, None)


@pytest.mark.parametrize("machine", [None, MachineSummary(known=False)])
def test_where_the_memory_is_unknown_nothing_is_refused(machine: MachineSummary | None) -> None:
    huge = builders.a_model(size_bytes=9_999 * GIB)
    assert why_impossible(a_client(machine=machine), huge, QUICK) == (None, None)


def test_an_offline_client_is_waited_for() -> None:
    assert why_impossible(a_client(presence=Presence.OFFLINE), builders.a_model(), QUICK) == (None, None)


def test_a_client_that_needs_a_newer_server_gets_nothing_and_is_told_why() -> None:
    reason, error = why_impossible(a_client(server_protocol_min=PROTOCOL_VERSION + 1), builders.a_model(), QUICK)
    assert reason is SkipReason.SERVER_OUTDATED
    assert error is not None
    assert error.code == "server_outdated"
    absent = why_impossible(a_client(server_protocol_min=PROTOCOL_VERSION + 1), None, QUICK)
    assert absent == (SkipReason.NOT_INSTALLED, None)  # no upgrade would help


def test_every_pair_is_planned_once_client_by_client() -> None:
    installed = {("one", "a"): builders.a_model("a"), ("two", "b"): builders.a_model("b")}
    planned = plan(
        {"one": ["a", "b", "a"], "two": ["a", "b", "a"]}, [a_client("one"), a_client("two")], installed, QUICK, 7
    )
    assert [(job.client_id, job.model, job.skip_reason) for job in planned] == [
        ("one", "a", None),
        ("one", "b", SkipReason.NOT_INSTALLED),
        ("two", "a", SkipReason.NOT_INSTALLED),
        ("two", "b", None),
    ]
    assert [job.model_digest for job in planned] == [builders.a_digest("a"), None, None, builders.a_digest("b")]


def turns_of(seed: int, models: list[str]) -> dict[str, list[int]]:
    planned = plan({"one": models, "two": models}, [a_client("one"), a_client("two")], {}, QUICK, seed)
    return {name: [job.turn for job in planned if job.client_id == name] for name in ("one", "two")}


def test_models_take_turns_in_an_order_that_the_seed_gives() -> None:
    names = list("abcdefgh")
    turns = turns_of(7, names)
    assert turns == turns_of(7, names)
    assert all(sorted(order) == list(range(8)) for order in turns.values())
    assert turns["one"] != turns["two"]
    assert turns != turns_of(8, names)


def test_every_model_comes_first_somewhere() -> None:
    """Over many sessions no model is always measured on the cool machine."""
    firsts = {turns_of(seed, ["a", "b", "c"])["one"].index(0) for seed in range(40)}
    assert firsts == {0, 1, 2}
