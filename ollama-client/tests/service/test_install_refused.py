"""What stands in the way of an installation is told, with what to do."""

import json
import os
import sys
from pathlib import Path

import pytest

from obt_client.config import SettingsError
from obt_client.service import choose, install, plan
from obt_client.service.plan import Scope, ServiceError

from ..contract_server import ContractServer  # noqa: TID252 - the folder has no importable name
from .machines import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.has_no_systemd()
    return made


async def test_a_machine_that_is_not_enrolled_is_told_how_to(machine: Machine) -> None:
    said = await machine.service("install", "--server", "https://obt.example.org", status=1)
    assert "enrol --server https://obt.example.org --token TOKEN" in said
    assert f"OBT_CLIENT_DATA_DIR='{machine.data}'" in said
    assert machine.files() == set()


async def test_settings_that_are_wrong_are_told_before_anything_is_done(
    machine: Machine, contract: ContractServer
) -> None:
    await machine.enrol(contract.url)
    before = machine.files()
    assert "OBT_DRAIN_S='soon'" in await machine.service("install", status=1, OBT_DRAIN_S="soon")
    said = await machine.service("install", "--ollama", "http://192.0.2.7", status=1)
    assert "OBT_ALLOW_REMOTE_OLLAMA" in said
    assert machine.files() == before


async def test_folders_that_cannot_be_used_are_told(machine: Machine, contract: ContractServer) -> None:
    await machine.enrol(contract.url)
    (machine.home / "config").write_text("a file")
    assert "client.env" in await machine.service("install", status=1)
    assert "cannot be" in await machine.service("install", "--data-dir", str(machine.home / "config/x"), status=1)


async def test_nothing_that_is_installed(machine: Machine) -> None:
    assert "service install" in await machine.service("status", status=4)
    assert "service install" in await machine.service("start", status=1)
    assert "service install" in await machine.service("restart", status=1)
    assert "service install" in await machine.service("log", status=1)
    assert "No service is installed" in await machine.service("stop")
    assert "No service is installed" in await machine.service("uninstall")
    assert machine.files() == set()


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_the_machines_service_needs_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ServiceError, match=r"sudo .+ service install --system"):
        list(install.install(Scope.SYSTEM, {}))
    assert choose.usual_scope() is Scope.USER
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert choose.usual_scope() is Scope.SYSTEM


def settings_of(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, scope: Scope = Scope.USER, **env: str
) -> dict[str, str]:
    """What an installation by this very process would keep."""
    for name in [name for name in os.environ if name.startswith(("OBT_", "OLLAMA_"))]:
        monkeypatch.delenv(name)
    for name, value in {**machine.env, **env}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(machine.home)
    return dict(install.plan_of(scope, {}).settings)


def an_identity(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    told = {"client_id": "a-client", "name": "A client", "server_url": "http://127.0.0.1:1", "nonce": "n", "key": "k"}
    (data_dir / "identity.json").write_text(json.dumps(told))


def test_what_is_set_now_goes_before_what_was_and_the_token_is_never_kept(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_identity(machine.data)
    kept = f'OBT_CLIENT_DATA_DIR="{machine.data}"\nOBT_DRAIN_S="5"\nOBT_CLIENT_NAME="old"\nOBT_OF_TOMORROW="x"\n'
    machine.config.mkdir(parents=True)
    (machine.config / "client.env").write_text(kept)
    told = {"OBT_CLIENT_NAME": "new", "OBT_ENROL_TOKEN": "a_secret_token", "OBT_ALLOW_REMOTE_OLLAMA": "true"}
    assert settings_of(machine, monkeypatch, Scope.USER, OLLAMA_HOST="0.0.0.0:5000", **told) == {
        "OBT_CLIENT_DATA_DIR": str(machine.data),
        "OBT_DRAIN_S": "5",
        "OBT_CLIENT_NAME": "new",
        "OBT_OF_TOMORROW": "x",
        "OBT_ALLOW_REMOTE_OLLAMA": "true",
        "OBT_OLLAMA_URL": "http://127.0.0.1:5000",
    }


def test_a_wrong_line_in_the_kept_settings_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    an_identity(machine.data)
    machine.config.mkdir(parents=True)
    (machine.config / "client.env").write_text('OBT_DRAIN_S="soon"\n')
    with pytest.raises(SettingsError, match="OBT_DRAIN_S='soon'"):
        settings_of(machine, monkeypatch)


def test_the_identity_of_whoever_enrolled_by_hand_is_found(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folders in (plan.SYSTEM_DATA, plan.SYSTEM_CONFIG):
        monkeypatch.setitem(folders, "linux", str(tmp_path / "machine"))
    an_identity(machine.data)
    told = settings_of(machine, monkeypatch, Scope.SYSTEM)
    assert told["OBT_CLIENT_DATA_DIR"] == str(machine.data)
    an_identity(tmp_path / "machine/obt-client")
    told = settings_of(machine, monkeypatch, Scope.SYSTEM)
    assert told["OBT_CLIENT_DATA_DIR"] == str(tmp_path / "machine/obt-client")
    an_identity(tmp_path / "elsewhere")
    told = settings_of(machine, monkeypatch, Scope.SYSTEM, OBT_CLIENT_DATA_DIR=str(tmp_path / "elsewhere"))
    assert told["OBT_CLIENT_DATA_DIR"] == str(tmp_path / "elsewhere")


def test_two_services_on_one_machine_are_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in machine.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine.unit.parent.mkdir(parents=True)
    machine.unit.touch()
    with pytest.raises(ServiceError, match=r"two clients.*uninstall --user"):
        list(install.install(Scope.SYSTEM, {}))


def test_it_is_called_by_what_a_person_can_type(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Path(sys.executable).with_name("obt-client")
    monkeypatch.setenv("PATH", str(machine.bin))
    assert choose.own_name() == str(there)
    (machine.bin / "obt-client").symlink_to(there)
    assert choose.own_name() == "obt-client"
