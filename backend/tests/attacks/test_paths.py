"""Paths that lead out: of the dashboard's folder, of the downloads, of exports."""

from pathlib import Path

import pytest

from backend.tests.attacks.raw import exchange, request, status_of
from backend.tests.harness import API, Harness
from obt_server.config import Settings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SECRET = b"planted-secret-3f9c"
UP = (
    "../{}",
    "..%2f{}",
    "%2e%2e/{}",
    "%2e%2e%2f{}",
    "%252e%252e%252f{}",
    "....//{}",
    "..%5c{}",
    "..\\{}",
    "..%c0%af{}",
    "..;/{}",
    "./../{}",
    "a/../../{}",
    "_app/../../{}",
    "_app/immutable/../../../{}",
    "/{}",
    "%2f{}",
    "{}%00.html",
    "link/{}",
    "link.txt",
    "{}",
)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Pages and wheels in folders with a secret beside them, and links that lead there."""
    pages, wheels = tmp_path / "outer" / "pages", tmp_path / "outer" / "wheels"
    for folder in (pages / "_app" / "immutable", wheels):
        folder.mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "outer"):
        (folder / "secret.txt").write_bytes(SECRET)
    (pages / "index.html").write_text("<!doctype html>home")
    (wheels / "good-1.0-py3-none-any.whl").write_bytes(b"wheel")
    for folder in (pages, wheels):
        (folder / "link").symlink_to(tmp_path / "outer")
        (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (wheels / "bad-1.0-py3-none-any.whl").symlink_to(tmp_path / "secret.txt")
    return settings.model_copy(update={"static_dir": pages, "downloads_dir": wheels})


@pytest.mark.parametrize("prefix", ["/", "/_app/", "/_app/immutable/", "/downloads/", f"{API}/export/results.csv/"])
async def test_no_path_leads_out_of_a_folder(server: Harness, prefix: str) -> None:
    targets = ("secret.txt", "obt.sqlite3", "etc/passwd", "server.lock")
    for path in (prefix + form.format(target) for form in UP for target in targets):
        reply = await exchange(server, request("GET", path))
        assert status_of(reply) in {200, 308, 400, 401, 403, 404, 422, 503}, path
        assert SECRET not in reply, path
        assert b"SQLite format" not in reply, path
        assert b"root:" not in reply, path


async def test_a_link_among_the_wheels_is_no_wheel(server: Harness) -> None:
    reply = await server.nobody.get("/downloads/bad-1.0-py3-none-any.whl")
    assert reply.status_code in {404, 503}
    assert SECRET not in reply.content


@pytest.mark.parametrize("kind", ["../csv", "csv/../../secret.txt", "csv%00", "CSV%0d%0aX-Evil: 1", "%2e%2e%2fcsv"])
async def test_the_kind_of_an_export_is_one_of_those_that_there_are(server: Harness, kind: str) -> None:
    reply = await server.owner.get(f"{API}/export/results.{kind}")
    assert reply.status_code in {404, 422}
    assert "X-Evil" not in reply.headers


async def test_names_of_suites_and_prompts_are_no_files(server: Harness) -> None:
    for name in ("..%2f..%2fsecret.txt", "%2fetc%2fpasswd", "%2e%2e%2f", "C:%5cWindows", "con", "a%00b"):
        for path in (f"/suites/saved/{name}", f"/suites/{name}", f"/prompts/{name}"):
            reply = await server.owner.get(API + path)
            assert reply.status_code in {307, 404, 405, 422}, path
            assert SECRET not in reply.content
