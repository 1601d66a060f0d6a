"""Certificates for tests: an authority of their own, and servers that it vouches for."""

from functools import cache
from pathlib import Path

import trustme


@cache
def _authority() -> trustme.CA:
    return trustme.CA()


def write_authority(path: Path) -> Path:
    """Write the certificate that a client has to trust (PEM)."""
    _authority().cert_pem.write_to_path(path)
    return path


def write_certificate(path: Path, *names: str) -> Path:
    """Write key and certificate (PEM) of a server that goes by these names or addresses."""
    _authority().issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(path)
    return path
