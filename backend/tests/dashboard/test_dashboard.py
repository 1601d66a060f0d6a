"""The built dashboard from the server's own port: which file answers, and with which headers."""

import gzip
from pathlib import Path

import pytest

from backend.tests.harness import Harness
from obt_server.config import Settings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

FILES = {
    "index.html": "fleet",
    "models.html": "models",
    "200.html": "made in the browser",
    "favicon.svg": "<svg/>",
    "_app/immutable/entry.js": "export {}",
    "_app/version.json": "{}",
}


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a server with a dashboard, and a secret beside its folder."""
    folder = tmp_path / "built"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "way-out").symlink_to(tmp_path / "secret.txt")
    return settings.model_copy(update={"static_dir": folder})


async def test_a_path_is_answered_by_its_file_then_its_page_then_the_fallback(server: Harness) -> None:
    for path, content in (
        ("/", "fleet"),
        ("/models", "models"),
        ("/models/", "models"),
        ("/models.html", "models"),
        ("/results/4711", "made in the browser"),
        ("/favicon.svg", "<svg/>"),
        ("/apiary", "made in the browser"),
        ("/" + "long" * 100, "made in the browser"),
    ):
        reply = await server.nobody.get(path)
        assert (reply.status_code, reply.text) == (200, content), path


async def test_what_is_no_page_is_not_answered_by_one(server: Harness) -> None:
    for path in ("/_app/nothing.js", "/_app", "/_app/immutable", "/api/nonsense", "/api/"):
        reply = await server.nobody.get(path)
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found"), path


async def test_no_path_leads_out_of_the_folder(server: Harness) -> None:
    inside = ("/_app/..%2f..%2fsecret.txt",)
    for path in ("/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2fetc/passwd", "/way-out", "/a%00b", *inside):
        reply = await server.nobody.get(path)
        assert reply.status_code == (404 if path in inside else 200), path
        assert "secret" not in reply.text, path


async def test_only_what_carries_its_hash_in_its_name_is_cached_for_ever(server: Harness) -> None:
    cached = {path: (await server.nobody.get(f"/{path}")).headers["Cache-Control"] for path in FILES}
    for_ever = {path for path, value in cached.items() if "immutable" in value}
    assert for_ever == {"_app/immutable/entry.js"}
    assert {value for path, value in cached.items() if path not in for_ever} == {"no-cache"}


async def test_an_unchanged_page_is_not_sent_again_and_keeps_its_policy(server: Harness, settings: Settings) -> None:
    assert settings.static_dir is not None
    own = '<meta http-equiv="content-security-policy" content="default-src \'self\'">'
    (settings.static_dir / "models.html").write_text(own)
    first = await server.nobody.get("/models")
    again = await server.nobody.get("/models", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # A browser keeps the page and takes these headers: another policy would block the page's own scripts.
    policies = {reply.headers["Content-Security-Policy"] for reply in (first, again)}
    assert policies == {"default-src 'self'; frame-ancestors 'none'"}


async def test_a_browser_gets_the_smallest_form_that_it_takes(server: Harness, settings: Settings) -> None:
    assert settings.static_dir is not None
    script = settings.static_dir / "_app/immutable/entry.js"
    for suffix, content in (("br", b"brotli"), ("gz", gzip.compress(script.read_bytes()))):
        script.with_name(f"entry.js.{suffix}").write_bytes(content)
    for accepted, encoding in (("gzip, br", "br"), ("gzip;q=0.8", "gzip"), ("zstd", None), ("", None)):
        head = await server.nobody.head("/_app/immutable/entry.js", headers={"Accept-Encoding": accepted})
        assert head.headers.get("Content-Encoding") == encoding, accepted
        assert (head.headers["Vary"], head.headers["Content-Type"]) == (
            "Accept-Encoding",
            "text/javascript; charset=utf-8",
        )
    read = await server.nobody.get("/_app/immutable/entry.js", headers={"Accept-Encoding": "gzip"})
    assert read.text == "export {}"


async def test_head_answers_without_a_body(server: Harness) -> None:
    reply = await server.nobody.head("/models")
    assert (reply.status_code, reply.content, reply.headers["Content-Length"]) == (200, b"", "6")


async def test_pages_are_read_only(server: Harness) -> None:
    reply = await server.nobody.post("/models")
    assert reply.status_code == 405
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD"}


async def test_every_reply_has_the_headers_that_protect_a_browser(server: Harness) -> None:
    for path in ("/", "/_app/immutable/entry.js", "/_app/nothing.js", "/api/v1/clients", "/healthz"):
        headers = (await server.nobody.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path


async def test_a_dashboard_that_was_never_built_says_so(server: Harness, settings: Settings) -> None:
    assert settings.static_dir is not None
    settings.static_dir.rename(settings.static_dir.with_name("elsewhere"))
    reply = await server.nobody.get("/")
    assert reply.status_code == 200
    assert "has not been built" in reply.text
    assert (await server.nobody.get("/api/nonsense")).status_code == 404
