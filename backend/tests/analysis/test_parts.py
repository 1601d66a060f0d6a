"""The pure parts: facts told apart, sweeps found, a shelf that stays within its bounds."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from obt_core.suites import Suite, TextPrompt, Workload
from obt_server.analysis.facts import Facts, changes, contrast
from obt_server.analysis.shelf import Shelf
from obt_server.analysis.sweep import swept

FACTS = st.dictionaries(st.sampled_from([("kernel", ""), ("os", ""), ("driver", "gpu0")]), st.sampled_from("abc"))


@given(st.lists(FACTS, min_size=1, max_size=4))
def test_every_fact_is_told_apart_or_counted(facts: list[Facts]) -> None:
    found = contrast(facts)
    keys = {key for one in facts for key in one}
    assert len(found.differences) + found.alike + found.unknown == len(keys)
    assert all(len({value for value in one.values if value}) > 1 for one in found.differences)


def test_what_is_not_known_of_one_is_no_change() -> None:
    known: Facts = {("ollama_version", ""): "0.9.3", ("machine_kernel", ""): "6.1"}
    assert changes({}, known) == changes(known, {}) == []
    (one,) = changes(known, {("machine_kernel", ""): "6.12", ("cpu_mhz", ""): 1})
    assert (one.code, one.before, one.after) == ("machine_kernel", "6.1", "6.12")


def a_suite(*workloads: dict[str, Any]) -> Suite:
    about = {"prompt": TextPrompt(text="Why?"), "generate_tokens": 64, "samples": 10, "budget_s": 30}
    every = tuple(Workload.model_validate({**about, "name": f"w{n}", **one}) for n, one in enumerate(workloads))
    return Suite(name="sweep", title="Sweep", workloads=every)


def test_a_sweep_is_the_same_request_at_several_concurrencies() -> None:
    points = [{"concurrency": 4, "samples": 40}, {"concurrency": 1}, {"concurrency": 8, "generate_tokens": 128}]
    assert [one.concurrency for one in swept(a_suite(*points, {"cold": True}))] == [1, 4]
    assert swept(a_suite({"concurrency": 4}, {"concurrency": 4, "generate_tokens": 128})) == []


def test_a_shelf_lets_go_of_what_was_not_asked_for_longest() -> None:
    shelf = Shelf[str, int](10)
    for name in "abc":
        shelf.put(name, 1, 3)
    assert shelf.get("a") == 1
    shelf.put("d", 1, 3)
    assert [shelf.get(name) for name in "abcd"] == [1, None, 1, 1]
    shelf.put("heavy", 1, 11)
    shelf.put("d", 2, 4)
    assert ([shelf.get(name) for name in ("heavy", "a", "c", "d")], len(shelf)) == ([None, 1, 1, 2], 3)
