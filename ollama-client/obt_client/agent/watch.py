"""Looks at Ollama every second or two while nothing is measured: is it there, what is installed, what is loaded."""

import asyncio

from obt_client.agent.retries import wait_or
from obt_client.agent.state import ClientState
from obt_client.logs import Reported
from obt_client.ollama import Ollama, OllamaError
from obt_core.models import ModelInventory, OllamaStatus


class Watch:
    """Tells the state what Ollama is like. `look_now` asks for a look before it is due."""

    def __init__(self, state: ClientState, ollama: Ollama) -> None:
        self._state, self._ollama = state, ollama
        self._reported = Reported("ollama", "")
        self.look_now = asyncio.Event()

    async def run(self) -> None:
        """Look until cancelled; never while a job runs, whose requests are timed."""
        while True:
            if self._state.job_id is None:
                await self.look()
            self.look_now.clear()
            await wait_or(self.look_now, self._state.settings.ollama_watch_s)

    async def look(self) -> None:
        """Look once."""
        status = await self._ollama.status()
        inventory = await self._inventory(status)
        if self._state.job_id is None:
            self._state.see_ollama(status, inventory)
        url = self._state.settings.ollama_url
        if status.reachable:
            self._reported.change("found", bad=False, url=url, version=status.version)
        else:
            todo = "Start it (`ollama serve`), or set OBT_OLLAMA_URL. Looking again until it is there."
            self._reported.change("not_found", bad=True, url=url, todo=todo)

    async def _inventory(self, status: OllamaStatus) -> ModelInventory | None:
        if not status.reachable:
            return None
        try:
            return await self._ollama.inventory()
        except OllamaError:
            return None
