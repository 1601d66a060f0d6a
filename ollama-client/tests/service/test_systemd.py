"""The unit: what stands in it, and that systemd takes it."""

import configparser
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from obt_client.service.plan import Plan, Scope, ServiceError, refuse_odd_paths
from obt_client.service.systemd import unit_text

from .texts import ODD, a_plan, an_odd_plan

USER_UNIT = """\
# Written by `obt-client service install`, which writes it anew. Changes: systemctl --user edit obt-client.service
[Unit]
Description=OBT client: measures this machine's Ollama for an OBT server
StartLimitIntervalSec=0

[Service]
Type=simple
EnvironmentFile=/etc/obt-client/client.env
WorkingDirectory=/var/lib/obt-client
ExecStart=/opt/obt-client/venv/bin/python -P -m obt_client run
SyslogIdentifier=obt-client
UMask=0077
Restart=always
RestartSec=10
RestartPreventExitStatus=2
KillMode=mixed
TimeoutStopSec=45
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native

[Install]
WantedBy=default.target
"""
BLOCKS_GPUS = {"PrivateDevices", "DevicePolicy", "DeviceAllow", "ProtectClock", "MemoryDenyWriteExecute"}
BLOCKS_PROC = {"ProcSubset", "ProtectProc", "PrivateUsers", "PrivateNetwork", "SystemCallFilter", "User"}


def parsed(plan: Plan) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read_string(unit_text(plan))
    return parser


def test_the_unit_of_a_user_word_for_word() -> None:
    assert unit_text(a_plan()) == USER_UNIT


def test_the_unit_of_the_machine_is_hardened_and_hides_neither_gpus_nor_ollamas_process() -> None:
    unit = parsed(a_plan(Scope.SYSTEM))
    service = unit["Service"]
    hardened = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "PrivateTmp": "yes", "ProtectHome": "read-only"}
    assert hardened.items() <= dict(service).items()
    assert not (BLOCKS_GPUS | BLOCKS_PROC) & set(service)
    assert "CAP_SYS_PTRACE" in service["CapabilityBoundingSet"].split()
    assert service["ReadWritePaths"] == '"/var/lib/obt-client"'
    assert unit["Install"]["WantedBy"] == "multi-user.target"
    assert {"network-online.target", "ollama.service"} <= set(unit["Unit"]["After"].split())


def test_systemd_waits_for_longer_than_the_client_drains() -> None:
    settings = {"OBT_DRAIN_S": "600"}
    assert float(parsed(a_plan(settings=settings))["Service"]["TimeoutStopSec"]) > 600
    assert float(parsed(a_plan(settings={"OBT_DRAIN_S": "later"}))["Service"]["TimeoutStopSec"]) > 30


def test_no_setting_stands_in_the_unit() -> None:
    assert "obt.example.org" not in unit_text(a_plan(Scope.SYSTEM))


def test_odd_paths_are_escaped_as_each_option_wants_it() -> None:
    service = parsed(an_odd_plan(Scope.SYSTEM))["Service"]
    specified = ODD.replace("%", "%%")
    assert service["WorkingDirectory"] == f"{specified}/data"
    assert service["EnvironmentFile"] == f"{specified}/config/client.env".replace("[", "\\[")
    quoted = specified.replace('"', '\\"')
    shell = r'''/bin/sh -c "exec \"$$0\" \"$$@\""'''
    assert service["ExecStart"] == f'''{shell} "{quoted.replace("$", "$$")}/bin/python" -P -m obt_client run'''
    parts = f"{specified}/data".split('"')
    assert service["ReadWritePaths"] == "'\"'".join(f'"{part}"' for part in parts)


@pytest.mark.parametrize("path", ["/srv/a\nExecStartPre=/bin/evil", "/srv/blank ", "/srv/x\\", "/srv/\x1b[2J"])
def test_a_path_that_no_unit_can_name_is_refused(path: str) -> None:
    with pytest.raises(ServiceError, match="OBT_CLIENT_DATA_DIR"):
        refuse_odd_paths(a_plan(data_dir=Path(path)))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze here")
@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("name", ["plain", ODD.removeprefix("/srv/")])
def test_systemd_itself_finds_no_fault_in_it(tmp_path: Path, scope: Scope, name: str) -> None:
    program = tmp_path / name / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    plan = Plan(scope, tmp_path / name / "data", tmp_path / name / "config", {}, str(program))
    unit = tmp_path / "obt-client.service"
    unit.write_text(unit_text(plan))
    assert verified(unit, scope) == ""
    if name == "plain":
        program.unlink()
        assert "not executable" in verified(unit, scope)  # so it does look


def verified(unit: Path, scope: Scope) -> str:
    """What systemd-analyze says about the unit, and not about its machine."""
    command = ["systemd-analyze", "verify", "--man=no", f"--{scope}", str(unit)]
    env = {**os.environ, "XDG_RUNTIME_DIR": str(unit.parent), "SYSTEMD_LOG_LEVEL": "warning"}
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    return "\n".join(line for line in told.stderr.splitlines() if "obt-client.service" in line)
