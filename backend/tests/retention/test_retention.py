"""What is too old: counted as it goes, archived before, and what stays is whole."""

import asyncio
import base64
import gzip
import hashlib
import json
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from backend.tests import builders
from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness
from backend.tests.retention.filled import LATER, TICKS, counts, fill, rows_of
from obt_server.audit.tables import AuditRow
from obt_server.auth.roles import Role
from obt_server.clock import SystemClock
from obt_server.config import Settings
from obt_server.jobs.tables import JobLogRow, JobRow
from obt_server.results.aging import POINTS_KEPT
from obt_server.results.packing import unpack_samples
from obt_server.retention import service
from obt_server.retention.alone import alone
from obt_server.retention.archive import line_of
from obt_server.sessions.tables import SessionRow

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def archived(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the archive by kind and table; each file is as its manifest says."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*/*.manifest.json")):
        manifest = json.loads(path.read_text())
        content = (path.parent / manifest["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == manifest["sha256"]
        rows = [json.loads(line) for line in gzip.decompress(content).splitlines()]
        assert (len(rows), len(content)) == (manifest["rows"], manifest["bytes"])
        found.setdefault(f"{path.parent.name}/{manifest['table']}", []).extend(rows)
    names = {path.name.removesuffix(".manifest.json") for path in folder.glob("*/*.manifest.json")}
    assert {path.name for path in folder.glob("*/*.gz")} == names
    assert not list(folder.glob("*/*.part"))
    return found


async def test_what_was_foreseen_goes_and_is_in_the_archive(settings: Settings, clock: FakeClock) -> None:
    settings = settings.model_copy(update={"archive_dir": settings.data_dir / "kept"})
    async with serve(settings, clock) as server:
        await fill(server)
        before = {row: await rows_of(server.db, row) for row in (AuditRow, JobLogRow, JobRow, SessionRow)}
        async with server.db.read() as session:
            foreseen = await service.preview(session, settings, LATER)
        done = Counter[str]()
        for one in await service.apply_due(server.db, settings, LATER) or ():
            done[one.kind] += one.rows
        due = {item.kind: item.rows_due for item in foreseen.items if item.rows_due}
        assert done | {"job_log": done["job_log"] + 2} == due  # two are of the empty session, and went with it
        assert done.keys() == {"telemetry_detail", "empty_sessions", "job_log", "audit"}
        assert all(item.oldest and item.bytes_due > 0 for item in foreseen.items if item.rows_due)
        left = await counts(server.db)
        assert (left["audit_log"], left["job_log"], left["sessions"], left["jobs"]) == (0, 0, 1, 1)
        assert (left["results"], left["telemetry"]) == (1, 1)
        found = archived(settings.data_dir / "kept")
        deeds = sorted(found["audit/audit_log"], key=lambda row: row["id"])
        assert deeds == [json.loads(line_of(row)) for row in before[AuditRow]]
        told = found["empty_sessions/job_log"] + found["job_log/job_log"]
        assert sorted(told, key=lambda row: row["id"]) == [json.loads(line_of(row)) for row in before[JobLogRow]]
        assert len(found["empty_sessions/jobs"]) == 2
        assert [row["id"] for row in found["empty_sessions/sessions"]] == [
            found["empty_sessions/jobs"][0]["session_id"]
        ]
        assert await service.apply_due(server.db, settings, LATER) == []
        assert archived(settings.data_dir / "kept") == found


async def test_thinned_telemetry_tells_the_same_sums_and_takes_what_is_sent_again(server: Harness) -> None:
    client, job_id = await fill(server)
    whole = await server.get(f"/jobs/{job_id}/telemetry")
    settings = server.app.state.settings
    assert await service.apply_due(server.db, settings, LATER)
    thin = await server.get(f"/jobs/{job_id}/telemetry")
    assert (len(whole["ticks"]), len(thin["ticks"])) == (TICKS, POINTS_KEPT)
    for edge in (0, -1):  # the last tick's joules are those counted from the first one on
        assert thin["ticks"][edge]["at_ms"] == whole["ticks"][edge]["at_ms"]
        assert thin["ticks"][edge]["values"][2] == whole["ticks"][edge]["values"][2]
    summary = (await server.get(f"/results/{job_id}"))["summary"]
    series = builders.a_series(TICKS + 2)
    assert (await client.send_telemetry(job_id, builders.a_batch(series, 0))).stored == TICKS + 2
    again = await server.get(f"/jobs/{job_id}/telemetry")
    assert again["ticks"][-2:] == [tick.model_dump() | {"values": list(tick.values)} for tick in series.ticks[-2:]]
    assert len(again["ticks"]) == POINTS_KEPT + 2
    assert (await server.get(f"/results/{job_id}"))["summary"]["headline"] == summary["headline"]
    (row,) = archived(settings.archive_folder)["telemetry_detail/telemetry"]
    assert row["ticks"] == TICKS
    assert len(base64.b64decode(row["content"])) > 0


async def test_a_result_whose_samples_went_stays_as_it_was(settings: Settings, clock: FakeClock) -> None:
    settings = settings.model_copy(update={"samples_days": 100, "telemetry_days": 100})
    async with serve(settings, clock) as server:
        client, job_id = await fill(server)
        before = await server.get(f"/results/{job_id}")
        assert before["samples_dropped_at"] is None
        await service.apply_due(server.db, settings, LATER)
        after = await server.get(f"/results/{job_id}")
        assert after["samples_dropped_at"] is not None
        without: dict[str, Any] = {
            "samples": [],
            "samples_dropped_at": after["samples_dropped_at"],
            "telemetry_ticks": 0,
        }
        assert after == {**before, **without}
        found = archived(settings.archive_folder)
        assert "telemetry_detail/telemetry" not in found  # what goes whole is not thinned before
        (row,) = found["samples/results"]
        samples = unpack_samples(base64.b64decode(row["samples"]))
        assert [sample.model_dump(mode="json") for sample in samples] == before["samples"]
        # A client that delivers late, or again, changes nothing.
        assert (await client.send_samples(job_id, builders.a_sample(1), builders.a_sample(9))).stored == 5
        await client.send_telemetry(job_id, builders.a_batch(builders.a_series()))
        assert {**await server.get(f"/results/{job_id}"), "telemetry_ticks": 0} == after
        reply = await server.owner.get(f"{API}/compare", params={"results": [str(job_id)]})
        assert reply.status_code in {200, 422}
        assert await service.apply_due(server.db, settings, LATER) in ([], [service.Applied("telemetry", 1)])


@SQLITE
async def test_sessions_with_something_to_do_or_something_measured_stay(server: Harness) -> None:
    client = await server.a_client("one", models=("a", "b"))
    await server.a_session([client], ["a"])
    waiting = await server.a_session([client], ["b"])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample(1))
    clock = server.clock
    clock.advance(100)
    await server.sweep()  # lost, with a sample that nobody folded
    await service.apply_due(server.db, server.app.state.settings, LATER)
    found = (await server.get("/sessions"))["sessions"]
    assert {one["id"] for one in found} == {waiting["id"], str(spec.session_id)}
    assert (await counts(server.db))["samples"] == 1


@SQLITE
async def test_nothing_is_deleted_where_the_archive_cannot_be_written(server: Harness) -> None:
    await fill(server)
    settings = server.app.state.settings
    before = await counts(server.db)
    settings.archive_folder.write_text("in the way")
    with pytest.raises(NotADirectoryError):
        await service.apply_due(server.db, settings, LATER)
    assert await counts(server.db) == before
    without = settings.model_copy(update={"archive": False})
    assert await service.apply_due(server.db, without, LATER)
    assert (await counts(server.db))["audit_log"] == 0


async def test_one_at_a_time(server: Harness) -> None:
    await fill(server)
    settings = server.app.state.settings
    async with alone(server.db, settings) as is_ours:
        assert is_ours
        assert await service.apply_due(server.db, settings, LATER) is None
    first, second = await asyncio.gather(*(service.apply_due(server.db, settings, LATER) for _ in range(2)))
    assert (first is None) != (second is None)
    assert await service.apply_due(server.db, settings, LATER) == []


@SQLITE
async def test_what_changed_since_it_was_archived_is_not_deleted(
    server: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, job_id = await fill(server)
    settings = server.app.state.settings.model_copy(update={"telemetry_days": 1})
    delete = service._delete  # pyright: ignore[reportPrivateUsage]

    async def late(*args: Any) -> int:
        monkeypatch.setattr(service, "_delete", delete)
        await client.send_telemetry(job_id, builders.a_batch(builders.a_series(TICKS + 5)))
        return await delete(*args)

    monkeypatch.setattr(service, "_delete", late)
    await service.apply_due(server.db, settings, LATER)
    assert len((await server.get(f"/jobs/{job_id}/telemetry"))["ticks"]) >= POINTS_KEPT


async def test_administrators_are_told_what_would_go(server: Harness) -> None:
    await fill(server)
    server.clock.advance((LATER - server.clock.now()).total_seconds())
    server.owner.cookies = (await server.a_person("owner")).cookies
    told = await server.get("/retention")
    items = {item["kind"]: item for item in told["items"]}
    assert told["is_archived"]
    assert items["samples"] | {"bytes_due": 0} == {
        "kind": "samples", "setting": "OBT_SAMPLES_DAYS", "fate": "dropped", "kept_days": None,
        "rows_due": 0, "bytes_due": 0, "oldest": None,
    }  # fmt: skip
    assert (items["telemetry_detail"]["rows_due"], items["telemetry_detail"]["fate"]) == (1, "thinned")
    assert items["empty_sessions"]["rows_due"] >= 1
    viewer = await server.a_person("somebody", Role.OPERATOR)
    assert (await viewer.get(f"{API}/retention")).status_code == 403


@SQLITE
async def test_while_thousands_of_rows_go_others_write_between_them(server: Harness) -> None:
    old = SystemClock().now() - timedelta(days=500)
    row = {"actor_kind": "server", "actor": "x", "action": "a", "subject_kind": "s", "subject": "t"}
    async with server.db.write() as session:
        await session.execute(insert(AuditRow), [{**row, "at": old} for _ in range(8_000)])
    working = asyncio.create_task(service.apply_due(server.db, server.app.state.settings, SystemClock().now()))
    written = 0
    while not working.done():
        async with server.db.write() as session:
            await session.execute(update(AuditRow).where(AuditRow.at > old).values(actor="y"))
        written += 1
    assert sum(one.rows for one in await working or ()) == 8_000
    assert written > 3


def test_the_command_counts_first_and_deletes_when_told(tmp_path: Path, sqlite_template: Path) -> None:
    from backend.tests.programs import run

    shutil.copy(sqlite_template, tmp_path / "obt.sqlite3")
    assert run(tmp_path, "token", "create").exit_code == 0
    told = json.loads(run(tmp_path, "retention", "--json", OBT_AUDIT_DAYS="0.0000001").stdout)
    assert {item["kind"]: item["rows_due"] for item in told["items"]}["audit"] == 1
    assert "delete" in run(tmp_path, "retention", OBT_AUDIT_DAYS="0.0000001").stdout
    assert run(tmp_path, "retention", "--apply", OBT_AUDIT_DAYS="0.0000001").stdout == "1 rows went.\n"
    assert len(archived(tmp_path / "archive")["audit/audit_log"]) == 1
