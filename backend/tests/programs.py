"""`obt-server` as its users run it: a process of its own, with settings from its environment alone."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
from typer.testing import CliRunner, Result

from backend.tests.harness import API
from obt_server.__main__ import cli

WAIT_S = 60
OWNER = {"name": "owner", "password": "seven green kettles sing"}


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Settings of the developer's own are kept away."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OBT_")}
    return {**inherited, "OBT_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **settings}


def run(data_dir: Path, *arguments: str, typed: str | None = None, **settings: str) -> Result:
    """Run one command to its end, in this process: starting another takes seconds. A trace is raised here."""
    data_dir.mkdir(exist_ok=True)
    forgotten = dict.fromkeys(name for name in os.environ if name.startswith("OBT_"))
    env = {**forgotten, "OBT_DATA_DIR": str(data_dir), **settings}
    with chdir(data_dir), _own_logs():
        result = CliRunner().invoke(cli, arguments, input=typed, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@contextmanager
def _own_logs() -> Generator[None]:
    """A command sets logs up for its process; put them back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        yield
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()


@dataclass
class Served:
    """A running server: where it serves, the link that it printed, and its process."""

    url: str
    link: str
    process: subprocess.Popen[str]

    def sign_in(self) -> httpx.Client:
        """Use the link as a browser does; return the owner, who is made where it is the link of the first visit."""
        fragment, headers = self.link.partition("#")[2], {"Origin": self.url}
        is_first, secret = fragment.startswith("setup="), fragment.rpartition("=")[2]
        path, body = ("setup", {**OWNER, "secret": secret}) if is_first else ("link", {"secret": secret})
        reply = httpx.post(f"{self.url}{API}/auth/{path}", json=body, headers=headers, timeout=WAIT_S, verify=False)
        cookies = reply.raise_for_status().cookies
        return httpx.Client(base_url=self.url, headers=headers, cookies=cookies, timeout=WAIT_S, verify=False)

    def link_anew(self, data_dir: Path) -> "Served":
        """Return this server with a fresh link, made beside it by `obt-server link`."""
        link = run(data_dir, "link").stdout.strip()
        return Served(self.url, link, self.process)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; return the exit status once it has ended."""
        self.process.send_signal(number)
        return self.process.wait(WAIT_S)


@contextmanager
def serving(data_dir: Path, **settings: str) -> Generator[Served]:
    """Run `obt-server serve --port 0`; what is left of it at the end of the block is killed."""
    with starting(data_dir, **settings) as process:
        yield served_by(process, data_dir)


@contextmanager
def starting(data_dir: Path, **settings: str) -> Generator[subprocess.Popen[str]]:
    """Begin to run it, without waiting until it serves: `served_by` waits."""
    command = [sys.executable, "-m", "obt_server", "serve", "--port", "0"]
    with (
        (data_dir / "log.txt").open("a") as log,
        subprocess.Popen(
            command,
            env=environment(data_dir, **settings),
            cwd=data_dir,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def served_by(process: subprocess.Popen[str], data_dir: Path | None = None) -> Served:
    """Wait until it serves."""
    assert process.stdout is not None
    first, second = process.stdout.readline(), process.stdout.readline()
    assert " serves on " in first, (data_dir / "log.txt").read_text() if data_dir else first
    return Served(first.split()[-1], second.split()[1], process)
