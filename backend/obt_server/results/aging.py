"""What of results may go when it is old: the fine grain of their telemetry, the telemetry, the raw samples."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select

from obt_core.telemetry import Telemetry
from obt_server.aging import Of, OldRows, Values
from obt_server.clock import SystemClock
from obt_server.db import Document
from obt_server.results.packing import pack_samples, pack_ticks
from obt_server.results.tables import ResultRow, SampleRow, TelemetryRow
from obt_server.results.telemetry import Stored
from obt_server.results.thinning import thinned

POINTS_KEPT = 300
"""Of a series that is thinned: a screen shows no more, and sums over time and joules stay what they were."""


def _thinner(row: Document) -> Values:
    """The series with few ticks. `ticks` stays: it is how many came, and what is sent again is told by it."""
    series: Telemetry = Stored(row["ticks"], row["tail"], row["content"]).unpacked()
    return {"content": pack_ticks(thinned(series, POINTS_KEPT).ticks), "is_thinned": True}


def _without_samples(_: Document) -> Values:
    return {"samples": pack_samples([]), "samples_dropped_at": SystemClock().now()}


FINE_TELEMETRY = OldRows(
    TelemetryRow,
    "begun_at",
    lambda before: [TelemetryRow.is_thinned == false(), TelemetryRow.begun_at < before],
    version=("ticks",),
    smaller=_thinner,
    is_long=True,
)
TELEMETRY = OldRows(
    TelemetryRow, "begun_at", lambda before: [TelemetryRow.begun_at < before], version=("ticks",), is_long=True
)
SAMPLES = OldRows(
    ResultRow,
    "ended_at",
    # By the client's clock and by this server's: one that was years behind loses nothing by it.
    lambda before: [
        ResultRow.samples_dropped_at.is_(None),
        ResultRow.ended_at < before,
        ResultRow.stored_at < before,
    ],
    version=("sample_count",),
    smaller=_without_samples,
    is_long=True,
)


def nothing_measured(session_id: Of, job_ids: Select[UUID]) -> ColumnElement[bool]:
    """Whether a session has no result, and its jobs neither samples nor telemetry."""
    results = select(ResultRow.job_id).where(ResultRow.session_id == session_id).exists()
    samples = select(SampleRow.job_id).where(SampleRow.job_id.in_(job_ids)).exists()
    telemetry = select(TelemetryRow.job_id).where(TelemetryRow.job_id.in_(job_ids)).exists()
    return ~(results | samples | telemetry)
