"""How the service is installed, brought up to date, started and stopped: the order of the steps."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from obt_client.config import Settings, load_settings, refuse_remote_ollama, variable_of
from obt_client.identity import IdentityError, lock_data_dir, read_identity
from obt_client.service import choose, env_file
from obt_client.service.background import Background
from obt_client.service.base import Log, Manager, settled_pid
from obt_client.service.log_file import last_lines
from obt_client.service.plan import DATA_DIR_VARIABLE, Plan, Scope, ServiceError, config_dir, refuse_odd_paths
from obt_client.service.shell import run

_SECRET = "enrol_token"  # noqa: S105 - the name of a setting
_LOG_LINES = 8


def plan_of(scope: Scope, given: Mapping[str, object]) -> Plan:
    """Return what is to be installed: settings that are given now, before those of an earlier installation.

    They are checked as `obt-client run` would. Raises ServiceError, SettingsError, IdentityError.
    """
    folder = config_dir(scope)
    kept = env_file.read(folder / "client.env") or {}
    settings = load_settings(**given)
    told = {**_from_ollama_host(settings), **kept, **_told(settings)}
    data_dir = choose.chosen_data_dir(scope, settings, kept)
    told[DATA_DIR_VARIABLE] = str(data_dir)
    refuse_remote_ollama(load_settings(**_fields_of(told)))
    plan = Plan(scope, data_dir, folder, told)
    refuse_odd_paths(plan)
    _refuse_unenrolled(plan, settings)
    return plan


def _told(settings: Settings) -> dict[str, str]:
    """Return what was set, as environment variables; but not the token."""
    values = settings.model_dump(mode="json", include=settings.model_fields_set - {_SECRET})
    return {variable_of(name): value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}


def _from_ollama_host(settings: Settings) -> dict[str, str]:
    """Return where OLLAMA_HOST leads: a service does not see what stands in this shell only."""
    return {variable_of("ollama_url"): settings.ollama_url} if os.environ.get("OLLAMA_HOST") else {}


def _fields_of(told: Mapping[str, str]) -> dict[str, str]:
    return {name: told[variable_of(name)] for name in Settings.model_fields if variable_of(name) in told}


def _refuse_unenrolled(plan: Plan, settings: Settings) -> None:
    if not choose.has_key(plan.data_dir):
        enrol = f"{choose.own_name()} enrol --server {settings.server_url} --token TOKEN"
        raise IdentityError(
            f"This machine is not enrolled: there is no identity in {plan.data_dir}. First, with a token of the "
            f"server: {DATA_DIR_VARIABLE}='{plan.data_dir}' {enrol}"
        )


def install(scope: Scope, given: Mapping[str, object]) -> Iterator[str]:
    """Install or bring up to date, start, and yield what is to be said.

    Raises ServiceError, SettingsError, IdentityError.
    """
    choose.require_rights(scope, "install")
    _refuse_second(scope)
    plan = plan_of(scope, given)
    before, (manager, why) = choose.installed_manager(scope), choose.usable_manager(plan)
    if before is not None:
        yield f"Stopping {before.kind} that is installed already; a job that runs is ended in good order."
        before.stop()
        if before.place != manager.place:
            before.remove()
    _refuse_locked(plan)
    env_file.write(plan.env_file, plan.settings)
    manager.write()
    yield from started(manager)
    yield from _said(manager, why)


def _refuse_second(scope: Scope) -> None:
    """Two clients would measure one machine at once."""
    try:
        other = choose.installed_manager(scope.other)
    except ServiceError:
        return  # it is not ours to see
    if other is not None:
        raise ServiceError(
            f"{other.kind[0].upper()}{other.kind[1:]} is installed already ({other.place}), and two clients would "
            f"disturb each other. Remove it first: {choose.own_name()} service uninstall --{scope.other}"
        )


def _refuse_locked(plan: Plan) -> None:
    """A client that somebody started by hand holds the data directory. Raises IdentityError."""
    lock_data_dir(load_settings(client_data_dir=plan.data_dir)).release()


def started(manager: Manager) -> Iterator[str]:
    """Start, and wait until it is clear that it runs. Raises ServiceError, with the end of the log."""
    manager.start()
    pid = settled_pid(manager.pid)
    if pid is None:
        told = "\n".join(f"  {line}" for line in log_end(manager.log))
        raise ServiceError(f"The client was started and ended again. The end of its log:\n{told}")
    yield f"The client runs as {manager.kind} (process {pid}), and {manager.when}."


def log_end(log: Log) -> list[str]:
    """Return the last lines of a log."""
    if log.file is not None:
        return last_lines(log.file, _LOG_LINES)
    return run(*log.show, "--lines", str(_LOG_LINES)).out.splitlines()


def _said(manager: Manager, why: str | None) -> Iterator[str]:
    me, plan = choose.own_name(), manager.plan
    if why:
        yield f"Nothing better can be had here ({why})."
    yield f"  settings  {plan.env_file}"
    yield f"  data      {plan.data_dir} ({_who(plan.data_dir)})"
    yield f"  log       {me} service log --follow   ({manager.log.words})"
    yield f"  state     {me} service status"
    if isinstance(manager, Background):
        yield f"  again     {me} service start   (after a reboot)"
    yield f"  remove    {me} service uninstall   (--purge: identity and samples, too)"


def _who(data_dir: Path) -> str:
    identity = read_identity(data_dir)
    return f"{identity.client_id} at {identity.server_url}" if identity else "no identity"
