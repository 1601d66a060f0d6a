"""A browser for the end-to-end tests: Playwright's own, else a Chromium of this machine, else Debian's.

Standard library only.
"""

import os
import shutil

from dev.node import ensure_frontend
from dev.paths import FRONTEND, LOCAL, LOGS
from dev.shell import CommandFailed, Say, run
from dev.trouble import Trouble

ENVIRONMENT = "OBT_TEST_CHROMIUM"
"""Names the browser's executable to the tests; unset where Playwright finds its own."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NO_DOWNLOAD = "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"
"""Playwright's own variable: set where its download is known to fail, or not wanted."""
_HOME = {"PLAYWRIGHT_BROWSERS_PATH": str(LOCAL / "browsers")}
_PLAYWRIGHT = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000", **_HOME}


class NoBrowser(Trouble):
    """No browser can be had here: the tests that need one are skipped, with this reason."""


def ensure_browser(say: Say) -> dict[str, str]:
    """Return the environment with which the tests find a browser. Raises NoBrowser."""
    if named := os.environ.get(ENVIRONMENT):
        return {ENVIRONMENT: named}
    if _playwrights_own(say):
        return _HOME
    found = _on_path() or _debians(say)
    if found is None:
        raise NoBrowser("no browser: Playwright could not download one, and there is no Chromium on PATH.")
    return {ENVIRONMENT: found}


def _playwrights_own(say: Say) -> bool:
    """Whether Playwright has its Chromium, downloaded if it can be, and it starts: it needs libraries of the system."""
    node = ensure_frontend(say)
    if os.environ.get(_NO_DOWNLOAD):
        return False
    say("asking Playwright for one")
    playwright, env = node.pnpm("exec", "playwright"), {**node.env(), **_PLAYWRIGHT}
    picture = LOGS / "browser.png"
    try:
        run([*playwright, "install", "chromium-headless-shell"], log=LOGS / "browser.log", cwd=FRONTEND, env=env)
        run(
            [*playwright, "screenshot", "about:blank", picture],
            log=LOGS / "browser.log",
            cwd=FRONTEND,
            env=env,
            fresh=False,
        )
    except CommandFailed:
        return False
    return True


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _debians(say: Say) -> str | None:
    """Install Debian's Chromium where this is allowed without asking; return its path."""
    if not shutil.which("apt-get"):
        return None
    say("installing Debian's chromium")
    # sudo drops the environment, hence `env` behind it.
    apt = [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    log = LOGS / "browser-apt.log"
    try:
        run([*apt, "update"], log=log)
        run([*apt, "install", "-y", "--no-install-recommends", "chromium"], log=log, fresh=False)
    except Trouble:
        return None
    return _on_path()


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]
