"""From the text of a suite's file to the suite, with all problems on the way."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from obt_core.suite_files.contexts import beyond_context
from obt_core.suite_files.keys import unknown_keys
from obt_core.suite_files.lines import NESTED_MAX, Lines, Place, line_too_deep
from obt_core.suite_files.problems import Problem, SuiteFileError, explained, named, untagged
from obt_core.suite_files.sweeps import Draft, SweepError, swept
from obt_core.suite_files.texts import TakenFileError, prompt_text, trace_requests
from obt_core.suites import Suite

_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class Reader:
    """Reads one text once."""

    def __init__(self, text: str, name: str, folder: Path | None) -> None:
        self._name, self._folder = name, folder
        self._document, self._lines = _read(text, name)
        self._problems: list[Problem] = []
        self._drafts: list[Draft] = []
        self._misspelt: set[Place] = set()

    def suite(self) -> Suite:
        """Raises SuiteFileError with all problems."""
        for unknown in unknown_keys(self._document):
            self._add(unknown.place, str(unknown))
            self._misspelt.add((*unknown.place[:-1], unknown.meant or ""))
        plain = self._plain()
        try:
            # As JSON: strict types, while lists are what TOML has for tuples.
            suite = Suite.model_validate_json(json.dumps(plain, default=str), strict=True)
        except ValidationError as error:
            self._problems.extend(self._invalid(each) for each in error.errors() if not self._only_follows(each))
            raise SuiteFileError(self._problems) from None
        self._check_contexts(suite)
        if self._problems:
            raise SuiteFileError(self._problems)
        return suite

    def _add(self, place: Place, text: str) -> None:
        self._problems.append(Problem(self._name, self._lines.of(place), named(place), text))

    def _plain(self) -> dict[str, Any]:
        """The document with every workload written out."""
        tables: Any = self._document.get("workloads")
        if not isinstance(tables, list):
            return self._document
        options: Any = self._document.get("options")
        common = cast("dict[str, Any]", options) if isinstance(options, dict) else {}
        for number, table in enumerate(cast("list[Any]", tables)):
            self._drafts.extend(self._plain_workloads(table, ("workloads", number), common))
        return {**self._document, "workloads": [draft.fields for draft in self._drafts]}

    def _plain_workloads(self, table: Any, place: Place, options: dict[str, Any]) -> list[Draft]:
        if not isinstance(table, dict):
            return [Draft(table, place)]
        fields = dict(cast("dict[str, Any]", table))
        self._take_prompt(fields, place)
        self._take_trace(fields, place)
        try:
            return list(swept(fields, place, options))
        except SweepError as error:
            self._add((*place, *error.inner), str(error))
            return []

    def _take_prompt(self, fields: dict[str, Any], place: Place) -> None:
        prompt = fields.get("prompt")
        if not isinstance(prompt, dict) or "file" not in prompt:
            return
        given = dict(cast("dict[str, Any]", prompt))
        if "text" in given:
            self._add((*place, "prompt", "file"), "a prompt has a text or a file: leave one out")
        try:
            text = prompt_text(given.pop("file"), self._folder)
        except TakenFileError as error:
            self._add((*place, "prompt", "file"), str(error))
            text = "-"
        fields["prompt"] = {"text": text, **given}

    def _take_trace(self, fields: dict[str, Any], place: Place) -> None:
        """Put a recorded trace into the arrival; it says how many samples of which lengths there are."""
        arrival = fields.get("arrival")
        if not isinstance(arrival, dict) or "trace" not in arrival:
            return
        given = dict(cast("dict[str, Any]", arrival))
        if "requests" in given:
            self._add((*place, "arrival", "trace"), "a replay has requests or a trace: leave one out")
        try:
            requests = trace_requests(given.pop("trace"), self._folder)
        except TakenFileError as error:
            self._add((*place, "arrival", "trace"), str(error))
            requests = [{"at_s": 0.0, "prompt_tokens": 8, "generate_tokens": 1}]
        except SuiteFileError as error:
            self._problems.extend(error.problems)
            requests = [{"at_s": 0.0, "prompt_tokens": 8, "generate_tokens": 1}]
        fields["arrival"] = {"requests": requests, **given}
        fields.setdefault("samples", len(requests))
        fields.setdefault("generate_tokens", max(request["generate_tokens"] for request in requests))
        fields.setdefault("prompt", {"kind": "synthetic", "tokens": max(r["prompt_tokens"] for r in requests)})

    def _source(self, loc: Place) -> Place:
        """Where in the file stands what has this place in the plain document."""
        match loc:
            case ("workloads", int(number), *inner) if number < len(self._drafts):
                return self._drafts[number].source(tuple(inner))
            case _:
                return loc

    def _only_follows(self, error: ErrorDetails) -> bool:
        """A key that was misspelt is missing, too; a list whose items are wrong, or were not made, too short."""
        if error["type"] == "missing":
            return self._source(untagged(error["loc"])) in self._misspelt
        is_written = error["input"] or (error["loc"] == ("workloads",) and self._document["workloads"])
        return error["type"] == "too_short" and bool(is_written)

    def _invalid(self, error: ErrorDetails) -> Problem:
        place, text = self._source(untagged(error["loc"])), explained(error)
        if error["type"] == "value_error":
            place = next(self._meant(place, text), place)
        return Problem(self._name, self._lines.of(place), named(place), text)

    def _meant(self, table: Place, text: str) -> Iterator[Place]:
        """The keys of a table that a sentence about it as a whole speaks of; of equal names, the second one."""
        if table == () and text.startswith("workload names"):
            names = [draft.fields.get("name") for draft in self._drafts]
            second = next((number for number, name in enumerate(names) if name in names[:number]), 0)
            yield self._source(("workloads", second, "name"))
        for word in re.findall(r"[a-z_]+", text):
            if self._lines.has((*table, word)):
                yield (*table, word)

    def _check_contexts(self, suite: Suite) -> None:
        for number, text in beyond_context(suite):
            self._add(self._source(("workloads", number, "prompt", "tokens")), text)


def _read(text: str, name: str) -> tuple[dict[str, Any], Lines]:
    if line := line_too_deep(text):
        raise SuiteFileError([Problem(name, line, "", f"more than {NESTED_MAX} levels deep: no suite is")])
    try:
        return tomllib.loads(text), Lines(text)
    except ValueError as error:
        raise SuiteFileError([_syntax(text, name, str(error))]) from None


def _syntax(text: str, name: str, told: str) -> Problem:
    """Tomllib says the line in its message, and of a number that is too long for Python, nothing."""
    last = max(1, text.count("\n") + (not text.endswith("\n")))
    found = _AT_LINE.search(told)
    line, column = (found.group(1), found.group(2)) if found else (None, None)
    where = f" (column {column})" if column else ""
    return Problem(name, min(int(line or last), last), "", f"{_AT_LINE.sub('', told)}{where}")
