"""The suites and prompts that come with OBT."""

from importlib import resources

from obt_core.statistics.intervals import attainable
from obt_core.statistics.looks import confidence_at_look, looks
from obt_core.suite_files import SHIPPED, shipped_prompts, shipped_suites
from obt_core.suite_files.sweeps import CONTEXT_SLACK_TOKENS
from obt_core.suites import PoissonArrival, Suite, SyntheticPrompt

MINUTE_S = 60


def the(name: str) -> Suite:
    return next(suite for suite in shipped_suites() if suite.name == name)


def test_every_file_is_shipped_under_its_name_and_quick_comes_first() -> None:
    files = {file.name for file in (resources.files("obt_core") / "shipped_suites").iterdir()}
    assert files == {f"{name}.toml" for name in SHIPPED}
    assert [suite.name for suite in shipped_suites()] == list(SHIPPED)
    assert SHIPPED[0] == "quick"


def test_shipped_suites_are_whole() -> None:
    suites = shipped_suites()
    assert len({suite.name for suite in suites}) == len({suite.hash() for suite in suites}) == len(suites)
    for suite in suites:
        assert suite.description
        assert all(workload.purpose for workload in suite.workloads)
        assert Suite.model_validate_json(suite.model_dump_json()) == suite
        assert Suite.model_validate_json(suite.model_dump_json()).hash() == suite.hash()


def test_the_quick_suite_measures_every_rate_and_the_load() -> None:
    quick = the("quick")
    assert any(workload.cold for workload in quick.workloads)
    assert any(isinstance(workload.prompt, SyntheticPrompt) for workload in quick.workloads)
    assert quick.samples_planned() == sum(workload.samples for workload in quick.workloads)
    assert quick.budget_s() <= 1.5 * MINUTE_S


def test_no_suite_takes_longer_than_it_says() -> None:
    assert the("standard").budget_s() <= 8 * MINUTE_S
    assert all(suite.budget_s() <= 10 * MINUTE_S for suite in shipped_suites())


def test_every_precise_workload_can_be_precise_at_its_first_look() -> None:
    """Fewer samples give no interval at the corrected level: the look would be lost."""
    precise = [workload for suite in shipped_suites() for workload in suite.workloads if workload.precision]
    assert precise
    for workload in precise:
        assert workload.precision
        planned = looks(workload.precision.samples_min, workload.samples)
        assert attainable(planned[0]) >= confidence_at_look(len(planned))


def test_the_concurrency_suite_rises_in_steps_and_ends_with_random_arrivals() -> None:
    *closed, last = the("concurrency").workloads
    assert [workload.concurrency for workload in closed] == [1, 2, 4, 8, 16]
    assert all(workload.samples % workload.concurrency == 0 for workload in closed)
    assert isinstance(last.arrival, PoissonArrival)
    assert last.limits


def test_the_context_suite_fills_the_contexts_that_models_are_made_for() -> None:
    context = the("context")
    contexts = [workload.num_ctx or context.options.num_ctx for workload in context.workloads]
    assert contexts == [2048, 2048, 4096, 8192, 16_384, 32_768]
    for workload, num_ctx in list(zip(context.workloads, contexts, strict=True))[1:]:
        assert isinstance(workload.prompt, SyntheticPrompt)
        assert workload.prompt.tokens + workload.generate_tokens + CONTEXT_SLACK_TOKENS == num_ctx


def test_the_cold_start_suite_asks_the_same_cold_and_warm_and_cached() -> None:
    asked = {workload.name: workload for workload in the("cold-start").workloads}
    assert asked["cold-ctx2048"].cold
    assert asked["cold-ctx2048"].prompt == asked["warm"].prompt
    assert asked["read-new"].prompt == asked["read-cached"].prompt
    assert (asked["read-new"].cache, asked["read-cached"].cache) == ("defeat", "reuse")


def test_every_shipped_prompt_has_a_purpose_and_a_text() -> None:
    for purpose, text in shipped_prompts().values():
        assert purpose.strip() == purpose != ""
        assert text.strip() == text != ""
