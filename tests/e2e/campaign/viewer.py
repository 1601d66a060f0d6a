"""A page that stays open: it applies what the live socket tells, and fetches anew after whatever it missed."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import aiohttp

from tests.e2e.programs import API

View = dict[str, Any]
_ACTIVE = frozenset({"claimed", "running"})
_SHOWN = 50
_RETRY_S = 0.4
_PROBE_S, _PATIENCE_S = 5.0, 5.0
"""A network that goes silent closes no socket: so ask now and then."""
_FLEETING = frozenset({"last_seen_at", "load", "expires_at", "waits_for"})
"""What is told when something else is, and never by itself: a view may have an older one."""


class Viewer:
    """What a page shows: all clients, the newest sessions, jobs that run, the newest results."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self.clients: dict[str, View] = {}
        self.sessions: dict[str, View] = {}
        self.jobs: dict[str, View] = {}
        self.results: dict[str, View] = {}
        self.events = self.connections = self.resyncs = 0
        self._ahead: list[View] = []
        self._since: list[View] = []
        """What the socket told since a fetch began: newer than what that brings, and so told once more on top."""
        self._refreshing: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Stay connected until cancelled."""
        try:
            while True:
                with suppress(aiohttp.ClientError, OSError, TimeoutError):
                    await self._watch()
                await asyncio.sleep(_RETRY_S)
        finally:
            if self._refreshing:
                self._refreshing.cancel()

    async def _watch(self) -> None:
        timeout = aiohttp.ClientWSTimeout(ws_close=1.0)  # pyright: ignore[reportCallIssue] - attrs makes it
        async with asyncio.timeout(_PATIENCE_S):
            socket = await self._http.ws_connect(f"{API}/live", max_msg_size=0, timeout=timeout)
        self._ahead = []
        probing = asyncio.create_task(self._probe(socket))
        try:
            async for message in socket:
                self._hear(message.json())
        finally:
            probing.cancel()
            await socket.close()

    async def _probe(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await asyncio.sleep(_PROBE_S)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self._get("/auth/me")
            except (aiohttp.ClientError, OSError, TimeoutError):
                await socket.close()
                return

    def _hear(self, event: View) -> None:
        self.events += 1
        match event["type"]:
            case "snapshot_part":
                self._ahead += event["clients"]
            case "snapshot":
                self._stand([*self._ahead, *event["clients"]], event["sessions"])
            case "resync":
                self.resyncs += 1
                self._refresh()
            case _:
                if self._refreshing and not self._refreshing.done():
                    self._since.append(event)
                self._apply(event)

    def _apply(self, event: View) -> None:
        match event["type"]:
            case "client_changed":
                _put(self.clients, event["client"])
            case "client_removed":
                self.clients.pop(event["client_id"], None)
            case "session_changed":
                _put(self.sessions, event["session"])
            case "job_changed":
                _put(self.jobs, event["job"])
            case "result_added":
                _put(self.results, event["result"])
            case _:
                pass

    def _stand(self, clients: list[View], sessions: list[View]) -> None:
        self._ahead = []
        self.connections += 1
        self.clients, self.jobs = _by_id(clients), {}
        self.sessions.update(_by_id(sessions))
        self._refresh()

    def _refresh(self) -> None:
        if self._refreshing:
            self._refreshing.cancel()
        self._refreshing = asyncio.create_task(self._refetch())

    async def _refetch(self) -> None:
        """Fetch until it succeeds, as a person does who is shown that it did not."""
        while True:
            try:
                self._since.clear()
                await self._fetch()
            except (aiohttp.ClientError, OSError, TimeoutError):
                await asyncio.sleep(_RETRY_S)
            else:
                return

    async def _fetch(self) -> None:
        clients = (await self._get("/live/snapshot"))["clients"]
        sessions = (await self._get("/sessions", limit=_SHOWN))["sessions"]
        results = (await self._get("/results", limit=_SHOWN))["results"]
        running = [session["id"] for session in sessions if session["state"] == "running"]
        jobs = [job for id_ in running for job in (await self._get(f"/sessions/{id_}"))["jobs"]]
        for known, fetched in (
            (self.clients, clients),
            (self.sessions, sessions),
            (self.results, results),
            (self.jobs, jobs),
        ):
            known.update(_by_id(fetched))
        for event in self._since:
            self._apply(event)

    async def _get(self, path: str, **params: int) -> Any:
        async with self._http.get(f"{API}{path}", params=params) as reply:
            reply.raise_for_status()
            return await reply.json()

    async def differences(self, truth: aiohttp.ClientSession) -> list[str]:
        """Say in what the page is not as a server tells it, asked beside the proxy."""
        told = Viewer(truth)
        await told._fetch()
        shown = [*_among(self.clients, "client"), *_among(self.results, "result", told.results)]
        newest = dict(sorted(self.sessions.items(), key=lambda one: one[1]["created_at"], reverse=True)[:_SHOWN])
        shown += _among(newest, "session")
        shown += [("job", job["id"], job) for job in self.jobs.values() if job["status"] in _ACTIVE]
        true = [*_among(told.clients, "client"), *_among(told.results, "result")]
        true += _among(told.sessions, "session")
        true += [("job", job["id"], job) for job in told.jobs.values() if job["status"] in _ACTIVE]
        return differences_of(shown, true)


def _among(views: dict[str, View], what: str, others: Iterable[str] | None = None) -> list[tuple[str, str, View]]:
    """Name the views; `others`: leave out what is beyond those: a page keeps older ones that it came by."""
    return [(what, id_, view) for id_, view in views.items() if others is None or id_ in others]


def differences_of(shown: list[tuple[str, str, View]], true: list[tuple[str, str, View]]) -> list[str]:
    """Say in what views, each with what it is of and its ID, differ from the true ones."""
    ours, theirs = ({(what, id_): _lasting(view) for what, id_, view in side} for side in (shown, true))
    found = [f"{what} {id_} is shown, and is not there" for what, id_ in ours.keys() - theirs.keys()]
    found += [f"{what} {id_} is there, and is not shown" for what, id_ in theirs.keys() - ours.keys()]
    for key in ours.keys() & theirs.keys():
        fields = [name for name, value in theirs[key].items() if ours[key].get(name) != value]
        found += [f"{key[0]} {key[1]}: {f} is shown as {ours[key].get(f)}, and is {theirs[key][f]}" for f in fields]
    return found


def _lasting(view: Any) -> Any:
    if isinstance(view, dict):
        named = cast("View", view)
        return {name: _lasting(value) for name, value in named.items() if name not in _FLEETING}
    return [_lasting(one) for one in cast("list[Any]", view)] if isinstance(view, list) else view


def _put(known: dict[str, View], view: View) -> None:
    known[view["id"]] = view


def _by_id(views: Iterable[View]) -> dict[str, View]:
    return {view["id"]: view for view in views}


@asynccontextmanager
async def viewing(url: str, key: str) -> AsyncGenerator[Viewer]:
    """Have a page open meanwhile, signed in with an API key."""
    async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {key}"}) as http:
        viewer = Viewer(http)
        running = asyncio.create_task(viewer.run())
        try:
            yield viewer
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
