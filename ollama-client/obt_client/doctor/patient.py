"""What is looked at: the settings of this client, and what several checks want to know, asked once."""

import asyncio
from dataclasses import dataclass

from obt_client.config import Settings
from obt_client.daemon import in_daemon
from obt_client.hardware import detect
from obt_client.identity import Identity, read_identity
from obt_client.ollama import Ollama, OllamaUnreachableError
from obt_client.telemetry.reading import Reading
from obt_client.telemetry.sampler import Telemeter
from obt_core.hardware import HardwareSnapshot
from obt_core.telemetry import Channel

WATCH_S = 0.5
ANSWER_S = 5.0
"""How long Ollama and the server may take to say that they are there."""
_NEVER_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Watched:
    """What telemetry can tell of this machine, and what it told of half a second."""

    channels: tuple[Channel, ...]
    reading: Reading


class Patient:
    """One client. What it is asked for is looked up when the first check wants it, and kept for the others."""

    def __init__(self, settings: Settings, answer_s: float = ANSWER_S) -> None:
        self.settings, self.answer_s = settings, answer_s
        self._hardware: asyncio.Future[HardwareSnapshot] | None = None
        self._identity: asyncio.Future[Identity | None] | None = None
        self._watched: asyncio.Future[Watched] | None = None

    async def hardware(self) -> HardwareSnapshot:
        """Return what this machine is. A check that gives up waiting does not take it from the others."""
        self._hardware = self._hardware or asyncio.ensure_future(detect())
        return await asyncio.shield(self._hardware)

    async def watched(self) -> Watched:
        """Return what the machine does, when its hardware is known: looking for that is work as well."""
        self._watched = self._watched or asyncio.ensure_future(self._watch())
        return await asyncio.shield(self._watched)

    async def _watch(self) -> Watched:
        await self.hardware()
        telemeter = Telemeter(self.settings.ollama_url, remote=False, interval_s=_NEVER_S)
        async with telemeter.running():
            await asyncio.sleep(WATCH_S)
            return Watched(telemeter.channels, await telemeter.look())

    async def identity(self) -> Identity | None:
        """Return who this client is, None where it is not enrolled. Raises IdentityError."""
        self._identity = self._identity or in_daemon(lambda: read_identity(self.settings.data_dir))
        identity = await asyncio.shield(self._identity)
        return identity if identity and identity.key else None

    async def ollama_version(self) -> str:
        """Ask Ollama for its version. Raises OllamaError."""
        url = self.settings.ollama_url
        try:
            async with asyncio.timeout(self.answer_s):
                return await Ollama(url).version()
        except TimeoutError:
            raise OllamaUnreachableError(f"Ollama at {url} does not answer within {self.answer_s:g} s") from None

    @property
    def is_server_chosen(self) -> bool:
        """Whether somebody said which server it is."""
        return "server_url" in self.settings.model_fields_set

    def server_url(self, identity: Identity | None) -> str:
        """Return the server that `obt-client run` would talk to: the one that was set, else where it enrolled."""
        return identity.server_url if identity and not self.is_server_chosen else self.settings.server_url
