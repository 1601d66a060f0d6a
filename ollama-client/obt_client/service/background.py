"""The service as a plain background process, where nothing on the machine keeps services: it ends with the machine."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

from obt_client.files import make_private_dir
from obt_client.service import record
from obt_client.service.base import Log, kill, unlink
from obt_client.service.plan import Plan, ServiceError

_START_LIMIT_S = 20.0
_POLL_S = 0.05


class Background:
    """A process of its own session, with its record and its log in the data directory."""

    kind = "a plain background process"
    when = "does not come back after a reboot or a crash"

    def __init__(self, plan: Plan) -> None:
        self.plan, self.log = plan, Log(file=plan.log_file)

    @property
    def place(self) -> str:
        """The record of the process."""
        return str(self.plan.record_file)

    def trouble(self) -> str | None:
        """It can always be."""
        return None

    def is_installed(self) -> bool:
        """Whether there are settings of a service: there is nothing else of it while it is stopped."""
        try:
            return self.plan.env_file.exists()
        except PermissionError:
            return True  # root's, and there

    def write(self) -> None:
        """Make the folder that it runs in."""
        try:
            make_private_dir(self.plan.data_dir)
        except OSError as error:
            raise ServiceError(f"The data directory {self.plan.data_dir} cannot be made: {error}.") from None

    def start(self) -> None:
        """Start it, and wait until it says which process it is."""
        if self.pid() is not None:
            return
        unlink(self.plan.record_file)  # of a process that has ended
        process = self._spawn()
        end_s = time.monotonic() + _START_LIMIT_S
        while self.pid() is None:
            if process.poll() is not None or time.monotonic() > end_s:
                raise ServiceError(f"The client ended at once (status {process.poll()}). Its log: {self.plan.log_file}")
            time.sleep(_POLL_S)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        env = {name: value for name, value in os.environ.items() if not name.startswith("OBT_")}
        try:
            log = os.open(self.plan.log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                return subprocess.Popen(  # noqa: S603 - our own program
                    self.plan.own_command,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    cwd=self.plan.data_dir, env=env, start_new_session=True,
                )  # fmt: skip
            finally:
                os.close(log)
        except OSError as error:
            raise ServiceError(f"The client cannot be started in {self.plan.data_dir}: {error}.") from None

    def stop(self) -> None:
        """End it in good order; kill it when that takes too long."""
        stop_recorded(self.plan)

    def pid(self) -> int | None:
        """The process that the record names, if it is still that one."""
        return recorded_pid(self.plan.record_file)

    def remove(self) -> None:
        """Remove record and log: the settings are the caller's."""
        remove_traces(self.plan)


def recorded_pid(path: Path) -> int | None:
    """Return the running process that a record names."""
    process = record.process_of(path)
    return process.pid if process else None


def stop_recorded(plan: Plan) -> None:
    """Ask the recorded process to end, wait, kill it if it does not. Raises ServiceError."""
    process = record.process_of(plan.record_file)
    if process is None:
        return
    try:
        process.send_signal(signal.SIGTERM)  # Windows knows no such wish: there it ends at once
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied:
        raise ServiceError(
            f"Process {process.pid} belongs to another user: stop it as root, or as that user."
        ) from None
    if not record.ended(process, plan.stop_limit_s):
        kill(process)
        record.ended(process, plan.stop_limit_s)


def remove_traces(plan: Plan) -> None:
    """Remove the record and the log. Raises ServiceError."""
    for path in (plan.record_file, plan.log_file, plan.log_file.with_name(f"{plan.log_file.name}.1")):
        unlink(path)
