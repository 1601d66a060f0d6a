"""The client as a service of this machine: does it run, and is it the one that the other lines are about."""

from pathlib import Path

from obt_client.daemon import in_daemon
from obt_client.doctor.findings import Finding, Topic, ok, problem, warning
from obt_client.doctor.patient import Patient
from obt_client.service.choose import found, own_name
from obt_client.service.plan import ServiceError


async def check_service(patient: Patient) -> list[Finding]:
    """Whether a client that is installed as a service runs."""
    return await in_daemon(lambda: _look(patient.settings.data_dir))


def _look(own_dir: Path) -> list[Finding]:
    try:
        manager = found(None)[1]
        if manager is None:
            line = f"{own_name()} service install"
            return [ok(Topic.SERVICE, f"None is installed: the client works while obt-client run does ({line}).")]
        return of_service(manager.kind, manager.pid(), manager.plan.data_dir, own_dir)
    except ServiceError as error:
        return [warning(Topic.SERVICE, f"It cannot be looked at: {error}", "obt-client service status says more.")]


def of_service(kind: str, pid: int | None, service_dir: Path, own_dir: Path) -> list[Finding]:
    """Judge a service by its process, and by whether its data folder is the one that is looked at."""
    if pid is None:
        told = f"It is installed as {kind}, and does not run."
        state = problem(Topic.SERVICE, told, "obt-client service start; why it ended: obt-client service log")
    else:
        state = ok(Topic.SERVICE, f"It runs as {kind}, process {pid}.")
    if service_dir.absolute() == own_dir.absolute():
        return [state]
    told = f"It uses another data folder, {service_dir}: what is told here of {own_dir} is not about it."
    todo = f"As its user: OBT_CLIENT_DATA_DIR={service_dir} obt-client doctor"
    return [state, warning(Topic.SERVICE, told, todo)]
