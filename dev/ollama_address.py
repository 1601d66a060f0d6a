"""Where an Ollama listens, as `OLLAMA_HOST` has it, and whether one answers there. Standard library only."""

import ipaddress
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORT = 11434
ANSWER_S = 2.0
"""How long a local Ollama may take to tell its version."""
_PORTS = {"http": 80, "https": 443}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what Ollama listens on, reached here over loopback

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Address:
    """Where an Ollama is to be reached."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def is_local(self) -> bool:
        """Whether it is this machine, by its name or number alone: nothing is resolved."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"


def parse_host(text: str) -> Address:
    """Read an `OLLAMA_HOST` as Ollama does: scheme, port, both or neither; "every address" means loopback.

    Raises ValueError where the port is no port.
    """
    text = text.strip().strip("\"'")
    scheme, rest = text.split("://", 1) if "://" in text else ("", text)
    # A bare IPv6 address has colons that are no port.
    bare_ipv6 = rest.count(":") > 1 and not rest.startswith("[")
    parts = urlsplit(f"//[{rest}]" if bare_ipv6 else f"//{rest}")
    port = parts.port if parts.port is not None else _PORTS.get(scheme, DEFAULT_PORT)
    host = parts.hostname or "127.0.0.1"
    return Address(scheme or "http", _EVERYWHERE.get(host, host), port)


def wanted_address(env: Mapping[str, str]) -> Address:
    """Return where this machine's Ollama should be: what `OLLAMA_HOST` says, else the usual place."""
    return parse_host(env.get("OLLAMA_HOST", ""))


def version_at(address: Address) -> str | None:
    """Return the version of the Ollama at `address`, None where none answers."""
    try:
        with _direct.open(f"{address.url}/api/version", timeout=ANSWER_S) as reply:
            told: object = json.loads(reply.read(10_000))
    except (OSError, ValueError):
        return None
    match told:
        case {"version": str(version)}:
            return version
        case _:
            return None
