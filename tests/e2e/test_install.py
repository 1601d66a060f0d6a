"""The install script, run for real on a bare machine of its own: install, upgrade, uninstall, and all that may fail."""

import re
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest

from obt_core import __version__
from tests.e2e.installing import Machine
from tests.e2e.programs import Server, running, until
from tests.e2e.truncating import Truncating
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.server import FakeOllama

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SCRIPT = "install.sh"


@pytest.fixture
async def server(tmp_path: Path, downloads_dir: Path) -> AsyncGenerator[Server]:
    server = Server(tmp_path, OBT_DOWNLOADS_DIR=str(downloads_dir))
    async with running(server):
        yield await server.start()
    await server.owner.aclose()


@pytest.fixture
def machine(tmp_path: Path) -> Generator[Machine]:
    # No package index: what is installed comes from the server.
    machine = Machine(tmp_path / "machine", {"PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_RETRIES": "0"})
    yield machine
    machine.kill()


async def saved(server: Server, machine: Machine) -> Path:
    """Save the script, as the dashboard's line does."""
    file = machine.folder / "obt-install.sh"
    file.write_bytes((await server.owner.get(f"/{SCRIPT}")).raise_for_status().content)
    return file


async def the_client(server: Server) -> dict[str, Any] | None:
    clients = (await server.get("/clients"))["clients"]
    assert len(clients) < 2
    return clients[0] if clients and clients[0]["presence"] == "online" and clients[0]["model_count"] else None


async def test_the_dashboards_line_installs_upgrades_and_leaves_nothing(server: Server, machine: Machine) -> None:
    (line,) = [each for each in (await server.get("/downloads"))["lines"] if each["system"] == "linux"]
    async with FakeOllama([FakeModel("tiny")]) as ollama:
        machine.settings["OBT_OLLAMA_URL"] = ollama.url
        first = line["install"].replace("TOKEN", await server.token()) + " --user --name 'bare box'"
        status, text = await machine.sh("-c", first)
        assert status == 0, text
        assert f"Installed obt-client {__version__}." in text
        assert "plain background process" in text
        client = await until(lambda: the_client(server), "the client to be online")
        assert client["name"] == "bare box"
        pids, identity = machine.pids(), (machine.data / "identity.json").read_text()
        assert pids

        status, text = await machine.sh("-c", line["upgrade"] + " --user")
        assert status == 0, text
        assert f"Upgraded to obt-client {__version__}." in text
        assert (machine.data / "identity.json").read_text() == identity
        assert machine.pids() != pids
        await until(lambda: the_client(server), "the same client to be online")
        assert sorted(path.name for path in machine.data.glob("venv*")) == ["venv"]

        status, text = await machine.sh("-c", line["uninstall"] + " --user")
        assert status == 0, text
        assert machine.files() == []
        assert machine.pids() == []


async def test_the_clients_own_command_uninstalls_too(server: Server, machine: Machine) -> None:
    script, token = await saved(server, machine), await server.token()
    status, text = await machine.sh(str(script), token, "--user", "--no-service")
    assert (status, "Start it:" in text) == (0, True), text
    assert (await machine.client("--version")) == (0, f"obt-client {__version__}\n")
    assert machine.pids() == []
    status, text = await machine.client("service", "uninstall", "--purge", "--yes", "--user")
    assert status == 0, text
    assert machine.files() == []


async def test_a_file_with_another_hash_is_refused_and_the_running_version_stays(
    server: Server, machine: Machine
) -> None:
    script = await saved(server, machine)
    good = script.read_text()
    changed = re.sub(r"[0-9a-f]{64} obt_client-", f"{'0' * 64} obt_client-", good)
    script.write_text(changed)
    status, text = await machine.sh(str(script), await server.token(), "--user")
    assert (status, "SHA-256 differs" in text) == (1, True), text
    assert machine.files() == []

    script.write_text(good)
    assert (await machine.sh(str(script), await server.token(), "--user"))[0] == 0
    pids, before = machine.pids(), machine.files()
    script.write_text(changed)
    status, text = await machine.sh(str(script), "--user")
    assert (status, "SHA-256 differs" in text) == (1, True), text
    assert (machine.pids(), [file for file in machine.files() if "/venv" in file]) == (
        pids,
        [file for file in before if "/venv" in file],
    )


