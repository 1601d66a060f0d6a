"""The service as a scheduled task of Windows: at the user's log-on, or at boot as SYSTEM.

Made from the Task Scheduler's schema (MS-TSCH) and the pages of schtasks and icacls; never run on Windows by us.
Windows has no SIGTERM: a task that is ended is ended at once, a running job is cut, and the next start delivers what
was measured.
"""

import ctypes
import getpass
import os
import subprocess
import xml.etree.ElementTree as ET
from contextlib import suppress
from pathlib import Path

from obt_client.service.background import recorded_pid, remove_traces, stop_recorded
from obt_client.service.base import Log, put, unlink
from obt_client.service.plan import NAME, Plan, Scope
from obt_client.service.shell import run, wanted

_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_SYSTEM_SID, _ADMINISTRATORS_SID = "S-1-5-18", "S-1-5-32-544"
_SETTINGS = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "AllowHardTerminate": "true",
    "StartWhenAvailable": "true",
    "AllowStartOnDemand": "true",
    "Enabled": "true",
    "Hidden": "false",
    "ExecutionTimeLimit": "PT0S",  # none
    "Priority": "4",  # the normal one: a task's usual 7 runs below everything, its disk too
}
_RESTART = {"Interval": "PT1M", "Count": "999"}


def task_xml(plan: Plan, user: str) -> bytes:
    r"""Return the task's definition, UTF-16 as schtasks wants it; `user` is the DOMAIN\name that it is for."""
    of_machine = plan.scope is Scope.SYSTEM
    task = ET.Element("Task", version="1.2", xmlns=_NAMESPACE)
    about = ET.SubElement(task, "RegistrationInfo")
    _add(about, {"Description": "OBT client: measures this machine's Ollama for an OBT server."})
    trigger = ET.SubElement(ET.SubElement(task, "Triggers"), "BootTrigger" if of_machine else "LogonTrigger")
    _add(trigger, {"Enabled": "true"} if of_machine else {"Enabled": "true", "UserId": user})
    principal = ET.SubElement(ET.SubElement(task, "Principals"), "Principal", id="Author")
    _add(principal, _of_the_machine() if of_machine else _of_a_user(user))
    settings = ET.SubElement(task, "Settings")
    _add(settings, _SETTINGS)
    _add(ET.SubElement(settings, "RestartOnFailure"), _RESTART)
    _add(ET.SubElement(ET.SubElement(task, "Actions", Context="Author"), "Exec"), _action(plan))
    return ET.tostring(task, encoding="utf-16", xml_declaration=True)


def _of_the_machine() -> dict[str, str]:
    return {"UserId": _SYSTEM_SID, "RunLevel": "HighestAvailable"}


def _of_a_user(user: str) -> dict[str, str]:
    return {"UserId": user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"}


def _action(plan: Plan) -> dict[str, str]:
    """pythonw, else a console window would stand on the user's screen; it lies beside python in every environment."""
    program, *arguments = plan.own_command
    if program.lower().endswith("python.exe"):
        program = f"{program[: -len('python.exe')]}pythonw.exe"
    return {
        "Command": program,
        "Arguments": subprocess.list2cmdline(arguments),
        "WorkingDirectory": str(plan.data_dir),
    }


def _add(parent: ET.Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        ET.SubElement(parent, name).text = value


class WindowsTask:
    """The task and schtasks. Our own record tells whether it runs: schtasks says it in the user's language."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.log = plan, Log(file=plan.log_file)
        self._of_machine = plan.scope is Scope.SYSTEM
        # Users share one folder of tasks; a user name has no character that a task's name may not have.
        self.name = NAME if self._of_machine else f"{NAME}-{getpass.getuser()}"

    @property
    def kind(self) -> str:
        """What it is."""
        return "a scheduled task of the machine" if self._of_machine else "a scheduled task"

    @property
    def when(self) -> str:
        """When it starts by itself."""
        return "starts with the machine" if self._of_machine else "starts when you log on"

    @property
    def place(self) -> str:
        """The task's name."""
        return f"Task Scheduler: {self.name}"

    def trouble(self) -> str | None:
        """Tasks can be had on every Windows that Ollama runs on."""
        return None

    def is_installed(self) -> bool:
        """Whether there is such a task."""
        return run("schtasks", "/Query", "/TN", self.name).ok

    def write(self) -> None:
        """Register the task; for the machine, close its folder to other users: it holds the client's key."""
        file = self.plan.data_dir / "task.xml"
        put(file, task_xml(self.plan, _user()), 0o600)
        if self._of_machine:
            whole = [f"*{sid}:(OI)(CI)F" for sid in (_SYSTEM_SID, _ADMINISTRATORS_SID)]
            wanted("icacls", str(self.plan.data_dir), "/inheritance:r", "/grant:r", *whole)
        try:
            wanted("schtasks", "/Create", "/TN", self.name, "/XML", str(file), "/F")
        finally:
            unlink(file)

    def start(self) -> None:
        """Start it."""
        if self.pid() is None:
            wanted("schtasks", "/Run", "/TN", self.name)

    def stop(self) -> None:
        """End the task, and what may be left of it."""
        if self.pid() is not None:
            run("schtasks", "/End", "/TN", self.name)
            stop_recorded(self.plan)

    def pid(self) -> int | None:
        """The process that the record names."""
        return recorded_pid(self.plan.record_file)

    def remove(self) -> None:
        """Delete the task, its record and its log."""
        if self.is_installed():
            wanted("schtasks", "/Delete", "/TN", self.name, "/F")
        remove_traces(self.plan)


def _user() -> str:
    domain, name = os.environ.get("USERDOMAIN", ""), getpass.getuser()
    return f"{domain}\\{name}" if domain else name


def is_elevated() -> bool:
    """Whether this process has an administrator's rights; False on other systems."""
    with suppress(AttributeError):
        return bool(getattr(ctypes, "windll").shell32.IsUserAnAdmin())  # noqa: B009 - other systems' types know none
    return False


def remove_later(folder: Path) -> None:
    """Remove a folder that this very program runs from, as soon as it has ended: Windows holds what runs.

    The folder around it goes, too, if it is empty then. Both go by the environment, so that no character of them means
    anything to the command interpreter.
    """
    # Each part in brackets of its own: what an & belongs to after an `if` is a matter of taste to cmd.
    try_once = '(if exist "%OBT_REMOVE%" (rmdir /s /q "%OBT_REMOVE%" 2>nul & ping -n 2 127.0.0.1 >nul))'
    then = '(if not exist "%OBT_REMOVE%" (rmdir "%OBT_EMPTY%" 2>nul))'
    tries = f"for /l %i in (1,1,60) do @({try_once} & {then})"
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    subprocess.Popen(  # noqa: S602 - a fixed line, for cmd's own commands
        tries, shell=True, cwd=folder.anchor or None, creationflags=flags,
        env={**os.environ, "OBT_REMOVE": str(folder), "OBT_EMPTY": str(folder.parent)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
