"""The service as a unit of systemd: the machine's, or the user's own."""

import os
from pathlib import Path

from obt_client.service.base import Log, put, remove_empty, unlink
from obt_client.service.plan import NAME, Plan, Scope
from obt_client.service.shell import Reply, run, wanted

UNIT = f"{NAME}.service"
_RESTART_S = 10
_MISUSED = 2
_NETWORK = "network-online.target"

_HARDENING = """\
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
"""

# What a measuring client must still reach decides what is not here. PrivateDevices=, DevicePolicy=, DeviceAllow= and
# ProtectClock= (which implies DeviceAllow=) hide GPUs; ProcSubset= and ProtectProc= hide Ollama's process; a counter of
# RAPL is read by root's user ID. CAP_SYS_PTRACE reads the settings of Ollama's process, which runs as another user; the
# two CAP_DAC_ reach a data directory that belongs to a person. Homes are read: Ollama's models may lie in one.
_HARDENING_OF_THE_MACHINE = """\
CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
"""


def unit_text(plan: Plan) -> str:
    """Return the unit (systemd.unit(5), systemd.service(5), systemd.exec(5)).

    An older systemd leaves out what it does not know, with a warning: ProtectHostname= and RestrictSUIDSGID= came with
    242, ProtectKernelLogs= with 244.
    """
    of_machine = plan.scope is Scope.SYSTEM
    # A user's manager knows neither the network nor the services of the machine.
    order = f"Wants={_NETWORK}\nAfter={_NETWORK} ollama.service nvidia-persistenced.service\n" if of_machine else ""
    edit = "systemctl edit" if of_machine else "systemctl --user edit"
    hardening = _HARDENING + (_hardening_of_the_machine(plan) if of_machine else "")
    return f"""\
# Written by `obt-client service install`, which writes it anew. Changes: {edit} {UNIT}
[Unit]
Description=OBT client: measures this machine's Ollama for an OBT server
{order}StartLimitIntervalSec=0

[Service]
Type=simple
EnvironmentFile={_glob(str(plan.env_file))}
WorkingDirectory={_specifiers(str(plan.data_dir))}
ExecStart={_command(plan.command)}
SyslogIdentifier={NAME}
UMask=0077
Restart=always
RestartSec={_RESTART_S}
RestartPreventExitStatus={_MISUSED}
KillMode=mixed
TimeoutStopSec={plan.stop_limit_s:.0f}
{hardening}
[Install]
WantedBy={"multi-user.target" if of_machine else "default.target"}
"""


def _hardening_of_the_machine(plan: Plan) -> str:
    return f"{_HARDENING_OF_THE_MACHINE}ReadWritePaths={_path_word(str(plan.data_dir))}\n"


def _specifiers(text: str) -> str:
    """A value that is taken whole: only % means something."""
    return text.replace("%", "%%")


def _glob(text: str) -> str:
    """A file name that is matched as a pattern, too."""
    return _specifiers("".join(f"\\{char}" if char in "\\*?[" else char for char in text))


