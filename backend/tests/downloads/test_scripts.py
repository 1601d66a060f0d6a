"""The install scripts as they are served, and the lines that people copy."""

import asyncio
import hashlib
import re
from asyncio.subprocess import PIPE
from pathlib import Path

import httpx
import pytest

from backend.tests.harness import Harness
from obt_server import __version__
from obt_server.config import Settings
from obt_server.downloads import scripts
from obt_server.downloads.shelf import Shelf

pytestmark = [pytest.mark.parametrize("settings", ["sqlite"], indirect=True), pytest.mark.usefixtures("built")]
NAMES = ("install.sh", "install.ps1")


def files_of(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def as_curl(server: Harness, path: str, host: str) -> httpx.Response:
    """GET without an Origin, which only browsers send."""
    async with httpx.AsyncClient(base_url=server.url, headers={"Host": host}) as http:
        return await http.get(path)


async def shown(server: Harness) -> dict[str, dict[str, str]]:
    lines = (await server.get("/downloads"))["lines"]
    return {line["system"]: line for line in lines}


@pytest.mark.parametrize("name", NAMES)
async def test_anybody_gets_the_script_with_the_servers_address_and_the_pins_of_all_files(
    server: Harness, name: str, built: Path
) -> None:
    text = (await server.nobody.get(f"/{name}")).raise_for_status().text
    assert f"'{server.url}'" in text
    assert f"'{__version__}'" in text
    for file in files_of(built):
        assert f"{hashlib.sha256(file.read_bytes()).hexdigest()} {file.name}\n" in text.replace("'", "\n")
    assert not re.findall(r"@[A-Z]+@", text)


async def test_the_hash_that_the_dashboard_shows_is_that_of_the_script_as_served(server: Harness) -> None:
    lines = await shown(server)
    for system, name in (("linux", "install.sh"), ("macos", "install.sh"), ("windows", "install.ps1")):
        once, again = [(await server.nobody.get(f"/{name}")).content for _ in range(2)]
        assert once == again
        assert lines[system]["script_sha256"] == hashlib.sha256(once).hexdigest()
        assert lines[system]["script_url"] == f"{server.url}/{name}"
        assert lines[system]["script_sha256"] in lines[system]["install"].lower()


async def test_wheels_that_were_fetched_meanwhile_leave_a_copied_line_valid(
    server: Harness, settings: Settings
) -> None:
    before = (await server.nobody.get("/install.sh")).content
    settings.wheels_dir.mkdir()
    (settings.wheels_dir / "idna-3.20-py3-none-any.whl").write_bytes(b"fetched")
    assert (await server.nobody.get("/install.sh")).content == before


async def test_a_line_over_plain_http_refuses_another_script(server: Harness, tmp_path: Path) -> None:
    line = (await shown(server))["linux"]["install"].replace("&& sh obt-install.sh TOKEN", "&& echo would run")
    (tmp_path / "curl").write_text("#!/bin/sh\nprintf '%s\\n' 'echo another script' > obt-install.sh\n")
    (tmp_path / "curl").chmod(0o755)
    for path, is_run in ((f"{tmp_path}:/usr/bin:/bin", False), ("/usr/local/bin:/usr/bin:/bin", True)):
        ended = await asyncio.create_subprocess_exec(
            "sh", "-c", line, env={"PATH": path}, cwd=tmp_path, stdout=PIPE, stderr=PIPE
        )
        out, err = await ended.communicate()
        assert (b"would run" in out, ended.returncode == 0) == (is_run, is_run), err


async def test_a_known_script_is_not_sent_again_and_head_sends_none(server: Harness) -> None:
    first = await server.nobody.get("/install.sh")
    again = await server.nobody.get("/install.sh", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await server.nobody.head("/install.sh")
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    assert "Host" in first.headers["Vary"]


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8881'; touch x; '", "localhost:$(touch x)", "localhost:`id`", "a'b@localhost", "localhost:1\"",
        "localhost:99999999",
        "localhost/x'", "evil.example",
    ],
)  # fmt: skip
async def test_no_host_header_writes_into_the_script(server: Harness, host: str) -> None:
    for path in NAMES:
        reply = await as_curl(server, f"/{path}", host)
        assert reply.status_code in {400, 403}, reply.text
        assert reply.headers["Content-Type"] == "application/problem+json"


async def test_another_name_of_the_server_gives_a_script_of_its_own(server: Harness) -> None:
    port = server.url.rpartition(":")[2]
    text = (await as_curl(server, "/install.sh", f"LOCALHOST:{port}")).text
    assert f"SERVER='http://localhost:{port}'" in text


def test_an_address_with_tls_needs_no_hash_in_its_line(built: Path, settings: Settings) -> None:
    linux, mac, windows = scripts.lines("https://obt.example.net", Shelf(settings.wheels_dir, built))
    assert linux.install == mac.install == "curl -fsSL https://obt.example.net/install.sh | sh -s -- TOKEN"
    assert linux.upgrade == "curl -fsSL https://obt.example.net/install.sh | sh"
    assert linux.uninstall == "curl -fsSL https://obt.example.net/install.sh | sh -s -- --uninstall"
    assert windows.install == "& ([scriptblock]::Create((irm https://obt.example.net/install.ps1))) TOKEN"
    assert not any(lines.is_checked for lines in (linux, mac, windows))
