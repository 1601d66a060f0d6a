"""Errors are classes with a status and a code, rendered as problem details (RFC 9457) in one place."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from obt_server.trouble import UNAVAILABLE, Trouble, trouble_of

log = structlog.get_logger()
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Of every reply. The guard adds them."""
REQUEST_ID = "X-Request-ID"
"""By it a person's report and a line of the log are brought together."""
OWN_HEADERS = "obt_headers"
"""In a request's scope: what the guard adds to its reply. What Starlette answers outside of the guard needs it too."""


class FieldError(BaseModel):
    """One thing wrong with a request: where, and what would be right."""

    where: str = Field(examples=["body.models.0"])
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details, with OBT's stable `code`."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = []


class ObtError(Exception):
    """Base of all errors that a caller may cause. `detail` says what was wrong and what to do next."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    headers: Mapping[str, str] = {}
    errors: Sequence[FieldError] = ()

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotSignedInError(ObtError):
    """Nobody known sent this."""

    status = 401
    code = "not_authenticated"


class ForbiddenError(ObtError):
    """The sender is known, and may not do this."""

    status = 403
    code = "forbidden"


class NotFoundError(ObtError):
    """There is no such thing."""

    status = 404
    code = "not_found"


class ConflictError(ObtError):
    """What was asked contradicts what is stored."""

    status = 409
    code = "conflict"


class UnprocessableError(ObtError):
    """Well-formed, and yet impossible."""

    status = 422
    code = "impossible"


class InvalidFieldsError(UnprocessableError):
    """Fields that are well-formed one by one, and wrong together."""

    code = "invalid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(f"{errors[0].where}: {errors[0].message}")
        self.errors = tuple(errors)


class BusyError(ObtError):
    """A queue is full. Whoever sent this keeps it and comes back."""

    status = 503
    code = "server_busy"
    headers: Mapping[str, str] = {"Retry-After": "2"}

    def __init__(self, detail: str = "Too much waits to be written. Nothing was stored; try again.") -> None:
        super().__init__(detail)


class BodyTooLongError(HTTPException):
    """A body that grew past the limit. FastAPI lets no other class pass from where it reads the body."""

    code = "body_too_long"

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"The body is longer than {limit} bytes, the limit of this server.")


def problem_response(
    status: int, code: str, detail: str, errors: Sequence[FieldError] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    """Render one problem."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail, errors=list(errors))
    return JSONResponse(problem.model_dump(), status, headers, media_type="application/problem+json")


def problem_bytes(status: int, code: str, detail: str) -> bytes:
    """Write one problem, where no application is there to render it."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail)
    return problem.model_dump_json().encode()


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses=`: the problems it may answer with, beside the ones every route has."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted({*statuses, 400, 413, 415, 422, 429})
    }


def _where(location: Sequence[int | str]) -> str:
    """Name the place; a key of the sender's own may be of any length."""
    return ".".join(str(part) for part in location)[:200]


async def _on_own(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ObtError)  # noqa: S101 - the handler is registered for this class
    headers = {**({"WWW-Authenticate": "Bearer"} if error.status == 401 else {}), **error.headers}
    return problem_response(error.status, error.code, error.detail, error.errors, headers=headers)


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = [FieldError(where=_where(e["loc"]), message=str(e["msg"])) for e in error.errors()[:50]]
    first = found[0] if found else FieldError(where="request", message="is not valid")
    if any(e["type"] == "json_invalid" for e in error.errors()):
        return problem_response(400, "malformed_json", f"The body is not JSON: {first.where}: {first.message}", found)
    return problem_response(422, "invalid", f"{first.where}: {first.message}", found)


async def _on_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    code = error.code if isinstance(error, BodyTooLongError) else code
    return problem_response(error.status_code, code, str(error.detail), headers=dict(error.headers or {}))


async def _on_nesting(_: Request, _error: Exception) -> JSONResponse:
    return problem_response(400, "malformed_json", "The body is nested too deeply.")


async def _on_database(request: Request, error: Exception) -> JSONResponse:
    trouble = trouble_of(error) or UNAVAILABLE
    request_id = request.scope.get(OWN_HEADERS, {}).get(REQUEST_ID)
    cause = str(error.__cause__ or error)[:300]
    log.error(trouble.code, path=request.url.path, request_id=request_id, error=cause)
    return trouble_response(trouble)


def trouble_response(trouble: Trouble) -> JSONResponse:
    """Answer that the database cannot do it now. 503, not 507: whoever sends it again later is right to."""
    return problem_response(503, trouble.code, trouble.detail, headers={"Retry-After": "5"})


async def _on_other_of_database(request: Request, error: Exception) -> JSONResponse:
    """A wrong statement is our mistake; but drivers file a read-only or a damaged database here as well."""
    return await (_on_database if trouble_of(error) else _on_unexpected)(request, error)


async def _on_unstorable(request: Request, error: Exception) -> JSONResponse:
    """Sent again it would fail again: a client must learn that, or this would block all that it has to send."""
    log.error("cannot_be_stored", path=request.url.path, error=str(error.__cause__ or error)[:300])
    return problem_response(422, "cannot_be_stored", "The database cannot hold a value of this request.")


async def _on_unexpected(request: Request, error: Exception) -> JSONResponse:
    headers: dict[str, str] = request.scope.get(OWN_HEADERS, SECURITY_HEADERS)
    log.error("unexpected_error", path=request.url.path, request_id=headers.get(REQUEST_ID), exc_info=error)
    return problem_response(500, "internal_error", "The server failed. Its log says why.", headers=headers)


def install(app: FastAPI) -> None:
    """Make `app` answer every error as a problem."""
    app.add_exception_handler(ObtError, _on_own)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RecursionError, _on_nesting)
    for failure in (OperationalError, InterfaceError, IntegrityError, PoolTimeoutError):
        app.add_exception_handler(failure, _on_database)
    app.add_exception_handler(DatabaseError, _on_other_of_database)
    app.add_exception_handler(DataError, _on_unstorable)
    app.add_exception_handler(Exception, _on_unexpected)
