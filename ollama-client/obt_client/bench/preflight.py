"""Before a job: whether the model is the one that was chosen and may be measured, and what else the machine does."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from obt_client.bench.stop import StopSignal
from obt_client.ollama import Ollama, OllamaError, OllamaUnreachableError
from obt_client.telemetry.system import busy_s, cores
from obt_core.jobs import JobSpec
from obt_core.models import InstalledModel
from obt_core.wire import ModelName

T = TypeVar("T")
CPU_WATCH_S = 0.5
"""How long the machine is watched for other work before a job, again and again until it is quiet."""
RETRY_FIRST_S = 0.1
RETRY_MAX_S = 3.0
"""An Ollama that is away is asked again after the first time, then after twice as long each, up to the second."""


class JobFailedError(Exception):
    """The job cannot go on; `code` tells programs why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was found. `was_loaded`: the model was in memory before the job."""

    model: InstalledModel
    ollama_version: str
    was_loaded: bool
    other_models_loaded: tuple[ModelName, ...]
    cpu_percent: float | None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Up to how much use of all cores a machine is quiet, in percent, and how long to wait for that."""

    cpu_percent: float
    wait_s: float


async def preflight(
    spec: JobSpec, ollama: Ollama, stop: StopSignal, *, wait_s: float, quiet: Quiet | None
) -> Preflight:
    """Look, without sending the model anything.

    `wait_s` is how long to wait for an Ollama that is away; `quiet` is None where Ollama runs on another machine, whose
    CPU cannot be seen. Raises JobFailedError: ollama_unreachable, ollama_error, model_not_found, model_changed,
    model_is_cloud, model_embeds_only. Raises StoppedError.
    """
    version = await patiently(ollama.version, stop, wait_s)
    model = await patiently(lambda: find_model(spec, ollama), stop, wait_s)
    refuse_unmeasurable(model)
    loaded = await patiently(ollama.loaded, stop, wait_s)
    return Preflight(
        model=model,
        ollama_version=version,
        was_loaded=any(row.digest == model.digest for row in loaded),
        other_models_loaded=tuple(row.name for row in loaded if row.digest != model.digest),
        cpu_percent=await stop.unless_stopped(_settled(quiet)) if quiet else None,
    )


async def find_model(spec: JobSpec, ollama: Ollama) -> InstalledModel:
    """Return the model as it is installed now. Raises OllamaError, JobFailedError where it is gone or another."""
    model = next((model for model in (await ollama.inventory()).models if model.name == spec.model), None)
    if model is None:
        raise JobFailedError("model_not_found", f"{spec.model} is not installed in the Ollama at {ollama.url}")
    if model.digest != spec.model_digest.removeprefix("sha256:"):
        raise JobFailedError("model_changed", f"{spec.model} is another model by now: its digest is {model.digest}")
    return model


def refuse_unmeasurable(model: InstalledModel) -> None:
    """Raise JobFailedError for a model that runs elsewhere or cannot generate text."""
    if model.cloud:
        raise JobFailedError("model_is_cloud", f"{model.name} runs in a cloud: it is never sent anything")
    if model.is_embedding_only():
        raise JobFailedError("model_embeds_only", f"{model.name} makes embeddings, it cannot generate text")


async def patiently(ask: Callable[[], Coroutine[Any, Any, T]], stop: StopSignal, wait_s: float) -> T:
    """Ask Ollama, again and again while it is away, for `wait_s` seconds at most.

    Raises JobFailedError (ollama_unreachable, ollama_error) and StoppedError.
    """
    loop = asyncio.get_running_loop()
    deadline_s, pause_s = loop.time() + wait_s, RETRY_FIRST_S
    while True:
        try:
            return await stop.unless_stopped(ask())
        except OllamaUnreachableError as error:
            if (left_s := deadline_s - loop.time()) <= 0:
                raise JobFailedError("ollama_unreachable", f"{error} (waited {wait_s:g} s)") from error
        except OllamaError as error:
            raise JobFailedError("ollama_error", str(error)) from error
        await stop.unless_stopped(asyncio.sleep(min(pause_s, left_s)))
        pause_s = min(2 * pause_s, RETRY_MAX_S)


async def _settled(quiet: Quiet) -> float:
    """Wait for a quiet machine, and tell how busy it was when last looked at."""
    give_up_s = time.monotonic() + quiet.wait_s
    while True:
        percent = await cpu_percent(CPU_WATCH_S)
        if percent <= quiet.cpu_percent or time.monotonic() >= give_up_s:
            return percent


async def cpu_percent(watch_s: float) -> float:
    """How busy all cores are for so many seconds, in percent; waiting for a disk is not work.

    Counted here, since psutil's own function keeps one state for all who ask.
    """
    before_s, begin_s = busy_s(), time.monotonic()
    await asyncio.sleep(watch_s)
    share = (busy_s() - before_s) / ((time.monotonic() - begin_s) * cores())
    return round(min(100.0, max(0.0, 100 * share)), 1)
