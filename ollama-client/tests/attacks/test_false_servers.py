"""Somebody in the server's place: without its certificate, or without its key, he learns nothing."""

import hashlib
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from obt_client.config import SettingsError, load_settings
from obt_client.identity import Identity
from obt_client.server import Server, UnreachableError, open_session
from obt_client.trust import Trust, is_exposed, trust_of
from obt_core.key_pin import parse_pin, pin_of

KEY = "obt_client_secret-of-this-machine"
OTHER_PIN = "sha256//" + "A" * 43 + "="


@dataclass
class Impostor:
    """A server with some certificate, and what it was sent."""

    url: str = ""
    pin: str = ""
    heard: list[str] = field(default_factory=list[str])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(f"{request.method} {request.path} {request.headers.get('Authorization', '')}")
        if request.path == "/healthz":
            return web.json_response({"status": "ok", "version": "1"})
        reply = web.StreamResponse(headers={"Content-Type": "application/json"})
        if request.path.endswith("/jobs/claim"):
            reply.enable_compression(web.ContentCoding.gzip)  # a little that becomes much
        await reply.prepare(request)
        for _ in range(40):
            await reply.write(b" " * 2**20)
        return reply


def _pin(certificate: trustme.LeafCert) -> str:
    return pin_of(ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode()))


@asynccontextmanager
async def serving(certificate: trustme.LeafCert | None) -> AsyncGenerator[Impostor]:
    impostor = Impostor(pin=_pin(certificate) if certificate else "")
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", impostor.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    impostor.url = f"{'https' if context else 'http'}://127.0.0.1:{port}"
    try:
        yield impostor
    finally:
        await runner.cleanup()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return tmp_path / "ca.pem"


async def _is_believed(impostor: Impostor, trust: Trust) -> bool:
    """Ask, and where he is not believed, look that he was told nothing and the person what to do."""
    async with open_session(trust) as session:
        server = Server(impostor.url, session, client_id="a-client", key=KEY)
        try:
            return (await server.look()).version == "1"
        except UnreachableError as error:
            told = str(error)
    assert "OBT_SERVER_PIN" in told
    assert impostor.heard == []
    return False


async def test_a_certificate_that_nobody_vouches_for_is_refused(authority: trustme.CA) -> None:
    async with serving(authority.issue_cert("127.0.0.1")) as impostor:
        assert not await _is_believed(impostor, Trust())


async def test_a_certificate_of_the_named_authority_is_taken(authority: trustme.CA, ca: Path) -> None:
    async with serving(authority.issue_cert("127.0.0.1")) as impostor:
        assert await _is_believed(impostor, Trust(ca=ca))


async def test_a_certificate_for_another_name_is_refused(authority: trustme.CA, ca: Path) -> None:
    async with serving(authority.issue_cert("obt.example.net")) as impostor:
        assert not await _is_believed(impostor, Trust(ca=ca))


async def test_the_right_key_needs_nobody_to_vouch_for_it(authority: trustme.CA) -> None:
    async with serving(authority.issue_cert("whatever.example")) as impostor:
        assert await _is_believed(impostor, Trust(pin=impostor.pin))


async def test_another_key_is_refused_though_an_authority_vouches_for_it(authority: trustme.CA, ca: Path) -> None:
    async with serving(authority.issue_cert("127.0.0.1")) as impostor:
        assert not await _is_believed(impostor, Trust(ca=ca, pin=OTHER_PIN))
        assert not await _is_believed(impostor, Trust(pin=OTHER_PIN))


async def test_the_right_key_with_a_wrong_certificate_is_refused_where_an_authority_is_named(
    authority: trustme.CA, ca: Path
) -> None:
    async with serving(trustme.CA().issue_cert("127.0.0.1")) as impostor:
        assert not await _is_believed(impostor, Trust(ca=ca, pin=impostor.pin))


@pytest.mark.parametrize("is_packed", [False, True])
async def test_an_answer_without_end_is_not_kept(is_packed: bool) -> None:
    async with serving(None) as impostor, open_session() as session:
        server = Server(impostor.url, session, client_id="a-client", key=KEY)
        with pytest.raises(UnreachableError, match="longer than"):
            await (server.claim() if is_packed else server.claim_operation())


def test_a_pin_is_what_other_programs_make_of_the_key(authority: trustme.CA) -> None:
    for key_type in trustme.KeyType:
        pem = authority.issue_cert("a.example", key_type=key_type).cert_chain_pems[0].bytes()
        found = x509.load_pem_x509_certificate(pem)
        key = found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        digest = hashlib.sha256(key).digest()
        pin = pin_of(found.public_bytes(Encoding.DER))
        assert pin == parse_pin(digest.hex()) == parse_pin(f"SHA256:{digest.hex(':').upper()}") == parse_pin(pin)


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 10, 100, 200])
def test_what_is_no_certificate_has_no_pin(authority: trustme.CA, cut: int) -> None:
    der = ssl.PEM_cert_to_DER_cert(authority.issue_cert("a.example").cert_chain_pems[0].bytes().decode())
    for broken in (der[:cut], b"\x30\x84\xff\xff\xff\xff" + der, b"\x30\x80", bytes(cut)):
        with pytest.raises(ValueError, match="certificate"):
            pin_of(broken)


@pytest.mark.parametrize(
    "pin", ["", "sha256//", "sha256//AAAA", "md5//AAAA", "A" * 44, "0" * 63, "sha256//" + "!" * 44]
)
def test_a_setting_that_is_no_pin_is_refused(pin: str) -> None:
    with pytest.raises(ValueError, match="no pin"):
        parse_pin(pin)


def test_a_pin_for_an_address_without_tls_is_refused() -> None:
    with pytest.raises(SettingsError, match="https"):
        load_settings(_env_file=None, server_url="http://10.0.0.1:8881", server_pin=OTHER_PIN)


def test_a_file_without_authorities_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    for file in (tmp_path / "ca.pem", tmp_path / "none.pem"):
        with pytest.raises(SettingsError, match="OBT_SERVER_CA"):
            load_settings(_env_file=None, server_url="https://obt.example", server_ca=file)


def test_the_service_that_runs_later_believes_as_it_did_when_it_enrolled(ca: Path) -> None:
    told = {"server_url": "https://a", "server_ca": str(ca), "server_pin": OTHER_PIN}
    identity = Identity.model_validate({"client_id": "a-client", "name": "a", "nonce": "n" * 40, **told})
    assert trust_of(load_settings(_env_file=None), identity) == Trust(ca, OTHER_PIN)


@pytest.mark.parametrize(
    ("url", "is_public"),
    [
        ("http://8.8.8.8:8881", True),
        ("http://[2606:4700::1111]", True),
        ("http://[::ffff:8.8.8.8]", True),
        ("https://8.8.8.8", False),
        ("http://127.0.0.1:8881", False),
        ("http://localhost:8881", False),
        ("http://192.168.1.5", False),
        ("http://10.1.2.3", False),
        ("http://100.64.1.2", False),
        ("http://[fd00::1]", False),
        ("http://[fe80::1%25eth0]", False),
        ("http://no-such-name.invalid", False),
    ],
)
async def test_a_public_network_without_tls_is_told_from_a_private_one(url: str, is_public: bool) -> None:
    assert await is_exposed(url) == is_public
