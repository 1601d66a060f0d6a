"""Without systemd: a real process, from its installation to the last trace of it."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from obt_client.files import write_atomically
from obt_client.service.record import Record

from ..contract_server import ContractServer  # noqa: TID252 - the folder has no importable name
from .machines import ODD_NAME, Machine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fallback of a Linux without systemd")


@pytest.fixture
async def machine(tmp_path: Path, contract: ContractServer) -> AsyncGenerator[Machine]:
    """A machine without systemd, enrolled."""
    made = Machine(tmp_path, ODD_NAME)
    made.has_no_systemd()
    await made.enrol(contract.url)
    yield made
    made.end()


@pytest.fixture
def sleeper() -> Generator["subprocess.Popen[bytes]"]:
    """A process of somebody else."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


async def test_it_is_installed_runs_restarts_and_leaves_nothing(machine: Machine, contract: ContractServer) -> None:
    said = await machine.service("install")
    assert "plain background process" in said
    assert "does not come back after a reboot" in said
    assert "not been booted with systemd" in said
    await machine.connects(contract)
    (process,) = machine.processes()
    assert process.ppid() != os.getpid()
    said = await machine.service("status")
    assert f"process {process.pid}" in said
    assert str(machine.data / "service.log") in said
    assert "server_connected" in await machine.service("log", "--lines", "100")

    await machine.service("restart")
    (again,) = machine.processes()
    assert again.pid != process.pid
    assert "Kept: the identity" in await machine.service("uninstall")
    assert machine.processes() == []
    assert {path.name for path in machine.data.iterdir()} <= {"identity.json", "client.lock", "outbox", "operations"}
    assert "Removed" in await machine.service("uninstall", "--purge")
    assert machine.files() <= {"data", "config"}


async def test_it_stops_in_good_order_and_starts_once(machine: Machine) -> None:
    await machine.service("install")
    (process,) = machine.processes()
    await machine.service("start")
    assert machine.processes() == [process]
    await machine.service("stop")
    assert "stopping" in (machine.data / "service.log").read_text()
    assert not (machine.data / "service.json").exists()  # its own last act
    assert "does not run" in await machine.service("status", status=3)
    assert await machine.service("stop")


async def test_the_record_of_a_process_that_died_is_not_believed(
    machine: Machine, sleeper: "subprocess.Popen[bytes]"
) -> None:
    await machine.service("install")
    (process,) = machine.processes()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert "does not run" in await machine.service("status", status=3)
    record = Record.model_validate_json((machine.data / "service.json").read_text())
    stolen = record.model_copy(update={"pid": sleeper.pid})
    write_atomically(machine.data / "service.json", stolen.model_dump_json())
    assert "does not run" in await machine.service("status", status=3)
    await machine.service("stop")
    assert sleeper.poll() is None
    await machine.service("start")
    assert len(machine.processes()) == 1
    assert sleeper.poll() is None


async def test_a_client_started_by_hand_is_neither_doubled_nor_ended(
    machine: Machine, contract: ContractServer
) -> None:
    by_hand = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "obt_client", "run"], env=machine.env, cwd=machine.home, stderr=subprocess.DEVNULL
    )
    try:
        await machine.connects(contract)
        assert "Another obt-client uses" in await machine.service("install", status=1)
        assert "Another obt-client uses" in await machine.service("uninstall", "--purge", status=1)
        assert (machine.data / "identity.json").exists()
        assert by_hand.poll() is None
    finally:
        by_hand.kill()
        by_hand.wait()


async def test_it_moves_into_systemd_once_there_is_one(machine: Machine) -> None:
    await machine.service("install")
    (machine.state / "no-systemd").unlink()
    said = await machine.service("install")
    assert "Stopping a plain background process" in said
    assert "a systemd user unit" in said
    assert len(machine.processes()) == 1
    assert not (machine.data / "service.json").exists()
