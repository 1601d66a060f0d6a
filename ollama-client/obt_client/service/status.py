"""What `service status` says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil

from obt_client.cli import show
from obt_client.identity import IdentityError, read_identity
from obt_client.service import choose
from obt_client.service.base import Manager
from obt_client.service.traces import undelivered_in


def lines(manager: Manager, pid: int | None, now: datetime | None = None) -> Iterator[str]:
    """Yield the state of an installed service; what is root's alone is not told to others."""
    me, plan = choose.own_name(), manager.plan
    yield f"The client runs{_since(pid, now)} (process {pid})." if pid else _why_not(manager)
    if pid is None:
        yield f"  start     {me} service start"
    yield f"  as        {manager.kind} ({manager.place}), which {manager.when}"
    yield f"  identity  {_identity(plan.data_dir)}"
    yield f"  data      {plan.data_dir}{_waiting(plan.data_dir)}"
    yield f"  settings  {plan.env_file}"
    yield f"  log       {me} service log --follow   ({manager.log.words})"


def _why_not(manager: Manager) -> str:
    trouble = manager.trouble()
    return f"Whether the client runs cannot be told ({trouble})." if trouble else "The client does not run."


def _since(pid: int | None, now: datetime | None) -> str:
    try:
        begun = datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC)
    except psutil.Error:
        return ""
    age_s = max(0.0, ((now or datetime.now(UTC)) - begun).total_seconds())
    return f" since {begun.astimezone():%Y-%m-%d %H:%M:%S}, for {show.span(age_s)}"


def _identity(data_dir: Path) -> str:
    try:
        identity = read_identity(data_dir)
    except IdentityError as error:
        return str(error)
    return f"{identity.client_id} at {identity.server_url}" if identity else "none: it is not enrolled"


def _waiting(data_dir: Path) -> str:
    try:
        left = undelivered_in(data_dir)
    except PermissionError:
        return ""
    parts = [f"{left.samples} samples of {left.jobs} jobs wait for the server"] if left.jobs else []
    parts += [f"{left.refused_jobs} jobs were refused by it"] if left.refused_jobs else []
    return f" ({'; '.join(parts)})" if parts else ""
