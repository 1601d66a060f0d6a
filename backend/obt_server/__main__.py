"""`obt-server`: serve, and the few things done beside a running server."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncGenerator, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, TypeVar

import structlog
import typer
import uvicorn
from fastapi import FastAPI
from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from uvicorn.loops.auto import auto_loop_factory

from obt_core.wire import Label
from obt_server import __version__, logs
from obt_server.app import create_app
from obt_server.auth import service as auth
from obt_server.config import Settings
from obt_server.dashboard.command import dashboard
from obt_server.db import Database
from obt_server.downloads import service as downloads
from obt_server.downloads.command import downloads_cli
from obt_server.migrate import DatabaseTooNewError, migrate
from obt_server.program import fail, settings_of

cli = typer.Typer(
    help="The OBT server: benchmarks every Ollama of yours, and shows what came out.\n\n"
    "First steps: `obt-server serve` prints a link to the dashboard; `obt-server token create` prints the token with "
    "which a machine enrols. Settings are environment variables OBT_..., or lines of a file .env.",
    no_args_is_help=True,
    add_completion=False,
)
token_cli = typer.Typer(help="Enrolment tokens: with one, a machine becomes a client.", no_args_is_help=True)
cli.add_typer(token_cli, name="token")
cli.add_typer(downloads_cli, name="downloads")
cli.command()(dashboard)
log = structlog.get_logger()
SHUTDOWN_S = 5
LOCK_FILE = "server.lock"
ADDRESS_FILE = "server.address"
"""In the data folder while a server runs: where, for the commands beside it."""
Returned = TypeVar("Returned")


class Server(uvicorn.Server):
    """Says where it serves once it does, and lets held heartbeats go before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, address: str, link: str) -> None:
        super().__init__(config)
        self._obt_app = app
        self._address = address
        self._link = link

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address and the one-time link."""
        await super().startup(sockets)
        if self.started and not self.should_exit:
            typer.echo(f"OBT {__version__} serves on {self._address}\nOpen {self._link} (once, within the hour)")
            sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._obt_app.state.holds.release_all()
        super().handle_exit(sig, frame)


def main() -> None:
    """Run the command line."""
    cli()


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [OBT_HOST, 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one. [OBT_PORT, 8881]")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the database. [OBT_DATA_DIR]")] = None,
) -> None:
    """Serve the API and the dashboard, and print a one-time link to it."""
    settings = settings_of(host=host, port=port, data_dir=data_dir)
    logs.configure(settings.log_level, settings.log_format)
    with _locked(settings):
        listener = _listen(settings)
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        address = settings.data_dir / ADDRESS_FILE
        address.write_text(_address(settings))
        with suppress(KeyboardInterrupt), _told_in_a_line():
            try:
                with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
                    runner.run(_serve(settings, listener))
            finally:
                address.unlink(missing_ok=True)


async def _serve(settings: Settings, listener: socket.socket) -> None:
    link = await _new_link(settings)
    app = create_app(settings)
    server = Server(uvicorn_config(app), app, _address(settings), link)
    await server.serve([listener])
    if not server.started:
        raise typer.Exit(1)


def uvicorn_config(app: FastAPI, shutdown_s: int = SHUTDOWN_S) -> uvicorn.Config:
    """Configure uvicorn. No header of a proxy is believed: anybody may send one."""
    return uvicorn.Config(
        app,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=shutdown_s,
        ws_max_size=65_536,
        h11_max_incomplete_event_size=32_768,
    )


@cli.command()
def link() -> None:
    """Print a fresh one-time link that signs a browser in; the server may be running."""
    settings = settings_of()
    typer.echo(_run(_new_link(settings)))


def _check_label(label: str) -> str:
    try:
        return TypeAdapter[str](Label).validate_python(label)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"]) from None


@token_cli.command("create")
def create_token(
    uses: Annotated[int, typer.Option(min=1, max=10_000, help="How many machines may enrol with it.")] = 1,
    expires_hours: Annotated[float, typer.Option(min=0.01, max=8_760, help="How long it is good for.")] = 24,
    label: Annotated[
        str, typer.Option(help="A name for yourself.", callback=_check_label)
    ] = "made on the command line",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print an enrolment token. It is shown this once."""

    async def create() -> tuple[str, datetime]:
        async with _database(settings_of()) as db, db.write() as session:
            valid_for = timedelta(hours=expires_hours)
            view, token = await auth.create_token(session, label=label, uses=uses, valid_for=valid_for, now=_now())
        return token, view.expires_at

    token, expires_at = _run(create())
    if as_json:
        typer.echo(json.dumps({"token": token, "uses": uses, "expires_at": expires_at.isoformat()}))
    else:
        typer.echo(f"{token}\n\nGood for {uses} machine(s) until {expires_at:%Y-%m-%d %H:%M} UTC. On the machine:")
        url = _address_now(settings_of())
        if line := downloads.install_line(settings_of(), url, token):
            typer.echo(f"  {line}\n(Linux; for others see the dashboard.) Where the client is installed already:")
        typer.echo(f"  OBT_SERVER_URL={url} OBT_ENROL_TOKEN={token} obt-client run")


