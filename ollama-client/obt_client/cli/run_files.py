"""The file of a run: each sample is on disk before the next request begins, the whole run in one piece at its end."""

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from obt_client.files import sync_dir, write_atomically
from obt_core.jobs import JobOutcome
from obt_core.results import Sample
from obt_core.runs import RUN_BYTES_MAX, RUN_FORMAT, AnnouncedRun, RunFileError, RunLine, SavedRun, parse_run
from obt_core.telemetry import TelemetryBatch
from obt_core.wire import WireModel

_PROBE_BYTES = 1 << 20
"""A disk with less room than this is called full before anything is measured."""


class RunPathError(Exception):
    """A run cannot be kept, or read, there; the text says why, and what to do."""


def default_path(now: datetime) -> Path:
    """A file in the folder where the command was started, named by the moment, that does not exist yet."""
    stem = f"obt-run-{now.astimezone():%Y%m%d-%H%M%S}"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1_000))]
    free = (Path(f"{name}.json") for name in names if not _taken(Path(f"{name}.json")))
    return next(free, Path(f"{stem}.json"))


def _taken(path: Path) -> bool:
    return path.exists() or part_of(path).exists()


def part_of(path: Path) -> Path:
    """Where a run is while it is measured."""
    return path.with_name(path.name + ".part")


def read_run(path: Path) -> SavedRun:
    """Read a saved run, or what a cut-off one left. Raises RunPathError."""
    try:
        if path.stat().st_size > RUN_BYTES_MAX:
            raise RunPathError(f"{path} is longer than {RUN_BYTES_MAX >> 20} MiB: no saved run is.")
        return parse_run(path.read_bytes())
    except OSError as error:
        raise RunPathError(f"{path} cannot be read: {error.strerror or error}.") from None
    except RunFileError as error:
        raise RunPathError(f"{path}: {error}.") from None


class RunFile:
    """The file of a running benchmark. `open` refuses a path that cannot be written, before anything is measured."""

    def __init__(self, path: Path) -> None:
        self.path, self.part = path, part_of(path)
        self._descriptor = -1
        self._size = 0
        self.holds_something = False
        """Whether a sample was stored."""

    def open(self) -> None:
        """See that the path can be written and has room. Raises RunPathError."""
        self._refuse_overwriting()
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            self._descriptor = os.open(self.part, flags, 0o600)
            self._write(b"\0" * _PROBE_BYTES)
            os.ftruncate(self._descriptor, 0)
            self._size = 0
        except OSError as error:
            self.discard()
            why = f"{self.path} cannot be written: {error.strerror or error}."
            raise RunPathError(f"{why} Name another place with --output FILE.") from None

    def _refuse_overwriting(self) -> None:
        if self.path.is_dir():
            raise RunPathError(f"{self.path} is a folder. Name a file in it: --output {self.path / 'run.json'}")
        try:
            with self.path.open("rb") as file:
                is_run = RUN_FORMAT.encode() in file.read(1_000_000)
        except OSError:
            return
        if not is_run:
            raise RunPathError(f"{self.path} exists and is no saved run: it is not overwritten.")

    def begin(self, run: AnnouncedRun) -> None:
        """Write down what is to be measured. Raises OSError."""
        self._write_line(run)

    def sink(self, job_id: UUID) -> "JobSink":
        """Where a job's samples go."""
        return JobSink(self, job_id)

    async def append(self, line: RunLine) -> None:
        """Write a line in a thread, so that no stream waits for the disk. Raises OSError."""
        await asyncio.to_thread(self._write_line, line)
        self.holds_something = self.holds_something or line.sample is not None

    def _write_line(self, line: WireModel) -> None:
        self._write(line.model_dump_json().encode() + b"\n")

    def _write(self, data: bytes) -> None:
        """Write all or nothing."""
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            with suppress(OSError):  # the first error tells more
                os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)

    def whole(self) -> SavedRun:
        """All that is in the part. Raises OSError."""
        run = parse_run(self.part.read_bytes())
        return run.model_copy(update={"ended_at": max(run.ended_at, datetime.now(UTC))})

    def finish(self, run: SavedRun) -> None:
        """Put the whole run into its file, and remove the part. Raises OSError; the part stays then."""
        write_atomically(self.path.absolute(), run.model_dump_json() + "\n")
        self.discard()
        sync_dir(self.path.absolute().parent)

    def discard(self) -> None:
        """Remove the part."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self.part.unlink(missing_ok=True)


class JobSink:
    """One job's lines in the file of its run."""

    def __init__(self, file: RunFile, job_id: UUID) -> None:
        self._file, self._job_id = file, job_id

    async def append(self, sample: Sample) -> None:
        """Store a sample. Raises OSError; what was stored before stays whole."""
        await self._file.append(RunLine(job_id=self._job_id, sample=sample))

    async def append_ticks(self, batch: TelemetryBatch) -> None:
        """Store ticks of the job's telemetry. Raises OSError."""
        await self._file.append(RunLine(job_id=self._job_id, telemetry=batch))

    async def end(self, outcome: JobOutcome) -> None:
        """Store how the job ended. Raises OSError."""
        await self._file.append(RunLine(job_id=self._job_id, outcome=outcome))
