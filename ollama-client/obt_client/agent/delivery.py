"""Brings what is in the outbox to the server: of each job its samples first, then its telemetry, its outcome last.

Outcomes of operations go before all: they are small, and somebody waits for them.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type

from obt_client.agent.operation_box import StoredOperation
from obt_client.agent.outbox import JobFolder, Outbox, Refusal
from obt_client.agent.retries import report, wait_for_server, wait_or
from obt_client.agent.state import ClientState
from obt_client.logs import Reported
from obt_client.server import RefusedError, Server, ServerError, UnreachableError

log = structlog.get_logger()
_BATCH_SAMPLES = 100
_BATCH_BYTES = 1_000_000
_TOO_LARGE = 413


class Delivery:
    """Delivers whenever there is something."""

    def __init__(self, state: ClientState, server: Server, outbox: Outbox, answered: asyncio.Event) -> None:
        self._state, self._server, self._outbox, self._answered = state, server, outbox, answered
        self._link = Reported("delivery", "connected")
        self._resent: set[JobFolder] = set()
        self._is_away = False

    async def run(self) -> None:
        """Deliver until cancelled."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(ServerError),
            wait=wait_for_server,
            sleep=self._sleep_until_answered,
            before_sleep=lambda retry: self._report(retry.outcome and retry.outcome.exception()),
        )
        while True:
            await retrying(self.deliver)
            self._report(None)
            await self._outbox.news.wait()

    async def deliver(self) -> None:
        """Deliver all that is there now. Raises UnreachableError, BusyError, or RefusedError about the key."""
        self._outbox.news.clear()
        for operation in self._outbox.operations.ended:
            await self._deliver_operation(operation)
        for folder in self._outbox.jobs:
            await self._deliver_job(folder)

    async def deliver_last(self) -> None:
        """Deliver what can be delivered before the client ends; the rest stays for its next start."""
        try:
            while self._outbox.jobs or self._outbox.operations.ended:
                await self.deliver()
        except ServerError as error:
            log.warning("undelivered_until_next_start", jobs=len(self._outbox.jobs), reason=str(error))

    async def _deliver_operation(self, operation: StoredOperation) -> None:
        operation_id = operation.spec.operation_id
        assert operation.outcome is not None  # noqa: S101 - the box gives those that have one
        try:
            reply = await self._server.send_operation_outcome(operation_id, operation.outcome)
        except RefusedError as error:
            if error.is_about_the_key:
                raise
            await self._outbox.operations.dead_letter(operation, _refusal(error))
            return
        await self._outbox.operations.remove(operation)
        log.info("operation_delivered", operation_id=str(operation_id), status=reply.status)

    async def _deliver_job(self, folder: JobFolder) -> None:
        try:
            if folder.refusal is None:
                await self._send_samples(folder)
                await self._send_telemetry(folder)
                if folder.outcome is not None and await self._send_outcome(folder):
                    await self._outbox.remove(folder)
                    log.info("job_delivered", job_id=str(folder.spec.job_id), samples=folder.samples_taken)
                    return
        except RefusedError as error:
            if error.is_about_the_key:
                raise
            folder.refusal = _refusal(error)
            self._state.stop_job("cancelled", folder.spec.job_id)
        if folder.refusal and folder.outcome is not None:
            await self._outbox.dead_letter(folder, folder.refusal)

    async def _send_samples(self, folder: JobFolder) -> None:
        while samples := folder.undelivered:
            batch = samples[: batch_size(samples)]
            await self._send_batch(folder, batch)
            folder.delivered(len(batch))

    async def _send_batch(self, folder: JobFolder, batch: tuple[bytes, ...]) -> None:
        job_id = folder.spec.job_id
        progress = self._state.progress if job_id == self._state.job_id else None
        try:
            reply = await self._server.send_samples(job_id, batch, progress)
        except RefusedError as error:
            if error.status != _TOO_LARGE or len(batch) == 1:
                raise
            half = len(batch) // 2
            await self._send_batch(folder, batch[:half])
            await self._send_batch(folder, batch[half:])
        else:
            if reply.cancelled:
                self._state.stop_job("cancelled", job_id)

    async def _send_telemetry(self, folder: JobFolder) -> None:
        """Send what the machine did meanwhile; a server that does not take it costs the samples nothing."""
        while batches := folder.undelivered_ticks:
            try:
                reply = await self._server.send_telemetry(folder.spec.job_id, batches[0])
            except RefusedError as error:
                if error.is_about_the_key:
                    raise
                log.warning("telemetry_refused", job_id=str(folder.spec.job_id), code=error.code, detail=error.detail)
                folder.ticks_delivered(len(batches))
                return
            folder.ticks_delivered(1)
            if reply.cancelled:
                self._state.stop_job("cancelled", folder.spec.job_id)

    async def _send_outcome(self, folder: JobFolder) -> bool:
        """Send how the job ended; whether all is there now. A server that misses samples gets all of them once more."""
        assert folder.outcome is not None  # noqa: S101 - the caller looked
        reply = await self._server.send_outcome(folder.spec.job_id, folder.outcome)
        if not reply.missing or folder in self._resent:
            if reply.missing:
                log.warning("samples_missing", job_id=str(folder.spec.job_id), missing=reply.missing)
            self._resent.discard(folder)
            return True
        self._resent.add(folder)
        await folder.resend_all()
        self._outbox.news.set()
        return False

    def _report(self, error: BaseException | None) -> None:
        self._is_away = isinstance(error, UnreachableError)
        if not self._is_away:  # else the heartbeats say it
            report(self._link, error if isinstance(error, ServerError) else None, self._server.url)

    async def _sleep_until_answered(self, seconds: float) -> None:
        """Wait; where the server was away, a beat that is answered meanwhile says that it is back."""
        if self._is_away:
            self._answered.clear()
            await wait_or(self._answered, seconds)
        else:
            await asyncio.sleep(seconds)


def batch_size(samples: Sequence[bytes]) -> int:
    """How many of these samples go into one message."""
    size = 0
    for count, sample in enumerate(samples[:_BATCH_SAMPLES]):
        size += len(sample)
        if size > _BATCH_BYTES and count:
            return count
    return min(len(samples), _BATCH_SAMPLES)


def _refusal(error: RefusedError) -> Refusal:
    return Refusal(refused_at=datetime.now(UTC), status=error.status, code=error.code, detail=error.detail[:4_000])