@token_cli.command("list")
def list_tokens() -> None:
    """List enrolment tokens, without their texts."""

    async def read() -> list[str]:
        async with _database(settings_of()) as db, db.read() as session:
            views = await auth.list_tokens(session)
        return [f"{v.id}  {v.uses_left} use(s) left until {v.expires_at:%Y-%m-%d %H:%M} UTC  {v.label}" for v in views]

    for line in _run(read()) or ["No enrolment tokens. Make one: obt-server token create"]:
        typer.echo(line)


@cli.command()
def openapi() -> None:
    """Print the API's description (OpenAPI, JSON)."""
    typer.echo(json.dumps(create_app(settings_of()).openapi(), indent=2, sort_keys=True))


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncGenerator[Database]:
    """Open the database as it should be, migrated if it is new."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(settings.sqlalchemy_url, lambda _: None)
    try:
        await migrate(db, settings.data_dir / "obt.sqlite3" if db.is_sqlite else None)
        yield db
    finally:
        await db.close()


def _run(work: Coroutine[Any, Any, Returned]) -> Returned:
    logs.configure("warning", "text")
    with _told_in_a_line():
        return asyncio.run(work)


@contextmanager
def _told_in_a_line() -> Generator[None]:
    """End the program with a message where its database cannot be used."""
    try:
        yield
    except DatabaseTooNewError as error:
        fail(f"{error} Install the newer OBT again, or restore a copy from the folder 'backups'.")
    except (SQLAlchemyError, OSError) as error:
        fail(f"the database cannot be used: {str(getattr(error, 'orig', None) or error).strip()}")


async def _new_link(settings: Settings) -> str:
    async with _database(settings) as db, db.write() as session:
        secret = await auth.create_link(session, valid_for=timedelta(seconds=settings.link_valid_s), now=_now())
    return f"{_address_now(settings)}/sign-in#{secret}"


def _address(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::", ""} else settings.host  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _address_now(settings: Settings) -> str:
    """Where the server of this data folder runs, or will run."""
    if settings.public_url:
        return settings.public_url
    try:
        with FileLock(settings.data_dir / LOCK_FILE, timeout=0):  # free: what the file says is of an earlier server
            return _address(settings)
    except Timeout:
        return (settings.data_dir / ADDRESS_FILE).read_text()


def _locked(settings: Settings) -> FileLock:
    """Lock the data folder against a second server. Raises typer.Exit with a message where it is taken."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(settings.data_dir / LOCK_FILE, timeout=0)
        lock.acquire()
    except Timeout:
        fail(f"another server uses the folder {settings.data_dir}. Stop it, or set OBT_DATA_DIR to another folder.")
    except OSError as error:
        fail(f"the folder {settings.data_dir} cannot be used: {error.strerror}. Set OBT_DATA_DIR to another one.")
    else:
        return lock


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    if os.name == "posix":  # on Windows it would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        fail(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. Choose another with --port.")
    listener.set_inheritable(True)
    return listener


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
