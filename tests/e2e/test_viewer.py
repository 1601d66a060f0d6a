"""The campaign's page that stays open: what it shows in the end is what a fetch brought, and what was told since."""

import asyncio

from aiohttp import web

from tests.e2e.campaign.viewer import viewing
from tests.e2e.programs import API, free_port, until

_VIEW = {"id": "one"}
"""A job, and its result, which has the job's ID."""


class _Server:
    """Answers a page; while it fetches results, the socket tells that the job of one has moved."""

    def __init__(self) -> None:
        self._socket: web.WebSocketResponse | None = None
        self.app = web.Application()
        self.app.router.add_get(f"{API}/live", self._live)
        self.app.router.add_get(f"{API}/results", self._results)
        self.app.router.add_get(f"{API}/live/snapshot", self._nothing)
        self.app.router.add_get(f"{API}/sessions", self._nothing)

    async def _nothing(self, _: web.Request) -> web.Response:
        return web.json_response({"clients": [], "sessions": []})

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        self._socket = web.WebSocketResponse()
        await self._socket.prepare(request)
        await self._socket.send_json({"type": "snapshot", "clients": [], "sessions": []})
        async for _ in self._socket:
            pass
        return self._socket

    async def _results(self, _: web.Request) -> web.Response:
        assert self._socket
        await self._socket.send_json({"type": "job_changed", "job": {**_VIEW, "status": "completed"}})
        await asyncio.sleep(0.2)  # the page hears it while it waits for this answer
        return web.json_response({"results": [_VIEW]})


async def test_a_fetched_result_is_shown_though_its_job_moved_meanwhile() -> None:
    async def shows_a_result() -> bool:
        return bool(viewer.results)

    port = free_port()
    runner = web.AppRunner(_Server().app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        async with viewing(f"http://127.0.0.1:{port}", "key") as viewer:
            await until(shows_a_result, "the result to be shown", 5)
            assert (viewer.results, viewer.jobs["one"]["status"]) == ({"one": _VIEW}, "completed")
    finally:
        await runner.cleanup()
