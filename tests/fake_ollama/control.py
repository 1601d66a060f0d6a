"""`/_fake/...`: program the fake and read its record from another process."""

import asyncio
import json
from typing import TYPE_CHECKING

from tests.fake_ollama.faults import Fault
from tests.fake_ollama.library import Pullable
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.record import RequestRecord
from tests.fake_ollama.wire import Connection, Request, whole

if TYPE_CHECKING:
    from tests.fake_ollama.server import FakeOllama


class Control:
    """Answers control requests; they are not in the record."""

    def __init__(self, fake: "FakeOllama", connection: Connection) -> None:
        self._fake, self._connection = fake, connection

    async def answer(self, request: Request) -> None:
        """Answer one; a mistake in it is answered 400 with the reason."""
        try:
            status, reply = 200, self._do(request)
        except (TypeError, ValueError) as error:
            status, reply = 400, {"error": str(error)}
        data = whole(status, json.dumps(reply).encode())
        scratch = RequestRecord(0, 0, request.method, request.path, {}, 0, 0)
        self._connection.send_unstamped(data, scratch)
        await self._connection.drained()

    def _do(self, request: Request) -> object:
        fake = self._fake
        match request.method, request.path:
            case "GET", "/_fake/record":
                return {"requests": [record.as_json() for record in fake.record.requests]}
            case "DELETE", "/_fake/record":
                fake.record.clear()
            case "GET", "/_fake/models":
                return {"models": [model.as_json() for model in fake.store.all()]}
            case "PUT", "/_fake/models":
                fake.put_model(FakeModel.from_json(request.json()))
            case "PUT", "/_fake/pullable":
                fake.offer(Pullable.from_json(request.json()))
            case "POST", "/_fake/faults":
                fake.add_fault(Fault.from_json(request.json()))
            case "DELETE", "/_fake/faults":
                fake.faults.clear()
            case "POST", "/_fake/restart":
                self._restart(request.json())
            case _:
                raise ValueError(f"no such control: {request.method} {request.path}")
        return {"ok": True}

    def _restart(self, body: dict[str, object]) -> None:
        """Restart directly after the answer; `down_s` seconds during which connections are refused."""
        down_s = float(str(body.get("down_s", 0)))
        asyncio.get_running_loop().call_soon(self._fake.restart_soon, down_s)
