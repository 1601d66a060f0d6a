# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false
"""Processes that take old rows away and are killed (kill -9) at a point of their run.

One process that has read all modules forks one for each line of its input, and prints how that ended: to start six of
them takes half a minute on a busy machine.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from obt_server.aging import OldRows
from obt_server.beside import open_database
from obt_server.config import Settings
from obt_server.retention import archive, service

POINTS = ("in_the_file", "before_its_name", "before_its_manifest", "before_the_deletion", "in_the_deletion", "between")


def die(*_: Any, **__: Any) -> None:
    """As a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(what: Callable[..., Any], times: int = 1) -> Callable[..., Any]:
    """Do it, and die when it was done so often."""
    done = 0

    async def delete(*arguments: Any) -> Any:
        nonlocal done
        went = await what(*arguments)
        done += 1
        if done == times:
            die()
        return went

    return delete


def arm(point: str) -> None:
    """Die at that point of a run whose parts are otherwise as they are."""
    if point == "in_the_file":
        service._made_smaller = die
    elif point == "before_its_name":
        Path.replace = die
    elif point == "before_its_manifest":
        archive._write = die
    elif point == "before_the_deletion":
        service._delete = die
    elif point == "in_the_deletion":
        OldRows.delete = after(OldRows.delete)
    else:  # between two transactions of one file
        service.Pace.rest = after(service.Pace.rest, 2)


async def main(point: str, now: str, **settings: str) -> None:
    """Take away what is too old then."""
    arm(point)
    read = Settings(_env_file=None, **settings)  # pyright: ignore[reportCallIssue, reportArgumentType]
    async with open_database(read) as db:
        await service.apply_due(db, read, datetime.fromisoformat(now))


def serve() -> None:
    """Run one for each line."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(main(**json.loads(line)))
            os._exit(0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
