"""The fake as a process of its own, so that it and what it is read by do not share an event loop."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from tests.fake_ollama.faults import Fault
from tests.fake_ollama.library import Pullable
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.record import RequestRecord

_ROOT = Path(__file__).parents[2]


class FakeOllamaProcess:
    """Starts `python -m tests.fake_ollama` and programs it; ends it on leaving, or when this process dies."""

    def __init__(self, models: Iterable[FakeModel] = (), *, port: int = 0, certificate: Path | None = None) -> None:
        self.url = self.tls_url = ""
        self._certificate = certificate
        self._models = tuple(models)
        self._port = port
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        """The process id of the fake, for a test that kills it."""
        assert self._process is not None
        return self._process.pid

    async def __aenter__(self) -> Self:
        tls = ("--certificate", str(self._certificate)) if self._certificate else ()
        command = (sys.executable, "-m", "tests.fake_ollama", "--port", str(self._port), "--until-stdin-closes", *tls)
        self._process = await asyncio.create_subprocess_exec(*command, cwd=_ROOT, stdin=PIPE, stdout=PIPE)
        assert self._process.stdout is not None
        self.url = (await self._process.stdout.readline()).decode().strip()
        if not self.url:
            raise RuntimeError(f"the fake Ollama did not start (exit status {await self._process.wait()})")
        if tls:
            self.tls_url = (await self._process.stdout.readline()).decode().strip()
        for model in self._models:
            await self.put_model(model)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        if self._process.stdin:
            self._process.stdin.close()
        await self._process.wait()

    async def offer(self, pullable: Pullable) -> None:
        """Let a model be pulled."""
        await self.control("PUT", "pullable", pullable.as_json())

    async def put_model(self, model: FakeModel) -> None:
        """Install or change a model."""
        await self.control("PUT", "models", model.as_json())

    async def add_fault(self, fault: Fault) -> None:
        """Arm a fault."""
        await self.control("POST", "faults", {name: getattr(fault, name) for name in Fault.__slots__})

    async def restart(self, down_s: float = 0.0) -> None:
        """Restart it as if Ollama had been restarted."""
        await self.control("POST", "restart", {"down_s": down_s})

    async def record(self) -> list[RequestRecord]:
        """All requests so far."""
        reply = await self.control("GET", "record")
        return [RequestRecord.from_json(plain) for plain in cast("list[dict[str, object]]", reply["requests"])]

    async def clear_record(self) -> None:
        """Forget all requests so far."""
        await self.control("DELETE", "record")

    async def control(self, method: str, what: str, body: object = None) -> dict[str, object]:
        """Send one control request. Raises ValueError with the fake's reason when it is refused."""
        return await asyncio.to_thread(self._control, method, what, body)

    def _control(self, method: str, what: str, body: object) -> dict[str, object]:
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        try:
            connection.request(method, f"/_fake/{what}", None if body is None else json.dumps(body))
            response = connection.getresponse()
            reply = cast("dict[str, object]", json.loads(response.read()))
        finally:
            connection.close()
        if response.status != 200:
            raise ValueError(str(reply.get("error")))
        return reply
