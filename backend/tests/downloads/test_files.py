"""The files that a machine downloads in order to become a client."""

import hashlib
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from backend.tests.harness import API, Harness
from obt_server import __version__
from obt_server.auth.permissions import OPEN, permission_of
from obt_server.config import Settings
from obt_server.downloads import shelf
from obt_server.downloads.routes import root_router

pytestmark = [pytest.mark.parametrize("settings", ["sqlite"], indirect=True), pytest.mark.usefixtures("built")]
CLIENT = f"obt_client-{__version__}-py3-none-any.whl"


def files_of(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
def fetched(settings: Settings) -> Path:
    """The folder of third-party wheels, with one in it, and with things that are none."""
    folder = settings.wheels_dir
    folder.mkdir()
    (folder / "idna-3.20-py3-none-any.whl").write_bytes(b"a wheel")
    (folder / "notes.txt").write_text("secret")
    (folder / "no wheel.whl").write_text("secret")
    (folder / "a-1-py3-none-any.whl").symlink_to(folder / "notes.txt")
    return folder


async def test_every_file_of_the_list_is_the_one_that_its_link_names(server: Harness, fetched: Path) -> None:
    page = (await server.nobody.get("/downloads/")).text
    assert (await server.nobody.get("/downloads")).headers["Location"] == "/downloads/"
    links = [part.split('"')[0].split("#sha256=") for part in page.split('href="')[1:]]
    assert {name for name, _ in links} >= {CLIENT, "idna-3.20-py3-none-any.whl", "obt-client-requirements.txt"}
    for name, sha256 in links:
        content = (await server.nobody.get(f"/downloads/{name}")).raise_for_status().content
        assert hashlib.sha256(content).hexdigest() == sha256, name


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt", "no wheel.whl", "a-1-py3-none-any.whl", "..%2fnotes.txt", "%2e%2e%2f%2e%2e%2fconfig.py",
        "%2fetc%2fpasswd", "idna-3.20-py3-none-any.whl%00", "IDNA-3.20-py3-none-any.whl", "x" * 5_000, "..",
        "install.sh",
    ],
)  # fmt: skip
async def test_what_is_not_listed_is_not_served(server: Harness, fetched: Path, name: str) -> None:
    reply = await server.nobody.get(f"/downloads/{name}")
    assert "secret" not in reply.text
    is_a_page = reply.headers["content-type"].startswith("text/html") and "#sha256=" not in reply.text
    assert reply.status_code == 404 or is_a_page, "a page of the dashboard, which the client's own path led to"


async def test_a_file_is_cached_by_its_hash_and_sent_in_parts_where_asked(server: Harness, fetched: Path) -> None:
    url = "/downloads/idna-3.20-py3-none-any.whl"
    first = await server.nobody.get(url)
    assert first.headers["ETag"] == f'"{hashlib.sha256(b"a wheel").hexdigest()}"'
    assert (await server.nobody.get(url, headers={"If-None-Match": first.headers["ETag"]})).status_code == 304
    (fetched / "idna-3.20-py3-none-any.whl").write_bytes(b"another wheel")
    again = await server.nobody.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (200, b"another wheel")
    part = await server.nobody.get(url, headers={"Range": "bytes=8-"})
    assert (part.status_code, part.content) == (206, b"wheel")
    head = await server.nobody.head(url)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "13")


async def test_files_are_read_only_and_for_everybody(server: Harness) -> None:
    for route in root_router.routes:
        assert isinstance(route, APIRoute)
        assert permission_of(route) in OPEN
        assert route.methods == {"GET", "HEAD"}
    client = await server.a_client()
    for path in ("/install.sh", "/install.ps1", "/downloads/", f"/downloads/{CLIENT}"):
        assert (await server.nobody.post(path)).status_code == 405
        for http in (server.nobody, server.owner, client.http):
            assert (await http.get(path)).status_code == 200


async def test_what_the_dashboard_reads_is_for_the_owner_alone(server: Harness) -> None:
    assert (await server.nobody.get(f"{API}/downloads")).status_code == 401
    assert (await (await server.a_client()).http.get(f"{API}/downloads")).status_code == 403
    told = await server.get("/downloads")
    assert (told["version"], told["server_url"], told["why_not"]) == (__version__, server.url, None)
    assert [line["system"] for line in told["lines"]] == ["linux", "macos", "windows"]
    assert told["third_party"] == []


async def test_a_package_without_the_client_says_what_to_do(
    server: Harness, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shelf, "OWN", tmp_path / "nothing")
    told = await server.get("/downloads")
    assert told["lines"] == []
    assert "dev.wheels" in told["why_not"]
    for path in ("/install.sh", "/install.ps1", "/downloads/"):
        reply = await server.nobody.get(path)
        assert (reply.status_code, reply.json()["code"]) == (503, "downloads_not_built"), path


async def test_a_wheel_of_another_version_is_not_handed_out(
    server: Harness, built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for file in files_of(built):
        name = file.name.replace(f"obt_client-{__version__}", "obt_client-0.0.1")
        (tmp_path / name).write_bytes(file.read_bytes())
    monkeypatch.setattr(shelf, "OWN", tmp_path)
    reply: httpx.Response = await server.nobody.get("/install.sh")
    assert reply.status_code == 503
