"""What is wrong with a suite's file, each at its line, in words that tell what would be right."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from pydantic_core import ErrorDetails

from obt_core.suite_files.lines import Place

_VALUE_CHARS_MAX = 60
_EXAMPLES = {
    "name": 'a short name in lower case, such as name = "mine"',
    "title": 'what people read, such as title = "My suite"',
    "workloads": "at least one [[workloads]]",
    "prompt": 'such as prompt = { kind = "text", text = "Why is the sky blue?" }',
    "kind": "what it is, in quotes",
    "text": 'text = "...", or file = "..."',
    "tokens": "how many, such as tokens = 512",
    "generate_tokens": "how many tokens to generate, such as generate_tokens = 64",
    "samples": "how many requests at most, such as samples = 20",
    "budget_s": "how many seconds at most, such as budget_s = 60",
    "rate_per_s": "how many requests a second, such as rate_per_s = 0.5",
    "requests": 'the recorded requests, or trace = "FILE.csv"',
}
_WANTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "tuple_type": "an array",
}
_SLUG = "lower-case letters, digits, dots, underscores and dashes, beginning with a letter or a digit"
_KINDS = {"prompt": '"text" or "synthetic"', "arrival": '"constant", "poisson" or "replay"'}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: `place` names the key, empty where the whole file is meant. Lines count from 1."""

    file: str
    line: int
    place: str
    text: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.place}: {self.text}" if self.place else f"{where}: {self.text}"


class SuiteFileError(ValueError):
    """A suite's file that cannot be used. `problems` are all that were found, in the order of their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def named(place: Place) -> str:
    """The place as a person counts: `workloads[2].prompt.tokens` is in the second workload."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place]
    return "".join(parts).removeprefix(".")


def untagged(loc: Place) -> Place:
    """Pydantic's place without the names of the kinds, which stand in no file: prompt.text.text is prompt.text."""
    kept = [part for before, part in zip((None, *loc), loc, strict=False) if before not in _KINDS]
    return tuple(kept)


def explained(error: ErrorDetails) -> str:
    """Say what was found and what is wanted."""
    kind, last = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "missing":
        return f"is missing: {_EXAMPLES.get(str(last), 'it must be there')}"
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return _kind_is_wrong(error, str(last))
    return f"is {shown(error['input'])}; it must be {_wanted(error)}".replace("be have", "have")


def _kind_is_wrong(error: ErrorDetails, union: str) -> str:
    kinds, found = _KINDS.get(union, "another"), error["input"]
    if isinstance(found, dict) and "kind" in found:
        return f"its kind is {shown(cast('dict[str, Any]', found)['kind'])}; it must be {kinds}"
    return f"needs a kind: {kinds}"


def _wanted(error: ErrorDetails) -> str:
    if error["type"] == "string_pattern_mismatch":
        is_slug = "a-z0-9" in str(error.get("ctx", {}).get("pattern"))
        return f"made of {_SLUG}" if is_slug else "text without control characters"
    if wanted := _WANTED.get(error["type"]):
        return wanted
    words = error["msg"].split(", not ")[0].replace(" after validation", "")
    return words.split(" should ", 1)[-1].removeprefix("be ")


def shown(value: object) -> str:
    """A value as it may stand in TOML, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _VALUE_CHARS_MAX else f"{text[:_VALUE_CHARS_MAX]}..."
