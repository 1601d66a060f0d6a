"""The install script, run for real on a bare machine of its own: install, upgrade, uninstall, and all that may fail."""

import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.tests import programs
from obt_core import __version__
from tests.e2e.installing import Machine
from tests.e2e.programs import API, until
from tests.e2e.truncating import Truncating
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.server import FakeOllama

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
BREAK_IT = 'break_it() { rm "$new"/lib/python3*/site-packages/obt_client/agent/agent.py; }\n'
"""Makes a client that says its version, and cannot run."""


@dataclass
class Server:
    """A running server, which has the third-party wheels for this machine, and its owner."""

    url: str
    owner: httpx.Client

    def get(self, path: str) -> Any:
        return self.owner.get(f"{API}{path}").raise_for_status().json()

    def token(self) -> str:
        return self.owner.post(f"{API}/enrolment-tokens", json={}).raise_for_status().json()["token"]

    def line(self, what: str) -> str:
        (lines,) = [lines for lines in self.get("/downloads")["lines"] if lines["system"] == "linux"]
        return lines[what]

    async def the_client(self, name: str) -> dict[str, Any] | None:
        found = [client for client in self.get("/clients")["clients"] if client["name"] == name]
        assert len(found) < 2
        return found[0] if found and found[0]["presence"] == "online" and found[0]["model_count"] else None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, downloads_dir: Path) -> Generator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with programs.serving(folder, OBT_DOWNLOADS_DIR=str(downloads_dir)) as served, served.sign_in() as owner:
        yield Server(served.url, owner)


@pytest.fixture
def machine(tmp_path: Path) -> Generator[Machine]:
    # No package index: what is installed comes from the server.
    machine = Machine(tmp_path / "machine", {"PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_RETRIES": "0"})
    yield machine
    machine.kill()


@pytest.fixture
def script(server: Server, machine: Machine) -> Path:
    """The script, saved as the dashboard's line does."""
    file = machine.folder / "obt-install.sh"
    file.write_bytes(server.owner.get("/install.sh").raise_for_status().content)
    return file


async def test_the_dashboards_line_installs_upgrades_and_leaves_nothing(server: Server, machine: Machine) -> None:
    async with FakeOllama([FakeModel("tiny")]) as ollama:
        machine.settings["OBT_OLLAMA_URL"] = ollama.url
        first = server.line("install").replace("TOKEN", server.token()) + " --user --name 'bare box'"
        status, text = await machine.sh("-c", first)
        assert status == 0, text
        assert f"Installed obt-client {__version__}." in text
        assert "plain background process" in text
        await until(lambda: server.the_client("bare box"), "the client to be online")
        pids, identity = machine.pids(), (machine.data / "identity.json").read_text()
        assert pids

        status, text = await machine.sh("-c", server.line("upgrade") + " --user")
        assert status == 0, text
        assert f"Upgraded to obt-client {__version__}." in text
        assert (machine.data / "identity.json").read_text() == identity
        assert machine.pids()
        assert machine.pids() != pids
        await until(lambda: server.the_client("bare box"), "the same client to be online")
        assert sorted(path.name for path in machine.data.glob("venv*")) == ["venv"]

        status, text = await machine.sh("-c", server.line("uninstall") + " --user")
        assert status == 0, text
        assert (machine.files(), machine.pids()) == ([], [])


async def test_without_curl_python_downloads_and_the_clients_own_command_uninstalls(
    server: Server, machine: Machine, script: Path
) -> None:
    machine.lacks("curl", "sha256sum")
    status, text = await machine.sh(str(script), server.token(), "--user", "--no-service")
    assert (status, "Start it:" in text) == (0, True), text
    assert (await machine.client("--version")) == (0, f"obt-client {__version__}\n")
    assert machine.pids() == []

    other = server.url.replace("127.0.0.1", "localhost")
    status, text = await machine.sh(str(script), server.token(), "--user", "--server", other)
    assert (status, f"a client of {server.url} already" in text) == (1, True), text

    status, text = await machine.client("service", "uninstall", "--purge", "--yes", "--user")
    assert (status, machine.files()) == (0, []), text


