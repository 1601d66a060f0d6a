"""What the pages about security say is tested is tested: every test that they name exists, every row has its reason."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECURITY, REQUIREMENTS = ROOT / "SECURITY.md", ROOT / "docs" / "security.md"
NAMED = re.compile(r"`([\w./-]+\.(?:py|ts))::([^`]+)`")
TITLED = re.compile(r"\b(?:it|test)(?:\.\w+(?:\([^)]*\))?)*\(\s*(['\"`])(.+?)\1", re.DOTALL)
"""How a test of the dashboard begins: it('...'), test('...'), it.each(...)('...')."""
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.*?) \|$", re.MULTILINE)
SHOWN = {"met", "with TLS"}
STATES = SHOWN | {"not applicable", "not met", "pending"}
LEVELS = {"1": 70, "2": 176}
"""How many requirements ASVS 5.0.0 has at each level, level 2 without chapter 17 (WebRTC)."""


@cache
def names_in(file: Path) -> set[str]:
    """The names of a file's tests: functions in Python, titles in TypeScript."""
    text = file.read_text("utf-8")
    if file.suffix == ".py":
        return {
            node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
    return {title for _, title in TITLED.findall(text)}


def rows() -> list[tuple[str, str, str, str, str]]:
    return [match.groups() for match in ROW.finditer(REQUIREMENTS.read_text("utf-8"))]  # type: ignore[misc]


@pytest.mark.parametrize("page", [SECURITY, REQUIREMENTS], ids=lambda page: page.name)
def test_every_test_that_is_named_exists(page: Path) -> None:
    named = NAMED.findall(page.read_text("utf-8"))
    assert len(named) > 20
    missing = [f"{file}::{name}" for file, name in named if not _exists(ROOT / file, name)]
    assert not missing, "\n".join(missing)


def _exists(file: Path, name: str) -> bool:
    return file.is_file() and name in names_in(file)


def test_every_requirement_has_one_row_and_its_state() -> None:
    numbers = [number for number, *_ in rows()]
    assert len(numbers) == len(set(numbers))
    assert Counter(level for _, level, *_ in rows()) == LEVELS
    assert {state for _, _, _, state, _ in rows()} <= STATES


def test_what_is_met_names_its_test_or_page_and_all_else_its_reason() -> None:
    for number, _, _, state, why in rows():
        if state in SHOWN:
            assert NAMED.search(why) or re.search(r"\]\([^)]+\)|`obt-server openapi`", why), number
        elif state != "pending":
            assert why.strip(), number


def test_the_counts_are_those_of_the_rows() -> None:
    text = REQUIREMENTS.read_text("utf-8")
    head = re.search(r"^\| level \| (.+) \| all \|$", text, re.MULTILINE)
    assert head is not None
    states = head[1].split(" | ")
    for level, every in LEVELS.items():
        counted = Counter(state for _, of, _, state, _ in rows() if of == level)
        assert set(counted) <= set(states)
        told = " | ".join(str(counted[state]) for state in states)
        assert f"| {level} | {told} | {every} |" in text


def test_every_place_of_a_page_that_is_linked_is_there() -> None:
    for page in (SECURITY, REQUIREMENTS):
        for target, place in re.findall(r"\]\(([^)#]*)#([^)]+)\)", page.read_text("utf-8")):
            other = (page.parent / target) if target else page
            heads = re.findall(r"^#+ (.+)$", other.read_text("utf-8"), re.MULTILINE)
            assert place in {_anchor(head) for head in heads}, (page.name, target, place)


def _anchor(head: str) -> str:
    return re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")
