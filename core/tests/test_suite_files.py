"""A suite's file: what is read, and that whatever is wrong is told at its line."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tests.toml import SUITES, to_toml
from obt_core.suite_files import Problem, SuiteFileError, parse_suite_file, parse_suite_text
from obt_core.suites import Suite

TOML = """
name = "mine"
title = "Mine"

[options]
num_ctx = 4096

[[workloads]]
name = "chat"
prompt = { kind = "text", text = "Hello" }
generate_tokens = 8
samples = 3
budget_s = 10

[[workloads]]
name = "read"
prompt = { kind = "synthetic", tokens = 512 }
generate_tokens = 8
samples = 20
budget_s = 10
precision = { metric = "prefill_tokens_per_s" }
"""


def problems(text: str, folder: Path | None = None) -> list[str]:
    with pytest.raises(SuiteFileError) as caught:
        parse_suite_text(text, name="S", folder=folder)
    assert str(caught.value) == "\n".join(str(problem) for problem in caught.value.problems)
    return str(caught.value).splitlines()


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@given(SUITES)
def test_a_written_out_suite_reads_back_equal(suite: Suite) -> None:
    again = parse_suite_text(to_toml(suite))
    assert again == suite
    assert again.hash() == suite.hash()


@pytest.mark.parametrize(
    ("good", "bad", "where", "told"),
    [
        ('title = "Mine"', "title = Mine", "S:3", "Invalid value (column 9)"),
        ('title = "Mine"', 'title = "', "S:3", "Illegal character"),
        ('title = "Mine"', "", "S:1: title", "is missing: what people read"),
        ('title = "Mine"', 'titel = "Mine"', "S:3: titel", 'did you mean "title"?'),
        ("num_ctx = 4096", "num_ctx = true", "S:6: options.num_ctx", "is true; it must be a whole number"),
        ("[options]", "[option]", "S:5: option", 'did you mean "options"?'),
        ("samples = 3", 'samples = "many"', "S:12: workloads[1].samples", 'is "many"; it must be a whole number'),
        ("samples = 3", "samples = 0", "S:12: workloads[1].samples", "is 0; it must be greater than or equal to 1"),
        ("samples = 3", "samples = 3.5", "S:12: workloads[1].samples", "is 3.5; it must be a whole number"),
        ("samples = 3\n", "", "S:8: workloads[1].samples", "is missing: how many requests"),
        ("samples = 3", "samples = 3\nfoo = 1", "S:13: workloads[1].foo", "known here: arrival, budget_s,"),
        ("budget_s = 10", "budget_s = inf", "S:13: workloads[1].budget_s", "it must be a finite number"),
        ('kind = "text"', 'kind = "txt"', "S:10: workloads[1].prompt", 'is "txt"; it must be "text" or "synthetic"'),
        ('kind = "text", ', "", "S:10: workloads[1].prompt", 'needs a kind: "text" or "synthetic"'),
        ('{ kind = "text", text = "Hello" }', '"Hello"', "S:10: workloads[1].prompt", 'is "Hello"; it must be a'),
        ("tokens = 512", "tokens = 7", "S:17: workloads[2].prompt.tokens", "is 7; it must be greater than or equal"),
        ("tokens = 512", "tokens = 4090", "S:17: workloads[2].prompt.tokens", "do not fit a num_ctx of 4096"),
        ('name = "read"', 'name = "Read me"', "S:16: workloads[2].name", "made of lower-case letters, digits, dots"),
        ('name = "read"', 'name = "chat"', "S:16: workloads[2].name", "workload names must differ; repeated: chat"),
        ("samples = 20", "samples = 9", "S:21: workloads[2].precision", "samples_min is 10, more than samples 9"),
        ("samples = 3", "cold = true\nconcurrency = 2\nsamples = 3", "S:12: workloads[1].cold", "concurrency of 1"),
        ("prefill_t", "t", "S:21: workloads[2].precision.metric", "'decode_tokens_per_s', 'prefill_tokens_per_s'"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(good: str, bad: str, where: str, told: str) -> None:
    (problem,) = problems(TOML.replace(good, bad, 1))
    assert problem.startswith(f"{where}: ")
    assert told in problem


def test_all_problems_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = TOML.replace("samples = 3", "samples = 0").replace("title", "tittle").replace("tokens = 512", 'tokens = ""')
    assert [re.sub(r": .*", "", problem) for problem in problems(text)] == ["S:3", "S:12", "S:17"]


ODD = """# [options]
"name" = 'mine'
title = \"\"\"
[[workloads]]
samples = 1\"\"\" # more
options.num_ctx = 2048
options.seed = -1
workloads = [ # of one
  # comment
  { name = 'a=]b', prompt = { kind = "text", text = '''
"]}
''' }, generate_tokens = 8, samples = 3, "budget_s" = 1, limits.ttft_ms = 'x' },
]
"""


def test_places_are_found_however_toml_is_written() -> None:
    found = {problem.split(": ")[1]: int(problem.split(":")[1]) for problem in problems(ODD)}
    assert found == {
        "title": line_of(ODD, "title"),
        "options.seed": line_of(ODD, "options.seed"),
        "workloads[1].name": line_of(ODD, "'a=]b'"),
        "workloads[1].limits.ttft_ms": line_of(ODD, "limits.ttft_ms"),
    }


def test_a_table_under_a_workload_belongs_to_the_last_one() -> None:
    text = f"{TOML}\n[workloads.limits]\nttft_ms = -1\n[[workloads]]\n"
    where = [problem.split(": ")[:2] for problem in problems(text)]
    assert where[0] == [f"S:{line_of(text, 'ttft_ms')}", "workloads[2].limits.ttft_ms"]
    assert {line for line, _ in where[1:]} == {f"S:{len(text.splitlines())}"}


KEYS = ["name", "title", "num_ctx", "prompt", "tokens", "text", "samples", "precision", "sweep", "arrival", "options"]
BROKEN = [
    *("", "0", "-1", "1e400", "nan", "true", "9" * 40, "9" * 5_000, "1979-05-27", "1979-05-27 07:32:00", "[", "}", "#"),
    *('""', '"\\u0000"', "'''\n'''", "\0", '"\\ud800"', "[]", "[[]]", "[1, 'a', {}]", "{}", "{ kind = 1 }"),
    *("{ a.b = 1 }", "{ kind = 'text', file = 'x' }", "{ kind = 'replay', trace = 'x' }", "{ kind = ['a'] }"),
    *("[" * depth + "]" * depth for depth in (150, 3_000)),
    *("{ concurrency = [] }", "{ concurrency = 3, prompt_tokens = ['a'] }", "{ prompt_tokens = [1, 2] }"),
]
CUT = st.tuples(st.integers(0, len(TOML)), st.integers(0, 40), st.text(max_size=5))


@given(st.sampled_from(KEYS), st.sampled_from(BROKEN), st.integers(0, 3))
def test_any_broken_value_is_told_at_a_line_of_the_file(key: str, value: str, which: int) -> None:
    places = list(re.finditer(rf"\b{key} = (\{{[^}}]*\}}|[^,\n}}]*)", TOML))
    if places:
        place = places[which % len(places)]
        told_inside(f"{TOML[: place.start()]}{key} = {value}{TOML[place.end() :]}")
    else:
        told_inside(f"{TOML}{key} = {value}")


@given(st.text(max_size=200) | CUT.map(lambda cut: TOML[: cut[0]] + cut[2] + TOML[cut[0] + cut[1] :]))
def test_any_text_is_read_or_refused_at_a_line_of_the_file(text: str) -> None:
    told_inside(text)


def told_inside(text: str) -> None:
    if (found := told_of(text)) is not None:
        assert found
        assert all(1 <= problem.line <= len(text.split("\n")) for problem in found)
        assert all(problem.text for problem in found)


def told_of(text: str) -> tuple[Problem, ...] | None:
    try:
        parse_suite_text(text)
    except SuiteFileError as error:
        return error.problems
    return None


def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    def refused(name: str, content: bytes | None) -> str:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(SuiteFileError) as caught:
            parse_suite_file(tmp_path / name)
        return str(caught.value).removeprefix(str(tmp_path))

    assert refused("none.toml", None) == "/none.toml:1: cannot be read: No such file or directory"
    assert refused("bytes.toml", b"name = 'a'\ntitle = '\xff'") == "/bytes.toml:2: is not UTF-8 text"
    assert refused("long.toml", b"#" * 1_000_001) == "/long.toml:1: is larger than 1,000,000 bytes"
    assert refused("bad.toml", b"name = 'a'\r\ntitle = \r\n") == "/bad.toml:2: Invalid value (column 9)"


def test_a_file_is_read_as_it_comes_from_any_system(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_bytes(b"\xef\xbb\xbf" + TOML.replace("\n", "\r\n").encode())
    assert parse_suite_file(tmp_path / "s.toml") == parse_suite_text(TOML)


@pytest.mark.parametrize(
    "text",
    [
        "a." * 90_000 + "b = 1",
        "[" + "a . " * 40_000 + "b]",
        "x = {" + '"a".' * 40_000 + "b = 1}",
        "[" * 190_000,
        "x = " + "[" * 90_000,
        "x = " + "{a = " * 30_000,
        '\\"""' * 40_000,
        "'''" + "\\'''" * 40_000,
        '"\\' * 90_000,
        '"""' + "\\" * 190_000,
    ],
)
def test_a_text_made_to_be_slow_is_refused_at_once(text: str) -> None:
    """Each would keep a parser busy for minutes, or deeper than Python's stack: it ends, within the time of a test."""
    with pytest.raises(SuiteFileError):
        parse_suite_text(text)


def test_dots_in_texts_are_no_depth() -> None:
    suite = parse_suite_text(TOML.replace("Hello", "One. Two. [{ " * 500))
    assert suite.workloads[0].name == "chat"
