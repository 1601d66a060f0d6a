"""A machine too slow for a suite's longest prompts: what it can do is measured, the rest is left out in time."""

import asyncio

from obt_core.jobs import OutcomeStatus
from obt_core.results import EndReason
from obt_core.suites import SyntheticPrompt, Workload
from tests.fake_ollama import FakeModel, FakeOllama

from .jobs import a_suite, work

TIMEOUT_S = 1
SLOW = FakeModel("tiny", prefill_ms_per_token=5, interval_ms=2, context_length=8192)
"""Reads 200 tokens a second."""
ENDS_WITHIN_S = 60


def reads(tokens: int) -> Workload:
    return Workload(
        name=f"read-{tokens}", prompt=SyntheticPrompt(tokens=tokens), generate_tokens=2, samples=2, budget_s=30
    )


async def test_prompts_that_no_request_can_read_in_time_are_left_out_and_the_others_measured() -> None:
    suite = a_suite(reads(64), reads(500), reads(700), reads(900), request_timeout_s=TIMEOUT_S)
    async with FakeOllama([SLOW]) as fake, asyncio.timeout(ENDS_WITHIN_S):
        done = await work(fake.url, suite, SLOW)
    done.check()
    assert done.outcome.status is OutcomeStatus.COMPLETED
    ended_well = [sample.workload for sample in done.counted if sample.end is EndReason.LENGTH]
    assert ended_well == ["read-64", "read-64"]
    for tokens in (500, 700, 900):
        assert f"read-{tokens}: left out: 2 requests took longer than 1 s" in done.outcome.notes


async def test_an_ollama_that_answers_nothing_in_time_fails_the_job() -> None:
    suite = a_suite(reads(500), reads(700), request_timeout_s=TIMEOUT_S)
    async with FakeOllama([SLOW]) as fake, asyncio.timeout(ENDS_WITHIN_S):
        done = await work(fake.url, suite, SLOW)
    done.check()
    assert done.error_code == "nothing_fits"
    assert all(sample.end is EndReason.ERROR for sample in done.counted)
