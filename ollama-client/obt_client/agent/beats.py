"""The loop of heartbeats: presence and news go out, directives come back and are acted on."""

import asyncio

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type

from obt_client import __version__
from obt_client.agent.decisions import GAP_MIN_S, Actions, decide, hold_s
from obt_client.agent.key_ring import KeyRing
from obt_client.agent.retries import report, wait_for_server, wait_or
from obt_client.agent.server_clock import Moment
from obt_client.agent.state import ClientState
from obt_client.logs import Reported
from obt_client.server import RefusedError, Server, ServerError
from obt_core.heartbeat import HeartbeatReply
from obt_core.wire import PROTOCOL_VERSION

log = structlog.get_logger()


class Beats:
    """Beats every interval; at once when there is news. `answered` is set by every answer of the server."""

    def __init__(self, state: ClientState, server: Server, keys: KeyRing) -> None:
        self._state, self._server, self._keys = state, server, keys
        self._link = Reported("server", "")
        self._release = Reported("server_release", "same")
        self._was_for_clock = False
        self.answered = asyncio.Event()

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            began_s = asyncio.get_running_loop().time()
            if (reply := await self._beat()) is None:
                continue
            elapsed_s = asyncio.get_running_loop().time() - began_s
            actions = decide(reply.directives, self._state.situation(), elapsed_s)
            is_done = await self._act(actions)
            pause_s = actions.pause_s if is_done else self._state.settings.heartbeat_interval_s
            if self._was_for_clock and not reply.directives:
                pause_s = GAP_MIN_S  # the next beat waits at the server for work, as this one would have
            await wait_or(self._state.news, pause_s)

    async def _beat(self) -> HeartbeatReply | None:
        """Send a beat until it is answered; None where it was let go, since there is news for another."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(ServerError),
            wait=wait_for_server,
            sleep=self._sleep_unless_stopping,
            before_sleep=lambda retry: self._report(retry.outcome and retry.outcome.exception()),
        )
        reply: HeartbeatReply | None = await retrying(self._beat_once)
        if reply is not None:
            self._report(None)
            self._compare_releases(reply)
        return reply

    def _compare_releases(self, reply: HeartbeatReply) -> None:
        """Say once that the server has another release; both go on, and the server decides what this one may do."""
        if not reply.server_version:
            return  # a server of the first release does not tell
        is_same = reply.server_version == __version__ and reply.server_protocol_version in {None, PROTOCOL_VERSION}
        facts = {"server": reply.server_version, "client": __version__}
        upgrade = f"The server's page of this client says what to do. {self._server.url}/install.sh brings its release."
        todo = {} if is_same else {"todo": upgrade}
        self._release.change("same" if is_same else "differs", bad=not is_same, **facts, **todo)

    async def _beat_once(self) -> HeartbeatReply | None:
        self._state.news.clear()
        may_hold_s, clock, sent = hold_s(self._state.situation()), self._state.server_clock, Moment.now()
        self._was_for_clock = may_hold_s >= 1 and clock.takes_turn(sent)
        beat = self._state.heartbeat()
        if may_be_held := may_hold_s >= 1 and not self._was_for_clock:
            reply = await self._unless_news(asyncio.create_task(self._server.beat(beat, may_hold_s)))
        else:
            reply = await self._server.beat(beat)
        if reply is not None:
            clock.see(sent, Moment.now(), reply.server_time.timestamp(), may_be_held=may_be_held)
        return reply

    async def _unless_news(self, beating: asyncio.Task[HeartbeatReply]) -> HeartbeatReply | None:
        news = asyncio.create_task(self._state.news.wait())
        try:
            await asyncio.wait({beating, news}, return_when=asyncio.FIRST_COMPLETED)
            return beating.result() if beating.done() else None
        finally:
            for task in (beating, news):
                task.cancel()
            await asyncio.gather(beating, news, return_exceptions=True)

    def _report(self, error: BaseException | None) -> None:
        report(self._link, error if isinstance(error, ServerError) else None, self._server.url)
        if error is None:
            self.answered.set()

    async def _sleep_unless_stopping(self, seconds: float) -> None:
        if self._state.stopping.is_set():
            await asyncio.sleep(min(seconds, 1.0))
        else:
            await wait_or(self._state.stopping, seconds)

    async def _act(self, actions: Actions) -> bool:
        """Do what was asked; whether all of it was done."""
        if actions.stop_job:
            self._state.stop_job("cancelled")
        if actions.stop_operation:
            self._state.stop_operation("cancelled")
        if actions.claim:
            self._state.claim_wanted.set()
        if actions.operate:
            self._state.want_operation()
        try:
            if actions.send_hardware and self._state.hardware:
                await self._server.send_hardware(self._state.hardware)
            if actions.send_models and self._state.inventory:
                await self._server.send_models(self._state.inventory)
            await self._keys.settle()
            if actions.rotate_key:
                await self._keys.rotate()
        except RefusedError as error:
            log.warning("server_refuses_facts", code=error.code, reason=error.detail)
            return False
        except ServerError:
            return False  # the next beat says what is wrong
        return True