def _word(text: str) -> str:
    """A word of a command line: C's escapes in double quotes, % and $ doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return _specifiers(f'"{escaped}"' if escaped != text or not text or set(text) & set(" '\t;") else text)


def _command(command: tuple[str, ...]) -> str:
    """A program whose path has quotes or a backslash is refused, a $ in it not undoubled: a shell becomes it."""
    if set(command[0]) & set("\"'\\$"):
        command = ("/bin/sh", "-c", 'exec "$0" "$@"', *command)
    return " ".join(map(_word, command))


def _path_word(text: str) -> str:
    """A word of a list of paths, in which a backslash is itself: what has a double quote stands in single ones."""
    return _specifiers("'\"'".join(f'"{part}"' for part in text.split('"')) if '"' in text else f'"{text}"')


class Systemd:
    """The unit and systemctl."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._of_machine = plan.scope is Scope.SYSTEM
        self._ctl = ("systemctl",) if self._of_machine else ("systemctl", "--user")
        self._env = {} if self._of_machine else _user_bus()
        unit = ("--unit", UNIT) if self._of_machine else ("--user-unit", UNIT)
        self.log = Log(show=("journalctl", "--no-pager", *unit), follow=("journalctl", *unit, "--follow"))

    @property
    def kind(self) -> str:
        """What it is."""
        return "a systemd unit" if self._of_machine else "a systemd user unit"

    @property
    def when(self) -> str:
        """When it starts by itself."""
        if self._of_machine or is_lingering():
            return "starts with the machine"
        return f"starts when you log in, ends when you log out (always: sudo loginctl enable-linger {user_name()})"

    @property
    def unit_file(self) -> Path:
        """The unit."""
        folder = "/etc/systemd/system" if self._of_machine else self.plan.config_dir.parent / "systemd/user"
        return Path(folder) / UNIT

    @property
    def place(self) -> str:
        """The unit."""
        return str(self.unit_file)

    def trouble(self) -> str | None:
        """Why there is no systemd to be had; inside a chroot systemctl answers nothing and calls it success."""
        reply = self._try("show", "--property=Version")
        return None if reply.ok and "Version=" in reply.out else f"{' '.join(self._ctl)}: {reply.complaint}"

    def is_installed(self) -> bool:
        """Whether there is a unit."""
        return self.unit_file.exists()

    def write(self) -> None:
        """Write the unit and enable it."""
        put(self.unit_file, unit_text(self.plan).encode(), 0o644)
        self._want("daemon-reload")
        self._want("enable", UNIT)
        if not self._of_machine and not is_lingering():
            run(
                "loginctl", "--no-ask-password", "enable-linger", user_name()
            )  # where it is not permitted, `when` says so

    def start(self) -> None:
        """Start, also after failures."""
        self._try("reset-failed", UNIT)
        self._want("start", UNIT)

    def stop(self) -> None:
        """Stop, and wait for the end of a job."""
        if self.is_installed() and self.trouble() is None:
            self._want("stop", UNIT, limit_s=self.plan.stop_limit_s + 30)

    def pid(self) -> int | None:
        """The main process."""
        if not self.is_installed():
            return None
        told = self._try("show", UNIT, "--property=MainPID").out.strip().rpartition("=")[2]
        return int(told) if told.isdigit() and told != "0" else None

    def remove(self) -> None:
        """Disable, remove the unit; its link too where systemd cannot be asked."""
        if self.is_installed():
            self._try("disable", UNIT)
        target = "multi-user.target.wants" if self._of_machine else "default.target.wants"
        unlink(self.unit_file.parent / target / UNIT)
        unlink(self.unit_file)
        self._try("daemon-reload")
        self._try("reset-failed", UNIT)
        if not self._of_machine:
            remove_empty((self.unit_file.parent / target, *self.unit_file.parents[:2]))

    def _try(self, *arguments: str) -> Reply:
        return run(*self._ctl, *arguments, env=self._env)

    def _want(self, *arguments: str, limit_s: float = 60.0) -> Reply:
        return wanted(*self._ctl, *arguments, limit_s=limit_s, env=self._env)


def _user_bus() -> dict[str, str]:
    """Return where the user's manager is reached: after `su` or `sudo -u` nothing in the environment says it."""
    folder = f"/run/user/{os.getuid()}"
    return {"XDG_RUNTIME_DIR": folder} if "XDG_RUNTIME_DIR" not in os.environ and Path(folder).is_dir() else {}


def user_name() -> str:
    """Return the name of the user whose process this is."""
    import pwd  # noqa: PLC0415  Windows has none

    return pwd.getpwuid(os.getuid()).pw_name


def is_lingering() -> bool:
    """Whether the user's services run without a log-in (loginctl(1))."""
    return "Linger=yes" in run("loginctl", "show-user", user_name(), "--property=Linger").out
