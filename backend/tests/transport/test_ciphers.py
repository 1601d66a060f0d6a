"""What a server with a certificate offers: nothing that could be read later, or changed on its way."""

from pathlib import Path

import trustme

from backend.tests.harness import settings_of
from obt_server.transport.tls import Certificate


def test_every_cipher_has_forward_secrecy_and_authenticates(tmp_path: Path) -> None:
    file = tmp_path / "server.pem"
    trustme.CA().issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(file)
    offered = Certificate(settings_of(data_dir=tmp_path, tls_cert=file)).context.get_ciphers()
    assert {cipher["protocol"] for cipher in offered} == {"TLSv1.2", "TLSv1.3"}
    for cipher in offered:
        name = cipher["name"]
        assert name.startswith(("TLS_", "ECDHE-")), name
        assert "GCM" in name or "POLY1305" in name, name
