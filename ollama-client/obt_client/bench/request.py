"""A request to Ollama as bytes."""

import json
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from obt_client.bench.response import BadAnswerError


class Target(NamedTuple):
    """Where to send."""

    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Take an address apart. Raises BadAnswerError `tls_not_supported` or `bad_url`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
        (host or "").encode("idna")  # what no name service can be asked for
    except ValueError as error:
        raise BadAnswerError("bad_url", f"{url!r} is no address: {error}") from error
    if parts.scheme == "https":
        raise BadAnswerError("tls_not_supported", "measured requests go over http:// only; TLS would blur the stamps")
    if parts.scheme != "http" or not host:
        raise BadAnswerError("bad_url", f"{url!r} is no http:// address")
    return Target(host, port, parts.path or "/")


def request_bytes(target: Target, body: Mapping[str, object]) -> bytes:
    """The whole request, ready to be sent in one piece."""
    data = json.dumps(body).encode()
    host = f"[{target.host}]" if ":" in target.host else target.host
    head = (
        f"POST {target.path} HTTP/1.1",
        f"Host: {host}:{target.port}",
        "User-Agent: obt-client",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        "",
        "",
    )
    return "\r\n".join(head).encode() + data
