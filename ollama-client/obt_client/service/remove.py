"""How the service is removed: first all is looked at and said, then it is done."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from obt_client.config import load_settings
from obt_client.identity import lock_data_dir
from obt_client.service import choose
from obt_client.service.base import Manager, remove_empty, unlink
from obt_client.service.plan import Plan, Scope, ServiceError
from obt_client.service.systemd import Systemd, is_lingering, user_name
from obt_client.service.traces import Environment, Undelivered, data_of, environment, folders_of, undelivered_in
from obt_client.service.windows import remove_later


@dataclass(frozen=True, slots=True)
class Removal:
    """What `uninstall` would do."""

    scope: Scope
    plan: Plan
    manager: Manager | None
    purge: bool
    undelivered: Undelivered
    environment: Environment | None

    def listed(self) -> Iterator[str]:
        """Yield each thing that would go for ever."""
        if self.purge:
            yield from (str(path) for path in data_of(self.plan.data_dir))
            if self.environment:
                yield from map(str, (*self.environment.links, f"{self.environment.folder} (the program itself)"))


def look(scope: Scope | None, *, purge: bool) -> Removal:
    """Return what is there to be removed. Raises ServiceError, IdentityError, OSError."""
    scope, manager = choose.found(scope)
    choose.require_rights(scope, "uninstall --purge" if purge else "uninstall")
    plan = manager.plan if manager else choose.installed_plan(scope)
    keeps_program = not purge or _is_used_elsewhere(scope)
    return Removal(scope, plan, manager, purge, undelivered_in(plan.data_dir), None if keeps_program else environment())


def _is_used_elsewhere(scope: Scope) -> bool:
    try:
        return choose.installed_manager(scope.other) is not None
    except ServiceError:
        return True  # there is something that is not ours to see


def remove(removal: Removal) -> Iterator[str]:
    """Do it, and yield what is to be said; done twice, the second finds nothing. Raises ServiceError, IdentityError."""
    if removal.manager is None:
        yield "No service is installed."
    else:
        yield from _remove_service(removal.manager)
    unlink(removal.plan.env_file)
    if removal.purge:
        yield from _purge(removal)
    else:
        remove_empty(folder for folder in (removal.plan.config_dir,) if folder != removal.plan.data_dir)
        yield from _kept(removal)


def _remove_service(manager: Manager) -> Iterator[str]:
    if manager.pid() is not None:
        yield "Stopping the client; a job that runs is ended in good order."
    manager.stop()
    manager.remove()
    yield f"Removed {manager.kind}: {manager.place}"
    if isinstance(manager, Systemd) and manager.plan.scope is Scope.USER and is_lingering():
        # Other services of the same user may live by it: whether they do is not ours to say.
        how = f"loginctl disable-linger {user_name()}"
        yield f"Your services still start with the machine. If no other service needs that: {how}"


def _kept(removal: Removal) -> Iterator[str]:
    if not data_of(removal.plan.data_dir):
        return
    left = removal.undelivered
    count = f"; {left.samples} samples of {left.jobs} jobs are not delivered" if left.jobs else ""
    yield f"Kept: the identity and what was measured, in {removal.plan.data_dir}{count}."
    yield f"To remove that too: {choose.own_name()} service uninstall --purge --{removal.scope}"


def _purge(removal: Removal) -> Iterator[str]:
    _refuse_locked(removal.plan)
    for path in data_of(removal.plan.data_dir):
        _erase(path)
        yield f"Removed {path}"
    found, folders = removal.environment, folders_of(removal.plan, removal.environment)
    if found:
        for link in found.links:
            unlink(link)
            yield f"Removed {link}"
        yield from _remove_program(found.folder)
    remove_empty(folders)
    if removal.plan.data_dir.exists() and sys.platform != "win32":
        yield f"Left, since not all in it is the client's: {removal.plan.data_dir}"


def _refuse_locked(plan: Plan) -> None:
    """A client that somebody started by hand still writes there. Raises IdentityError."""
    if plan.data_dir.is_dir():
        lock_data_dir(load_settings(client_data_dir=plan.data_dir)).release()


def _erase(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ServiceError(f"{path} cannot be removed: {error}. As root, or as its owner, it can.") from None


def _remove_program(folder: Path) -> Iterator[str]:
    """Last of all: what this program still needs is loaded by now. Windows lets go of it only after its end."""
    if sys.platform == "win32":
        remove_later(folder)
        yield f"The program itself, {folder}, is removed within a minute: Windows cannot remove what runs."
        return
    _erase(folder)
    yield f"Removed {folder}, the program itself"
