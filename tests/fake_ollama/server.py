"""The fake Ollama: listens, reads requests, hands each to what answers it."""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from tests.fake_ollama.answers import Answers
from tests.fake_ollama.control import Control
from tests.fake_ollama.faults import Fault, FaultBook
from tests.fake_ollama.library import Library, Pullable
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.pump import Pump
from tests.fake_ollama.record import Record
from tests.fake_ollama.store import Store
from tests.fake_ollama.tls import TlsConnection
from tests.fake_ollama.wire import Connection, Request, whole

_HOST = "127.0.0.1"


class FakeOllama:
    """A programmable Ollama on a loopback port; `port` 0 takes a free one, which then stays the same.

    With `tls` it serves https on a second port too.
    `spin_us` waits for the last part of every deadline by watching the clock: only in a process of its own.
    """

    def __init__(
        self,
        models: Iterable[FakeModel] = (FakeModel(),),
        *,
        port: int = 0,
        version: str = "0.9.3",
        spin_us: float = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.record = Record()
        self.faults = FaultBook()
        self.store = Store(models)
        self.library = Library()
        self.version = version
        self.port = port
        self._pump = Pump(round(spin_us * 1_000))
        self._tls, self._tls_port = tls, 0
        self._listeners: list[socket.socket] = []
        self._serving: dict[asyncio.Task[None], Connection] = {}
        self._chores: set[asyncio.Task[None]] = set()
        self._failed: list[BaseException] = []
        self._count = 0

    @property
    def url(self) -> str:
        """Where it listens, such as http://127.0.0.1:40001."""
        return f"http://{_HOST}:{self.port}"

    @property
    def tls_url(self) -> str:
        """Where it speaks TLS, such as https://127.0.0.1:40002."""
        return f"https://{_HOST}:{self._tls_port}"

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for chore in self._chores:
            chore.cancel()
        self.refuse()
        await self.cut_all()
        if self._failed and error is None:
            raise BaseExceptionGroup("the fake itself failed", self._failed)

    def add_fault(self, fault: Fault) -> None:
        """Arm a fault for requests to come."""
        self.faults.add(fault)

    def put_model(self, model: FakeModel) -> None:
        """Install or change a model; a changed one is no longer loaded."""
        self.store.put(model)

    def offer(self, pullable: Pullable) -> None:
        """Let a model be pulled."""
        self.library.put(pullable)

    def delete_model(self, name: str) -> bool:
        """Remove a model, as `ollama rm` would; False if it was not there."""
        return self.store.delete(name)

    async def accept(self) -> None:
        """Listen, again on the same port after `refuse`."""
        self.port = self._listen(self.port, None)
        if self._tls:
            self._tls_port = self._listen(self._tls_port, self._tls)

    def _listen(self, port: int, tls: ssl.SSLContext | None) -> int:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(1024)
        listener.setblocking(False)
        self._listeners.append(listener)
        asyncio.get_running_loop().add_reader(listener, self._accept, listener, tls)
        return listener.getsockname()[1]

    def refuse(self) -> None:
        """Close the port: new connections are refused, those that stand go on."""
        while self._listeners:
            listener = self._listeners.pop()
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()

    async def restart(self, down_s: float = 0.0) -> None:
        """Do what a restart of Ollama does: every connection is reset, nothing is loaded, the port is shut so long."""
        self.refuse()
        self.store.unload_all()
        await self.cut_all()
        await asyncio.sleep(down_s)
        await self.accept()

    def restart_soon(self, down_s: float = 0.0) -> None:
        """Restart without waiting for it."""
        restarting = asyncio.get_running_loop().create_task(self.restart(down_s))
        self._chores.add(restarting)
        restarting.add_done_callback(self._chores.discard)

    async def cut_all(self) -> None:
        """Reset every connection and wait until nothing serves them."""
        serving = {task: conn for task, conn in self._serving.items() if task is not asyncio.current_task()}
        for task, connection in serving.items():
            connection.reset()
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    def _accept(self, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except (BlockingIOError, OSError):
                return
            self._count += 1
            connection = TlsConnection(sock, self._count, tls) if tls else Connection(sock, self._count)
            task = asyncio.get_running_loop().create_task(self._serve(connection))
            self._serving[task] = connection
            task.add_done_callback(self._served)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._serving.pop(task).close()
        if not task.cancelled() and (error := task.exception()):
            self._failed.append(error)

    async def _serve(self, connection: Connection) -> None:
        answers = Answers(self.store, self.library, self.faults, self._pump, connection, self.version)
        control = Control(self, connection)
        try:
            while request := await connection.read_request():
                if request.path.startswith("/_fake/"):
                    await control.answer(request)
                elif not await self._answer(answers, connection, request):
                    return
        except ConnectionError:
            return

    async def _answer(self, answers: Answers, connection: Connection, request: Request) -> bool:
        """Answer one request; False when the connection ends with it."""
        record = self.record.start(connection.number, request.method, request.path, request.received)
        if not _is_local(request.headers.get("host", "")):
            record.status = 403
            connection.send_unstamped(whole(403, b"", "text/plain"), record)
            return True
        how = await answers.answer(request, record)
        await connection.drained()
        if how == "restart":
            self.restart_soon()
        if how in {"reset", "restart"}:
            connection.reset()
        return how == "keep"


def _is_local(host: str) -> bool:
    """Ollama's guard against DNS rebinding: names of this machine and addresses pass, other names do not."""
    name = host.rsplit(":", 1)[0].strip("[]").lower()
    if name in {"", "localhost", socket.gethostname().lower()}:
        return True
    if name.endswith((".localhost", ".local", ".internal")):
        return True
    return ":" in name or name.replace(".", "").isdigit()
