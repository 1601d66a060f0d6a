"""Sweeps, prompts and traces in a suite's file: what they are written out to."""

from pathlib import Path

import pytest

from obt_core.suite_files import SuiteFileError, parse_suite_file, parse_suite_text, shipped_prompts
from obt_core.suites import PoissonArrival, ReplayArrival, ReplayRequest, Suite, SyntheticPrompt, TextPrompt

HEAD = 'name = "mine"\ntitle = "Mine"\n'
COMMON = "generate_tokens = 8\nsamples = 3\nbudget_s = 10\n"
TEXT = 'prompt = { kind = "text", text = "Hello" }\n'


def suite_of(workload: str, head: str = HEAD) -> Suite:
    return parse_suite_text(f'{head}[[workloads]]\nname = "w"\n{workload}')


def problem_of(workload: str, folder: Path | None = None) -> str:
    """The one problem, without the file's name."""
    with pytest.raises(SuiteFileError) as caught:
        parse_suite_text(f'{HEAD}[[workloads]]\nname = "w"\n{workload}', name="S", folder=folder)
    (problem,) = caught.value.problems
    return str(problem).removeprefix("S:")


def test_a_sweep_makes_a_workload_for_each_value() -> None:
    suite = suite_of(f"{COMMON}{TEXT}sweep = {{ concurrency = [1, 2, 8] }}\n")
    assert [(workload.name, workload.concurrency) for workload in suite.workloads] == [
        ("w-c1", 1),
        ("w-c2", 2),
        ("w-c8", 8),
    ]
    assert {workload.samples for workload in suite.workloads} == {3}


def test_two_keys_make_every_combination_the_last_one_running_fastest() -> None:
    suite = suite_of(f"{COMMON}sweep = {{ prompt_tokens = [64, 128], concurrency = [1, 4] }}\n")
    assert [(w.name, w.prompt, w.concurrency) for w in suite.workloads] == [
        ("w-64-c1", SyntheticPrompt(tokens=64), 1),
        ("w-64-c4", SyntheticPrompt(tokens=64), 4),
        ("w-128-c1", SyntheticPrompt(tokens=128), 1),
        ("w-128-c4", SyntheticPrompt(tokens=128), 4),
    ]


def test_a_sweep_is_the_same_suite_as_its_workloads_written_out() -> None:
    written = "".join(
        f'[[workloads]]\nname = "w-r{rate}"\n{COMMON}{TEXT}arrival = {{ kind = "poisson", rate_per_s = {rate} }}\n'
        for rate in (0.5, 2)
    )
    swept = suite_of(f'{COMMON}{TEXT}arrival = {{ kind = "poisson" }}\nsweep = {{ rate_per_s = [0.5, 2] }}\n')
    assert swept.workloads[1].arrival == PoissonArrival(rate_per_s=2)
    assert swept == parse_suite_text(HEAD + written)
    assert swept.hash() == parse_suite_text(HEAD + written).hash()


def test_the_context_follows_a_prompt_that_does_not_fit_it() -> None:
    sweep = f"{COMMON}sweep = {{ prompt_tokens = [512, 1912, 1913, 32000] }}\n"
    assert [w.num_ctx for w in suite_of(sweep).workloads] == [None, None, 3072, 32_768]
    assert {w.num_ctx for w in suite_of(sweep, f"{HEAD}[options]\nnum_ctx = 65536\n").workloads} == {None}
    assert {w.num_ctx for w in suite_of(f"num_ctx = 40000\n{sweep}").workloads} == {40_000}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (f"{TEXT}sweep = {{ prompt_tokens = [8] }}", 'needs prompt = { kind = "synthetic" }'),
        (f"{TEXT}sweep = {{ rate_per_s = [8] }}", 'needs arrival = { kind = "poisson" }'),
        (f"{TEXT}concurrency = 2\nsweep = {{ concurrency = [1, 2] }}", "leave concurrency out"),
        ('prompt = { kind = "synthetic", tokens = 9 }\nsweep = { prompt_tokens = [8] }', "leave tokens out"),
        (f"{TEXT}sweep = {{ concurrency = [] }}", "must be a list of numbers"),
        (f"{TEXT}sweep = {{ concurrency = [1, true] }}", "is true; a sweep is over numbers"),
        (f"{TEXT}sweep = {{ concurrency = [1, 2, 1] }}", "is 1 for the second time"),
        (f"{TEXT}sweep = {{ concurrency = [1, 0] }}", "is 0; it must be greater than or equal to 1"),
        (f"{TEXT}sweep = {{ concurrncy = [1] }}", 'did you mean "concurrency"?'),
        (f"{TEXT}sweep = 3", "must be a table of lists"),
        (f"{TEXT}sweep = {{ concurrency = [{', '.join(map(str, range(1, 52)))}] }}", "makes 51 workloads"),
        ("sweep = { prompt_tokens = [4] }", "is 4; it must be greater than or equal to 8"),
    ],
)
def test_a_wrong_sweep_is_told_at_its_line(keys: str, told: str) -> None:
    last_line = 8 + keys.count("\n")
    problem = problem_of(f"{COMMON}{keys}\n")
    assert problem.startswith(f"{last_line - (told.startswith('leave'))}: workloads[1].")
    assert told in problem


