"""Which pairs can be run, and why the others cannot."""

from typing import Any

import pytest

from backend.tests import builders
from obt_core.hardware import HardwareSnapshot
from obt_core.models import InstalledModel
from obt_server.clients.presence import Presence
from obt_server.clients.schemas import ClientView
from obt_server.jobs.schemas import SkipReason
from obt_server.sessions.planning import plan, why_impossible

GIB = builders.GIB


def a_client(client_id: str = "one", **fields: Any) -> ClientView:
    empty: dict[str, Any] = dict.fromkeys(ClientView.model_fields)
    defaults: dict[str, Any] = {
        "id": client_id,
        "name": client_id,
        "presence": Presence.ONLINE,
        "enrolled_at": builders.MOMENT,
        "interval_s": 10,
        "client_version": "0.1.0",
        "hardware": builders.a_machine(memory_gib=32),
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
    assert why_impossible(a_client(), model) is reason


def test_a_gpu_of_its_own_memory_holds_a_part() -> None:
    client = a_client(hardware=builders.a_machine(gpu="RTX 4090", memory_gib=32))  # with 24 GiB
    assert why_impossible(client, builders.a_model(size_bytes=56 * GIB)) is None
    assert why_impossible(client, builders.a_model(size_bytes=57 * GIB)) is SkipReason.DOES_NOT_FIT


@pytest.mark.parametrize("hardware", [None, HardwareSnapshot(known=False)])
def test_where_the_memory_is_unknown_nothing_is_refused(hardware: HardwareSnapshot | None) -> None:
    assert why_impossible(a_client(hardware=hardware), builders.a_model(size_bytes=9_999 * GIB)) is None


def test_an_offline_client_is_waited_for() -> None:
    assert why_impossible(a_client(presence=Presence.OFFLINE), builders.a_model()) is None


def test_every_pair_is_planned_once_client_by_client() -> None:
    installed = {("one", "a"): builders.a_model("a"), ("two", "b"): builders.a_model("b")}
    planned = plan(["a", "b", "a"], [a_client("one"), a_client("two")], installed, 7)
    assert [(job.client_id, job.model, job.skip_reason) for job in planned] == [
        ("one", "a", None),
        ("one", "b", SkipReason.NOT_INSTALLED),
        ("two", "a", SkipReason.NOT_INSTALLED),
        ("two", "b", None),
    ]
    assert [job.model_digest for job in planned] == [builders.a_digest("a"), None, None, builders.a_digest("b")]


def turns_of(seed: int, models: list[str]) -> dict[str, list[int]]:
    planned = plan(models, [a_client("one"), a_client("two")], {}, seed)
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
