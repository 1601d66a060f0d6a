"""A planted violation is found, with its place; what only looks like one is left alone."""

from pathlib import Path

import pytest

from dev.house_rules import MOST_LINES, committed_files, violations
from dev.paths import ROOT


def _found(tmp_path: Path, name: str, text: str) -> list[str]:
    (tmp_path / name).write_text(text)
    return list(violations(tmp_path, [name]))


# Put together here, so that this file itself keeps the rules.
@pytest.mark.parametrize(
    "line",
    [
        "index = 'https://" + "pypi" + ".org/simple'",
        "resolved: https://registry." + "npmjs" + ".org/x",
        "data = '/" + "root/.cache'",
        "cd /" + "work/main",
        "path: /" + "home/ada/obt",
        "open('/" + "tmp/x')",
        "C:" + "\\Users\\ada",
    ],
)
def test_a_host_or_a_machines_path_is_found_with_its_line(tmp_path: Path, line: str) -> None:
    (violation,) = _found(tmp_path, "notes.md", f"fine\n{line}\n")
    assert violation.startswith("notes.md:2: names a ")


@pytest.mark.parametrize(
    "line",
    ["homework/main.py", "tests/work/x", "https://example.org/root/x", "the /rooted tree", "a/tmp/b", "workspace root"],
)
def test_what_only_looks_like_one_is_left_alone(tmp_path: Path, line: str) -> None:
    assert _found(tmp_path, "notes.md", line) == []


@pytest.mark.parametrize("name", ["long.py", "Long.svelte", "long.ts"])
def test_a_source_file_that_outgrew_its_room_is_found(tmp_path: Path, name: str) -> None:
    assert _found(tmp_path, name, "x\n" * (MOST_LINES - 1)) == []
    (violation,) = _found(tmp_path, name, "x\n" * MOST_LINES)
    assert f"{MOST_LINES} lines" in violation


def test_prose_and_pictures_have_no_limit(tmp_path: Path) -> None:
    assert _found(tmp_path, "long.md", "x\n" * 1000) == []
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    assert list(violations(tmp_path, ["picture.png"])) == []


def test_what_git_ignores_is_not_read() -> None:
    files = committed_files(ROOT)
    assert "dev/house_rules.py" in files
    assert not [file for file in files if file.startswith((".venv/", ".local/"))]
