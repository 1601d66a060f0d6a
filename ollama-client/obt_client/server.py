"""The OBT server as the client sees it: the only file that talks to it."""

import json
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

import aiohttp
from pydantic import BaseModel, ValidationError

from obt_core import __version__
from obt_core.enrolment import EnrolmentReply, EnrolmentRequest
from obt_core.hardware import HardwareSnapshot
from obt_core.heartbeat import Heartbeat, HeartbeatReply
from obt_core.jobs import ClaimReply, JobOutcome, JobProgress, OutcomeReply, SamplesReply
from obt_core.models import ModelInventory
from obt_core.operations import (
    OperationClaimReply,
    OperationOutcome,
    OperationOutcomeReply,
    OperationProgress,
    OperationProgressReply,
)
from obt_core.runs import AnnouncedRun, RunReply
from obt_core.telemetry import TelemetryReply

_CONNECT_S = 5.0
_ANSWER_S = 30.0
_HOLD_MARGIN_S = 10.0
"""How much longer than it was asked to hold a beat the server may take to answer it."""
_RETRY_AFTER_MAX_S = 300.0
_TRY_AGAIN = frozenset({408, 425, 429, 503})
_TOO_LARGE = 413
_DIRECTIVES = frozenset({"work", "cancel", "send_hardware", "send_models", "operate", "cancel_operation", "rotate_key"})
_Reply = TypeVar("_Reply", bound=BaseModel)


class ServerError(Exception):
    """The server did not do what it was asked."""


class UnreachableError(ServerError):
    """Nothing that speaks for an OBT server answered: try again."""


