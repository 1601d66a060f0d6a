"""Which scope is meant, which way of running a service this machine has, and which one is installed."""

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from obt_client.config import Settings, load_settings
from obt_client.identity import IdentityError, read_identity
from obt_client.service import env_file
from obt_client.service.background import Background
from obt_client.service.base import Manager
from obt_client.service.launchd import Launchd
from obt_client.service.plan import DATA_DIR_VARIABLE, NAME, Plan, Scope, ServiceError, config_dir, usual_data_dir
from obt_client.service.systemd import Systemd
from obt_client.service.windows import WindowsTask, is_elevated


def may_all() -> bool:
    """Whether this process has the rights for the machine's services."""
    return is_elevated() if sys.platform == "win32" else os.geteuid() == 0


def usual_scope() -> Scope:
    """The machine's service where one may make it, else the user's."""
    return Scope.SYSTEM if may_all() else Scope.USER


def require_rights(scope: Scope, command: str) -> None:
    """Raise ServiceError, with what to type, where the machine's service is meant and may not be touched."""
    if scope is Scope.SYSTEM and not may_all():
        line = f"{own_name()} service {command} --system"
        how = f"In a terminal of an administrator: {line}" if sys.platform == "win32" else f"sudo {line}"
        raise ServiceError(f"The machine's service needs root's rights: {how}")


def own_name() -> str:
    """Return what a person types for this program: its name where PATH leads to it, else where it lies."""
    script = Path(sys.executable).with_name(f"{NAME}.exe" if sys.platform == "win32" else NAME)
    on_path = shutil.which(NAME)
    if on_path and script.exists() and _leads_to(Path(on_path), script):
        return NAME
    return _quoted(str(script)) if script.exists() else f"{_quoted(sys.executable)} -m obt_client"


def _leads_to(link: Path, script: Path) -> bool:
    return link.resolve() == script.resolve()


def _quoted(path: str) -> str:
    if sys.platform == "win32":
        return f'"{path}"' if " " in path else path
    return shlex.quote(path)


def installed_plan(scope: Scope) -> Plan:
    """Return the service as its file of settings says it; of one that is not installed, what is usual."""
    folder = config_dir(scope)
    kept = _kept_settings(scope, folder)
    known = kept.get(DATA_DIR_VARIABLE)
    return Plan(scope, Path(known) if known else chosen_data_dir(scope, load_settings(), kept), folder, kept)


def _kept_settings(scope: Scope, folder: Path) -> dict[str, str]:
    """Those of the machine are root's: to others it is as if there were none, and they may change nothing anyway."""
    try:
        return env_file.read(folder / "client.env") or {}
    except ServiceError:
        if scope is Scope.USER or may_all():
            raise
        return {}


def chosen_data_dir(scope: Scope, settings: Settings, kept: Mapping[str, str]) -> Path:
    """Return the folder that a service is to use: as told, as before, else where the identity is."""
    if "client_data_dir" in settings.model_fields_set:
        return settings.data_dir.absolute()
    if DATA_DIR_VARIABLE in kept:
        return Path(kept[DATA_DIR_VARIABLE])
    # Whoever enrolled by hand as root has the identity in root's own folder: there it is used.
    usual, own = usual_data_dir(scope), settings.data_dir.absolute()
    return own if _is_enrolled(own) and not _is_enrolled(usual) else usual


def _is_enrolled(data_dir: Path) -> bool:
    """Whether an identity can be read there that has a key."""
    try:
        return has_key(data_dir)
    except IdentityError:
        return False


def has_key(data_dir: Path) -> bool:
    """Whether there is the identity of an enrolled client. Raises IdentityError."""
    identity = read_identity(data_dir)
    return identity is not None and identity.key is not None


def managers_of(plan: Plan) -> tuple[Manager, ...]:
    """Return the ways of running a service on this kind of system, the best first."""
    if sys.platform == "win32":
        return (WindowsTask(plan),)
    if sys.platform == "darwin":
        return (Launchd(plan), Background(plan))
    if sys.platform == "linux":
        return (Systemd(plan), Background(plan))
    return (Background(plan),)


def installed_manager(scope: Scope) -> Manager | None:
    """Return the service that is installed, None where none is. Raises ServiceError."""
    return next((manager for manager in managers_of(installed_plan(scope)) if manager.is_installed()), None)


def usable_manager(plan: Plan) -> tuple[Manager, str | None]:
    """Return the best way that works here, and why a better one does not."""
    reasons = list[str]()
    for manager in managers_of(plan):
        trouble = manager.trouble()
        if trouble is None:
            return manager, "; ".join(reasons) or None
        reasons.append(trouble)
    raise ServiceError(f"No service can be run here: {'; '.join(reasons)}")


def found(scope: Scope | None) -> tuple[Scope, Manager | None]:
    """Return the service that is meant: of that scope, else the one that there is, one's own kind first."""
    if scope is not None:
        return scope, installed_manager(scope)
    usual = usual_scope()
    for one in (usual, usual.other):
        manager = installed_manager(one)
        if manager is not None:
            return one, manager
    return usual, None
