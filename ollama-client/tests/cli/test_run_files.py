"""The file of a run: refused before anything is measured, whole afterwards, and never torn."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obt_client.cli.run_files import RunFile, RunPathError, default_path, part_of, read_run
from obt_core.runs import parse_run

from .runs import a_job, a_run, jitter

RUN = a_run(a_job(decode=jitter(100, 4)))
JOB = RUN.jobs[0]


async def write(file: RunFile, *, samples: int = 4) -> None:
    file.open()
    file.begin(RUN.announced())
    for sample in JOB.samples[:samples]:
        await file.sink(JOB.job_id).append(sample)


async def test_every_sample_is_on_disk_before_the_run_has_ended(tmp_path: Path) -> None:
    file = RunFile(tmp_path / "run.json")
    await write(file, samples=2)
    assert not file.path.exists()
    assert read_run(file.part).jobs[0].samples == JOB.samples[:2]


async def test_a_finished_run_is_one_file_that_reads_back_equal(tmp_path: Path) -> None:
    file = RunFile(tmp_path / "run.json")
    await write(file)
    await file.sink(JOB.job_id).end(JOB.outcome)
    run = file.whole()
    file.finish(run)
    assert read_run(file.path) == run
    assert run.jobs == RUN.jobs
    assert not file.part.exists()


@pytest.mark.parametrize("name", ["no/such/folder/run.json", ".", "notes.txt"])
def test_a_path_that_cannot_be_written_is_refused_before_anything_is_measured(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("not ours")
    with pytest.raises(RunPathError):
        RunFile(tmp_path / name).open()
    assert (tmp_path / "notes.txt").read_text() == "not ours"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_earlier_run_may_be_overwritten(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(RUN.model_dump_json())
    file = RunFile(tmp_path / "run.json")
    file.open()
    file.discard()
    assert read_run(tmp_path / "run.json") == RUN


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
async def test_a_disk_that_is_full_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    part_of(tmp_path / "run.json").symlink_to("/dev/full")
    with pytest.raises(RunPathError, match="No space left"):
        RunFile(tmp_path / "run.json").open()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX")
async def test_a_disk_that_fills_up_keeps_every_whole_sample(tmp_path: Path) -> None:
    import resource
    import signal

    file = RunFile(tmp_path / "run.json")
    await write(file, samples=2)
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.part.stat().st_size + 10, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            await file.sink(JOB.job_id).append(JOB.samples[2])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert read_run(file.part).jobs[0].samples == JOB.samples[:2]
    await file.sink(JOB.job_id).append(JOB.samples[2])
    assert parse_run(file.part.read_bytes()).jobs[0].samples == JOB.samples[:3]


def test_runs_of_one_second_have_names_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    now = datetime(2026, 11, 21, 12, 15, 30, tzinfo=UTC)
    first = default_path(now)
    first.touch()
    second = default_path(now)
    part_of(second).touch()
    assert len({first, second, default_path(now)}) == 3
    assert first.name.startswith("obt-run-2026")


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\x01", b'{"format": "obt-run", "format_version": 99}'])
def test_what_is_no_run_is_told_with_the_files_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(RunPathError, match=r"x\.json"):
        read_run(tmp_path / "x.json")
    with pytest.raises(RunPathError, match="cannot be read"):
        read_run(tmp_path / "missing.json")
