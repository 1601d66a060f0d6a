"""Operations on disk before they are done, one file each: none is done that nobody hears of.

A file is written when its operation was claimed, again with the outcome, and removed when the server has that. One
without an outcome was cut: its client was killed in the middle. What the server refuses for good goes to the folder
`dead-letter`, with the server's reason.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import structlog
from pydantic import ValidationError

from obt_client.agent.job_folder import Refusal
from obt_client.files import make_private_dir, write_atomically
from obt_core.jobs import JobError
from obt_core.operations import OperationOutcome, OperationOutcomeStatus, OperationSpec
from obt_core.wire import UtcDatetime, WireModel

log = structlog.get_logger()
OPERATIONS, DEAD_LETTERS = "operations", "dead-letter"


class StoredOperation(WireModel):
    """The content of an operation's file. Without an outcome it is being done, or was cut."""

    spec: OperationSpec
    claimed_at: UtcDatetime
    outcome: OperationOutcome | None = None

    def failed(self, code: str, message: str) -> OperationOutcome:
        """Return the outcome of an operation that ended outside of its doing."""
        ended_at = max(datetime.now(UTC), self.claimed_at)
        error = JobError(code=code, message=message)
        return OperationOutcome(
            status=OperationOutcomeStatus.FAILED, started_at=self.claimed_at, ended_at=ended_at, error=error
        )


class _DeadOperation(WireModel):
    operation: StoredOperation
    refusal: Refusal


class OperationBox:
    """Operations that are done now, or whose outcome the server does not have. `news`: there is one to deliver."""

    def __init__(self, data_dir: Path, news: asyncio.Event) -> None:
        self._folder, self._dead = data_dir / OPERATIONS, data_dir / DEAD_LETTERS
        self._news = news
        self._stored: dict[UUID, StoredOperation] = {}
        self._known: set[UUID] = set()

    @property
    def ended(self) -> tuple[StoredOperation, ...]:
        """Those with an outcome, the oldest first."""
        return tuple(one for one in self._stored.values() if one.outcome is not None)

    def knows(self, operation_id: UUID) -> bool:
        """Whether the operation was here since this client started: a claim that crossed its outcome is no new one."""
        return operation_id in self._known

    async def load(self) -> None:
        """Read what an earlier run left, and end what was cut. Raises OSError."""
        for stored in await asyncio.to_thread(self._load):
            self._keep(stored)
            if stored.outcome is None:
                log.warning("operation_was_cut", operation_id=str(stored.spec.operation_id))
                await self.finish(stored, stored.failed("client_restarted", "The client was restarted meanwhile."))

    def _load(self) -> list[StoredOperation]:
        make_private_dir(self._folder)
        found = [stored for path in sorted(self._folder.glob("*.json")) if (stored := self._read(path))]
        return sorted(found, key=lambda stored: stored.claimed_at)

    def _read(self, path: Path) -> StoredOperation | None:
        try:
            return StoredOperation.model_validate_json(path.read_bytes())
        except ValidationError:
            log.warning("damaged_operation_set_aside", file=path.name)
            make_private_dir(self._dead)
            path.replace(self._dead / path.name)
            return None

    async def begin(self, spec: OperationSpec) -> StoredOperation:
        """Keep an operation before it is done. A disk that takes nothing stops none: it may be what makes room."""
        stored = self._keep(StoredOperation(spec=spec, claimed_at=datetime.now(UTC)))
        await self._write(stored)
        return stored

    def _keep(self, stored: StoredOperation) -> StoredOperation:
        self._stored[stored.spec.operation_id] = stored
        self._known.add(stored.spec.operation_id)
        return stored

    async def finish(self, stored: StoredOperation, outcome: OperationOutcome) -> None:
        """End an operation. An outcome that the disk does not take is kept in memory until it is delivered."""
        ended = self._keep(stored.model_copy(update={"outcome": outcome}))
        await self._write(ended)
        self._news.set()

    def finish_now(self, stored: StoredOperation, outcome: OperationOutcome) -> None:
        """End an operation while the client is being stopped and nothing can be awaited any more."""
        ended = self._keep(stored.model_copy(update={"outcome": outcome}))
        with suppress(OSError):  # the next start ends the operation as cut
            write_atomically(self._path(ended), ended.model_dump_json())

    async def _write(self, stored: StoredOperation) -> None:
        try:
            await asyncio.to_thread(self._write_file, stored)
        except OSError as error:
            log.warning("operation_only_in_memory", operation_id=str(stored.spec.operation_id), reason=str(error))

    def _write_file(self, stored: StoredOperation) -> None:
        make_private_dir(self._folder)
        write_atomically(self._path(stored), stored.model_dump_json())

    async def remove(self, stored: StoredOperation) -> None:
        """Forget an operation whose outcome the server has."""
        await self._unlink(stored)
        self._stored.pop(stored.spec.operation_id, None)

    async def dead_letter(self, stored: StoredOperation, refusal: Refusal) -> None:
        """Set an outcome aside that the server refused for good, with the reason."""
        operation_id = str(stored.spec.operation_id)
        try:
            await asyncio.to_thread(self._bury, stored, refusal)
        except OSError as error:
            log.warning("dead_letter_unwritten", operation_id=operation_id, reason=str(error))
        log.error("operation_set_aside", operation_id=operation_id, code=refusal.code, detail=refusal.detail)
        await self.remove(stored)

    def _bury(self, stored: StoredOperation, refusal: Refusal) -> None:
        make_private_dir(self._dead)
        told = _DeadOperation(operation=stored, refusal=refusal)
        write_atomically(self._dead / self._path(stored).name, told.model_dump_json())

    async def _unlink(self, stored: StoredOperation) -> None:
        try:
            await asyncio.to_thread(self._path(stored).unlink, missing_ok=True)
        except OSError as error:  # the next start delivers it again, which changes nothing at the server
            log.warning("delivered_operation_stays", operation_id=str(stored.spec.operation_id), reason=str(error))

    def _path(self, stored: StoredOperation) -> Path:
        return self._folder / f"{stored.spec.operation_id}.json"
