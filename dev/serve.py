"""`make dev`: the server, started again whenever its code changes, and the dashboard's dev server, which follows edits.

Standard library only.
"""

import argparse
import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from dev.bootstrap import DEV, ensure_venv
from dev.node import Node, ensure_frontend
from dev.paths import FRONTEND, LOCAL, LOGS, ROOT, venv_program
from dev.ports import DASHBOARD_PORT, VITE_PORT, require_free
from dev.program import run_main
from dev.shell import relative, tail
from dev.steps import Step, run_steps
from dev.trouble import Trouble
from dev.wheels import ensure_wheels

DATA = LOCAL / "dev"
POLL_S = 0.5
READY_S = 60.0
STOP_S = 10.0
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server:
    """The server's process, and the state of the code that it was started from."""

    def __init__(self, env: dict[str, str], url: str) -> None:
        self._env, self._url = env, url
        self._code = newest_change()
        self._process = self._start()

    def follow(self) -> None:
        """Start it again if its code changed since; tell once if it ended by itself."""
        if (code := newest_change()) != self._code:
            print("The code changed: starting the server again.", flush=True)
            self.stop()
            self._code, self._process = code, self._start()
            self.tell_when_ready()

    def tell_when_ready(self) -> None:
        """Wait until it answers; where it ended instead, show the end of its log and wait for an edit."""
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self._process.poll() is None:
            if answers(f"{self._url}/readyz"):
                return
            time.sleep(POLL_S)
        print(
            f"The server did not start; edit, and it is tried again. The end of its log:\n{tail(self._log)}", flush=True
        )

    def stop(self) -> None:
        """End it, kindly first."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def _log(self) -> Path:
        return LOGS / "dev-server.log"

    def _start(self) -> subprocess.Popen[bytes]:
        LOGS.mkdir(parents=True, exist_ok=True)
        with self._log.open("wb") as out:
            command = [venv_program("obt-server"), "serve"]
            return subprocess.Popen(command, cwd=DATA, env=self._env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)


def newest_change() -> tuple[int, int]:
    """Return when the server's code was changed last, in nanoseconds, and how many files it has."""
    stamps = [file.stat().st_mtime_ns for file in _code_files()]
    return max(stamps, default=0), len(stamps)


def _code_files() -> Iterator[Path]:
    for folder in (ROOT / "core" / "obt_core", ROOT / "backend" / "obt_server"):
        for pattern in ("**/*.py", "**/*.toml"):
            yield from folder.glob(pattern)


def answers(url: str) -> bool:
    """Whether `url` answers with success."""
    try:
        with _direct.open(url, timeout=2):
            return True
    except (OSError, urllib.error.URLError):
        return False


def sign_in_link(env: dict[str, str], vite_url: str, server_url: str) -> str:
    """Return a fresh sign-in link that leads to the dev server."""
    told = subprocess.run(
        [venv_program("obt-server"), "link"], env=env, cwd=DATA, check=False, capture_output=True, text=True
    )
    link = re.search(r"https?://\S+", told.stdout)
    if told.returncode or link is None:
        raise Trouble("The server gave no sign-in link.", told.stderr[-1_000:])
    return link.group().replace(server_url, vite_url)


def main() -> int:
    """Set up, start both, and follow the code until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="make dev ARGS=...", description="Server and dashboard that follow your edits."
    )
    parser.add_argument("--port", type=int, default=DASHBOARD_PORT, help="the server's port (%(default)s)")
    port: int = parser.parse_args().port
    require_free(port, "dev")
    require_free(VITE_PORT, "dev", changeable=False)
    nodes: list[Node] = []
    run_steps(
        [
            Step("Python environment", lambda step: ensure_venv(DEV, step.say)),
            Step("Frontend's packages", lambda step: nodes.append(ensure_frontend(step.say))),
            Step("Client's wheels", lambda step: ensure_wheels(step.say)),
        ]
    )
    with ExitStack() as stack:
        _serve(nodes[0], port, stack)
    return 0


def _serve(node: Node, port: int, stack: ExitStack) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    server_url, vite_url = f"http://127.0.0.1:{port}", f"http://localhost:{VITE_PORT}"
    origins = f"{vite_url},http://127.0.0.1:{VITE_PORT}"
    own = {
        "OBT_DATA_DIR": str(DATA),
        "OBT_PORT": str(port),
        "OBT_ALLOWED_ORIGINS": origins,
        "OBT_SERVER_URL": server_url,
    }
    env = {**os.environ, **own}
    server = Server(env, server_url)
    stack.callback(server.stop)
    server.tell_when_ready()
    print(
        f"Sign in: {sign_in_link(env, vite_url, server_url)}\nServer's log: {relative(LOGS / 'dev-server.log')}",
        flush=True,
    )
    vite = subprocess.Popen(
        node.pnpm("run", "dev", "--port", str(VITE_PORT), "--strictPort"), cwd=FRONTEND, env={**env, **node.env()}
    )
    stack.callback(vite.terminate)
    while vite.poll() is None:
        server.follow()
        time.sleep(POLL_S)
    raise Trouble(f"The dashboard's dev server ended with status {vite.returncode}.")


if __name__ == "__main__":
    run_main(main)
