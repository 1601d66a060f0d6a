"""The life of a client: heartbeats, a look at Ollama, work, delivery; and its end, in good order."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from types import FrameType

import psutil
import structlog

from obt_client.agent.beats import Beats
from obt_client.agent.delivery import Delivery
from obt_client.agent.key_ring import KeyRing
from obt_client.agent.outbox import Outbox
from obt_client.agent.state import ClientState
from obt_client.agent.watch import Watch
from obt_client.agent.worker import Worker
from obt_client.config import Settings
from obt_client.hardware import read_hardware
from obt_client.ollama import Ollama
from obt_client.server import Server

log = structlog.get_logger()
_RESTART_S = 10.0


class Agent:
    """One client, enrolled, with its server and its Ollama."""

    def __init__(self, settings: Settings, server: Server, ollama: Ollama) -> None:
        self.state = ClientState(settings)
        self._outbox = Outbox(settings.data_dir)
        self._beats = Beats(self.state, server, KeyRing(settings.data_dir, server))
        self._watch = Watch(self.state, ollama)
        self._delivery = Delivery(self.state, server, self._outbox, self._beats.answered)
        self._worker = Worker(self.state, server, ollama, self._outbox, self._watch)

    async def run(self) -> None:
        """Live until `stop` is called, then end the job and deliver it, within the time that the settings give.

        Raises OSError where the outbox of an earlier run cannot be read.
        """
        psutil.cpu_percent()  # the first call only begins to count
        await self._outbox.load()
        async with asyncio.TaskGroup() as group:
            # What was measured before goes out before anything new; both wait for the same server.
            delivering = group.create_task(kept_alive("delivery", self._delivery.run))
            working = group.create_task(kept_alive("worker", self._worker.run))
            parts = {"hardware": self._see_hardware, "watch": self._watch.run, "beats": self._beats.run}
            loops = [group.create_task(kept_alive(part, run)) for part, run in parts.items()]
            await self.state.stopping.wait()
            await self._drain(working, delivering)
            for task in (working, *loops):
                task.cancel()

    def stop(self) -> None:
        """Take no more work, end what runs, deliver it, and return from `run`."""
        log.info("stopping", job_id=str(self.state.job_id) if self.state.job_id else None)
        self.state.drain()

    async def _see_hardware(self) -> None:
        if self.state.hardware is None:
            self.state.see_hardware(await read_hardware())

    async def _drain(self, working: asyncio.Task[None], delivering: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(self.state.settings.drain_s):
                await asyncio.wait({working})
                delivering.cancel()
                await asyncio.wait({delivering})
                await self._delivery.deliver_last()
        except TimeoutError:
            log.warning("drain_took_too_long", drain_s=self.state.settings.drain_s)
        delivering.cancel()


async def kept_alive(part: str, run: Callable[[], Awaitable[None]], again_s: float = _RESTART_S) -> None:
    """Run a part of the client; a fault of ours in it is said, and the part begins anew after a while."""
    while True:
        try:
            return await run()
        except Exception:
            log.exception("part_broke", part=part, again_s=again_s)
        await asyncio.sleep(again_s)


async def run_until_signalled(agent: Agent) -> None:
    """Run; SIGTERM or SIGINT ends it in good order, a second one at once (raises CancelledError)."""
    running = asyncio.ensure_future(agent.run())

    def on_signal() -> None:
        if agent.state.stopping.is_set():
            running.cancel()
        else:
            agent.stop()

    with _on_signals(on_signal):
        await running


@contextmanager
def _on_signals(act: Callable[[], None]) -> Generator[None, None, None]:
    """Call `act` in the loop at each signal to end."""
    loop = asyncio.get_running_loop()

    def hand_over(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)

    # The signal module's own handlers, since not every system's event loop knows signals.
    before = {number: signal.signal(number, hand_over) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
