"""Killed at any point, nothing is lost: what is deleted is in the archive, and the next run goes on."""

import json
import os
import signal
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from sqlalchemy import insert

from backend.tests import builders
from backend.tests.retention import dying
from backend.tests.retention.filled import rows_of
from backend.tests.retention.test_retention import archived
from obt_server.audit.tables import AuditRow
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.retention import service
from obt_server.retention.archive import line_of

ROWS = 400
LATER = builders.MOMENT + timedelta(days=800)
DEED = {"actor_kind": "server", "actor": "x", "action": "a", "subject_kind": "s", "subject": "t"}


@pytest.fixture(scope="module")
def dying_process() -> Generator[Popen[str]]:
    """The process that forks those that die."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OBT_")}
    command, root = [sys.executable, "-m", dying.__name__], Path(__file__).parents[3]
    with Popen(command, env=env, cwd=root, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield process


def run_and_die(process: Popen[str], settings: Settings, point: str) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    told = {"point": point, "now": LATER.isoformat(), "data_dir": str(settings.data_dir)}
    process.stdin.write(json.dumps(told | ({"database_url": url} if (url := settings.database_url) else {})) + "\n")
    process.stdin.flush()
    while (line := process.stdout.readline()) and not line.strip().lstrip("-").isdigit():
        pass  # its log
    assert int(line) == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_wherever_a_run_is_killed_no_row_is_deleted_that_is_not_archived(
    settings: Settings, dying_process: Popen[str]
) -> None:
    db = Database(settings.sqlalchemy_url, lambda _: None)
    async with db.write() as session:
        at = [{**DEED, "at": builders.MOMENT + timedelta(seconds=n)} for n in range(ROWS)]
        await session.execute(insert(AuditRow), at)
    before = {row["id"]: json.loads(line_of(row)) for row in await rows_of(db, AuditRow)}
    left = dict(before)
    for point in dying.POINTS:
        run_and_die(dying_process, settings, point)
        now = {row["id"] for row in await rows_of(db, AuditRow)}
        partial = list(settings.archive_folder.glob("*/*.part"))
        assert bool(partial) == (point in {"in_the_file", "before_its_name"})
        kept = _kept(settings.archive_folder) if point != "before_its_manifest" else {}
        gone = left.keys() - now
        assert all(kept[one] == before[one] for one in gone), point
        assert bool(gone) == (point == "between")  # in the deletion: a transaction that did not end
        left = {one: left[one] for one in now}
    assert await service.apply_due(db, settings, LATER) == [service.Applied("audit", len(left))]
    assert await rows_of(db, AuditRow) == []
    assert _kept(settings.archive_folder) == before
    await db.close()


def _kept(folder: Path) -> dict[int, dict[str, object]]:
    """Each row once: one that was archived and not deleted is archived again, and the same."""
    for path in folder.glob("*/*.part"):
        path.unlink()
    return {row["id"]: row for row in archived(folder).get("audit/audit_log", [])}
