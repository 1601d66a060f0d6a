"""What lists of results are narrowed to, and what that means in SQL."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_core.wire import ClientId, Fact, ModelName, Slug
from obt_server.clients import service as clients
from obt_server.paging import Moment
from obt_server.results.tables import CellLevel, ResultCellRow, ResultRow

WORDS_MOST = 10
VALUES_MOST = 20
"""Of one parameter: an address with more, each as long as it may be, is longer than a server reads."""
ShortFact = Annotated[Fact, StringConstraints(max_length=100)]
Series = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[0-9a-f]+$")]


class Facet(StrEnum):
    """What results are counted by."""

    CLIENT = "client_id"
    MODEL = "model"
    QUANTIZATION = "quantization"
    FAMILY = "family"
    SUITE = "suite"
    GRADE = "grade"
    STATUS = "status"
    TAG = "tag"


CELL = ResultCellRow.__table__.c
"""The attributes of `ResultCellRow` would have its mapper walk each of thousands of cells, for nothing."""
COLUMN = {
    Facet.CLIENT: CELL.client_id,
    Facet.MODEL: CELL.model,
    Facet.QUANTIZATION: CELL.quantization,
    Facet.FAMILY: CELL.family,
    Facet.SUITE: CELL.suite_name,
    Facet.GRADE: CELL.grade,
    Facet.STATUS: CELL.status,
}
OF_MODEL = frozenset({Facet.MODEL, Facet.QUANTIZATION, Facet.FAMILY})
OF_CLIENT = frozenset({Facet.CLIENT, Facet.TAG})


class ResultFilter(BaseModel):
    """Several values of one parameter: one of them; several parameters: all of them. An empty text means unknown."""

    model_config = ConfigDict(frozen=True)

    client_id: list[ClientId] = Field(default=[], max_length=VALUES_MOST)
    model: list[ModelName] = Field(default=[], max_length=VALUES_MOST)
    quantization: list[ShortFact] = Field(default=[], max_length=VALUES_MOST)
    family: list[ShortFact] = Field(default=[], max_length=VALUES_MOST)
    suite: list[Slug] = Field(default=[], max_length=VALUES_MOST)
    grade: list[Grade] = Field(default=[], max_length=VALUES_MOST)
    status: list[JobStatus] = Field(default=[], max_length=VALUES_MOST)
    tag: list[Slug] = Field(default=[], max_length=VALUES_MOST, description="Of the client.")
    session_id: UUID | None = None
    series: Series | None = None
    begin: Moment | None = Field(default=None, alias="from", description="Ended then or later.")
    end: Moment | None = Field(default=None, alias="to", description="Ended before.")
    q: Fact = Field(default="", description="Each word is in the model's, the client's or the suite's name.")

    def chosen(self, facet: Facet) -> frozenset[str]:
        """The values of one facet that are let through; none chosen lets all through."""
        return frozenset(map(str, getattr(self, facet.value)))


@dataclass(frozen=True, slots=True)
class Word:
    """Whose names have a word of `q`: looked up once among few, so that no cell's text is searched."""

    models: frozenset[str]
    suites: frozenset[str]
    clients: frozenset[str]

    def of_cells(self) -> ColumnElement[bool]:
        """What a cell must be to have it."""
        told = ((CELL.model, self.models), (CELL.suite_name, self.suites), (CELL.client_id, self.clients))
        return or_(false(), *(column.in_(sorted(names)) for column, names in told if names))


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter with what it needs to know of clients: all names and tags; and what its words mean."""

    wish: ResultFilter
    names: dict[str, str]
    tags: dict[str, tuple[str, ...]]
    words: tuple[Word, ...]

    def clients_with(self, tags: Collection[str]) -> frozenset[str]:
        """The clients that have one of the tags."""
        return frozenset(client for client, own in self.tags.items() if not set(tags).isdisjoint(own))

    def has_rows(self) -> bool:
        """Whether it asks for more than cells know."""
        wish = self.wish
        return any(value is not None for value in (wish.session_id, wish.series, wish.begin, wish.end))

    def level(self, *, by: Iterable[Facet]) -> CellLevel:
        """The smallest level that knows all that is asked for, to count by those facets."""
        wish, needed = self.wish, set(by) | {facet for facet in COLUMN if self.wish.chosen(facet)}
        if not wish.tag and not needed & OF_CLIENT and not any(word.clients for word in self.words):
            return CellLevel.MODELS
        if not needed & OF_MODEL and not any(word.models for word in self.words):
            return CellLevel.CLIENTS
        return CellLevel.EACH

    def of_cells(self, facets: Iterable[Facet], level: CellLevel = CellLevel.EACH) -> list[ColumnElement[bool]]:
        """What a cell must be, judged by those facets and by the words."""
        conditions: list[ColumnElement[bool]] = [CELL.level == level]
        for facet in facets:
            if chosen := self.wish.chosen(facet):
                of_tag = facet is Facet.TAG
                column = CELL.client_id if of_tag else COLUMN[facet]
                conditions.append(column.in_(sorted(self.clients_with(chosen) if of_tag else chosen)))
        conditions += [word.of_cells() for word in self.words]
        return conditions

    def narrows_cells(self) -> bool:
        """Whether some cells are left out."""
        return bool(self.words) or any(self.wish.chosen(facet) for facet in Facet)

    def of_rows(self) -> list[ColumnElement[bool]]:
        """What a result must be beside its cell."""
        wish, row = self.wish, ResultRow
        conditions: list[ColumnElement[bool]] = []
        if wish.session_id is not None:
            conditions.append(row.session_id == wish.session_id)
        if wish.series is not None:
            conditions.append(row.series == wish.series)
        if wish.begin is not None:
            conditions.append(row.ended_at >= wish.begin)
        if wish.end is not None:
            conditions.append(row.ended_at < wish.end)
        return conditions


async def resolve(session: AsyncSession, wish: ResultFilter) -> Scope:
    """Look up what a filter says of clients."""
    labels = await clients.labels(session)
    names = {label.id: label.name for label in labels}
    words = wish.q.lower().split()[:WORDS_MOST]
    told: tuple[Sequence[str], Sequence[str]] = await _names(session) if words else ((), ())
    models, suites = told
    meant = (
        Word(
            frozenset(model for model in models if word in model.lower()),
            frozenset(suite for suite in suites if word in suite.lower()),
            frozenset(client_id for client_id, name in names.items() if word in name.lower()),
        )
        for word in words
    )
    return Scope(wish, names, {label.id: tuple(label.tags) for label in labels if label.tags}, tuple(meant))


async def _names(session: AsyncSession) -> tuple[Sequence[str], Sequence[str]]:
    """The names of all models and suites that have results."""
    is_level = CELL.level == CellLevel.MODELS
    models = (await session.scalars(select(CELL.model).where(is_level).distinct())).all()
    return models, (await session.scalars(select(CELL.suite_name).where(is_level).distinct())).all()