async def test_a_client_that_does_not_start_is_taken_back(server: Server, machine: Machine) -> None:
    script = await saved(server, machine)
    assert (await machine.sh(str(script), await server.token(), "--user"))[0] == 0
    broken = script.read_text().replace("settle\n    enrol", "settle\n    break_it\n    enrol")
    breaking = 'break_it() { rm "$new"/lib/python3*/site-packages/obt_client/agent/agent.py; }\n\ninstall() {'
    script.write_text(broken.replace("install() {", breaking, 1))
    assert "break_it\n" in script.read_text()
    status, text = await machine.sh(str(script), "--user")
    assert (status, "the earlier version stays" in text) == (1, True), text
    assert (machine.data / "venv/lib").is_dir()
    assert list(machine.data.glob("venv/lib/python3*/site-packages/obt_client/agent/agent.py"))
    assert machine.pids()
    assert not list(machine.data.glob("venv.*"))


@pytest.mark.parametrize("is_told", [True, False], ids=["cut off", "whole by its own length"])
async def test_a_truncated_download_is_refused(server: Server, machine: Machine, is_told: bool) -> None:
    script, token = await saved(server, machine), await server.token()
    with Truncating(server.url, tells_length=is_told) as proxy:
        status, text = await machine.sh(str(script), token, "--user", "--server", proxy.url)
    assert (status, ".whl" in text) == (1, True), text
    assert machine.files() == []


async def test_a_script_that_was_cut_off_does_nothing(server: Server, machine: Machine) -> None:
    whole, token = (await saved(server, machine)).read_bytes(), (await server.token()).encode()
    for part in range(1, 20):
        cut = whole[: len(whole) * part // 20]
        await machine.sh("-s", "--", token.decode(), "--user", stdin=cut)
        assert machine.files() == [], part


async def test_no_python_is_told(server: Server, machine: Machine) -> None:
    machine.lacks("python3")
    status, text = await machine.sh(str(await saved(server, machine)), await server.token(), "--user")
    assert (status, "apt-get install python3" in text) == (1, True), text
    assert machine.files() == []


async def test_python_itself_downloads_where_there_is_no_curl(server: Server, machine: Machine) -> None:
    machine.lacks("curl", "sha256sum")
    status, text = await machine.sh(str(await saved(server, machine)), await server.token(), "--user", "--no-service")
    assert status == 0, text


async def test_uv_makes_the_environment_where_it_is(server: Server, machine: Machine, uv: Path) -> None:
    machine.has_program("uv", uv)
    script = await saved(server, machine)
    status, text = await machine.sh(str(script), await server.token(), "--user", "--no-service")
    assert (status, "trying with venv" in text) == (0, False), text
    assert "uv = " in (machine.data / "venv/pyvenv.cfg").read_text()
    assert (await machine.client("--version")) == (0, f"obt-client {__version__}\n")
    status, text = await machine.sh(str(script), "--user", "--uninstall")
    assert (status, machine.files()) == (0, []), text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "a token is needed|an enrolment token is needed"),
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
    server: Server, machine: Machine, arguments: list[str], told: str
) -> None:
    status, text = await machine.sh(str(await saved(server, machine)), "--user", *arguments)
    assert status == 1, text
    assert re.search(told, text), text
    assert machine.files() == []


async def test_a_client_of_another_server_is_not_taken_away_from_it(server: Server, machine: Machine) -> None:
    script = await saved(server, machine)
    assert (await machine.sh(str(script), await server.token(), "--user", "--no-service"))[0] == 0
    other = server.url.replace("127.0.0.1", "localhost")
    status, text = await machine.sh(str(script), await server.token(), "--user", "--no-service", "--server", other)
    assert (status, f"a client of {server.url} already" in text) == (1, True), text


async def test_help_and_uninstall_of_nothing_change_nothing(server: Server, machine: Machine) -> None:
    script = await saved(server, machine)
    assert "--uninstall" in (await machine.sh(str(script), "--help"))[1]
    status, text = await machine.sh(str(script), "--uninstall", "--user")
    assert (status, "nothing to remove" in text, machine.files()) == (0, True, [])
