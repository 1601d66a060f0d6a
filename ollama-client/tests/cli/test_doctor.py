"""`obt-client doctor`: its lines, its status, its JSON."""

import json
from pathlib import Path

import pytest

from obt_client.cli.doctor import PLAIN_GLYPHS, finding_lines, findings_json, has_problems
from obt_client.doctor import Topic
from obt_client.doctor.findings import TITLES, ok, problem, warning
from tests.fake_ollama import FakeModel, FakeOllama

from .processes import output, start

FINDINGS = [
    ok(Topic.OLLAMA, "Version 0.9.3 at http://127.0.0.1:11434."),
    warning(Topic.POWER, "It runs on battery, 41 % charged, and this sentence is long.", "Plug it in, and look again."),
    problem(Topic.KEY, "The server does not know this client's key.", "Enrol again: obt-client enrol --again"),
]


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_every_finding_has_a_word_a_topic_and_what_to_do_in_any_width(columns: int) -> None:
    lines = finding_lines(FINDINGS, columns)
    assert max(map(len, lines)) <= columns
    text = " ".join(" ".join(lines).split())
    for one in FINDINGS:
        assert f"{one.level}" in text
        assert TITLES[one.topic] in text
        assert one.told in text
        assert one.todo in text
    assert lines[-1] == "1 problem and 1 warning in 3 findings."


def test_a_finding_is_one_line_where_there_is_room() -> None:
    lines = finding_lines(FINDINGS[:1], 80)
    assert lines == ["✓ ok       Ollama          Version 0.9.3 at http://127.0.0.1:11434.", "", "All is well."]


def test_a_terminal_without_those_signs_gets_others() -> None:
    assert finding_lines(FINDINGS, 80, PLAIN_GLYPHS)[0].isascii()


def test_warnings_are_no_problem() -> None:
    assert not has_problems(FINDINGS[:2])
    assert has_problems(FINDINGS)
    told = json.loads(findings_json(FINDINGS))
    assert told["ok"] is False
    assert told["findings"][1] == {
        "topic": "power",
        "level": "warning",
        "told": FINDINGS[1].told,
        "todo": FINDINGS[1].todo,
    }


async def test_the_command_ends_with_1_where_there_is_a_problem_and_with_0_where_there_is_none(tmp_path: Path) -> None:
    status, out, err = await output(await start(tmp_path, "doctor", "--json"))
    levels = {one["topic"]: one["level"] for one in json.loads(out)["findings"]}
    assert (status, err, levels["ollama"]) == (1, "", "problem")
    async with FakeOllama([FakeModel("tiny")]) as fake:
        status, out, err = await output(await start(tmp_path, "doctor", "--ollama", fake.url, "--json"))
    levels = {one["topic"]: one["level"] for one in json.loads(out)["findings"]}
    assert (levels["ollama"], levels["models"], err) == ("ok", "ok", "")
    assert status == int("problem" in levels.values())


async def test_its_lines_fit_the_terminal_and_are_in_words(tmp_path: Path) -> None:
    status, out, _ = await output(await start(tmp_path, "doctor", COLUMNS="80", PYTHONIOENCODING="ascii"))
    assert status == 1
    assert out.isascii()
    assert max(map(len, out.splitlines())) <= 80
    assert "x problem  Ollama" in out


async def test_settings_that_cannot_be_used_are_told_without_looking(tmp_path: Path) -> None:
    status, out, err = await output(await start(tmp_path, "doctor", OBT_LOG_LEVEL="loud"))
    assert (status, out) == (2, "")
    assert "OBT_LOG_LEVEL='loud'" in err
