"""What is removed, what is kept, and what is asked before."""

import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from obt_client.service.plan import Plan, Scope
from obt_client.service.traces import data_of, environment, folders_of, undelivered_in

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


def measure(data: Path) -> None:
    """Leave two jobs with three samples, and one that the server refused."""
    for name, samples in (("a", 2), ("b", 1)):
        folder = data / "outbox" / name
        folder.mkdir(parents=True)
        (folder / "samples.ndjson").write_text("{}\n" * samples)
    (data / "dead-letter" / "c").mkdir(parents=True)


async def test_undelivered_samples_are_not_removed_without_a_yes(machine: Machine) -> None:
    measure(machine.data)
    before = machine.files()
    said = await machine.service("uninstall", "--purge", status=1)
    assert "3 samples of 2 jobs" in said
    assert machine.files() == before
    assert "3 samples of 2 jobs" in await machine.service("uninstall")
    assert machine.files() == before
    await machine.service("uninstall", "--purge", "--yes")
    assert machine.files() <= {"data"}


async def test_what_is_not_the_clients_stays(machine: Machine) -> None:
    (machine.data / "thesis.odt").write_text("years of work")
    said = await machine.service("uninstall", "--purge")
    assert "Left, since not all in it is the client's" in said
    assert [path.name for path in machine.data.iterdir()] == ["thesis.odt"]


async def test_the_program_itself_goes_where_the_install_script_made_it(machine: Machine, tmp_path: Path) -> None:
    python = an_environment(machine.data / "venv")
    link, foreign = machine.home / "bin/obt-client", machine.home / "bin/other"
    link.parent.mkdir()
    link.symlink_to(python.with_name("obt-client"))
    foreign.symlink_to("/bin/sh")
    made = f"made={link.parent}\nmade={machine.home / 'data'}\n"
    text = f"obt-install 1\nlink={link}\nlink={foreign}\nfuture=x\n{made}"
    (machine.data / "venv/.obt-install").write_text(text)
    _, said, _ = await machine.obt("service", "uninstall", "--user", "--purge", python=str(python))
    assert "the program itself" in said
    assert machine.files() == {"bin", "bin/other"}


async def test_a_program_that_somebody_else_installed_stays(machine: Machine) -> None:
    python = an_environment(machine.home / "mine")
    (machine.home / "mine/.obt-install").write_text("something else\n")
    await machine.obt("service", "uninstall", "--user", "--purge", python=str(python))
    assert python.exists()
    assert not machine.data.exists()


def an_environment(folder: Path) -> Path:
    """A real virtual environment that finds the packages of this one; its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    here = [path for path in sys.path if path.endswith("site-packages")]
    lines = "".join(f"import site; site.addsitedir({path!r})\n" for path in here)
    (packages / "workspace.pth").write_text(lines)
    (folder / "bin/obt-client").write_text("#!/bin/sh\n")
    return folder / "bin/python"


def test_a_link_that_leads_elsewhere_by_now_is_not_ours(tmp_path: Path) -> None:
    prefix = tmp_path / "venv"
    prefix.mkdir()
    ours, theirs, script = tmp_path / "ours", tmp_path / "theirs", tmp_path / "obt-client.cmd"
    ours.symlink_to(prefix / "bin/obt-client")
    theirs.symlink_to(tmp_path / "venv-of-others/bin/obt-client")
    script.write_text(f'@"{prefix}\\Scripts\\obt-client.exe" %*\n')
    links = "".join(f"link={path}\r\n" for path in (ours, theirs, script, tmp_path / "gone"))
    (prefix / ".obt-install").write_text(f"obt-install 1\r\n{links}")
    found = environment(prefix)
    assert found is not None
    assert found.links == (ours, script)
    assert environment(tmp_path) is None


def test_all_that_a_client_writes_is_known(tmp_path: Path) -> None:
    measure(tmp_path)
    for name in ("identity.json", ".identity.json.x1", "calibration.json", "service.log.1", "client.lock", "notes.txt"):
        (tmp_path / name).touch()
    assert {path.name for path in tmp_path.iterdir()} - {path.name for path in data_of(tmp_path)} == {"notes.txt"}
    left = undelivered_in(tmp_path)
    assert (left.jobs, left.samples, left.refused_jobs) == (2, 3, 1)
    assert not undelivered_in(tmp_path / "nowhere")


def test_folders_go_from_the_deepest_on(tmp_path: Path) -> None:
    plan = Plan(Scope.USER, tmp_path / "data/obt-client", tmp_path / "config/obt-client")
    assert folders_of(plan, None) == [plan.data_dir, plan.config_dir]
