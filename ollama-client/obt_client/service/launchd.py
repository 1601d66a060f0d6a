"""The service as a job of macOS's launchd: an agent of the user, or a daemon of the machine.

Made from launchd.plist(5) and launchctl(1); never run on a Mac by us.
"""

import os
import plistlib
import time
from pathlib import Path

from obt_client.service.background import recorded_pid, remove_traces, stop_recorded
from obt_client.service.base import Log, put, unlink
from obt_client.service.plan import NAME, Plan, Scope, ServiceError
from obt_client.service.shell import run, wanted

_RESTART_S = 10
_UMASK = 0o077
_POLL_S = 0.2


def plist_bytes(plan: Plan) -> bytes:
    """Return the property list. `Interactive`: other kinds of job are slowed down, and with them what they measure."""
    return plistlib.dumps(
        {
            "Label": NAME,
            "ProgramArguments": list(plan.own_command),
            "WorkingDirectory": str(plan.data_dir),
            "StandardOutPath": str(plan.log_file),
            "StandardErrorPath": str(plan.log_file),
            "RunAtLoad": True,
            "KeepAlive": True,
            "ThrottleInterval": _RESTART_S,
            "ExitTimeOut": round(plan.stop_limit_s),
            "ProcessType": "Interactive",
            "Umask": _UMASK,
        }
    )


class Launchd:
    """The property list and launchctl."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.log = plan, Log(file=plan.log_file)
        self._of_machine = plan.scope is Scope.SYSTEM
        self._domain = "system" if self._of_machine else f"gui/{os.getuid()}"

    @property
    def kind(self) -> str:
        """What it is."""
        return "a launchd daemon" if self._of_machine else "a launchd agent"

    @property
    def when(self) -> str:
        """When it starts by itself."""
        return "starts with the machine" if self._of_machine else "starts when you log in"

    @property
    def file(self) -> Path:
        """The property list."""
        folder = Path("/Library/LaunchDaemons") if self._of_machine else Path.home() / "Library/LaunchAgents"
        return folder / f"{NAME}.plist"

    @property
    def place(self) -> str:
        """The property list."""
        return str(self.file)

    def trouble(self) -> str | None:
        """A user's agents live in a session at the screen: through ssh there may be none."""
        reply = run("launchctl", "print", self._domain)
        return None if reply.ok else f"launchctl: {reply.complaint} (log in at the screen once, or use --system)"

    def is_installed(self) -> bool:
        """Whether there is a property list."""
        return self.file.exists()

    def write(self) -> None:
        """Write the property list; launchd reads it when it is loaded."""
        put(self.file, plist_bytes(self.plan), 0o644)
        run("launchctl", "enable", f"{self._domain}/{NAME}")

    def start(self) -> None:
        """Load it, which starts it, or start it where it is loaded."""
        if self._is_loaded():
            wanted("launchctl", "kickstart", f"{self._domain}/{NAME}")
        else:
            wanted("launchctl", "bootstrap", self._domain, str(self.file))

    def stop(self) -> None:
        """Unload it, which sends SIGTERM, and wait until launchd has let go of it."""
        if self._is_loaded():
            run("launchctl", "bootout", f"{self._domain}/{NAME}", limit_s=self.plan.stop_limit_s + 30)
            self._wait_until_unloaded()
        stop_recorded(self.plan)

    def _wait_until_unloaded(self) -> None:
        end_s = time.monotonic() + self.plan.stop_limit_s
        while self._is_loaded():
            if time.monotonic() > end_s:
                raise ServiceError(f"launchd does not let go of {NAME}: launchctl bootout {self._domain}/{NAME}")
            time.sleep(_POLL_S)

    def _is_loaded(self) -> bool:
        return run("launchctl", "print", f"{self._domain}/{NAME}").ok

    def pid(self) -> int | None:
        """The process that the record names."""
        return recorded_pid(self.plan.record_file)

    def remove(self) -> None:
        """Remove property list, record and log."""
        unlink(self.file)
        remove_traces(self.plan)
