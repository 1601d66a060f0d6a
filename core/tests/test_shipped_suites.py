"""The suites and prompts that come with OBT."""

from obt_core.suite_files import shipped_prompts, shipped_suites
from obt_core.suites import Suite, SyntheticPrompt


def test_shipped_suites_are_whole() -> None:
    suites = shipped_suites()
    assert "quick" in {suite.name for suite in suites}
    assert len({suite.name for suite in suites}) == len({suite.hash() for suite in suites}) == len(suites)
    for suite in suites:
        assert suite.description
        assert all(workload.purpose for workload in suite.workloads)
        assert Suite.model_validate_json(suite.model_dump_json()) == suite
        assert Suite.model_validate_json(suite.model_dump_json()).hash() == suite.hash()


def test_the_quick_suite_measures_every_rate_and_the_load() -> None:
    quick = next(suite for suite in shipped_suites() if suite.name == "quick")
    assert any(workload.cold for workload in quick.workloads)
    assert any(isinstance(workload.prompt, SyntheticPrompt) for workload in quick.workloads)
    assert quick.samples_planned() == sum(workload.samples for workload in quick.workloads)
    assert quick.budget_s() <= 100


def test_every_shipped_prompt_has_a_purpose_and_a_text() -> None:
    for purpose, text in shipped_prompts().values():
        assert purpose.strip() == purpose != ""
        assert text.strip() == text != ""