class BusyError(ServerError):
    """The server is there and asks to come back; `retry_after_s` is at least so long."""

    def __init__(self, detail: str, retry_after_s: float) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class RefusedError(ServerError):
    """The server refused for good: HTTP `status`, the problem's `code` and its `detail`."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{detail} ({status} {code})")
        self.status, self.code, self.detail = status, code, detail

    @property
    def is_about_the_key(self) -> bool:
        """Whether it is the client itself that is refused, not what it sent."""
        return self.status == 401 or self.code == "client_archived"


@dataclass(frozen=True, slots=True)
class Look:
    """What a server tells anybody.

    `clock_ahead_s`: how far its clock is ahead of this machine's, to a second or so; None where it does not tell.
    """

    version: str
    clock_ahead_s: float | None


@asynccontextmanager
async def open_session() -> AsyncGenerator[aiohttp.ClientSession]:
    """Open connections that are kept for reuse, and closed at the end. TLS certificates are verified."""
    connector = aiohttp.TCPConnector(limit=0)
    headers = {"User-Agent": f"obt-client/{__version__}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        yield session


class Server:
    """One OBT server. Every call raises UnreachableError, BusyError or RefusedError."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, *, client_id: str = "", key: str | None = None
    ) -> None:
        self.url = url
        self._base = f"{url}/api/v1"
        self._session = session
        self._client = f"{self._base}/clients/{client_id}"
        self._auth = {"Authorization": f"Bearer {key}"} if key else {}

    async def enrol(self, request: EnrolmentRequest) -> EnrolmentReply:
        """Become a client. The same request may be sent again when its reply was lost."""
        return await self._ask(EnrolmentReply, "POST", f"{self._base}/clients", request)

    async def beat(self, beat: Heartbeat, hold_s: float = 0) -> HeartbeatReply:
        """Send a heartbeat; the server may hold its reply for `hold_s` while it has nothing to say."""
        prefer = {"Prefer": f"wait={int(hold_s)}"} if hold_s >= 1 else {}
        url = f"{self._client}/heartbeat"
        return await self._ask(HeartbeatReply, "POST", url, beat, headers=prefer, answer_s=hold_s + _HOLD_MARGIN_S)

    async def claim(self) -> ClaimReply:
        """Ask for a job."""
        return await self._ask(ClaimReply, "POST", f"{self._base}/jobs/claim")

    async def send_samples(self, job_id: UUID, samples: Sequence[bytes], progress: JobProgress | None) -> SamplesReply:
        """Send 1 to 500 samples of a job, each as JSON. Those that the server has already change nothing."""
        tail = b"" if progress is None else b',"progress":' + progress.model_dump_json().encode()
        body = b'{"samples":[' + b",".join(samples) + b"]" + tail + b"}"
        return await self._ask(SamplesReply, "POST", f"{self._base}/jobs/{job_id}/samples", body)

    async def send_telemetry(self, job_id: UUID, batch: bytes) -> TelemetryReply:
        """Send ticks of a job's telemetry, a `TelemetryBatch` as JSON. Those that the server has change nothing."""
        return await self._ask(TelemetryReply, "POST", f"{self._base}/jobs/{job_id}/telemetry", batch)

    async def send_outcome(self, job_id: UUID, outcome: JobOutcome) -> OutcomeReply:
        """Tell how a job ended, after all its samples. Telling it again changes nothing."""
        return await self._ask(OutcomeReply, "PUT", f"{self._base}/jobs/{job_id}/outcome", outcome)

    async def claim_operation(self) -> OperationClaimReply:
        """Ask for an operation on a model."""
        return await self._ask(OperationClaimReply, "POST", f"{self._base}/operations/claim")

    async def send_operation_progress(self, operation_id: UUID, progress: OperationProgress) -> OperationProgressReply:
        """Tell how far an operation is, and hear whether it is to be stopped."""
        url = f"{self._base}/operations/{operation_id}/progress"
        return await self._ask(OperationProgressReply, "POST", url, progress)

    async def send_operation_outcome(self, operation_id: UUID, outcome: OperationOutcome) -> OperationOutcomeReply:
        """Tell how an operation ended. Telling it again changes nothing."""
        url = f"{self._base}/operations/{operation_id}/outcome"
        return await self._ask(OperationOutcomeReply, "PUT", url, outcome)

    async def send_hardware(self, hardware: HardwareSnapshot) -> None:
        """Tell what this machine is."""
        await self._send("PUT", f"{self._client}/hardware", hardware)

    async def send_models(self, inventory: ModelInventory) -> None:
        """Tell what is installed in Ollama."""
        await self._send("PUT", f"{self._client}/models", inventory)

    async def announce_run(self, run: AnnouncedRun) -> RunReply:
        """Begin to hand over a run that was measured without a server; its samples and outcomes follow."""
        return await self._ask(RunReply, "POST", f"{self._client}/runs", run)

    async def look(self, answer_s: float = _ANSWER_S) -> Look:
        """Ask what anybody may ask, and what changes nothing there: whether it lives."""
        begin_s = time.time()
        told, text = await self._exchange("GET", f"{self.url}/healthz", answer_s=answer_s)
        middle_s = (begin_s + time.time()) / 2
        try:
            version = _Health.model_validate_json(text).version
        except ValidationError as error:
            raise UnreachableError(f"{self.url} answers, but not as an OBT server") from error
        return Look(version, _ahead_s(told.get("Date"), middle_s))

    async def knows_key(self, answer_s: float = _ANSWER_S) -> bool:
        """Whether this client's key is good, asked by what changes nothing and is no heartbeat.

        A client may not do what is asked, and is told so only where its key is known; a stranger is asked who he is.
        """
        try:
            await self._send("GET", f"{self._base}/auth/me", answer_s=answer_s)
        except RefusedError as error:
            if error.status == 401:
                return False
            if error.code != "forbidden":
                raise
        return True

    async def _ask(
        self,
        kind: type[_Reply],
        method: str,
        url: str,
        body: BaseModel | bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
        answer_s: float = _ANSWER_S,
    ) -> _Reply:
        text = await self._send(method, url, body, headers=headers, answer_s=answer_s)
        try:
            return kind.model_validate(_understood(json.loads(text)))
        except (ValueError, ValidationError) as error:
            raise UnreachableError(f"{self.url} answers, but not as an OBT server: {error}") from error

    async def _send(
        self,
        method: str,
        url: str,
        body: BaseModel | bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
        answer_s: float = _ANSWER_S,
    ) -> bytes:
        return (await self._exchange(method, url, body, headers=headers, answer_s=answer_s))[1]

    async def _exchange(
        self,
        method: str,
        url: str,
        body: BaseModel | bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
        answer_s: float = _ANSWER_S,
    ) -> tuple[Mapping[str, str], bytes]:
        data = body.model_dump_json().encode() if isinstance(body, BaseModel) else body
        kind = {"Content-Type": "application/json"} if data is not None else {}
        told = {**self._auth, **kind, **(headers or {})}
        try:
            try:
                return await self._send_once(method, url, data, told, answer_s)
            except aiohttp.ServerDisconnectedError:
                # A connection kept for reuse that the server had just let go. Every request may be sent twice.
                return await self._send_once(method, url, data, told, answer_s)
        except TimeoutError as error:
            raise UnreachableError(f"{self.url} did not answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise UnreachableError(f"{self.url} cannot be reached: {_reason(error)}") from error

    async def _send_once(
        self, method: str, url: str, data: bytes | None, headers: dict[str, str], answer_s: float
    ) -> tuple[Mapping[str, str], bytes]:
        limits = aiohttp.ClientTimeout(total=answer_s, sock_connect=_CONNECT_S)
        async with self._session.request(
            method, url, data=data, headers=headers, timeout=limits, allow_redirects=False
        ) as response:  # a redirect is not followed: the key goes to nobody else
            text = await response.read()
        if response.status >= 300:
            raise _error_of(self.url, response.status, response.headers, text)
        return response.headers, text


def _understood(reply: Any) -> Any:
    """Leave out directives of a newer server that this client does not know."""
    if isinstance(reply, dict) and isinstance(found := reply.get("directives"), list):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        reply["directives"] = [one for one in found if not isinstance(one, dict) or one.get("kind") in _DIRECTIVES]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return reply  # pyright: ignore[reportUnknownVariableType]


def _reason(error: Exception) -> str:
    """The usual case in few words, the others in aiohttp's."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return "nothing listens there" if isinstance(cause, ConnectionRefusedError) else str(error)


class _Health(BaseModel):
    status: Literal["ok"]
    version: str


def _ahead_s(date: str | None, now_s: float) -> float | None:
    """How far the clock that wrote a `Date` is ahead of `now_s`: cut to whole seconds, so half of one is added."""
    try:
        return parsedate_to_datetime(date or "").timestamp() + 0.5 - now_s
    except (ValueError, TypeError, IndexError):
        return None


class _Problem(BaseModel):
    code: str
    detail: str = ""


def _error_of(url: str, status: int, headers: Any, text: bytes) -> ServerError:
    try:
        problem = _Problem.model_validate_json(text)
    except ValidationError:
        problem = None
    detail = problem.detail if problem else f"{url} answered with HTTP status {status}"
    if status in _TRY_AGAIN:
        return BusyError(detail, _retry_after_s(headers.get("Retry-After")))
    if status == _TOO_LARGE:
        return RefusedError(status, problem.code if problem else "too_large", detail)
    if problem and 400 <= status < 500:
        return RefusedError(status, problem.code, detail)
    # A proxy's page, a redirect, another program on that port, a fault of the server: none of them is its word.
    where = headers.get("Location")
    return UnreachableError(f"{detail}; it sends to {where}, set OBT_SERVER_URL" if where else detail)


def _retry_after_s(text: str | None) -> float:
    if not text:
        return 0.0
    try:
        seconds = float(text) if text.isdigit() else (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return min(max(0.0, seconds), _RETRY_AFTER_MAX_S)
