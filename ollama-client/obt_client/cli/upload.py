"""`obt-client upload FILE`: hands a saved run to the server, in the same messages as any job's."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import typer
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt

from obt_client.agent.delivery import batch_size
from obt_client.agent.retries import wait_for_server
from obt_client.cli.agent import settings_of
from obt_client.cli.exits import failure
from obt_client.cli.run_files import RunPathError, read_run
from obt_client.identity import Identity, IdentityError, read_identity
from obt_client.server import BusyError, RefusedError, Server, ServerError, UnreachableError, open_session
from obt_client.trust import SYSTEM, Trust, trust_of
from obt_core.jobs import JobStatus
from obt_core.runs import MeasuredJob, SavedRun, StoredJob
from obt_core.telemetry import BATCH_TICKS_MAX, TelemetryBatch

T = TypeVar("T")
_ATTEMPTS = 5
_TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What the server has now. `was_there`: it had all of it before."""

    session_id: str
    samples: int
    was_there: bool
    kept_states: tuple[str, ...]
    """Jobs whose state on the server is another than the run's: cancelled there, for one."""


def upload(file: Path, server: str | None) -> None:
    """Hand the run over, and say what the server has. Raises typer.Exit."""
    settings = settings_of(server_url=server)
    try:
        run, identity = read_run(file), _identity(settings.data_dir)
        url = settings.server_url if server else identity.server_url
        done = asyncio.run(hand_over(run, url, identity, trust_of(settings, identity)))
    except (RunPathError, IdentityError) as error:
        raise failure(str(error)) from None
    except ServerError as error:
        raise failure(f"Not handed over: {error}. Nothing is stored twice: try again.") from None
    said = "was there already, nothing was changed" if done.was_there else "is there now"
    models = "1 model" if len(run.jobs) == 1 else f"{len(run.jobs)} models"
    typer.echo(f"The run, {models} and {done.samples} samples, {said}: {url}/benchmarks/{done.session_id}")
    if run.machine != identity.name:
        typer.echo(f"It was measured on '{run.machine}', and is kept with the results of '{identity.name}'.", err=True)
    for state in done.kept_states:
        typer.echo(state, err=True)


def _identity(data_dir: Path) -> Identity:
    identity = read_identity(data_dir)
    if identity is None or identity.key is None:
        raise IdentityError(
            "This machine is not enrolled, and the server takes runs of its clients only. On the server: obt-server "
            "token create. Here: obt-client enrol --server URL --token TOKEN"
        )
    return identity


async def hand_over(run: SavedRun, url: str, identity: Identity, trust: Trust = SYSTEM) -> Uploaded:
    """Announce the run, then deliver what the server does not have. Raises ServerError, ValueError."""
    async with open_session(trust) as session:
        to = _Patient(Server(url, session, client_id=identity.client_id, **identity.keys()))
        reply = await to.patiently(lambda: to.server.announce_run(run.announced()))
        stored = {job.job_id: job for job in reply.jobs}
        missing = [job for job in run.jobs if not _is_there(job, stored.get(job.job_id))]
        states = [await to.deliver(job) for job in missing]
    return Uploaded(
        session_id=str(reply.session_id),
        samples=sum(len(job.samples) for job in run.jobs),
        was_there=not missing,
        kept_states=tuple(state for state in states if state),
    )


def _is_there(job: MeasuredJob, stored: StoredJob | None) -> bool:
    """A state that the job's outcome cannot change any more needs no second telling."""
    if stored is None:
        return False
    told = JobStatus(job.outcome.status)
    return stored.samples_stored >= len(job.samples) and stored.status in {told, JobStatus.COMPLETED}


class _Patient:
    """Asks again where the server was busy or away."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def patiently(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Ask, a few times where it must be. Raises ServerError."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type((UnreachableError, BusyError)),
            wait=wait_for_server,
            stop=stop_after_attempt(_ATTEMPTS),
            reraise=True,
        )

        async def once() -> T:  # tenacity awaits what is declared async, and nothing else
            return await ask()

        return await retrying(once)

    async def deliver(self, job: MeasuredJob) -> str:
        """Send samples, then telemetry, then the outcome; what is to be said of it."""
        left: tuple[bytes, ...] = tuple(sample.model_dump_json().encode() for sample in job.samples)
        while left:
            count = batch_size(left)
            await self._send(job, left[:count])
            left = left[count:]
        await self._send_telemetry(job)
        reply = await self.patiently(lambda: self.server.send_outcome(job.job_id, job.outcome))
        if reply.missing:
            raise UnreachableError(f"the server lacks {reply.missing} samples of {job.model.name}")
        if reply.status == job.outcome.status:
            return ""
        return f"{job.model.name}: the server keeps it as {reply.status}, the run says {job.outcome.status}"

    async def _send_telemetry(self, job: MeasuredJob) -> None:
        """A server that does not take it keeps the samples all the same."""
        ticks = job.telemetry.ticks if job.telemetry else ()
        for first in range(0, len(ticks), BATCH_TICKS_MAX):
            part = job.telemetry.model_copy(update={"ticks": ticks[first : first + BATCH_TICKS_MAX]})  # type: ignore[union-attr]
            batch = TelemetryBatch(first=first, telemetry=part).model_dump_json().encode()
            try:
                await self.patiently(partial(self.server.send_telemetry, job.job_id, batch))
            except RefusedError as error:
                if error.is_about_the_key:
                    raise
                return

    async def _send(self, job: MeasuredJob, batch: Sequence[bytes]) -> None:
        try:
            await self.patiently(lambda: self.server.send_samples(job.job_id, batch, None))
        except RefusedError as error:
            if error.status != _TOO_LARGE or len(batch) == 1:
                raise
            half = len(batch) // 2
            await self._send(job, batch[:half])
            await self._send(job, batch[half:])
