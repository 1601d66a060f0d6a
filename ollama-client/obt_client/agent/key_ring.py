"""Taking another key: on disk before it is used, and the old one kept until the server took the new one."""

import asyncio
from pathlib import Path

import structlog

from obt_client.identity import Identity, IdentityError, read_identity, write_identity
from obt_client.logs import Reported
from obt_client.server import RefusedError, Server

log = structlog.get_logger()


class KeyRing:
    """The client's key, and for a while the one that comes next.

    No key is given up before the server was seen to take the other one: whatever request, reply or write is cut off,
    one of the two that are on disk is good.
    """

    def __init__(self, data_dir: Path, server: Server) -> None:
        self._data_dir, self._server = data_dir, server
        self._is_settled = False
        self._disk = Reported("key_rotation", "possible")

    async def settle(self) -> None:
        """Where two keys are kept, learn which is good, and give the other one up. Raises ServerError."""
        if self._is_settled:
            return
        identity = await self._read()
        if identity is not None and identity.next_key is not None:
            await self._settle(identity)
        else:
            self._is_settled = True

    async def rotate(self) -> None:
        """Take another key, in whose place the old one goes when the server took it. Raises ServerError."""
        identity = await self._read()
        if identity is None or identity.next_key is not None:
            return  # one was told already, and is not settled yet
        try:
            told = identity.model_copy(update={"next_key": await self._server.next_key()})
        except RefusedError as error:
            log.info("key_stays", code=error.code, reason=error.detail)
            return
        if await self._write(told):
            self._is_settled = False
            self._server.use_keys(told.next_key, told.key)
            await self._settle(told)

    async def _settle(self, identity: Identity) -> None:
        good = await self._good_of(identity)
        if good is None:
            return
        settled = identity.model_copy(update={"key": good, "next_key": None})
        if await self._write(settled):
            self._server.use_keys(good)
            self._is_settled = True
            log.info("key_rotated" if good == identity.next_key else "key_stays", client_id=identity.client_id)

    async def _good_of(self, identity: Identity) -> str | None:
        """The new key where the server takes it, which ends the old one; else the old one; None where it takes none."""
        for key in (identity.next_key, identity.key):
            if key is not None and await self._server.knows_key(key=key):
                return key
        return None

    async def _read(self) -> Identity | None:
        try:
            return await asyncio.to_thread(read_identity, self._data_dir)
        except IdentityError as error:
            self._disk.change("impossible", bad=True, reason=str(error))
            return None

    async def _write(self, identity: Identity) -> bool:
        try:
            await asyncio.to_thread(write_identity, self._data_dir, identity)
        except IdentityError as error:
            self._disk.change("impossible", bad=True, reason=str(error), todo="The old key stays in use.")
            return False
        self._disk.change("possible", bad=False)
        return True
