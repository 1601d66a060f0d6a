"""Blocks of one job, and of two jobs that take turns in one Ollama."""

import asyncio
from itertools import groupby
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from obt_client.bench.order import orders
from obt_client.ollama import Ollama
from obt_client.work import Job, StopSignal
from obt_core.jobs import OutcomeStatus
from obt_core.results import Flag, SampleRole
from obt_core.statistics import looks
from obt_core.suites import Precision, Suite
from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind, RequestRecord

from .builders import settings_of
from .jobs import COLD, STEADY, Sink, a_job, a_suite, asked, work
from .patterns import like_chat

SEED = 5
A, B, WIDE = like_chat(name="a"), like_chat(name="b", samples=5), like_chat(name="wide", num_ctx=512)


def _options(request: RequestRecord) -> dict[str, object]:
    return cast("dict[str, object]", request.body["options"])


async def test_each_block_takes_a_part_of_every_workload_in_the_order_of_the_seed() -> None:
    suite = a_suite(A, B, blocks=3)
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, suite, seed=SEED)
    wanted = [workload.name for order in orders(suite, SEED) for workload in order]
    parts = {"a": iter([2, 2, 2]), "b": iter([1, 2, 2])}
    assert [(s.workload, s.block) for s in done.counted] == [
        (name, burst) for burst, name in enumerate(wanted, 1) for _ in range(next(parts[name]))
    ]
    assert "a: all 6 samples taken" in done.outcome.notes


async def test_a_context_of_its_own_means_one_reload_a_block_and_a_warm_up_each_time() -> None:
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, a_suite(A, WIDE, blocks=4), seed=SEED)
        contexts = [_options(request)["num_ctx"] for request in asked(fake.record.generations)]
    assert len(list(groupby(contexts))) == 1 + 4  # the first load, then one in each block: the next begins as it ended
    for before, sample in zip(done.samples, done.samples[1:], strict=False):
        if before.workload != sample.workload:
            assert sample.role is SampleRole.WARMUP
    assert not any(Flag.MODEL_RELOADED in sample.flags for sample in done.counted)


async def test_the_environment_tells_of_the_context_of_the_options_whatever_came_first() -> None:
    suite = a_suite(A, WIDE, blocks=2)
    seed = next(seed for seed in range(100) if orders(suite, seed)[0][0] is suite.workloads[1])
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, suite, seed=seed)
    assert done.counted[0].workload == "wide"
    assert done.outcome.environment is not None
    assert done.outcome.environment.context_length == suite.options.num_ctx == 1024


async def test_cold_workloads_join_in_blocks() -> None:
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, a_suite(A, COLD, blocks=3), seed=SEED)
    parts = [(name, len(list(group))) for (_, name), group in groupby((s.block, s.workload) for s in done.counted)]
    assert sorted(parts) == [("a", 2)] * 3 + [("load", 1)] * 3
    assert {s.role for s in done.counted if s.workload == "load"} == {SampleRole.COLD}


async def test_what_is_precise_is_not_gone_on_with_in_later_blocks() -> None:
    steady = like_chat(name="steady", samples=30, precision=Precision(within=0.5, samples_min=6))
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, a_suite(steady, B, blocks=3), seed=SEED)
    assert len([sample for sample in done.counted if sample.workload == "steady"]) in looks(6, 30)[:-1]
    assert done.progress[-1].samples_planned == len(done.counted)


class _Two:
    """Two models of one Ollama, each with a job."""

    def __init__(self, url: str, suite: Suite, models: list[FakeModel]) -> None:
        self.sinks = [Sink() for _ in models]
        self.stop = StopSignal()
        self.jobs = [
            Job(
                a_job(suite, model, job_id=UUID(int=number), order_seed=SEED),
                ollama=Ollama(url),
                folder=sink,
                settings=settings_of(Path("unused"), ollama_url=url, ollama_wait_s=1),
                hardware=None,
                on_progress=lambda _: None,
                stop=self.stop,
            )
            for number, (model, sink) in enumerate(zip(models, self.sinks, strict=True), 1)
        ]


MODELS = [FakeModel(name, ttft_ms=3, interval_ms=2, load_ms=250) for name in ("left", "right")]


async def test_models_take_turns_and_no_reload_is_held_against_them() -> None:
    async with FakeOllama(MODELS) as fake:
        two = _Two(fake.url, a_suite(A, blocks=2), MODELS)
        for job in two.jobs:
            await job.begin()
        for block in (1, 2):
            for job in two.jobs:
                await job.block(block)
                await job.leave()
                assert fake.store.loaded() == []
        outcomes = [await job.end() for job in two.jobs]
        models = [request.model for request in asked(fake.record.generations)]
    assert [outcome.status for outcome in outcomes] == [OutcomeStatus.COMPLETED] * 2
    assert [name for name, _ in groupby(models)] == ["left:latest", "right:latest"] * 2
    for sink, outcome in zip(two.sinks, outcomes, strict=True):
        assert outcome.sample_count == len(sink.samples)
        assert [sample.block for sample in sink.counted] == [1, 1, 1, 2, 2, 2]
        assert not any(Flag.MODEL_RELOADED in sample.flags for sample in sink.counted)
        again = next(sample for sample in sink.counted if sample.block == 2)
        assert sink.samples[again.number - 2].role is SampleRole.WARMUP


async def test_one_model_that_fails_does_not_hold_up_the_other() -> None:
    async with FakeOllama(MODELS) as fake:
        fake.add_fault(Fault(FaultKind.HTTP_ERROR, times=None, model="left:latest"))
        two = _Two(fake.url, a_suite(A, blocks=2), MODELS)
        for job in two.jobs:
            await job.begin()
        for block in (1, 2):
            for job in two.jobs:
                await job.block(block)
        left, right = two.jobs
        assert (left.is_over, right.is_over) == (True, False)
        outcomes = [await job.end() for job in two.jobs]
    assert outcomes[0].error is not None
    assert outcomes[0].error.code == "too_many_errors"
    assert outcomes[1].status is OutcomeStatus.COMPLETED


async def test_a_stop_in_the_middle_keeps_what_was_measured() -> None:
    async with FakeOllama(MODELS) as fake:
        two = _Two(fake.url, a_suite(A, blocks=2), MODELS)
        left, right = two.jobs
        await left.begin()
        await right.begin()
        await left.block(1)
        two.stop.set("cancelled")
        await right.block(1)
        outcomes = [await job.end() for job in two.jobs]
    assert [outcome.status for outcome in outcomes] == [OutcomeStatus.CANCELLED] * 2
    assert [len(sink.counted) for sink in two.sinks] == [3, 0]


async def test_cancelling_a_block_takes_its_model_out_of_memory() -> None:
    slow = FakeModel("left", ttft_ms=3_600_000)
    async with FakeOllama([slow]) as fake:
        (job,) = _Two(fake.url, a_suite(A), [slow]).jobs
        await job.begin()
        running = asyncio.create_task(job.block(1))
        async with asyncio.timeout(10):
            while not asked(fake.record.generations):
                await asyncio.sleep(0.005)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert fake.store.loaded() == []
