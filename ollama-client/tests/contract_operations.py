"""The part of the contract server that gives out operations and hears of them."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from aiohttp import web

from obt_core.heartbeat import CancelOperation, Directive, Heartbeat, Operate
from obt_core.operations import (
    Operation,
    OperationClaimReply,
    OperationOutcome,
    OperationOutcomeReply,
    OperationProgress,
    OperationProgressReply,
    OperationSpec,
    OperationStatus,
)
from obt_core.wire import WireModel


def an_operation(operation: Operation) -> OperationSpec:
    return OperationSpec(operation_id=uuid4(), operation=operation, lease_s=90)


class ContractOperations:
    """A queue of operations; one that has not begun is given again."""

    def __init__(self, tell: Callable[[], Awaitable[None]]) -> None:
        self.queue: list[OperationSpec] = []
        self.claimed: OperationSpec | None = None
        self.progress: dict[UUID, list[OperationProgress]] = {}
        self.outcomes: dict[UUID, OperationOutcome] = {}
        self.told: list[UUID] = []
        """The outcomes in the order in which they came, those that came twice twice."""
        self.cancelled: set[UUID] = set()
        self._tell = tell

    async def offer(self, operation: Operation) -> OperationSpec:
        """Queue an operation and release the held beat."""
        spec = an_operation(operation)
        self.queue.append(spec)
        await self._tell()
        return spec

    async def cancel(self, spec: OperationSpec) -> None:
        """Ask for the end of an operation."""
        self.cancelled.add(spec.operation_id)
        await self._tell()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/operations/claim", self._claim),
            web.post("/api/v1/operations/{operation}/progress", self._take_progress),
            web.put("/api/v1/operations/{operation}/outcome", self._take_outcome),
        ]

    def directives(self, beat: Heartbeat) -> list[Directive]:
        said: list[Directive] = []
        if beat.operation_id in self.cancelled and beat.operation_id is not None:
            said.append(CancelOperation(operation_id=beat.operation_id))
        if beat.state == "idle" and self.queue:
            said.append(Operate())
        return said

    async def _claim(self, _: web.Request) -> web.Response:
        if self.claimed is None or self.claimed.operation_id in {*self.progress, *self.outcomes}:
            self.claimed = self.queue.pop(0) if self.queue else None
        await self._tell()
        return _reply(OperationClaimReply(operation=self.claimed))

    async def _take_progress(self, request: web.Request) -> web.Response:
        operation_id = UUID(request.match_info["operation"])
        told = OperationProgress.model_validate_json(await request.read())
        self.progress.setdefault(operation_id, []).append(told)
        await self._tell()
        return _reply(OperationProgressReply(cancelled=operation_id in self.cancelled))

    async def _take_outcome(self, request: web.Request) -> web.Response:
        operation_id = UUID(request.match_info["operation"])
        outcome = OperationOutcome.model_validate_json(await request.read())
        self.told.append(operation_id)
        self.outcomes.setdefault(operation_id, outcome)
        await self._tell()
        return _reply(OperationOutcomeReply(status=OperationStatus(outcome.status)))


def _reply(model: WireModel) -> web.Response:
    return web.Response(text=model.model_dump_json(), content_type="application/json")
