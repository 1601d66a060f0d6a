"""The settings of Ollama that can be seen from beside it: variables of its service's environment.

Asked in turn, and the first that knows is believed: the running process, systemd, launchd, the registry of Windows.
"""

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import structlog

from obt_client.address import is_this_machine
from obt_client.daemon import in_daemon
from obt_client.ollama_settings.names import host_port, settings_in
from obt_client.ollama_settings.processes import environ_of_listener
from obt_client.ollama_settings.services import environ_of_launchd, environ_of_registry, environ_of_systemd

__all__ = ["LIMIT_S", "visible_settings"]

log = structlog.get_logger()
LIMIT_S = 4.0
"""How long all of it may take; a tool of the system is waited for less long."""
_SOURCES: dict[str, Callable[[int], Mapping[str, str] | None]] = {
    "process": environ_of_listener,
    "systemd": lambda _: environ_of_systemd(),
    "launchd": lambda _: environ_of_launchd(),
    "registry": lambda _: environ_of_registry(),
}


async def visible_settings(url: str) -> tuple[dict[str, str], str | None]:
    """Return settings of the Ollama at `url` by name, and where they were read: a key of `_SOURCES`.

    No settings and a source: nothing is set. No source: nothing could be read, or that Ollama is on another machine.
    Secrets are left out, and the bounds are those of `Environment`. Never raises but for cancellation.
    """
    try:
        async with asyncio.timeout(LIMIT_S):
            return await in_daemon(lambda: _look(url), "ollama-settings")
    except TimeoutError:
        log.warning("ollama_settings_slow", limit_s=LIMIT_S)
    except Exception as error:  # noqa: BLE001 - whatever a system raises: what cannot be seen is unknown
        log.warning("ollama_settings_failed", reason=str(error))
    return {}, None


def _look(url: str) -> tuple[dict[str, str], str | None]:
    port = urlsplit(url).port
    if port is None or not is_this_machine(url):
        return {}, None
    for source, environ_at in _SOURCES.items():
        environ = environ_at(port)
        # A second Ollama on this machine has another port, and its settings are not those of this one.
        if environ is not None and (source == "process" or host_port(environ) == port):
            return settings_in(environ), source
    return {}, None
