"""A request to Ollama as bytes."""

import json
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from obt_client.bench.framing import BadAnswerError

_PORTS = {"http": 80, "https": 443}


class Target(NamedTuple):
    """Where to send. `path` has the query with it."""

    host: str
    port: int
    path: str
    is_tls: bool = False


def target_of(url: str) -> Target:
    """Take an address apart. Raises BadAnswerError `bad_url`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
        (host or "").encode("idna")  # what no name service can be asked for
    except ValueError as error:
        raise BadAnswerError("bad_url", f"{url!r} is no address: {error}") from error
    if parts.scheme not in _PORTS or port is None or not host:
        raise BadAnswerError("bad_url", f"{url!r} is no http:// or https:// address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, is_tls=parts.scheme == "https")


def request_bytes(target: Target, body: Mapping[str, object] | None, *, method: str = "POST") -> bytes:
    """The whole request, ready to be sent in one piece."""
    data = b"" if body is None else json.dumps(body).encode()
    host = f"[{target.host}]" if ":" in target.host else target.host
    head = (
        f"{method} {target.path} HTTP/1.1",
        f"Host: {host}:{target.port}",
        "User-Agent: obt-client",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        "",
        "",
    )
    return "\r\n".join(head).encode() + data
