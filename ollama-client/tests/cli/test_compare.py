"""Two runs compared, and when that fails a build."""

from uuid import UUID

import pytest

from obt_client.cli.compare import IncomparableError, compare_runs, comparison_lines, warnings
from obt_client.cli.fail_if import FailIfError, hits, parse_condition, unjudged, weak
from obt_core.hardware import UNKNOWN_HARDWARE
from obt_core.statistics import Verdict
from obt_core.suites import Metric

from .runs import SUITE, a_job, a_run, jitter

BEFORE = a_run(a_job(decode=jitter(100), load_ms=jitter(300, 10)))
SLOWER = a_run(a_job(decode=jitter(92, seed=2), load_ms=jitter(300, 10, seed=2)))
SAME = a_run(a_job(decode=jitter(100, seed=3), load_ms=jitter(300, 10, seed=3)))


def test_a_slowdown_is_found_and_the_rest_is_not_called_one() -> None:
    verdicts = {(line.workload, line.metric): line.found.verdict for line in compare_runs(BEFORE, SLOWER)}
    assert verdicts == {
        ("chat", Metric.DECODE): Verdict.SLOWER,
        ("chat", Metric.TTFT): Verdict.SLOWER,
        ("load", Metric.LOAD): Verdict.NO_DIFFERENCE_FOUND,
    }


def test_a_thing_is_not_another_than_itself() -> None:
    lines = compare_runs(BEFORE, SAME)
    assert {line.found.verdict for line in lines} == {Verdict.NO_DIFFERENCE_FOUND}
    text = " ".join(comparison_lines(lines, 80))
    assert "No difference was found that is more than chance." in text
    assert all(line.found.detectable is not None for line in lines)


@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_table_fits_and_says_the_verdict_and_what_could_have_shown(width: int) -> None:
    lines = comparison_lines(compare_runs(BEFORE, SLOWER), width)
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    for told in ("a:latest chat", "decode", "slower", "no difference", "shows from", "Slower by 8."):
        assert told in text


def test_the_models_of_one_name_are_compared_else_the_only_ones() -> None:
    two = a_run(a_job("a:latest", number=1), a_job("b:latest", number=2))
    assert {line.model for line in compare_runs(BEFORE, two)} == {"a:latest"}
    other = a_run(a_job("c:latest"))
    assert {line.model for line in compare_runs(BEFORE, other)} == {"a:latest → c:latest"}
    with pytest.raises(IncomparableError, match="no model in common"):
        compare_runs(two, other)


def test_another_suite_is_refused_and_other_circumstances_are_told() -> None:
    changed = a_run(suite=SUITE.model_copy(update={"warmup_max": 9}))
    with pytest.raises(IncomparableError, match="Only runs of one suite"):
        compare_runs(BEFORE, changed)
    other = UUID(int=8)
    assert warnings(BEFORE, BEFORE) == ["Both files are the same run."]
    assert warnings(BEFORE, a_run(run_id=other)) == []
    (told,) = warnings(BEFORE, a_run(hardware=UNKNOWN_HARDWARE, run_id=other))
    assert told.startswith("Other hardware:")
    job = a_job()
    pulled = job.model_copy(update={"model": job.model.model_copy(update={"digest": "cd" * 32})})
    assert "another model by now" in warnings(BEFORE, a_run(pulled, run_id=other))[0]


def test_too_few_samples_are_said_to_be_too_few() -> None:
    few = a_run(a_job(decode=jitter(100, 3)))
    lines = compare_runs(few, few)
    assert {line.found.verdict for line in lines} == {Verdict.TOO_FEW}
    assert "Too few samples to compare" in " ".join(comparison_lines(lines, 80))
    assert unjudged([parse_condition("slower:5%")], lines) == ["slower:5%"]


@pytest.mark.parametrize(
    ("text", "metric", "share"),
    [
        ("slower:5%", None, 0.05),
        ("decode:slower:2.5%", Metric.DECODE, 0.025),
        ("TTFT:slower:10 %", Metric.TTFT, 0.1),
        ("load_ms:slower:1%", Metric.LOAD, 0.01),
    ],
)
def test_a_condition_is_read(text: str, metric: Metric | None, share: float) -> None:
    found = parse_condition(text)
    assert (found.metric, found.share) == (metric, pytest.approx(share))


@pytest.mark.parametrize(
    "text", ["", "slower", "slower:5", "faster:5%", "speed:slower:5%", "slower:-5%", "slower:nan%"]
)
def test_what_is_no_condition_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(FailIfError, match="METRIC:slower:5%"):
        parse_condition(text)


@pytest.mark.parametrize(
    ("text", "is_hit"),
    [("slower:5%", True), ("slower:12%", False), ("decode:slower:5%", True), ("load:slower:1%", False)],
)
def test_a_condition_is_hit_by_the_verdict_and_the_size(text: str, is_hit: bool) -> None:
    condition = parse_condition(text)
    assert bool(hits([condition], compare_runs(BEFORE, SLOWER))) is is_hit
    assert not hits([condition], compare_runs(BEFORE, SAME))
    assert not hits([condition], compare_runs(SLOWER, BEFORE))


def test_a_metric_that_is_named_is_compared_though_it_is_not_by_itself() -> None:
    condition = parse_condition("tpot:slower:5%")
    assert unjudged([condition], compare_runs(BEFORE, SLOWER)) == ["tpot:slower:5%"]
    lines = compare_runs(BEFORE, SLOWER, [Metric.TPOT])
    assert hits([condition], lines)[0].startswith("--fail-if tpot:slower:5%: a:latest chat, TPOT: Slower by 8.")


def test_a_comparison_too_weak_for_its_limit_says_so() -> None:
    before, after = (a_run(a_job(decode=jitter(100, 12, 0.3, seed))) for seed in (1, 2))
    lines = compare_runs(before, after)
    condition = parse_condition("decode:slower:5%")
    assert not unjudged([condition], lines)
    (told,) = weak([condition], lines)
    assert "it shows from" in told
    assert not weak([parse_condition("decode:slower:1000%")], lines)
