"""A machine in a folder: a home of its own, and stand-ins for the system's own programs, first on PATH."""

import asyncio
import json
import os
import stat
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import psutil

from ..contract_server import TOKEN, ContractServer  # noqa: TID252 - the folder has no importable name

FAKES = Path(__file__).parent / "fakes"
ODD_NAME = """Zoë "O'Neil" 100% $HOME [x] ユーザ"""
"""Blanks, quotes of both kinds, what systemd, shells and patterns take for something else, and more than ASCII."""


class Machine:
    """Runs `obt-client` in it. Other programs are as they are on the machine of the test."""

    def __init__(self, folder: Path, name: str = "anna") -> None:
        self.home, self.state, self.bin = folder / "home" / name, folder / "state", folder / "bin"
        for path in (self.home, self.state, self.bin):
            path.mkdir(parents=True)
        for program in ("systemctl", "loginctl", "journalctl", "launchctl", "schtasks", "icacls"):
            self._put(program)
        self.data, self.config = self.home / "data/obt-client", self.home / "config/obt-client"
        self.unit = self.home / "config/systemd/user/obt-client.service"

    def _put(self, program: str) -> None:
        line = f"exec '{sys.executable}' -P -c 'import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
        line += f"runpy.run_module(sys.argv.pop(1), run_name=\"__main__\", alter_sys=True)' '{FAKES.parent}' "
        line += f'fakes.{program} "$@"'
        file = self.bin / program
        file.write_text(f"#!/bin/sh\n{line}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    @property
    def env(self) -> dict[str, str]:
        """The environment of whoever sits before it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("OBT_", "OLLAMA_", "XDG_"))}
        return {
            **clean,
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "FAKE_STATE": str(self.state),
        }

    def has_no_systemd(self) -> None:
        """From now on systemctl says what it says in a container."""
        (self.state / "no-systemd").touch()

    async def obt(self, *arguments: str, python: str = sys.executable, **settings: str) -> tuple[int, str, str]:
        """Run `obt-client`; exit status, standard output, standard error."""
        process = await asyncio.create_subprocess_exec(
            python, "-m", "obt_client", *arguments,
            cwd=self.home, env={**self.env, **settings}, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        assert "Traceback" not in err.decode(), err.decode()
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    async def enrol(self, url: str, **settings: str) -> None:
        """Make it a client of a server."""
        status, _, err = await self.obt("enrol", "--server", url, "--token", TOKEN, **settings)
        assert status == 0, err

    async def service(self, *arguments: str, status: int = 0, **settings: str) -> str:
        """Run `obt-client service … --user`, check how it ends, and return all that it said."""
        command, *options = arguments
        ended, out, err = await self.obt("service", command, "--user", *options, **settings)
        assert ended == status, out + err
        return out + err

    async def connects(self, contract: ContractServer) -> None:
        """Wait until the service has told the server what it is; without that, show what it said."""
        try:
            await contract.until(lambda: contract.hardware)
        except TimeoutError:
            logs = [*self.home.rglob("service.log*"), *self.state.glob("journal")]
            said = "\n".join(f"{log.name}:\n{log.read_text()}" for log in logs)
            raise AssertionError(f"beats: {len(contract.beats)}, processes: {self.processes()}\n{said}") from None

    def calls(self, program: str) -> list[list[str]]:
        """What a stand-in was asked, in order."""
        file = self.state / "calls.ndjson"
        told = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [arguments for name, *arguments in told if name == program]

    def files(self) -> set[str]:
        """Everything that lies in the home, links too."""
        return {str(path.relative_to(self.home)) for path in self.home.rglob("*")}

    def processes(self) -> list[psutil.Process]:
        """Clients that run from this home."""
        return [process for process in psutil.process_iter() if self._is_here(process)]

    def _is_here(self, process: psutil.Process) -> bool:
        try:
            return "obt_client" in " ".join(process.cmdline()) and process.environ().get("HOME") == str(self.home)
        except psutil.Error:
            return False

    def end(self) -> None:
        """Leave no process behind, whatever the test did."""
        for process in self.processes():
            process.kill()
