"""Suites as files: read and checked, and written as TOML that can be read again. Pure."""

from collections.abc import Iterator
from typing import Any, cast

import tomli_w

from obt_core.suite_files import Problem, SuiteFileError, parse_suite_text
from obt_core.suites import Suite, Workload

_FILE = "suite.toml"


def checked(text: str | None, content: dict[str, Any] | None) -> tuple[Suite | None, tuple[Problem, ...]]:
    """Read the text of a file, or content as an editor has it; return the suite, or all that is wrong."""
    try:
        return parse_suite_text(_text_of(content or {}) if text is None else text, name=_FILE), ()
    except SuiteFileError as error:
        return None, error.problems


def to_toml(suite: Suite) -> str:
    """Write a suite as a file that reads as the same suite. What is left out has its default."""
    content = suite.model_dump(mode="json", exclude_defaults=True)
    content["options"] = suite.options.model_dump(mode="json")
    content["workloads"] = [_workload(workload) for workload in suite.workloads]
    # A carriage return would not outlive a multi-line string: readers of text take line ends for one another.
    has_returns = any("\r" in text for text in _texts(content))
    return tomli_w.dumps({**content, "workloads": content.pop("workloads")}, multiline_strings=not has_returns)


def _workload(workload: Workload) -> dict[str, Any]:
    """A workload's table; those within are written whole, since their kinds and metrics are worth seeing."""
    plain = workload.model_dump(mode="json", exclude_defaults=True)
    whole = workload.model_dump(mode="json", exclude_none=True)
    return {key: whole[key] if isinstance(value, dict) else value for key, value in plain.items()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        parts = cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("list[Any]", value)
        for part in parts:
            yield from _texts(part)


def _text_of(content: dict[str, Any]) -> str:
    """Content as text, so that it is judged as a file is. Raises SuiteFileError for what no file can say."""
    try:
        text = tomli_w.dumps(cast("dict[str, Any]", _without_none(content)))
        text.encode()
    except (TypeError, ValueError, RecursionError):
        raise SuiteFileError([Problem(_FILE, 1, "", "holds what no suite can hold")]) from None
    return text


def _without_none(value: Any) -> Any:
    """TOML has no word for nothing: what is None is not there."""
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in cast("dict[str, Any]", value).items() if v is not None}
    if isinstance(value, list):
        return [_without_none(each) for each in cast("list[Any]", value) if each is not None]
    return value
