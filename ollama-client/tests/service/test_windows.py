"""Windows: the task, and the order of what schtasks is asked. No Windows ran this: schtasks is a stand-in."""

import xml.etree.ElementTree as ET
from collections.abc import Generator
from pathlib import Path

import pytest

from obt_client.service import env_file
from obt_client.service.base import settled_pid
from obt_client.service.plan import Plan, Scope
from obt_client.service.windows import WindowsTask, task_xml

from ..contract_server import ContractServer  # noqa: TID252 - the folder has no importable name
from .machines import ODD_NAME, Machine
from .texts import a_plan

SCHEMA = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
USER = "WERKSTATT\\Zoë O'Neil"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Machine]:
    """A machine on which this very process stands."""
    made = Machine(tmp_path, ODD_NAME)
    for name in ("HOME", "PATH", "FAKE_STATE"):
        monkeypatch.setenv(name, made.env[name])
    monkeypatch.setenv("LOGNAME", "zoë")
    yield made
    made.end()


def parsed(plan: Plan) -> ET.Element:
    return ET.fromstring(task_xml(plan, USER).decode("utf-16").partition("?>")[2])


def text(task: ET.Element, path: str) -> str | None:
    return task.findtext("/".join(f"t:{part}" for part in path.split("/")), namespaces=SCHEMA)


def test_a_users_task_starts_at_the_log_on_with_no_more_rights_than_the_user() -> None:
    task = parsed(a_plan())
    assert text(task, "Triggers/LogonTrigger/UserId") == USER
    assert text(task, "Principals/Principal/UserId") == USER
    assert text(task, "Principals/Principal/LogonType") == "InteractiveToken"
    assert text(task, "Principals/Principal/RunLevel") == "LeastPrivilege"
    assert text(task, "Triggers/BootTrigger/Enabled") is None


def test_the_machines_task_starts_at_boot_as_system() -> None:
    task = parsed(a_plan(Scope.SYSTEM))
    assert text(task, "Triggers/BootTrigger/Enabled") == "true"
    assert text(task, "Principals/Principal/UserId") == "S-1-5-18"
    assert text(task, "Triggers/LogonTrigger/UserId") is None


def test_a_task_runs_for_ever_on_battery_too_and_at_normal_priority() -> None:
    task = parsed(a_plan())
    assert text(task, "Settings/ExecutionTimeLimit") == "PT0S"
    assert text(task, "Settings/DisallowStartIfOnBatteries") == "false"
    assert text(task, "Settings/StopIfGoingOnBatteries") == "false"
    assert text(task, "Settings/Priority") == "4"
    assert text(task, "Settings/RestartOnFailure/Count") == "999"


def test_it_runs_without_a_console_window_and_its_arguments_are_quoted_as_windows_splits_them() -> None:
    python = r"C:\Program Files\obt & co\Scripts\python.exe"
    task = parsed(a_plan(python=python, config_dir=Path("C:\\Users <x>\\Zoë")))
    assert text(task, "Actions/Exec/Command") == r"C:\Program Files\obt & co\Scripts\pythonw.exe"
    arguments = text(task, "Actions/Exec/Arguments")
    assert arguments == '-P -m obt_client.service.started "C:\\Users <x>\\Zoë/client.env"'


def test_schtasks_reads_utf_16_with_its_mark() -> None:
    assert task_xml(a_plan(), USER)[:2] in {b"\xff\xfe", b"\xfe\xff"}


async def test_a_task_is_registered_runs_and_is_removed(machine: Machine, contract: ContractServer) -> None:
    await machine.enrol(contract.url)
    plan = Plan(Scope.USER, machine.data, machine.config, {"OBT_CLIENT_DATA_DIR": str(machine.data)})
    env_file.write(plan.env_file, plan.settings)
    task = WindowsTask(plan)
    assert not task.is_installed()
    task.write()
    assert task.is_installed()
    task.start()
    pid = settled_pid(task.pid, settled_s=0.1)
    assert pid is not None
    await machine.connects(contract)
    assert "server_connected" in plan.log_file.read_text()

    task.stop()
    assert task.pid() is None
    task.remove()
    task.remove()
    assert not task.is_installed()
    assert machine.processes() == []
    assert not list(machine.data.glob("service.*")) + list(machine.data.glob("task.xml"))
    acts = [call[0] for call in machine.calls("schtasks") if call[0] != "/Query"]
    assert acts == ["/Create", "/Run", "/End", "/Delete"]
    assert {call[call.index("/TN") + 1] for call in machine.calls("schtasks")} == {"obt-client-zoë"}


def test_the_machines_task_closes_its_folder_to_other_users(machine: Machine) -> None:
    task = WindowsTask(Plan(Scope.SYSTEM, machine.data, machine.config))
    task.write()
    assert task.name == "obt-client"
    assert machine.calls("icacls") == [
        [str(machine.data), "/inheritance:r", "/grant:r", "*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F"]
    ]
