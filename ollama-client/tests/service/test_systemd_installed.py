"""The whole way with systemd: a stand-in for systemctl runs what the unit says, as a real process."""

import stat
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from ..contract_server import ContractServer  # noqa: TID252 - the folder has no importable name
from .machines import ODD_NAME, Machine


@pytest.fixture
def machine(tmp_path: Path) -> Generator[Machine]:
    made = Machine(tmp_path, ODD_NAME)
    yield made
    made.end()


async def test_it_is_installed_runs_is_brought_up_to_date_and_removed(
    machine: Machine, contract: ContractServer
) -> None:
    before = machine.files()
    await machine.enrol(contract.url)
    said = await machine.service("install", OBT_OLLAMA_URL="127.0.0.1:1", OBT_ENROL_TOKEN="obt_secret_token")
    assert "a systemd user unit" in said
    assert "starts with the machine" in said
    await machine.connects(contract)
    (process,) = machine.processes()
    assert str(process.pid) in await machine.service("status")
    assert "obt_secret_token" not in machine.unit.read_text() + " ".join(process.cmdline())
    assert not any("secret" in value for value in process.environ().values())
    assert process.environ()["OBT_OLLAMA_URL"] == "http://127.0.0.1:1"

    assert "Stopping a systemd user unit" in await machine.service("install", OBT_DRAIN_S="60")
    (again,) = machine.processes()
    assert again.pid != process.pid
    assert "TimeoutStopSec=75" in machine.unit.read_text()
    assert again.environ()["OBT_OLLAMA_URL"] == "http://127.0.0.1:1"
    assert "server_connected" in await machine.service("log", "-n", "100")

    said = await machine.service("uninstall", "--purge")
    assert str(machine.data / "identity.json") in said
    assert "loginctl disable-linger" in said
    assert machine.processes() == []
    assert machine.files() - before <= {"data", "config"}
    assert "No service is installed" in await machine.service("uninstall", "--purge")


async def test_systemctl_is_asked_for_no_more_than_it_takes(machine: Machine, contract: ContractServer) -> None:
    await machine.enrol(contract.url)
    await machine.service("install")
    asked = [" ".join(call).removeprefix("--user ") for call in machine.calls("systemctl")]
    acts = [call for call in asked if not call.startswith("show")]
    unit = "obt-client.service"
    assert acts == ["daemon-reload", f"enable {unit}", f"reset-failed {unit}", f"start {unit}"]
    assert all(call[0] == "--user" for call in machine.calls("systemctl"))
    assert stat.S_IMODE(machine.unit.stat().st_mode) == 0o644
    await machine.service("stop")
    assert "does not run" in await machine.service("status", status=3)
    await machine.service("start")
    assert "runs since" in await machine.service("status")
    await machine.service("uninstall")
    assert (machine.data / "identity.json").exists()
    assert not machine.unit.exists()
    assert not machine.config.exists()


async def test_without_lingering_it_says_when_it_ends_and_what_to_do(
    machine: Machine, contract: ContractServer
) -> None:
    (machine.state / "may-not-linger").touch()
    await machine.enrol(contract.url)
    said = await machine.service("install")
    assert "ends when you log out" in said
    assert "sudo loginctl enable-linger" in said
    machine.has_no_systemd()
    assert "cannot be told (systemctl --user: System has not been booted" in await machine.service("status", status=3)


async def test_a_client_that_ends_at_once_fails_the_installation_with_its_log(
    machine: Machine, contract: ContractServer
) -> None:
    await machine.enrol(contract.url)
    (machine.data / "outbox").write_text("in the way")
    said = await machine.service("install", status=1)
    assert "ended again" in said
    assert "outbox" in said
    assert not any(psutil.pid_exists(process.pid) for process in machine.processes())
