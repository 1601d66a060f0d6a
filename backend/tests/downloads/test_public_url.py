"""OBT_PUBLIC_URL: behind a proxy a server cannot see under which address it is called."""

from pathlib import Path

import httpx
import pytest

from backend.tests import programs
from backend.tests.harness import Harness, settings_of
from obt_server.config import Settings

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    told = settings_of(public_url="https://OBT.example.net/").public_url
    return settings.model_copy(update={"public_url": told})


@on_sqlite
@pytest.mark.usefixtures("built")
async def test_it_stands_in_the_lines_and_the_script(server: Harness) -> None:
    line = (await server.get("/downloads"))["lines"][0]["install"]
    assert line == "curl -fsSL https://obt.example.net/install.sh | sh -s -- TOKEN"
    assert "SERVER='https://obt.example.net'" in (await server.nobody.get("/install.sh")).text


@on_sqlite
async def test_its_name_and_its_pages_are_the_servers_own(server: Harness) -> None:
    async def status(host: str, origin: str) -> int:
        async with httpx.AsyncClient(base_url=server.url, headers={"Host": host, "Origin": origin}) as http:
            return (await http.get("/healthz")).status_code

    assert await status("obt.example.net", "https://obt.example.net") == 200
    assert await status("obt.example.net", "https://other.example.net") == 403
    assert await status("other.example.net", "https://other.example.net") == 403


@pytest.mark.usefixtures("built")
def test_the_command_line_shows_the_same_line(tmp_path: Path) -> None:
    printed = programs.run(tmp_path, "token", "create", OBT_PUBLIC_URL="https://obt.example.net").stdout
    token = printed.splitlines()[0]
    assert f"curl -fsSL https://obt.example.net/install.sh | sh -s -- {token}\n" in printed


@pytest.mark.parametrize(
    "url", ["obt.example.net", "https://a/b", "https://a'b", "ftp://a", "https://a b", "https://u@a"]
)
def test_a_public_address_that_is_no_plain_one_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        settings_of(public_url=url)
