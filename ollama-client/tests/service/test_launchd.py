"""macOS: the property list, and the order of what launchctl is asked. No Mac ran this: launchctl is a stand-in."""

import os
import plistlib
from collections.abc import Generator
from pathlib import Path

import pytest

from obt_client.service import env_file
from obt_client.service.base import settled_pid
from obt_client.service.launchd import Launchd, plist_bytes
from obt_client.service.plan import Plan, Scope, ServiceError

from ..contract_server import ContractServer  # noqa: TID252 - the folder has no importable name
from .machines import ODD_NAME, Machine
from .texts import ODD, a_plan, an_odd_plan

TARGET = f"gui/{os.getuid()}/obt-client"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Machine]:
    """A machine on which this very process stands."""
    made = Machine(tmp_path, ODD_NAME)
    for name in ("HOME", "PATH", "FAKE_STATE"):
        monkeypatch.setenv(name, made.env[name])
    yield made
    made.end()


def test_the_property_list_says_what_launchd_is_to_do() -> None:
    job = plistlib.loads(plist_bytes(a_plan(settings={"OBT_DRAIN_S": "100"})))
    assert job == {
        "Label": "obt-client",
        "ProgramArguments": [
            "/opt/obt-client/venv/bin/python",
            "-P",
            "-m",
            "obt_client.service.started",
            "/etc/obt-client/client.env",
        ],
        "WorkingDirectory": "/var/lib/obt-client",
        "StandardOutPath": "/var/lib/obt-client/service.log",
        "StandardErrorPath": "/var/lib/obt-client/service.log",
        "RunAtLoad": True,
        "KeepAlive": True,
        "ThrottleInterval": 10,
        "ExitTimeOut": 115,
        "ProcessType": "Interactive",
        "Umask": 0o077,
    }


def test_odd_paths_are_themselves_in_a_property_list() -> None:
    job = plistlib.loads(plist_bytes(an_odd_plan()))
    assert job["WorkingDirectory"] == f"{ODD}/data"
    assert job["ProgramArguments"][0] == f"{ODD}/bin/python"


def test_a_daemon_lies_where_launchd_looks_for_them() -> None:
    daemon = Launchd(a_plan(Scope.SYSTEM))
    assert daemon.place == "/Library/LaunchDaemons/obt-client.plist"
    assert daemon.kind == "a launchd daemon"


def test_without_a_session_at_the_screen_it_says_so(machine: Machine) -> None:
    (machine.state / "no-session").touch()
    assert "log in at the screen" in (Launchd(a_plan()).trouble() or "")


async def test_an_agent_is_loaded_runs_is_replaced_and_removed(machine: Machine, contract: ContractServer) -> None:
    await machine.enrol(contract.url)
    plan = Plan(Scope.USER, machine.data, machine.config, {"OBT_CLIENT_DATA_DIR": str(machine.data)})
    env_file.write(plan.env_file, plan.settings)
    agent = Launchd(plan)
    assert agent.trouble() is None
    assert not agent.is_installed()
    agent.write()
    agent.start()
    first = settled_pid(agent.pid, settled_s=0.1)
    assert first is not None
    agent.start()
    assert agent.pid() == first
    await machine.connects(contract)

    agent.stop()
    assert agent.pid() is None
    agent.write()
    agent.start()
    assert settled_pid(agent.pid, settled_s=0.1) not in {None, first}
    agent.stop()
    agent.remove()
    assert not agent.is_installed()
    assert machine.processes() == []
    assert not list(machine.data.glob("service.*"))
    acts = [call for call in machine.calls("launchctl") if call[0] != "print"]
    load = ["bootstrap", TARGET.rpartition("/")[0], agent.place]
    assert acts == [
        ["enable", TARGET], load, ["kickstart", TARGET], ["bootout", TARGET],
        ["enable", TARGET], load, ["bootout", TARGET],
    ]  # fmt: skip


def test_a_list_that_cannot_be_written_is_told(machine: Machine) -> None:
    (machine.home / "Library").write_text("a file")
    with pytest.raises(ServiceError, match=r"obt-client\.plist cannot be written"):
        Launchd(a_plan()).write()
