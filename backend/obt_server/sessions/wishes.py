"""What a browser asks for: a suite, pairs of models and clients, when."""

from collections.abc import Iterator
from typing import Annotated, Any, Self, cast

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from obt_core.suite_files.keys import unknown_keys
from obt_core.suite_files.problems import named
from obt_core.suites import Suite
from obt_core.wire import ClientId, Label, ModelName, UtcDatetime
from obt_server.auth.schemas import RequestModel

PAIRS_MAX = 5_000
_OF_FILES = (("sweep",), ("prompt", "file"), ("arrival", "trace"))
"""Keys of a workload that only a suite's file may have: what they stand for is written out when it is read."""


def _only_known(content: Any) -> Any:
    """Refuse keys that no suite has: one that is misspelt would be left out without a word."""
    if not isinstance(content, dict):
        return content
    table = cast("dict[str, Any]", content)
    wrong = [*(f"{named(key.place)} {key}" for key in unknown_keys(table)), *_keys_of_files(table)]
    if wrong:
        raise ValueError("; ".join(wrong[:10]))
    return table


def _keys_of_files(content: dict[str, Any]) -> Iterator[str]:
    workloads: Any = content.get("workloads")
    for number, workload in enumerate(cast("list[Any]", workloads) if isinstance(workloads, list) else ()):
        for place in _OF_FILES:
            inner: Any = workload
            for key in place:
                inner = cast("dict[str, Any]", inner).get(key) if isinstance(inner, dict) else None
            if inner is not None:
                yield f"{named(('workloads', number, *place))} is written out when a suite's file is read"


def _name_or_content(suite: Any) -> str:
    return "name" if isinstance(suite, str) else "content"


SuiteName = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9._:-]+$")]
SuiteWish = Annotated[
    Annotated[SuiteName, Tag("name")] | Annotated[Suite, BeforeValidator(_only_known), Tag("content")],
    Discriminator(_name_or_content),
]


class WantedPair(RequestModel):
    """One model on one client."""

    client_id: ClientId
    model: ModelName


class NewSession(RequestModel):
    """A suite for every one of the models on every one of the clients, or for exactly those pairs.

    `suite` is the name of a shipped or a saved one, any one's hash, or a suite itself. `not_before`: nobody begins
    earlier, at most a year ahead; a moment that is over means at once. `remeasure`: also what a fresh clean result of
    the same series stands for (`POST /sessions/plan` tells which); without it such pairs are left out.
    """

    suite: SuiteWish = "quick"
    models: list[ModelName] = Field(default_factory=list, max_length=500)
    client_ids: list[ClientId] = Field(default_factory=list, max_length=1_000)
    pairs: list[WantedPair] = Field(default_factory=list[WantedPair], max_length=PAIRS_MAX)
    title: Label | None = None
    order_seed: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    """Of the order of models, workloads and arrivals; drawn anew where it is not given."""
    not_before: UtcDatetime | None = None
    remeasure: bool = True

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.pairs and (self.models or self.client_ids):
            raise ValueError("give pairs, or models and client_ids, not both")
        if not self.pairs and not (self.models and self.client_ids):
            raise ValueError("give models and client_ids, or pairs: nothing is asked for")
        return self

    def wanted(self) -> dict[str, list[str]]:
        """The models of each client, by its ID; each once, in the order in which they were asked for."""
        if not self.pairs:
            return {client_id: list(dict.fromkeys(self.models)) for client_id in self.client_ids}
        found: dict[str, dict[str, None]] = {}
        for pair in self.pairs:
            found.setdefault(pair.client_id, {})[pair.model] = None
        return {client_id: list(names) for client_id, names in found.items()}
