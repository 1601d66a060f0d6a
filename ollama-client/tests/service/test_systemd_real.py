"""A real user's manager of systemd runs the unit, in a place whose path has everything that one may stumble over."""

import asyncio
import os
import shutil
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Generator
from pathlib import Path

import pytest

from ..contract_server import ContractServer  # noqa: TID252 - the folder has no importable name
from .machines import FAKES, ODD_NAME, Machine

SYSTEMD = Path("/usr/lib/systemd/systemd")
CANNOT = 77
STEPS = """set -eu
obt() { "$HOME/venv/bin/python" -m obt_client service "$@"; }
obt install --user
obt status --user
tr '\\0' '\\n' </proc/$(systemctl --user show obt-client --property=MainPID --value)/environ | grep ^OBT_
systemctl --user show obt-client --property=UnitFileState,TimeoutStopUSec,NoNewPrivileges,KillMode
OBT_DRAIN_S=60 obt install --user
systemctl --user show obt-client --property=TimeoutStopUSec
obt stop --user
obt status --user || test $? = 3
obt uninstall --user --purge
"""


@pytest.fixture
def machine(tmp_path: Path) -> Generator[Machine]:
    """A machine with no stand-ins, and this environment under an odd name."""
    if sys.platform != "linux" or not SYSTEMD.exists() or not shutil.which("unshare"):
        pytest.skip("there is no systemd here")
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("a mount namespace of one's own takes root's rights")
    made = Machine(tmp_path, ODD_NAME)
    shutil.rmtree(made.bin)
    (made.home / "venv").symlink_to(sys.prefix)
    yield made
    made.end()


async def test_the_unit_runs_in_a_real_systemd(machine: Machine, contract: ContractServer) -> None:
    await machine.enrol(contract.url)
    env = {**machine.env, "XDG_RUNTIME_DIR": f"/run/user/{os.getuid()}", "SYSTEMD": str(SYSTEMD)}
    process = await asyncio.create_subprocess_exec(
        "unshare", "-m", "sh", str(FAKES / "with_systemd.sh"), "sh", "-c", STEPS,
        env=env, cwd=machine.home, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    told, err = await process.communicate()
    said = told.decode()
    if process.returncode == CANNOT:
        pytest.skip(err.decode())
    assert process.returncode == 0, said + err.decode()
    assert "The client runs as a systemd user unit" in said
    assert f"\nOBT_CLIENT_DATA_DIR={machine.data}\n" in said
    for line in ("UnitFileState=enabled", "TimeoutStopUSec=45s", "NoNewPrivileges=yes", "KillMode=mixed"):
        assert f"\n{line}\n" in said
    assert "\nTimeoutStopUSec=1min 15s\n" in said
    assert "The client does not run." in said
    assert contract.hardware
    assert machine.files() <= {"venv", "data", "config"}
