"""What it means when the OBT server does not do what it was asked. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import BaseModel, ValidationError

_RETRY_AFTER_MAX_S = 300.0
_TRY_AGAIN = frozenset({408, 425, 429, 503})
_TOO_LARGE = 413
_REQUEST_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")


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


class _Problem(BaseModel):
    code: str
    detail: str = ""


def error_of(url: str, status: int, headers: Mapping[str, str], text: bytes) -> ServerError:
    """Return what such a reply means. Its words name the request as the server's log does, where the server told."""
    try:
        problem = _Problem.model_validate_json(text)
    except ValidationError:
        problem = None
    said = problem.detail if problem else f"{url} answered with HTTP status {status}"
    detail = _naming(said, headers.get("X-Request-ID", ""))
    if status in _TRY_AGAIN:
        return BusyError(detail, _retry_after_s(headers.get("Retry-After")))
    if status == _TOO_LARGE:
        return RefusedError(status, problem.code if problem else "too_large", detail)
    if problem and 400 <= status < 500:
        return RefusedError(status, problem.code, detail)
    # A proxy's page, a redirect, another program on that port, a fault of the server: none of them is its word.
    where = headers.get("Location")
    return UnreachableError(f"{detail}; it sends to {where}, set OBT_SERVER_URL" if where else detail)


def _naming(said: str, request_id: str) -> str:
    """A proxy, or another program, may call it anything: only what is a name comes into this client's log."""
    return f"{said} [request {request_id}]" if _REQUEST_ID.fullmatch(request_id) else said


def _retry_after_s(text: str | None) -> float:
    if not text:
        return 0.0
    try:
        seconds = float(text) if text.isdigit() else (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return min(max(0.0, seconds), _RETRY_AFTER_MAX_S)
