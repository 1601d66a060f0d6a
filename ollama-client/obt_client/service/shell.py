"""Running the system's own programs: a fixed list of arguments, no shell, a time limit, English output."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from obt_client.service.plan import ServiceError

_LIMIT_S = 60.0
_MISSING, _TIMED_OUT = 127, 124


@dataclass(frozen=True, slots=True)
class Reply:
    """How a program ended. A status of 127: there is none of that name; 124: it took too long and was killed."""

    status: int
    out: str = ""
    err: str = ""

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return self.status == 0

    @property
    def complaint(self) -> str:
        """What it says of its failure, in one line."""
        lines = (self.err.strip() or self.out.strip()).splitlines()
        return lines[0].strip() if lines else f"exit status {self.status}"


def run(*arguments: str, limit_s: float = _LIMIT_S, env: Mapping[str, str] | None = None) -> Reply:
    """Run a program that is on PATH, `env` beside the environment. Never raises."""
    program = shutil.which(arguments[0])
    if program is None:
        return Reply(_MISSING, err=f"there is no {arguments[0]} here")
    try:
        done = subprocess.run(  # noqa: S603 - a fixed list of arguments, no shell
            [program, *arguments[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            env={**os.environ, "LC_ALL": "C", "SYSTEMD_PAGER": "", **(env or {})},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Reply(_TIMED_OUT, err=f"{arguments[0]} did not end within {limit_s:.0f} s")
    except OSError as error:
        return Reply(_MISSING, err=f"{arguments[0]} cannot be run: {error}")
    return Reply(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def wanted(*arguments: str, limit_s: float = _LIMIT_S, env: Mapping[str, str] | None = None) -> Reply:
    """Run a program that must not fail. Raises ServiceError with what it said."""
    reply = run(*arguments, limit_s=limit_s, env=env)
    if not reply.ok:
        raise ServiceError(f"`{' '.join(arguments)}` failed: {reply.complaint}")
    return reply
