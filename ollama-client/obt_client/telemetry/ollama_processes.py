"""Which processes are Ollama's: those that listen at its port, else those of its names, with all their children."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

import psutil

REFRESH_S = 5.0
"""How long a list of children is good: to make one is to ask every process for its parent."""
SEEK_S = 20.0
"""How often an Ollama whose processes are not known is sought again."""
_NAME = re.compile(r"^(ollama.*|llama-server|ollama_llama_server)(\.exe)?$", re.IGNORECASE)
RELAYS = frozenset({
    "docker-proxy", "com.docker.backend", "vpnkit", "rootlessport", "slirp4netns", "pasta", "passt", "gvproxy",
    "orbstack helper", "limactl", "wslrelay", "wslhost", "svchost", "ssh", "sshd", "socat", "nginx", "caddy",
    "haproxy", "traefik", "envoy", "httpd", "apache2",
})  # fmt: skip
"""Who listens in the place of another: behind them Ollama is known by its name, or not at all."""


class OllamaProcesses:
    """Ollama's processes on this machine, as of the last `refresh`.

    Not known (`members` is None): another user's where the system hides those, an Ollama in a virtual machine or in a
    container that this process cannot see into, and one behind a relay without a name of its own.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port
        self._roots: list[psutil.Process] = []
        self._refreshed_s = self._sought_s = float("-inf")
        self.members: frozenset[psutil.Process] | None = None

    def refresh(self, now_s: float, older_than_s: float = REFRESH_S) -> bool:
        """Look again where the last look was longer ago. Return whether the list has new roots, whose past counts not.

        Errors of single processes are theirs; psutil.Error and OSError of the whole are raised.
        """
        if now_s - self._refreshed_s < older_than_s:
            return False
        self._refreshed_s = now_s
        is_new = False
        self._roots = [root for root in self._roots if root.is_running()]
        if not self._roots and now_s - self._sought_s >= SEEK_S:
            self._sought_s = now_s
            self._roots = self._sought()
            is_new = bool(self._roots)
        self.members = frozenset(with_children(self._roots)) - {psutil.Process()} if self._roots else None
        return is_new

    def owns(self, pid: int) -> bool | None:
        """Whether a process is Ollama's, one that was born a moment ago too. None where that cannot be told."""
        if self.members is None:
            return None
        if any(member.pid == pid for member in self.members):
            return True
        try:
            family = psutil.Process(pid).parents()
        except psutil.NoSuchProcess:
            return None
        except psutil.Error:
            return False
        return any(one in self._roots for one in family)

    def _sought(self) -> list[psutil.Process]:
        listening = [process for pid in listeners(self._host, self._port) if (process := _process(pid))]
        if listening and not any(is_relay(process) for process in listening):
            return listening
        named = [process for process in psutil.process_iter() if _NAME.match(_name(process))]
        return [*listening, *named] if named else []


def is_relay(process: psutil.Process) -> bool:
    """Whether a process passes on what it is asked."""
    return _name(process).lower().removesuffix(".exe") in RELAYS


def listeners(host: str, port: int | None) -> list[int]:
    """Return who listens where the URL leads, of those that the system lets this process see."""
    try:
        rows = psutil.net_connections(kind="tcp")
    except (psutil.Error, OSError):  # macOS tells nobody but root
        return []
    listening = (row for row in rows if row.status == psutil.CONN_LISTEN)
    return sorted({row.pid for row in listening if row.pid and _leads_to(host, port, tuple(row.laddr))})


def _leads_to(host: str, port: int | None, listens_at: tuple[object, ...]) -> bool:
    """Names are not resolved: whoever listens at their port is meant."""
    if len(listens_at) < 2 or listens_at[1] != port:
        return False
    try:
        wanted, there = ip_address(host), ip_address(str(listens_at[0]).partition("%")[0])
    except ValueError:
        return True
    return there.is_unspecified or there == wanted or getattr(there, "ipv4_mapped", None) == wanted


def with_children(roots: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Return processes with all that descend from them, each once."""
    found: dict[psutil.Process, None] = {}
    for root in roots:
        found[root] = None
        try:
            found |= dict.fromkeys(root.children(recursive=True))
        except psutil.Error:
            continue
    return list(found)


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""
