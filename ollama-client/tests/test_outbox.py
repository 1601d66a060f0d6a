"""The outbox on a real disk: cut at any byte, full, read by the next run."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obt_client.agent.outbox import JobFolder, Outbox, OutboxFullError
from obt_core.jobs import JobOutcome, OutcomeStatus
from obt_core.telemetry import TelemetryBatch

from .builders import a_sample, an_outcome, some_ticks
from .contract_server import a_spec


async def a_job(outbox: Outbox, samples: int = 0) -> JobFolder:
    folder = outbox.folder_for(a_spec())
    await outbox.load() if not outbox.jobs else None
    folder.path.parent.mkdir(parents=True, exist_ok=True)
    await outbox.create(folder)
    for number in range(1, samples + 1):
        await folder.append(a_sample(number))
    return folder


async def reopened(data_dir: Path) -> Outbox:
    outbox = Outbox(data_dir)
    await outbox.load()
    return outbox


async def test_what_was_stored_is_there_after_a_restart(tmp_path: Path) -> None:
    folder = await a_job(Outbox(tmp_path), samples=3)
    (again,) = (await reopened(tmp_path)).jobs
    assert (again.spec, again.samples_taken, again.last_number) == (folder.spec, 3, 3)
    assert again.undelivered == folder.undelivered
    assert again.outcome is not None
    assert again.outcome.error is not None
    assert (again.outcome.status, again.outcome.error.code) == (OutcomeStatus.FAILED, "client_restarted")
    assert again.outcome.sample_count == 3


async def test_a_job_that_had_ended_stays_as_it_ended(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    folder = await a_job(outbox, samples=2)
    await outbox.finish(folder, an_outcome(2))
    (again,) = (await reopened(tmp_path)).jobs
    assert again.outcome == an_outcome(2)


async def test_a_job_that_was_delivered_is_gone(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    folder = await a_job(outbox, samples=2)
    await outbox.finish(folder, an_outcome(2))
    await outbox.remove(folder)
    assert outbox.jobs == ()
    assert (await reopened(tmp_path)).jobs == ()
    assert list((tmp_path / "outbox").iterdir()) == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_samples_cut_at_any_byte_lose_at_most_the_one_that_was_being_written(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        asyncio.run(_cut(Path(name), data))


async def _cut(data_dir: Path, data: st.DataObject) -> None:
    taken = data.draw(st.integers(0, 5))
    folder = await a_job(Outbox(data_dir), samples=taken)
    file = folder.path / "samples.ndjson"
    whole = file.read_bytes() if taken else b""
    cut = data.draw(st.integers(0, len(whole)))
    file.write_bytes(whole[:cut] + data.draw(st.sampled_from([b"", b"\0" * 40, b"\0\n"])))
    (again,) = (await reopened(data_dir)).jobs
    assert again.samples_taken == whole[:cut].count(b"\n")
    assert list(again.undelivered) == whole[:cut].split(b"\n")[: again.samples_taken]
    await again.append(a_sample(again.last_number + 1))
    (third,) = (await reopened(data_dir)).jobs
    assert third.samples_taken == again.samples_taken


async def test_telemetry_is_there_after_a_restart_but_for_a_line_that_was_cut(tmp_path: Path) -> None:
    folder = await a_job(Outbox(tmp_path), samples=1)
    for first in (0, 10):
        await folder.append_ticks(some_ticks(first, 10))
    file = folder.path / "telemetry.ndjson"
    file.write_bytes(file.read_bytes()[:-3])
    (again,) = (await reopened(tmp_path)).jobs
    assert again.undelivered_ticks == folder.undelivered_ticks[:1]
    await again.append_ticks(some_ticks(10, 5))
    (third,) = (await reopened(tmp_path)).jobs
    assert [TelemetryBatch.model_validate_json(line).first for line in third.undelivered_ticks] == [0, 10]


@pytest.mark.parametrize("left", ["job.json", "samples.ndjson", "outcome.json"])
async def test_a_removal_that_was_cut_is_never_taken_for_a_job_that_was_cut(tmp_path: Path, left: str) -> None:
    outbox = Outbox(tmp_path)
    folder = await a_job(outbox, samples=1)
    await outbox.finish(folder, an_outcome(1))
    for file in list(folder.path.iterdir()):
        if left not in {file.name, "job.json"}:
            file.unlink()
    jobs = (await reopened(tmp_path)).jobs
    assert [job.outcome for job in jobs] == ([an_outcome(1)] if left == "job.json" else [])


async def test_a_damaged_job_is_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    good, bad = await a_job(outbox, samples=1), await a_job(outbox, samples=2)
    (bad.path / "job.json").write_text("{")
    (job,) = (await reopened(tmp_path)).jobs
    assert job.spec == good.spec
    assert (tmp_path / "dead-letter" / bad.path.name / "samples.ndjson").read_bytes().count(b"\n") == 2


async def test_a_damaged_outcome_is_written_anew(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    folder = await a_job(outbox, samples=1)
    (folder.path / "outcome.json").write_text("{")
    (job,) = (await reopened(tmp_path)).jobs
    assert JobOutcome.model_validate_json((job.path / "outcome.json").read_bytes()) == job.outcome


_ON_A_FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from importlib import import_module
from obt_client.agent.outbox import Outbox, OutboxFullError
from obt_core.jobs import JobSpec
from obt_core.results import Sample

async def main():
    spec, sample, room, outcome = (Path(sys.argv[1]) / "in.txt").read_text().splitlines()
    outbox = Outbox(Path(sys.argv[1]))
    await outbox.load()
    folder = outbox.folder_for(JobSpec.model_validate_json(spec))
    await outbox.create(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))
    stored = 0
    try:
        while True:
            await folder.append(Sample.model_validate_json(sample).model_copy(update={"number": stored + 1}))
            stored += 1
    except OutboxFullError as error:
        print(stored, folder.samples_taken, folder._samples._size, await outbox.is_writable())
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await folder.append(Sample.model_validate_json(sample).model_copy(update={"number": stored + 1}))
    print(folder.samples_taken, await outbox.is_writable())

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes is POSIX")
@pytest.mark.parametrize("room", [10, 1_500, 2_001])
async def test_a_disk_that_takes_no_more_keeps_what_is_stored_whole_and_takes_more_later(
    tmp_path: Path, room: int
) -> None:
    told = (a_spec().model_dump_json(), a_sample(1).model_dump_json(), str(room), "")
    (tmp_path / "in.txt").write_text("\n".join([*told, ""]))
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", _ON_A_FULL_DISK, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (stored, taken, size, writable), (later, writable_later) = (line.split() for line in done.stdout.splitlines())
    assert stored == taken
    assert int(size) <= room
    assert (writable, writable_later, int(later)) == ("False", "True", int(stored) + 1)
    (job,) = (await reopened(tmp_path)).jobs
    assert job.samples_taken == int(later)
    assert [number for number in range(1, int(later) + 1)] == [  # noqa: C416
        int(line.split(b'"number":')[1].split(b",")[0]) for line in job.undelivered
    ]


async def test_a_folder_that_vanished_is_a_full_disk_and_no_crash(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    folder = await a_job(outbox, samples=1)
    shutil.rmtree(folder.path)
    with pytest.raises(OutboxFullError):
        await folder.append(a_sample(2))
    assert folder.samples_taken == 1
    await outbox.finish(folder, an_outcome(1))
    assert (folder.outcome, outbox.jobs) == (an_outcome(1), (folder,))
    await outbox.remove(folder)
    assert outbox.jobs == ()
