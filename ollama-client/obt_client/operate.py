"""One operation on one model, from what its owner allows to its outcome. Errors of Ollama get codes."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

from obt_client.bench.stop import StoppedError, StopSignal
from obt_client.config import Settings
from obt_client.models_disk import free_in_words
from obt_client.ollama import (
    ModelStaysLoadedError,
    Ollama,
    OllamaAnswerError,
    OllamaError,
    OllamaRefusedError,
    OllamaUnreachableError,
)
from obt_client.pulling import PullProgress
from obt_core.jobs import JobError
from obt_core.operations import (
    Allowed,
    Copy,
    Delete,
    Load,
    Operation,
    OperationOutcome,
    OperationOutcomeStatus,
    OperationProgress,
    Pull,
    Unload,
)
from obt_core.registries import full_name, host_of, is_allowed

OnProgress = Callable[[OperationProgress], None]
_CODES = (
    ("no_space", r"no space left|not enough space|disk quota exceeded|ENOSPC|disk (is )?full"),
    ("no_memory", r"requires more system memory|out of memory|unable to allocate|failed to allocate"),
    ("unknown_model", r"file does not exist|manifest unknown|model .*not found|not found, try pulling"),
    ("registry_unreachable", r"dial tcp|no such host|server misbehaving|network is unreachable|proxyconnect"),
    ("registry_unreachable", r"i/o timeout|deadline exceeded|TLS handshake|certificate|max retries|stalled"),
    ("registry_unreachable", r"connection re(fused|set)|unexpected EOF"),
)
"""By the words of Ollama and of the Go library below it; the first that fits."""


async def do_operation(
    operation: Operation, *, ollama: Ollama, settings: Settings, on_progress: OnProgress, stop: StopSignal
) -> OperationOutcome:
    """Do it, unless the owner does not allow it or the stop comes first. Nothing is raised for what Ollama does.

    Codes of failures: not_allowed, cloud_model, no_space, no_memory, unknown_model, registry_unreachable, ollama_gone,
    model_stays_loaded, ollama_error, client_stopped.
    """
    began_at = datetime.now(UTC)
    status, error = OperationOutcomeStatus.FAILED, why_refused(operation, settings)
    if error is None:
        try:
            await _do(operation, ollama, on_progress, stop)
            status = OperationOutcomeStatus.COMPLETED
        except StoppedError:
            is_cancelled = stop.reason == "cancelled"
            status = OperationOutcomeStatus.CANCELLED if is_cancelled else OperationOutcomeStatus.FAILED
            error = None if is_cancelled else STOPPED
        except OllamaError as failure:
            error = await _in_words(failure, settings)
    return OperationOutcome(status=status, started_at=began_at, ended_at=datetime.now(UTC), error=error)


STOPPED = JobError(
    code="client_stopped",
    message="The client was stopped. Of a pull, Ollama keeps what it has; asked for again, it goes on from there.",
)


class CloudModelError(OllamaError):
    """The model runs in a cloud, to which nothing is sent."""


def why_refused(operation: Operation, settings: Settings) -> JobError | None:
    """Return why the owner of this machine does not let that be done, None where nothing speaks against it."""
    if settings.allow is not Allowed.MODELS:
        message = f"This machine allows {settings.allow}. Its owner lets models be changed with OBT_ALLOW=models."
        return JobError(code="not_allowed", message=message)
    if isinstance(operation, Pull) and not is_allowed(operation.model, settings.allow_registries):
        host = host_of(operation.model)
        message = (
            f"{operation.model} would be fetched from {host}, which this machine does not allow. Its owner lets it with"
            f" OBT_ALLOW_REGISTRIES={host}."
        )
        return JobError(code="not_allowed", message=message)
    return None


async def _do(operation: Operation, ollama: Ollama, on_progress: OnProgress, stop: StopSignal) -> None:
    work = _work(operation, ollama, on_progress)
    match operation:
        case Pull():  # it may take hours, and goes on where it was when it is asked for again
            await stop.cut(work, "cancelled", "client_stopped")
        case Load() | Unload():
            await stop.cut(work, "cancelled")
        case Delete() | Copy():  # over in a moment; cut, nobody would know whether it was done
            await work


def _work(operation: Operation, ollama: Ollama, on_progress: OnProgress) -> Coroutine[Any, Any, None]:
    match operation:
        case Pull():
            return _pull(operation.model, ollama, on_progress)
        case Delete():
            return ollama.delete(operation.model)
        case Load():
            return _load(operation, ollama)
        case Unload():
            return ollama.unload(operation.model)
        case Copy():
            return ollama.copy(operation.model, operation.to)


async def _pull(name: str, ollama: Ollama, on_progress: OnProgress) -> None:
    progress, loop = PullProgress(), asyncio.get_running_loop()
    async with aclosing(ollama.pull(name)) as lines:
        async for line in lines:
            progress.take(line, loop.time())
            on_progress(progress.told(loop.time()))


async def _load(operation: Load, ollama: Ollama) -> None:
    name = full_name(operation.model)
    if any(model.cloud for model in (await ollama.inventory()).models if model.name == name):
        raise CloudModelError(f"{name} runs in a cloud, to which nothing is ever sent.")
    await ollama.load(operation.model, operation.keep_alive_s)


async def _in_words(failure: OllamaError, settings: Settings) -> JobError:
    code = code_of(failure)
    message = failure.words if isinstance(failure, OllamaRefusedError) else str(failure)
    room = await free_in_words(settings) if code == "no_space" else None
    return JobError(code=code, message=f"{message}\n{room}"[:4_000] if room else message[:4_000])


def code_of(failure: OllamaError) -> str:
    """Return the code of a failure: by its kind, or by the words in which Ollama refused."""
    match failure:
        case OllamaUnreachableError() | OllamaAnswerError():
            return "ollama_gone"
        case ModelStaysLoadedError():
            return "model_stays_loaded"
        case CloudModelError():
            return "cloud_model"
        case OllamaRefusedError():
            found = (code for code, words in _CODES if re.search(words, failure.words, re.IGNORECASE))
            return next(found, "unknown_model" if failure.status == 404 else "ollama_error")
        case _:
            return "ollama_error"
