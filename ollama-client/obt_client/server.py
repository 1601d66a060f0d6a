"""The OBT server as the client sees it: the only file that talks to it."""

import json
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

import aiohttp
from pydantic import BaseModel, ValidationError

from obt_client.refusals import BusyError, RefusedError, ServerError, UnreachableError, error_of
from obt_client.trust import SYSTEM, Trust
from obt_core import __version__
from obt_core.enrolment import EnrolmentReply, EnrolmentRequest, NextKeyReply
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

__all__ = ["BusyError", "Look", "RefusedError", "Server", "ServerError", "UnreachableError", "open_session"]
_CONNECT_S = 5.0
_ANSWER_S = 30.0
_HOLD_MARGIN_S = 10.0
"""How much longer than it was asked to hold a beat the server may take to answer it."""
_NOT_KNOWN = 401
_REPLY_MAX_BYTES = 16 * 2**20
"""A job with the longest of suites is some megabytes."""
_DIRECTIVES = frozenset({"work", "cancel", "send_hardware", "send_models", "rotate_key", "operate", "cancel_operation"})
_Reply = TypeVar("_Reply", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Look:
    """What a server tells anybody.

    `clock_ahead_s`: how far its clock is ahead of this machine's, to a second or so; None where it does not tell.
    """

    version: str
    clock_ahead_s: float | None


@asynccontextmanager
async def open_session(trust: Trust = SYSTEM) -> AsyncGenerator[aiohttp.ClientSession]:
    """Open connections that are kept for reuse, and closed at the end. TLS certificates are verified.

    Raises UnreachableError where what `trust` names cannot be read.
    """
    connector = aiohttp.TCPConnector(limit=0, ssl=trust.context())
    headers = {"User-Agent": f"obt-client/{__version__}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        yield session


class Server:
    """One OBT server. Every call raises UnreachableError, BusyError or RefusedError."""

    def __init__(
        self,
        url: str,
        session: aiohttp.ClientSession,
        *,
        client_id: str = "",
        key: str | None = None,
        next_key: str | None = None,
    ) -> None:
        self.url = url
        self._base = f"{url}/api/v1"
        self._session = session
        self._client = f"{self._base}/clients/{client_id}"
        self._keys: tuple[str, ...] = ()
        self.use_keys(next_key, key)

    def use_keys(self, *keys: str | None) -> None:
        """Sign what is sent with the first of these keys from now on, and with the next one where that is refused."""
        self._keys = tuple(key for key in keys if key)

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

    async def next_key(self) -> str:
        """Ask for the key that comes next: its first use is the end of the old one. Asked again: another one."""
        return (await self._ask(NextKeyReply, "POST", f"{self._client}/key")).key

    async def knows_key(self, answer_s: float = _ANSWER_S, *, key: str | None = None) -> bool:
        """Whether this client's key (or that one) is good, asked by what changes nothing and is no heartbeat.

        A client may not do what is asked, and is told so only where its key is known; a stranger is asked who he is.
        """
        try:
            await self._exchange("GET", f"{self._base}/auth/me", answer_s=answer_s, keys=(key,) if key else None)
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
        keys: tuple[str, ...] | None = None,
    ) -> tuple[Mapping[str, str], bytes]:
        data = body.model_dump_json().encode() if isinstance(body, BaseModel) else body
        kind = {"Content-Type": "application/json"} if data is not None else {}
        told, tried = {**kind, **(headers or {})}, set[str]()
        refusal: RefusedError | None = None
        # Another key may have come into use while this was on its way.
        while key := next((key for key in (self._keys if keys is None else keys) if key not in tried), None):
            tried.add(key)
            try:
                return await self._deliver(method, url, data, {"Authorization": f"Bearer {key}", **told}, answer_s)
            except RefusedError as error:
                refusal = error
                if error.status != _NOT_KNOWN:
                    raise
        if refusal is not None:
            raise refusal
        return await self._deliver(method, url, data, told, answer_s)

    async def _deliver(
        self, method: str, url: str, data: bytes | None, told: dict[str, str], answer_s: float
    ) -> tuple[Mapping[str, str], bytes]:
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
            text = await _read(response)
        if response.status >= 300:
            raise error_of(self.url, response.status, response.headers, text)
        return response.headers, text


def _understood(reply: Any) -> Any:
    """Leave out directives of a newer server that this client does not know."""
    if isinstance(reply, dict) and isinstance(found := reply.get("directives"), list):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        reply["directives"] = [one for one in found if not isinstance(one, dict) or one.get("kind") in _DIRECTIVES]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return reply  # pyright: ignore[reportUnknownVariableType]


def _reason(error: Exception) -> str:
    """The usual case in few words, the others in aiohttp's."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        wrong: Any = error.certificate_error
        told = getattr(wrong, "verify_message", None) or (wrong.args[1:] or ["it is not trusted"])[0]
        return f"its certificate is refused ({told}); see OBT_SERVER_CA and OBT_SERVER_PIN"
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return "nothing listens there" if isinstance(cause, ConnectionRefusedError) else str(error)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """What a server sends is unpacked on the way, and may be endless: it is read so far as it is plausible."""
    parts: list[bytes] = []
    length = 0
    async for part in response.content.iter_any():
        parts.append(part)
        length += len(part)
        if length > _REPLY_MAX_BYTES:
            raise aiohttp.ClientPayloadError(f"its answer is longer than {_REPLY_MAX_BYTES} bytes")
    return b"".join(parts)


class _Health(BaseModel):
    status: Literal["ok"]
    version: str


def _ahead_s(date: str | None, now_s: float) -> float | None:
    """How far the clock that wrote a `Date` is ahead of `now_s`: cut to whole seconds, so half of one is added."""
    try:
        return parsedate_to_datetime(date or "").timestamp() + 0.5 - now_s
    except (ValueError, TypeError, IndexError):
        return None
