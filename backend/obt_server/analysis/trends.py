"""Series over time: which there are, the results of one, and what changed between them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.results import Estimate
from obt_core.suites import Metric
from obt_server.analysis.facts import Facts, changes, facts_of, with_unset
from obt_server.analysis.schemas import SeriesList, SeriesView, Trend, TrendEvent, TrendPoint
from obt_server.clients import service as clients
from obt_server.errors import NotFoundError, UnprocessableError
from obt_server.paging import Key, to_cursor
from obt_server.results import series
from obt_server.results.series import Moment, SeriesFilter, SeriesHead, SeriesKey

SIBLINGS_MAX = 50
WORDS_MAX = 8
_METRICS = frozenset[str](Metric)
AfterSeries = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]


def series_cursor(head: SeriesHead) -> str:
    """Write where a page of series ended, for `next`."""
    return f"{head.last_ended_at.astimezone(UTC).isoformat()}~{head.series}~{head.client_id}"


def from_series_cursor(after: str | None) -> SeriesKey | None:
    """Read what `series_cursor` wrote. Raises UnprocessableError for anything else."""
    if after is None:
        return None
    try:
        moment, series_hash, client_id = after.split("~")
        return datetime.fromisoformat(moment).astimezone(UTC), series_hash, client_id
    except (ValueError, OverflowError):
        raise UnprocessableError("query.after: is not the `next` of an earlier page") from None


async def list_page(session: AsyncSession, narrow: SeriesFilter, text: str, limit: int) -> SeriesList:
    """Return a page of series. `text` is searched word by word in the names of models, suites and clients."""
    words = text.split()[:WORDS_MAX]
    names = await clients.names(session, await series.client_ids(session)) if words else {}
    named = [[one for one, name in names.items() if word.lower() in name.lower()] for word in words]
    asked = SeriesFilter(narrow.client_id, narrow.model, narrow.suite, words, named, narrow.after)
    heads = await series.page(session, asked, limit + 1)
    following = series_cursor(heads[limit - 1]) if len(heads) > limit else None
    return SeriesList(series=await _views(session, heads[:limit]), next=following)


async def trend(session: AsyncSession, series_hash: str, client_id: str | None, after: Key | None, limit: int) -> Trend:
    """Return a series' newest results on a client, by default that which measured last. Raises NotFoundError."""
    heads = await series.heads_of(session, series_hash)
    head = next((one for one in heads if client_id in {None, one.client_id}), None)
    if head is None:
        raise NotFoundError(f"There is no series {series_hash}{f' of the client {client_id}' if client_id else ''}.")
    siblings = await series.siblings(session, head, SIBLINGS_MAX)
    moments = await series.moments(session, head, after, limit + 1)
    page, rest = moments[:limit], moments[limit:]
    (own, *others) = await _views(session, [head, *siblings])
    return Trend(
        series=own,
        points=[_point(one) for one in page],
        events=[*_events(moments), *_beginnings(head, siblings, is_first_page=after is None)],
        siblings=others,
        next=to_cursor(page[-1].ended_at, page[-1].id) if rest else None,
    )


async def _views(session: AsyncSession, heads: Sequence[SeriesHead]) -> list[SeriesView]:
    names = await clients.names(session, {head.client_id for head in heads})
    return [
        SeriesView(
            **{name: getattr(head, name) for name in SeriesHead.__slots__},
            client_name=names.get(head.client_id, head.client_id),
        )
        for head in heads
    ]


def _point(one: Moment) -> TrendPoint:
    return TrendPoint(
        result_id=one.id,
        ended_at=one.ended_at,
        status=one.status,
        grade=one.grade,
        reasons=one.reasons,
        # Validated when it was stored: a page has hundreds of points.
        headline={Metric(name): Estimate.model_construct(**e) for name, e in one.headline.items() if name in _METRICS},
    )


def _events(moments: Sequence[Moment]) -> Iterator[TrendEvent]:
    """What changed between neighbours, newest first; each seen from the last result that knew it."""
    in_order = list(reversed(moments))
    environments = [one.environment for one in in_order]
    told = with_unset([facts_of(environment) for environment in environments], environments)
    found = list[TrendEvent]()
    known: Facts = {}
    for one, facts in zip(in_order, told, strict=True):
        found += [
            TrendEvent(
                at=one.ended_at,
                code=change.code,
                name=change.name,
                before=change.before,
                after=change.after,
                result_id=one.id,
                series=None,
            )
            for change in changes(known, facts)
        ]
        known = {**known, **facts}
    return reversed(found)


def _beginnings(head: SeriesHead, siblings: Sequence[SeriesHead], *, is_first_page: bool) -> Iterator[TrendEvent]:
    """Where the model's name got another series: another digest, place in memory, option or machine."""
    if not is_first_page:
        return
    in_order = sorted([head, *siblings], key=lambda one: (one.first_ended_at, one.series))
    for before, after in pairwise(in_order):
        code, old, new = _what_began(before, after)
        yield TrendEvent(
            at=after.first_ended_at, code=code, name="", before=old, after=new, result_id=None, series=after.series
        )


def _what_began(before: SeriesHead, after: SeriesHead) -> tuple[str, str | None, str | None]:
    if before.model_digest != after.model_digest:
        return "model_digest", before.model_digest, after.model_digest
    if before.offload != after.offload:
        return "offload", before.offload, after.offload
    return "hardware", None, None
