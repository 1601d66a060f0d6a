"""The doctor's look at the client's own folder, on a real disk."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from obt_client.agent.job_folder import OUTCOME_FILE
from obt_client.agent.outbox import DEAD_LETTERS, OUTBOX, Outbox, Refusal
from obt_client.doctor import CHECKS, Level, Topic, examine
from obt_client.doctor.data import (
    ROOM_LEAST_BYTES,
    ROOM_WANTED_BYTES,
    WAITS_LONG_S,
    check_room,
    of_dead_letters,
    of_folder,
    of_modes,
    of_outbox,
    of_room,
)
from obt_client.doctor.patient import Patient
from obt_client.doctor.service import of_service
from obt_client.identity import Identity, write_identity

from .builders import NOW, an_outcome, settings_of
from .contract_server import a_spec

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")


def test_a_folder_that_can_be_written_is_well_and_left_empty(tmp_path: Path) -> None:
    assert of_folder(tmp_path).level is Level.OK
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    finding = of_folder(tmp_path / "a" / "b")
    assert finding.level is Level.OK
    assert "will be made" in finding.told
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    finding = of_folder(tmp_path / "file")
    assert finding.level is Level.PROBLEM
    assert "OBT_CLIENT_DATA_DIR" in finding.todo


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_is_a_problem() -> None:
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        os.seteuid(65_534)
        try:
            levels = [of_folder(folder).level for folder in (Path(name), Path(name) / "deeper")]
        finally:
            os.seteuid(0)
    assert levels == [Level.PROBLEM, Level.PROBLEM]


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
async def test_a_folder_that_may_not_be_entered_is_said_once() -> None:
    with TemporaryDirectory() as name:  # its mode is 0700
        os.seteuid(65_534)
        try:
            checks = {topic: CHECKS[topic] for topic in (Topic.DATA, Topic.PRIVACY, Topic.OUTBOX, Topic.DEAD_LETTERS)}
            found = await examine(settings_of(Path(name) / "data"), checks)
        finally:
            os.seteuid(0)
    assert [(finding.topic, finding.level) for finding in found] == [(Topic.DATA, Level.PROBLEM)]


@posix
def test_modes_that_let_others_in_are_told(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write_identity(data, Identity(client_id="box", name="Box", server_url="http://x", nonce="n" * 32, key="secret"))
    assert [finding.level for finding in of_modes(data)] == [Level.OK]
    data.chmod(0o755)
    assert [(finding.level, finding.todo) for finding in of_modes(data)] == [(Level.WARNING, f"chmod 700 {data}")]
    (data / "identity.json").chmod(0o644)
    levels = [finding.level for finding in of_modes(data)]
    assert levels == [Level.PROBLEM, Level.WARNING]
    assert of_modes(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("free_bytes", "level"),
    [
        (0, Level.PROBLEM),
        (ROOM_LEAST_BYTES - 1, Level.PROBLEM),
        (ROOM_WANTED_BYTES - 1, Level.WARNING),
        (ROOM_WANTED_BYTES, Level.OK),
        (10**13, Level.OK),
    ],
)
def test_room_is_judged(free_bytes: int, level: Level) -> None:
    assert of_room(free_bytes).level is level


async def test_the_room_is_that_of_the_disk_a_folder_will_be_on(tmp_path: Path) -> None:
    (finding,) = await check_room(Patient(settings_of(tmp_path / "not" / "yet")))
    assert finding.topic is Topic.ROOM


async def test_what_waits_is_told_and_what_waits_for_long_is_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / OUTBOX
    assert of_outbox(folder, 0).level is Level.OK
    outbox = Outbox(tmp_path)
    job = outbox.folder_for(a_spec())
    await outbox.create(job)
    running = of_outbox(folder, 1e12)
    assert (running.level, "1 job waits" in running.told) == (Level.OK, True)
    await outbox.finish(job, an_outcome(0))
    ended_s = (job.path / OUTCOME_FILE).stat().st_mtime
    assert of_outbox(folder, ended_s + 1).level is Level.OK
    late = of_outbox(folder, ended_s + WAITS_LONG_S + 7_200)
    assert late.level is Level.WARNING
    assert "2.2 hours" in late.told


def test_a_service_that_does_not_run_or_works_elsewhere_is_told(tmp_path: Path) -> None:
    assert [one.level for one in of_service("a systemd unit", 42, tmp_path, tmp_path)] == [Level.OK]
    stopped, elsewhere = of_service("a systemd unit", None, Path("/var/lib/obt-client"), tmp_path)
    assert (stopped.level, "service start" in stopped.todo) == (Level.PROBLEM, True)
    assert (elsewhere.level, "OBT_CLIENT_DATA_DIR=/var/lib/obt-client" in elsewhere.todo) == (Level.WARNING, True)


async def test_refused_results_are_told_with_the_server_s_reasons(tmp_path: Path) -> None:
    folder = tmp_path / DEAD_LETTERS
    assert of_dead_letters(folder).level is Level.OK
    outbox = Outbox(tmp_path)
    for code in ("too_large", "too_large", "cannot_be_stored"):
        job = outbox.folder_for(a_spec())
        await outbox.create(job)
        await outbox.dead_letter(job, Refusal(refused_at=NOW, status=422, code=code, detail="no"))
    (folder / "torn").mkdir()
    finding = of_dead_letters(folder)
    assert finding.level is Level.WARNING
    assert "4 set aside: 2 too_large, 1 " in finding.told
