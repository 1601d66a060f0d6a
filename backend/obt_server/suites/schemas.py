"""Suites and prompts as a browser sees and sends them."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from obt_core.suite_files.texts import FILE_BYTES_MAX
from obt_core.suites import Suite
from obt_core.wire import Message, WireModel
from obt_server.auth.schemas import RequestModel


class SuiteView(WireModel):
    """A suite with what follows from it.

    `budget_s`: the longest its sampling of one model may take. `context_tokens`: the largest context that it asks for.
    `saved`: kept under its name by a person.
    """

    suite: Suite
    hash: str
    samples_planned: int
    budget_s: float
    context_tokens: int
    shipped: bool
    saved: bool = False


class Suites(WireModel):
    """All suites: shipped ones first."""

    suites: list[SuiteView]


class SavedSuite(SuiteView):
    """A suite that a person keeps. `toml` is the file that `obt-client bench --suite` reads."""

    saved_at: datetime
    toml: str


class SuiteToSave(RequestModel):
    """A suite to be kept. It takes the name that it is kept under."""

    suite: Suite


class SuiteToCheck(RequestModel):
    """Either the text of a suite's file, or a suite as an editor has it, whatever it is."""

    text: Annotated[str, Field(max_length=FILE_BYTES_MAX)] | None = None
    suite: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.text is None) == (self.suite is None):
            raise ValueError("give either a text or a suite")
        return self


class SuiteProblem(WireModel):
    """One thing that is wrong. Lines count from 1, and so do the places of workloads: `workloads[2].samples`."""

    line: int
    place: str
    text: str


class CheckedSuite(WireModel):
    """The suite with its file, or what is wrong with it: all at once, in the order of lines."""

    suite: SuiteView | None
    toml: str | None
    problems: list[SuiteProblem]


class PromptView(WireModel):
    """A prompt in a list; `characters` is how long its text is. Shipped ones are read-only."""

    name: str
    purpose: str
    characters: int
    shipped: bool
    saved_at: datetime | None


class PromptDetail(PromptView):
    """A prompt with its text."""

    text: str


class Prompts(WireModel):
    """All prompts: shipped ones first, then the saved ones by name."""

    prompts: list[PromptView]


class PromptToSave(RequestModel):
    """A prompt to be kept under a name."""

    text: str = Field(min_length=1, max_length=200_000, pattern=r"^[^\x00]*$")
    purpose: Message = ""
