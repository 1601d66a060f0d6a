"""The same seed gives the same order and the same moments; blocks shuffle, and keep reloads few."""

from itertools import groupby, pairwise
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_client.bench.order import arrivals_s, context_of, orders, share
from obt_core.suites import ModelOptions, Suite, TextPrompt, Workload


def _workload(name: str, **more: object) -> Workload:
    given = {"prompt": TextPrompt(text="x"), "generate_tokens": 4, "samples": 6, "budget_s": 10, **more}
    return Workload.model_validate({"name": name, **given})


def _suite(blocks: int, *states: tuple[bool, int | None]) -> Suite:
    workloads = tuple(_workload(f"w{n}", cold=cold, num_ctx=ctx) for n, (cold, ctx) in enumerate(states))
    return Suite(name="s", title="S", workloads=workloads, blocks=blocks)


_STATES = st.lists(st.tuples(st.booleans(), st.sampled_from([None, 512, 4096])), min_size=1, max_size=8)
_SEEDS = st.integers(0, 2**63 - 1)


@given(states=_STATES, blocks=st.integers(2, 8), seed=_SEEDS)
def test_every_block_has_every_workload_once_and_each_state_in_one_piece(
    states: list[tuple[bool, int | None]], blocks: int, seed: int
) -> None:
    suite = _suite(blocks, *states)
    found = orders(suite, seed)
    assert found == orders(suite, seed)
    assert len(found) == blocks

    def state_of(workload: Workload) -> tuple[bool, int | None]:
        return workload.cold, context_of(workload, suite.options)

    runs = [[state for state, _ in groupby(order, state_of)] for order in found]
    for order, run in zip(found, runs, strict=True):
        assert sorted(w.name for w in order) == sorted(w.name for w in suite.workloads)
        assert len(run) == len(set(run))
    # A block begins with the state that the one before has left: no reload between them.
    assert all(before[-1] == after[0] for before, after in pairwise(runs))


@given(states=_STATES, seed=_SEEDS)
def test_a_single_block_is_as_written(states: list[tuple[bool, int | None]], seed: int) -> None:
    suite = _suite(1, *states)
    assert orders(suite, seed) == (suite.workloads,)


def test_blocks_and_seeds_differ_in_their_order() -> None:
    suite = _suite(20, *([(False, None)] * 6))
    names = [[workload.name for workload in order] for order in orders(suite, 1)]
    assert len({tuple(order) for order in names}) > 10
    assert orders(suite, 1) != orders(suite, 2)


@given(whole=st.integers(0, 10_000), blocks=st.integers(1, 100))
def test_shares_grow_to_the_whole_by_nearly_equal_parts(whole: int, blocks: int) -> None:
    upto = [0, *(share(whole, blocks, block) for block in range(1, blocks + 1))]
    parts = [after - before for before, after in pairwise(upto)]
    assert upto[-1] == sum(parts) == whole
    assert max(parts) - min(parts) <= 1


def _arrival(name: str = "w", **arrival: Any) -> Workload:
    return _workload(name, arrival=arrival, samples=500)


def test_constant_arrivals_are_even() -> None:
    moments = arrivals_s(_arrival(kind="constant", rate_per_s=4), 1)
    assert moments[:4] == (0, 0.25, 0.5, 0.75)
    assert len(moments) == 500


@given(rate=st.floats(0.01, 1_000), seed=_SEEDS)
def test_poisson_arrivals_rise_and_come_of_the_seed_and_the_name(rate: float, seed: int) -> None:
    workload = _arrival(kind="poisson", rate_per_s=rate)
    moments = arrivals_s(workload, seed)
    assert moments == arrivals_s(workload, seed)
    assert moments != arrivals_s(workload, seed + 1)
    assert moments != arrivals_s(workload.model_copy(update={"name": "v"}), seed)
    assert list(moments) == sorted(moments)
    assert len(moments) == 500


def test_poisson_arrivals_have_their_rate_and_their_spread() -> None:
    moments = [0.0, *arrivals_s(_arrival(kind="poisson", rate_per_s=10), 7)]
    waits = [after - before for before, after in pairwise(moments)]
    # Mean and spread of exponential times are equal: 0.1 s, each known to 4.5 % here; five times that is allowed.
    assert mean(waits) == pytest.approx(0.1, rel=0.23)
    assert mean(wait * wait for wait in waits) == pytest.approx(2 * 0.1**2, rel=0.5)


def test_a_trace_arrives_as_recorded_up_to_the_samples() -> None:
    requests = [{"at_s": at_s, "prompt_tokens": 16, "generate_tokens": 2} for at_s in (0.5, 0.5, 3.0)]
    workload = _arrival(kind="replay", requests=requests)
    assert arrivals_s(workload, 1) == (0.5, 0.5, 3.0)
    assert arrivals_s(workload.model_copy(update={"samples": 2}), 1) == (0.5, 0.5)
    assert arrivals_s(_workload("closed"), 1) == ()


def test_the_context_is_the_workloads_then_the_options_and_at_most_the_models() -> None:
    options = ModelOptions(num_ctx=2048)
    assert context_of(_workload("w"), options) == 2048
    assert context_of(_workload("w", num_ctx=512), options) == 512
    assert context_of(_workload("w", num_ctx=8192), options, context_max=4096) == 4096
    assert context_of(_workload("w", num_ctx=512, endpoint="openai_chat"), options) is None
