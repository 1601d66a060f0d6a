"""A row of the database as a browser sees it. Pure."""

from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from obt_core.hardware import HardwareSnapshot
from obt_server.auth.service import KeyState
from obt_server.clients.allowances import allowed_in
from obt_server.clients.presence import PresenceRule
from obt_server.clients.schemas import ClientDetail, ClientView, MachineSummary
from obt_server.clients.tables import ClientRow
from obt_server.clients.versions import Release, advice
from obt_server.db import Document

AnyRow = ClientRow | Row[Any]
_AS_THEY_ARE = (
    "id",
    "name",
    "tags",
    "enrolled_at",
    "interval_s",
    "client_version",
    "protocol_version",
    "machine",
    "model_count",
    "drained_at",
    "archived_at",
    "clone_seen_at",
)
_as_they_are = attrgetter(*_AS_THEY_ARE)


def view_of(row: AnyRow, rule: PresenceRule, now: datetime) -> ClientView:
    """Return a client as a list shows it."""
    return ClientView.model_validate(document_of(row, rule, now))


def detail_of(row: ClientRow, rule: PresenceRule, key: KeyState, now: datetime) -> ClientDetail:
    """Return a client with the whole of its hardware."""
    return ClientDetail.model_validate(
        {
            **document_of(row, rule, now),
            "hardware": row.hardware,
            "is_archived_by_person": row.is_archived_by_person,
            "key_rotation_asked_at": key.rotation_asked_at,
            "key_revoked_at": key.revoked_at,
        }
    )


def document_of(row: AnyRow, rule: PresenceRule, now: datetime) -> Document:
    """Return the parts of a `ClientView` as they are stored: read when they were heard, and not once more in a list."""
    was_offline = row.offline_since is not None
    return {
        **lasting_of(row, rule),
        "last_seen_at": row.last_seen_at,
        "presence": rule.judge(row.last_seen_at, row.interval_s, now, was_offline=was_offline),
    }


def lasting_of(row: AnyRow | SimpleNamespace, rule: PresenceRule) -> Document:
    """Return the same, but for what time alone changes."""
    said: Mapping[str, Any] = row.status or {}
    release = release_in(row)
    state = release.state
    return {
        **dict(zip(_AS_THEY_ARE, _as_they_are(row), strict=True)),
        "state": said.get("state"),
        "server_protocol_min": release.server_protocol_min,
        "version_state": state,
        "version_advice": advice(state, (row.machine or {}).get("os", "")),
        "ollama": said.get("ollama"),
        "load": said.get("load"),
        "running_job_id": said.get("job_id"),
        "allows": allowed_in(row.status),
        **_clock_in(said, rule),
    }


def _clock_in(said: Mapping[str, Any], rule: PresenceRule) -> Document:
    """What a client measured of its clock. It is wrong where it is too far off whatever the error of that."""
    told = said.get("clock")
    if told is None:
        return {"clock_offset_ms": None, "clock_error_ms": None, "is_clock_wrong": False}
    offset_ms, error_ms = told["offset_ms"], told["error_ms"]
    is_wrong = abs(offset_ms) - error_ms > rule.clock_apart_s * 1e3
    return {"clock_offset_ms": offset_ms, "clock_error_ms": error_ms, "is_clock_wrong": is_wrong}


def release_in(row: AnyRow | SimpleNamespace) -> Release:
    """Return what a client said of its release."""
    said: Mapping[str, Any] = row.status or {}
    return Release(row.client_version, row.protocol_version, said.get("server_protocol_min", 1))


def summary_of(hardware: HardwareSnapshot) -> Document:
    """Return what a list shows of hardware, to be stored beside it."""
    return MachineSummary.model_validate(hardware, from_attributes=True).model_dump(mode="json")
