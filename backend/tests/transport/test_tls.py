"""A server with a certificate, or behind a proxy with one."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import trustme
import uvicorn
from pydantic import ValidationError

from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness, settings_of
from obt_server.app import create_app
from obt_server.config import Settings
from obt_server.transport.configuration import uvicorn_config
from obt_server.transport.tls import Certificate, TlsError

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
AUTHORITY = trustme.CA()
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}


def _issue(file: Path) -> Path:
    AUTHORITY.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(file)
    return file


@pytest.fixture
def certificate(settings: Settings, tmp_path: Path) -> Certificate:
    return Certificate(settings.model_copy(update={"tls_cert": _issue(tmp_path / "server.pem")}))


@asynccontextmanager
async def serving(settings: Settings, clock: FakeClock, certificate: Certificate) -> AsyncGenerator[Harness]:
    """As `obt-server serve` does it. The harness is not entered: it speaks no TLS."""
    app = create_app(settings, clock)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn_config(app, shutdown_s=1, certificate=certificate))
    running = asyncio.create_task(server._serve([listener]))  # pyright: ignore[reportPrivateUsage]
    while not server.started and not running.done():
        await asyncio.sleep(0.005)
    try:
        yield Harness(app, clock, f"https://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        await running


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)  # pyright: ignore[reportUnknownMemberType]
    return context


async def test_a_server_with_a_certificate_speaks_tls_alone_and_says_so_to_browsers(
    settings: Settings, clock: FakeClock, certificate: Certificate
) -> None:
    async with serving(settings, clock, certificate) as server:
        async with httpx.AsyncClient(base_url=server.url, verify=_trusting(), timeout=60) as http:
            reply = await http.get("/healthz")
            assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"
            origin = {"Origin": server.url}
            reply = await http.post(f"{API}/auth/link", json={"secret": await server.a_link()}, headers=origin)
            assert "secure" in reply.headers["Set-Cookie"].lower()
            assert (await http.get(f"{API}/auth/me")).status_code == 200
        async with httpx.AsyncClient(base_url=server.url.replace("https", "http"), timeout=60) as plain:
            with pytest.raises(httpx.TransportError):
                await plain.get("/healthz")


async def test_over_tls_no_other_host_and_no_plain_page_can_plant_a_session(
    settings: Settings, clock: FakeClock, certificate: Certificate
) -> None:
    """Browsers take a cookie of that prefix from the host itself alone, over TLS alone; no other name counts there."""
    async with serving(settings, clock, certificate) as server:
        async with httpx.AsyncClient(base_url=server.url, verify=_trusting(), timeout=60) as http:
            told = {"Origin": server.url}
            reply = await http.post(f"{API}/auth/link", json={"secret": await server.a_link()}, headers=told)
            pair, _, attributes = reply.headers["Set-Cookie"].partition(";")
            name, _, secret = pair.partition("=")
            assert name == "__Host-obt_session"
            assert "path=/" in attributes.lower()
            assert "domain" not in attributes.lower()
            planted = {"Cookie": f"obt_session={secret}"}
        async with httpx.AsyncClient(base_url=server.url, verify=_trusting(), timeout=60) as http:
            assert (await http.get(f"{API}/auth/me", headers=planted)).status_code == 401
            own = {"Cookie": f"obt_session=planted; {pair}", **told}
            assert (await http.get(f"{API}/auth/me", headers=own)).status_code == 200
            foreign = {**own, "Origin": "https://evil.example"}
            assert (await http.post(f"{API}/auth/sign-out", headers=foreign)).json()["code"] == "foreign_origin"
            gone = await http.post(f"{API}/auth/sign-out", headers=own)
            assert gone.headers["Set-Cookie"].startswith('__Host-obt_session=""')
            assert "secure" in gone.headers["Set-Cookie"].lower()


@pytest.mark.filterwarnings("ignore:.*TLSv1:DeprecationWarning")
async def test_old_tls_is_refused(settings: Settings, clock: FakeClock, certificate: Certificate) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    async with serving(settings, clock, certificate) as server, httpx.AsyncClient(verify=old, timeout=60) as http:
        with pytest.raises(httpx.TransportError):
            await http.get(f"{server.url}/healthz")


def test_a_renewed_certificate_is_taken_and_a_broken_one_is_not(certificate: Certificate, tmp_path: Path) -> None:
    file = tmp_path / "server.pem"
    first = _shown(certificate)
    shutil.move(_issue(tmp_path / "new.pem"), file)
    certificate.renew()
    second = _shown(certificate)
    assert second != first
    file.write_text("half a file")
    certificate.renew()
    assert _shown(certificate) == second


def _shown(certificate: Certificate) -> bytes | None:
    """The certificate that a client is shown: both ends in memory."""
    client_in, client_out = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = _trusting().wrap_bio(client_in, client_out, server_hostname="localhost")
    server = certificate.context.wrap_bio(client_out, client_in, server_side=True)
    ends = [client, server]
    for _ in range(10):
        for end in list(ends):
            try:
                end.do_handshake()
                ends.remove(end)
            except ssl.SSLWantReadError:
                pass
    return client.getpeercert(binary_form=True)


def test_files_that_are_no_certificate_are_refused_at_the_start(settings: Settings, tmp_path: Path) -> None:
    good, other = _issue(tmp_path / "good.pem"), _issue(tmp_path / "other.pem")
    (tmp_path / "text.pem").write_text("nothing")
    wrong = [(tmp_path / "none.pem", None), (tmp_path / "text.pem", None), (good, other), (good, tmp_path / "text.pem")]
    for cert, key in wrong:
        with pytest.raises(TlsError, match="OBT_TLS_CERT"):
            Certificate(settings.model_copy(update={"tls_cert": cert, "tls_key": key}))


async def test_a_proxy_that_is_named_is_believed(settings: Settings, clock: FakeClock) -> None:
    named = settings.model_copy(update={"trusted_proxies": ("127.0.0.0/8",)})
    async with serve(named, clock) as server:
        told = {**FORWARDED, "Origin": server.url.replace("http", "https")}
        link = {"secret": await server.a_link()}
        async with httpx.AsyncClient(base_url=server.url, headers=told, timeout=60) as http:
            reply = await http.post(f"{API}/auth/link", json=link)
            assert (reply.status_code, "secure" in reply.headers["Set-Cookie"].lower()) == (204, True)
            assert "Strict-Transport-Security" in reply.headers
        cookie = {"Cookie": reply.headers["Set-Cookie"].partition(";")[0]}
        sessions = (await server.nobody.get(f"{API}/auth/sessions", headers={**told, **cookie})).json()["sessions"]
        assert "203.0.113.9" in {session["address"] for session in sessions}


async def test_nobody_else_is_believed(settings: Settings, clock: FakeClock) -> None:
    for proxies in ((), ("10.0.0.1", "192.168.0.0/16")):
        async with serve(settings.model_copy(update={"trusted_proxies": proxies}), clock) as server:
            reply = await server.nobody.get("/healthz", headers=FORWARDED)
            assert "Strict-Transport-Security" not in reply.headers
            link = {"secret": await server.a_link()}
            reply = await server.nobody.post(f"{API}/auth/link", json=link, headers=FORWARDED)
            assert "secure" not in reply.headers["Set-Cookie"].lower()
            addresses = {one["address"] for one in (await server.get("/auth/sessions"))["sessions"]}
            assert addresses == {"127.0.0.1"}
            https = {**FORWARDED, "Origin": server.url.replace("http", "https")}
            assert (await server.nobody.get(f"{API}/auth/me", headers=https)).json()["code"] == "foreign_origin"


async def test_whoever_comes_by_the_public_address_came_by_tls(settings: Settings, clock: FakeClock) -> None:
    """Also where a proxy forwards nothing: its cookie is for TLS, and its browser told to stay with it."""
    public = settings.model_copy(update={"public_url": "https://obt.example.net"})
    async with serve(public, clock) as server:
        told = {"Host": "obt.example.net", "Origin": "https://obt.example.net"}
        reply = await server.nobody.post(f"{API}/auth/link", json={"secret": await server.a_link()}, headers=told)
        assert (reply.status_code, "secure" in reply.headers["Set-Cookie"].lower()) == (204, True)
        assert "Strict-Transport-Security" in reply.headers


def test_a_proxy_is_an_address_or_a_network_and_never_everybody(settings: Settings) -> None:
    named = settings_of(trusted_proxies="10.0.0.5, 172.18.0.0/16 ::1")
    assert named.trusted_proxies == ("10.0.0.5", "172.18.0.0/16", "::1")
    for wrong in ("*", "0.0.0.0/0", "::/0", "proxy.example", "10.0.0.5/8"):
        with pytest.raises(ValidationError):
            settings_of(trusted_proxies=wrong)
