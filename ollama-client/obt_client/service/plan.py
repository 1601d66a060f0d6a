"""What a service is made of: whose it is, its folders, its settings. No file is written here."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from platformdirs import user_config_path, user_data_path

from obt_client.config import Settings, variable_of

NAME = "obt-client"
DATA_DIR_VARIABLE = variable_of("client_data_dir")
STOP_MARGIN_S = 15.0
"""So long after the time for draining a client that has not ended is killed."""
_DRAIN_S = float(Settings.model_fields["drain_s"].default)
SYSTEM_DATA = {"linux": "/var/lib", "darwin": "/Library/Application Support"}
SYSTEM_CONFIG = {"linux": "/etc", "darwin": "/Library/Application Support"}


class ServiceError(Exception):
    """Something that the service needs cannot be had. Its text says what, and what to do."""


class Scope(StrEnum):
    """Whose service it is: the user's own, or the machine's."""

    USER = "user"
    SYSTEM = "system"

    @property
    def other(self) -> "Scope":
        """The other one."""
        return Scope.SYSTEM if self is Scope.USER else Scope.USER


def usual_data_dir(scope: Scope) -> Path:
    """Return where the identity and the samples lie when nobody says otherwise."""
    if scope is Scope.USER:
        return user_data_path(NAME, appauthor=False)
    return _of_the_machine(SYSTEM_DATA) / NAME


def config_dir(scope: Scope) -> Path:
    """Return where the settings of the service lie."""
    if scope is Scope.USER:
        return user_config_path(NAME, appauthor=False)
    return _of_the_machine(SYSTEM_CONFIG) / NAME


def _of_the_machine(folders: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData"))
    return Path(folders.get(sys.platform, folders["linux"]))


@dataclass(frozen=True, slots=True)
class Plan:
    """A service: everything that its unit, its property list or its task is made of.

    `settings` are environment variables with their values, as they stand in the file of settings.
    """

    scope: Scope
    data_dir: Path
    config_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    python: str = sys.executable
    """The interpreter of the environment that holds this program: it stays right whatever is on PATH."""

    @property
    def env_file(self) -> Path:
        """The settings, mode 0600."""
        return self.config_dir / "client.env"

    @property
    def log_file(self) -> Path:
        """The log, where the system keeps none."""
        return self.data_dir / "service.log"

    @property
    def record_file(self) -> Path:
        """Which process it is, where the system does not know."""
        return self.data_dir / "service.json"

    @property
    def stop_limit_s(self) -> float:
        """How long it may take to stop, in seconds: more than the client takes to end its job."""
        try:
            drain_s = float(self.settings.get(variable_of("drain_s"), _DRAIN_S))
        except ValueError:
            drain_s = _DRAIN_S
        return drain_s + STOP_MARGIN_S

    @property
    def command(self) -> tuple[str, ...]:
        """The client, its settings from the environment. -P: no module of the folder it runs in is imported."""
        return (self.python, "-P", "-m", "obt_client", "run")

    @property
    def own_command(self) -> tuple[str, ...]:
        """The client where nobody reads a file of settings for it or keeps its log."""
        return (self.python, "-P", "-m", "obt_client.service.started", str(self.env_file))


def refuse_odd_paths(plan: Plan) -> None:
    """Raise ServiceError for a path that no unit file, property list or task can name."""
    for path in (plan.data_dir, plan.config_dir, Path(plan.python)):
        text = str(path)
        if not text.isprintable() or text != text.strip() or text.endswith("\\"):
            raise ServiceError(
                f"The path {text!r} cannot be named in a service: it has a control character, or ends in a blank or a "
                f"backslash. Move it, or set {DATA_DIR_VARIABLE} to another folder."
            )
