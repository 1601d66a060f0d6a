"""What is looked at: the settings of this client, and what several checks ask of it, asked once."""

import asyncio

from obt_client.config import Settings
from obt_client.daemon import in_daemon
from obt_client.hardware import detect
from obt_client.identity import Identity, read_identity
from obt_core.hardware import HardwareSnapshot


class Patient:
    """One client. What it is asked for is begun at once, and waited for by whoever needs it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._hardware = asyncio.ensure_future(detect())
        self._identity = in_daemon(lambda: read_identity(settings.data_dir))

    async def hardware(self) -> HardwareSnapshot:
        """Return what this machine is. A check that gives up waiting does not take it from the others."""
        return await asyncio.shield(self._hardware)

    async def identity(self) -> Identity | None:
        """Return who this client is, None where it is not enrolled. Raises IdentityError."""
        identity = await asyncio.shield(self._identity)
        return identity if identity and identity.key else None

    @property
    def is_server_chosen(self) -> bool:
        """Whether somebody said which server it is."""
        return "server_url" in self.settings.model_fields_set

    def server_url(self, identity: Identity | None) -> str:
        """Return the server that `obt-client run` would talk to: the one that was set, else where it enrolled."""
        return identity.server_url if identity and not self.is_server_chosen else self.settings.server_url