def test_every_sweep_of_a_suite_counts_toward_its_workloads() -> None:
    one = f"{COMMON}{TEXT}sweep = {{ concurrency = [{', '.join(map(str, range(1, 31)))}] }}\n"
    with pytest.raises(SuiteFileError, match="it must have at most 50 items"):
        suite_of(f'{one}[[workloads]]\nname = "v"\n{one}')


def test_a_prompt_can_be_named() -> None:
    suite = suite_of(f'{COMMON}prompt = {{ kind = "text", file = "chat" }}\n')
    assert suite.workloads[0].prompt == TextPrompt(text=shipped_prompts()["chat"][1])


def test_a_prompt_and_a_trace_can_stand_beside_the_suite(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ask.txt").write_bytes("Grüße\r\nan alle\n".encode())
    (tmp_path / "trace.csv").write_text("at_s,prompt_tokens,generate_tokens\n0,64,16\n0.25,128,8\n")
    (tmp_path / "s.toml").write_text(
        f'{HEAD}[[workloads]]\nname = "ask"\n{COMMON}prompt = {{ kind = "text", file = "in/ask.txt" }}\n'
        '[[workloads]]\nname = "day"\nbudget_s = 10\narrival = { kind = "replay", trace = "trace.csv" }\n'
    )
    ask, day = parse_suite_file(tmp_path / "s.toml").workloads
    assert ask.prompt == TextPrompt(text="Grüße\nan alle")
    assert day.arrival == ReplayArrival(
        requests=(
            ReplayRequest(at_s=0, prompt_tokens=64, generate_tokens=16),
            ReplayRequest(at_s=0.25, prompt_tokens=128, generate_tokens=8),
        )
    )
    assert (day.samples, day.generate_tokens, day.prompt) == (2, 16, SyntheticPrompt(tokens=128))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("'chta'", 'did you mean "chat"?'),
        ("'none.txt'", 'there is no file "none.txt" beside the suite, nor a shipped prompt'),
        ("'../secret.txt'", "is outside of the suite's folder"),
        ("'/etc/hostname'", "is outside of the suite's folder"),
        ("'link.txt'", "is outside of the suite's folder"),
        ("'round.txt'", "cannot be read"),
        ("'long.txt'", "is larger than 1,000,000 bytes"),
        ("'bytes.txt'", "is not UTF-8 text: see its byte 3"),
        ("'.'", "is no file"),
        ('"a\\u0000b"', "there is no file"),
        ("3", "it must be the name of a prompt or of a file"),
    ],
)
def test_only_readable_text_beside_the_suite_is_taken(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    beside = tmp_path / "suites"
    beside.mkdir()
    (beside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (beside / "round.txt").symlink_to(beside / "round.txt")
    (beside / "long.txt").write_text("a" * 1_000_001)
    (beside / "bytes.txt").write_bytes(b"ab\xff")
    problem = problem_of(f"{COMMON}prompt = {{ kind = 'text', file = {name} }}\n", beside)
    assert problem.startswith("8: workloads[1].prompt.file: ")
    assert told in problem


def test_without_a_folder_no_file_is_read() -> None:
    assert "there is no shipped prompt" in problem_of(f"{COMMON}prompt = {{ kind = 'text', file = 'README.md' }}\n")
    assert "this suite is in none" in problem_of(f"{COMMON}{TEXT}arrival = {{ kind = 'replay', trace = 'a.csv' }}\n")


def test_a_prompt_has_a_text_or_a_file() -> None:
    problem = problem_of(f"{COMMON}prompt = {{ kind = 'text', text = 'a', file = 'chat' }}\n")
    assert problem.endswith("leave one out")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("at,prompt,generate\n", 't.csv:1: begins with "at,prompt,generate"; it must be at_s,prompt_tokens,'),
        ("", "t.csv:1: begins with"),
        ("at_s,prompt_tokens,generate_tokens\n", "t.csv:1: holds no requests"),
        ("at_s,prompt_tokens,generate_tokens\n0,64,8\nsoon,64,8\n", 't.csv:3: at_s: is "soon"; it must be a number'),
        ("at_s,prompt_tokens,generate_tokens\n0,64\n", "t.csv:2: generate_tokens: is null; it must be a whole number"),
        ("at_s,prompt_tokens,generate_tokens\n0,64,8,9\n", "t.csv:2: has more than 3 cells"),
        ("at_s,prompt_tokens,generate_tokens\n2,64,8\n1,64,8\n", "t.csv:3: at_s: is 1, before 2 of the row above"),
        ("at_s,prompt_tokens,generate_tokens\n0,4,8\n", "t.csv:2: prompt_tokens: is"),
    ],
)
def test_a_wrong_trace_is_told_at_its_own_line(rows: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(rows)
    with pytest.raises(SuiteFileError) as caught:
        parse_suite_text(
            f'{HEAD}[[workloads]]\nname = "w"\n{COMMON}arrival = {{ kind = "replay", trace = "t.csv" }}\n',
            folder=tmp_path,
        )
    assert str(caught.value).startswith(told)
