"""Where Ollama listens, as `OLLAMA_HOST` and `OBT_OLLAMA_URL` say it.

The forms are those of Ollama's own `envconfig.Host`: `host`, `host:port`, `:port`, `http://host`, `https://host`, IPv6
in brackets or bare. "Every address" (0.0.0.0 and ::) is what a server listens on; from here that is loopback.
"""

import platform
from ipaddress import ip_address
from urllib.parse import urlsplit

_PORT = 11434
_SCHEME_PORTS = {"http": 80, "https": 443}
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - replaced, never listened on


def url_of_host(text: str) -> str:
    """Return the base URL that an `OLLAMA_HOST` means; a port that is none counts as the usual one, as with Ollama."""
    return _url_of(text, strict=False)


def url_of(text: str) -> str:
    """Return the base URL that a person's setting means, in any form of `OLLAMA_HOST`. Raises ValueError."""
    if not text.strip():
        raise ValueError("it is empty")
    return _url_of(text, strict=True)


def _url_of(text: str, *, strict: bool) -> str:
    text = text.strip().strip("\"'").strip()
    scheme, separator, rest = text.partition("://")
    scheme, rest = (scheme.lower(), rest) if separator else ("http", text)
    if strict and scheme not in _SCHEME_PORTS:
        raise ValueError(f"'{scheme}' is neither http nor https")
    usual_port = _SCHEME_PORTS.get(scheme, _PORT) if separator else _PORT
    place, _, path = rest.partition("/")
    host, port_text = _host_and_port(place)
    port = _port_of(port_text, usual_port, strict=strict)
    host = _EVERYWHERE.get(host, host)
    if strict and not _is_host(host):
        raise ValueError(f"'{host}' is no host name and no address")
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port}/{path}".rstrip("/")


def _host_and_port(place: str) -> tuple[str, str]:
    """Split at the last colon, unless the colons are those of an IPv6 address."""
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        return host, rest.removeprefix(":")
    if place.count(":") > 1:
        return place, ""
    host, _, port = place.partition(":")
    return host, port


def _port_of(text: str, usual: int, *, strict: bool) -> int:
    if not text:
        return usual
    if text.isascii() and text.isdigit() and int(text) <= 65_535 and (int(text) > 0 or not strict):
        return int(text)
    if strict:
        raise ValueError(f"'{text}' is no port: 1 to 65535")
    return usual


def _is_host(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(host) and all(part.isprintable() and part not in " @?#[]\\" for part in host) and ":" not in host
    return True


def is_this_machine(url: str) -> bool:
    """Whether the URL leads to this machine: loopback, its own name, or an address of its own. Nothing is resolved."""
    host = (urlsplit(url).hostname or "").lower()
    if host in {"localhost", platform.node().lower()} or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback or host in _own_addresses()
    except ValueError:
        return False


def _own_addresses() -> set[str]:
    import psutil  # noqa: PLC0415  few ask, and it takes 25 ms of every command's start

    return {row.address.partition("%")[0].lower() for rows in psutil.net_if_addrs().values() for row in rows}
