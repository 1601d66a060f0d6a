"""How long to wait before the server is asked again, and what is said about it."""

import asyncio
import random

from tenacity import RetryCallState, wait_random_exponential

from obt_client.logs import Reported
from obt_client.server import BusyError, RefusedError, ServerError, UnreachableError

_BACKOFF_MAX_S = 10.0
_REFUSED_S = 60.0
"""A client whose key is refused asks again this often: somebody must act first."""
_soon = wait_random_exponential(multiplier=1, max=_BACKOFF_MAX_S)


def wait_for_server(retry: RetryCallState) -> float:
    """Return how long to wait, in seconds, after what the server last said (a wait function of tenacity)."""
    error = retry.outcome.exception() if retry.outcome else None
    if isinstance(error, RefusedError):
        return _REFUSED_S * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
    if isinstance(error, BusyError):
        return max(error.retry_after_s * random.uniform(1.0, 1.2), _soon(retry))  # noqa: S311
    return _soon(retry)


def report(link: Reported, error: ServerError | None, url: str) -> None:
    """Say how it stands with the server, once for each change. None: it answered."""
    match error:
        case None:
            link.change("connected", bad=False, url=url)
        case RefusedError() if error.is_about_the_key:
            todo = (
                "Enrol this machine again: `obt-client enrol --again` with a new token from `obt-server token create`."
            )
            link.change("refuses_this_client", bad=True, url=url, reason=error.detail, todo=todo)
        case RefusedError():
            link.change("refuses_what_was_sent", bad=True, url=url, code=error.code, reason=error.detail)
        case BusyError():
            link.change("is_busy", bad=True, url=url, reason=str(error))
        case UnreachableError() | ServerError():
            link.change("unreachable", bad=True, reason=str(error), todo="Trying again until it answers.")


async def wait_or(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, at most so long; whether it came.

    Not by asyncio.wait_for: on Python 3.11 it loses a cancellation that comes together with the event, and what was
    to end goes on for ever.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
