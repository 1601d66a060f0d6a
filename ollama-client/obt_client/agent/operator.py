"""Claims one operation, has it done, tells how far it is, and keeps how it ended. Called between jobs only."""

import asyncio
from uuid import UUID

import structlog

from obt_client.agent.operation_box import OperationBox, StoredOperation
from obt_client.agent.state import ClientState
from obt_client.agent.watch import Watch
from obt_client.bench.stop import StopSignal
from obt_client.ollama import Ollama
from obt_client.operate import STOPPED, do_operation
from obt_client.server import Server, ServerError
from obt_core.operations import OperationOutcome, OperationProgress, OperationSpec

log = structlog.get_logger()
PROGRESS_INTERVAL_S = 1.0
"""Progress is told at most so often."""


class Operator:
    """Does one operation at a time, when it is called."""

    def __init__(self, state: ClientState, server: Server, ollama: Ollama, box: OperationBox, watch: Watch) -> None:
        self._state, self._server, self._ollama = state, server, ollama
        self._box, self._watch = box, watch

    async def operate(self) -> bool:
        """Claim an operation and do it; False where there was none to do."""
        spec = await self._claim()
        if spec is None or self._box.knows(spec.operation_id):
            return False
        await self._do(spec)
        return True

    async def _claim(self) -> OperationSpec | None:
        self._state.is_claiming = True
        try:
            return (await self._server.claim_operation()).operation
        except ServerError as error:
            log.debug("claim_failed", reason=str(error))  # the heartbeats say how it stands
            return None
        finally:
            self._state.is_claiming = False

    async def _do(self, spec: OperationSpec) -> None:
        said = {"operation_id": str(spec.operation_id), "kind": spec.operation.kind, "model": spec.operation.model}
        log.info("operation_began", **said)
        stop = self._state.begin_operation(spec.operation_id)
        stored = await self._box.begin(spec)
        try:
            outcome = await self._outcome(stored, stop)
            await self._watch.look()  # what is installed is another now, and told before anything else is done
            await self._box.finish(stored, outcome)
        except asyncio.CancelledError:
            if self._state.stopping.is_set():
                self._box.finish_now(stored, stored.failed(STOPPED.code, STOPPED.message))
            raise
        finally:
            self._state.end_operation()
        log.info("operation_ended", **said, status=outcome.status, error=outcome.error.code if outcome.error else None)

    async def _outcome(self, stored: StoredOperation, stop: StopSignal) -> OperationOutcome:
        teller = _Teller(self._server, stored.spec.operation_id, stop)
        telling = asyncio.create_task(teller.run())
        try:
            return await do_operation(
                stored.spec.operation,
                ollama=self._ollama,
                settings=self._state.settings,
                on_progress=teller.see,
                stop=stop,
            )
        except Exception as error:
            log.exception("operation_broke", operation_id=str(stored.spec.operation_id))
            return stored.failed("client_error", f"The client failed: {type(error).__name__}: {error}")
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)


class _Teller:
    """Tells the server how far an operation is: at once, then whenever it got further, and hears of a cancel."""

    def __init__(self, server: Server, operation_id: UUID, stop: StopSignal) -> None:
        self._server, self._operation_id, self._stop = server, operation_id, stop
        self._progress = OperationProgress()
        self._news = asyncio.Event()

    def see(self, progress: OperationProgress) -> None:
        """Take note of how far it is."""
        self._progress = progress
        self._news.set()

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            await self._tell()
            await asyncio.sleep(PROGRESS_INTERVAL_S)
            await self._news.wait()

    async def _tell(self) -> None:
        self._news.clear()
        try:
            reply = await self._server.send_operation_progress(self._operation_id, self._progress)
        except ServerError as error:
            log.debug("progress_untold", reason=str(error))  # the heartbeats say how it stands, and renew the lease
            self._news.set()
            return
        if reply.cancelled:
            self._stop.set("cancelled")