async def test_a_failed_upgrade_leaves_the_earlier_version_at_work(
    server: Server, machine: Machine, script: Path, uv: Path
) -> None:
    machine.has_program("uv", uv)  # it is quicker
    assert (await machine.sh(str(script), server.token(), "--user"))[0] == 0
    pids, before = machine.pids(), in_environment(machine)
    good = spoil(script)
    status, text = await machine.sh(str(script), "--user")
    assert (status, "SHA-256 differs" in text) == (1, True), text
    assert (machine.pids(), in_environment(machine)) == (pids, before)

    break_what_it_installs(script, good)
    status, text = await machine.sh(str(script), "--user")
    assert (status, "the earlier version stays" in text) == (1, True), text
    assert machine.pids()
    assert in_environment(machine) == before
    assert not list(machine.data.glob("venv.*"))


def in_environment(machine: Machine) -> list[str]:
    return [file for file in machine.files() if "/venv" in file and "__pycache__" not in file]


def spoil(script: Path) -> str:
    """Put another hash of the client into the script; return the script as it was."""
    good = script.read_text()
    script.write_text(re.sub(r"[0-9a-f]{64} obt_client-", f"{'0' * 64} obt_client-", good))
    return good


def break_what_it_installs(script: Path, good: str) -> None:
    broken = good.replace("    settle\n", "    settle\n    break_it\n")
    assert broken != good
    script.write_text(broken.replace("\ninstall() {", f"\n{BREAK_IT}\ninstall() {{"))


def cut(script: Path, parts: int) -> list[bytes]:
    whole = script.read_bytes()
    return [whole[: len(whole) * part // parts] for part in range(1, parts)]


async def test_a_file_with_another_hash_is_refused(server: Server, machine: Machine, script: Path) -> None:
    spoil(script)
    status, text = await machine.sh(str(script), server.token(), "--user")
    assert (status, "SHA-256 differs" in text) == (1, True), text
    assert machine.files() == []


@pytest.mark.parametrize("is_told", [True, False], ids=["cut off", "whole by its own length"])
async def test_a_truncated_download_is_refused(server: Server, machine: Machine, script: Path, is_told: bool) -> None:
    with Truncating(server.url, tells_length=is_told) as proxy:
        status, text = await machine.sh(str(script), server.token(), "--user", "--server", proxy.url)
    assert (status, ".whl" in text) == (1, True), text
    assert machine.files() == []


async def test_a_script_that_was_cut_off_does_nothing(server: Server, machine: Machine, script: Path) -> None:
    token = server.token()
    for part in cut(script, 20):
        await machine.sh("-s", "--", token, "--user", stdin=part)
        assert machine.files() == [], len(part)


async def test_no_python_is_told(server: Server, machine: Machine, script: Path) -> None:
    machine.lacks("python3")
    status, text = await machine.sh(str(script), server.token(), "--user")
    assert (status, "apt-get install python3" in text) == (1, True), text
    assert machine.files() == []


async def test_uv_makes_the_environment_where_it_is(server: Server, machine: Machine, script: Path, uv: Path) -> None:
    machine.has_program("uv", uv)
    status, text = await machine.sh(str(script), server.token(), "--user", "--no-service")
    assert (status, "trying with venv" in text) == (0, False), text
    assert "uv = " in (machine.data / "venv/pyvenv.cfg").read_text()
    assert (await machine.client("--version")) == (0, f"obt-client {__version__}\n")
    status, text = await machine.sh(str(script), "--user", "--uninstall")
    assert (status, machine.files()) == (0, []), text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "an enrolment token is needed"),
        (["obt_enrol_of_nobody"], "was not enrolled"),
        (["TOKEN"], "is no enrolment token"),
        (["it's; rm -rf ."], "is no enrolment token"),
        (["--colour"], "no option --colour"),
        (["--name"], "--name needs a value"),
        (["obt_enrol_of_nobody", "--server", "ftp://x"], "--server needs an address"),
        (["obt_enrol_of_nobody", "--server", "http://127.0.0.1:1"], "is the server reachable"),
    ],
)
async def test_what_cannot_be_is_told_in_a_sentence_and_leaves_nothing(
    machine: Machine, script: Path, arguments: list[str], told: str
) -> None:
    status, text = await machine.sh(str(script), "--user", *arguments)
    assert (status, re.search(told, text) is not None) == (1, True), text
    assert machine.files() == []


async def test_help_and_uninstall_of_nothing_change_nothing(machine: Machine, script: Path) -> None:
    assert "--uninstall" in (await machine.sh(str(script), "--help"))[1]
    status, text = await machine.sh(str(script), "--uninstall", "--user")
    assert (status, "nothing to remove" in text, machine.files()) == (0, True, [])
