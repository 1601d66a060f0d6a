"""Claims one job at a time, has it measured, and keeps how it ended; between jobs it has operations done."""

import asyncio
import random
from datetime import UTC, datetime
from uuid import UUID

import structlog

from obt_client.agent.operator import Operator
from obt_client.agent.outbox import JobFolder, Outbox, OutboxFullError
from obt_client.agent.state import ClientState
from obt_client.agent.watch import Watch
from obt_client.bench.calibration import kept, own_error_of
from obt_client.bench.stop import StopSignal
from obt_client.logs import Reported
from obt_client.ollama import Ollama
from obt_client.server import Server, ServerError
from obt_client.work import do_job
from obt_core.jobs import JobOutcome, JobSpec
from obt_core.operations import Allowed

log = structlog.get_logger()
_BACKOFF_MAX_S = 30.0


class Worker:
    """Waits for work to be said, and does it."""

    def __init__(self, state: ClientState, server: Server, ollama: Ollama, outbox: Outbox, watch: Watch) -> None:
        self._state, self._server, self._ollama = state, server, ollama
        self._outbox, self._watch = outbox, watch
        self._operator = Operator(state, server, ollama, outbox.operations, watch)
        self._disk = Reported("outbox_disk", "writable")
        self._empty_claims = 0
        self._done: set[UUID] = set()

    async def run(self) -> None:
        """Work until the client is to stop and the job, if there is one, has ended."""
        await self._state.may_work.wait()
        while True:
            await self._state.claim_wanted.wait()
            self._state.claim_wanted.clear()
            if self._state.stopping.is_set():
                return
            if self._state.take_operation_wish():
                await self._operate()
            elif spec := await self._claim():
                await self._work(spec)

    async def _operate(self) -> None:
        """Here and nowhere else, so that no model is ever changed while one is measured."""
        if await self._operator.operate():
            self._empty_claims = 0
        else:
            self._back_off()

    async def _claim(self) -> JobSpec | None:
        self._state.is_claiming = True
        try:
            spec = (await self._server.claim()).job if await self._has_room() else None
        except ServerError as error:
            log.debug("claim_failed", reason=str(error))  # the heartbeats say how it stands
            spec = None
        finally:
            self._state.is_claiming = False
        if spec is None or self._outbox.holds(spec.job_id) or spec.job_id in self._done:
            self._back_off()
            return None
        self._empty_claims = 0
        return spec

    async def _has_room(self) -> bool:
        has_room = await self._outbox.is_writable()
        todo = {} if has_room else {"todo": "No job is claimed until the data directory can be written again."}
        self._disk.change("writable" if has_room else "full", bad=not has_room, **todo)
        return has_room

    def _back_off(self) -> None:
        """Claim again later, each time later than before; the beats go on."""
        seconds = min(_BACKOFF_MAX_S, 2.0**self._empty_claims) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
        self._empty_claims = min(self._empty_claims + 1, 10)
        self._state.claim_again_s = asyncio.get_running_loop().time() + seconds
        self._outbox.news.set()
        self._state.news.set()

    async def _work(self, spec: JobSpec) -> None:
        log.info("job_began", job_id=str(spec.job_id), model=spec.model, suite=spec.suite.name)
        self._done.add(spec.job_id)
        stop = self._state.begin_job(spec.job_id)
        folder = self._outbox.folder_for(spec)
        try:
            outcome = await self._measure(folder, stop)
            await self._outbox.finish(folder, outcome)
        except asyncio.CancelledError:
            if self._state.stopping.is_set() and folder.outcome is None:
                message = "The client was stopped, and the running request took too long to end."
                self._outbox.finish_now(folder, folder.failed("client_stopped", message, datetime.now(UTC)))
            raise
        finally:
            self._state.end_job()
            self._watch.look_now.set()
        error = outcome.error.code if outcome.error else None
        log.info("job_ended", job_id=str(spec.job_id), status=outcome.status, error=error, samples=outcome.sample_count)

    async def _measure(self, folder: JobFolder, stop: StopSignal) -> JobOutcome:
        if self._state.settings.allow is Allowed.NOTHING:
            message = "This machine allows nothing. Its owner lets it be measured with OBT_ALLOW=benchmarks."
            return folder.failed("not_allowed", message, datetime.now(UTC))
        try:
            await self._outbox.create(folder)
            return await do_job(
                folder.spec,
                ollama=self._ollama,
                folder=folder,
                settings=self._state.settings,
                hardware=self._state.hardware,
                on_progress=self._state.see_progress,
                stop=stop,
                own_error=own_error_of(await asyncio.to_thread(kept, self._state.settings.data_dir), folder.spec.suite),
            )
        except OutboxFullError as error:
            code, reason = "outbox_disk_full", f"The client's data directory cannot be written: {error}"
        except Exception as error:
            log.exception("job_broke", job_id=str(folder.spec.job_id))
            code, reason = "client_error", f"The client failed: {type(error).__name__}: {error}"
        return folder.failed(code, reason, datetime.now(UTC))
