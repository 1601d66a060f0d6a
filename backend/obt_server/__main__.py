"""`obt-server`: serve, and the few things done beside a running server."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Annotated

import structlog
import typer
import uvicorn
from fastapi import FastAPI
from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError
from uvicorn.loops.auto import auto_loop_factory

from obt_core.wire import Label
from obt_server import __version__, logs
from obt_server.app import create_app
from obt_server.audit.service import at_terminal
from obt_server.auth import first_visit
from obt_server.auth import service as auth
from obt_server.auth.command import link, sign_in_link, user_cli
from obt_server.auth.tags import Tags
from obt_server.beside import (
    ADDRESS_FILE,
    LOCK_FILE,
    address_now,
    now,
    open_database,
    own_address,
    run,
    told_in_a_line,
    wait_for_database,
)
from obt_server.config import Settings
from obt_server.copying.command import back_up, db_cli, restore_from
from obt_server.dashboard.command import dashboard
from obt_server.db import CONNECTION
from obt_server.downloads import service as downloads
from obt_server.downloads.command import downloads_cli
from obt_server.garbage import Garbage
from obt_server.program import fail, settings_of
from obt_server.retention.command import retention
from obt_server.transport.configuration import uvicorn_config
from obt_server.transport.tls import Certificate, TlsError

cli = typer.Typer(
    help="The OBT server: benchmarks every Ollama of yours, and shows what came out.\n\n"
    "First steps: `obt-server serve` prints a link with which you become its administrator; `obt-server token create`"
    "prints the token with which a machine enrols. Settings are environment variables OBT_..., or a file .env.",
    no_args_is_help=True,
    add_completion=False,
)
token_cli = typer.Typer(help="Enrolment tokens: with one, a machine becomes a client.", no_args_is_help=True)
cli.add_typer(token_cli, name="token")
cli.add_typer(user_cli, name="user")
cli.add_typer(downloads_cli, name="downloads")
cli.add_typer(db_cli, name="db")
cli.command()(dashboard)
cli.command()(link)
cli.command()(retention)
cli.command("backup")(back_up)
cli.command("restore")(restore_from)
log = structlog.get_logger()
TICKS_A_LOOK = 600
"""uvicorn ticks ten times a second: once a minute it is looked whether the certificate is a new one."""


class Server(uvicorn.Server):
    """Says where it serves once it does, and lets held heartbeats go before it waits for connections to end."""

    def __init__(
        self, config: uvicorn.Config, app: FastAPI, address: str, entrance: str, certificate: Certificate | None
    ) -> None:
        super().__init__(config)
        self._obt_app = app
        self._address = address
        self._certificate = certificate
        self._entrance = entrance
        self._ends_at: float | None = None
        self._garbage = Garbage()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address and where to sign in."""
        await super().startup(sockets)
        self._garbage.begin()
        if self.started and not self.should_exit:
            typer.echo(f"OBT {__version__} serves on {self._address}\nOpen {self._entrance}")
            if self._certificate is not None:
                typer.echo(f"Clients can be held to its key: OBT_SERVER_PIN={self._certificate.pin}")
            sys.stdout.flush()

    async def on_tick(self, counter: int) -> bool:
        """Search for garbage; take a renewed certificate, now and then; stop once the time to drain is over."""
        self._garbage.search()
        if self._certificate is not None and counter % TICKS_A_LOOK == 0:
            self._certificate.renew()
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            self.should_exit = True
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop: at once, or after the time to drain. A second signal stops at once."""
        state = self._obt_app.state
        state.is_draining = True
        state.holds.release_all()
        if sig == signal.SIGTERM and self._ends_at is None and state.settings.drain_s:
            self._ends_at = time.monotonic() + state.settings.drain_s
        else:
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
    """Serve the API and the dashboard, and print where to sign in."""
    settings = settings_of(host=host, port=port, data_dir=data_dir)
    logs.configure(settings.log_level, settings.log_format)
    certificate = _certificate(settings)
    with _locked(settings):
        listener = _listen(settings)
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        address = settings.data_dir / ADDRESS_FILE
        address.write_text(own_address(settings))
        with suppress(KeyboardInterrupt), told_in_a_line():
            try:
                with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
                    runner.run(_serve(settings, listener, certificate))
            finally:
                address.unlink(missing_ok=True)


async def _serve(settings: Settings, listener: socket.socket, certificate: Certificate | None) -> None:
    await wait_for_database(settings, lambda line: typer.echo(line, err=True))
    entrance = await _entrance(settings)
    app = create_app(settings)
    config = uvicorn_config(app, certificate=certificate)
    server = Server(config, app, own_address(settings), entrance, certificate)
    await server.serve([listener])
    if not server.started:
        raise typer.Exit(1)


def _check_label(label: str) -> str:
    try:
        return TypeAdapter[str](Label).validate_python(label)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"]) from None


def _check_tags(tags: list[str]) -> list[str]:
    try:
        return TypeAdapter[list[str]](Tags).validate_python(tags)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"]) from None


@token_cli.command("create")
def create_token(
    uses: Annotated[int, typer.Option(min=1, max=10_000, help="How many machines may enrol with it.")] = 1,
    expires_hours: Annotated[float, typer.Option(min=0.01, max=8_760, help="How long it is good for.")] = 24,
    label: Annotated[
        str, typer.Option(help="A name for yourself.", callback=_check_label)
    ] = "made on the command line",
    tag: Annotated[
        list[str], typer.Option(help="Given to each client that enrols; repeat it.", callback=_check_tags)
    ] = [],  # noqa: B006 - typer copies it
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print an enrolment token. It is shown this once."""

    async def create() -> tuple[str, datetime]:
        async with open_database(settings_of()) as db, db.write() as session:
            session.info[CONNECTION] = at_terminal()
            valid_for = timedelta(hours=expires_hours)
            view, token = await auth.create_token(
                session, label=label, uses=uses, valid_for=valid_for, now=now(), tags=tag
            )
        return token, view.expires_at

    token, expires_at = run(create())
    if as_json:
        typer.echo(json.dumps({"token": token, "uses": uses, "expires_at": expires_at.isoformat()}))
    else:
        typer.echo(f"{token}\n\nGood for {uses} machine(s) until {expires_at:%Y-%m-%d %H:%M} UTC. On the machine:")
        url = address_now(settings_of())
        if line := downloads.install_line(settings_of(), url, token):
            typer.echo(f"  {line}\n(Linux; for others see the dashboard.) Where the client is installed already:")
        typer.echo(f"  OBT_SERVER_URL={url} OBT_ENROL_TOKEN={token} obt-client run")


@token_cli.command("list")
def list_tokens() -> None:
    """List enrolment tokens, without their texts."""

    async def read() -> list[str]:
        async with open_database(settings_of()) as db, db.read() as session:
            views = await auth.list_tokens(session)
        return [f"{v.id}  {v.uses_left} use(s) left until {v.expires_at:%Y-%m-%d %H:%M} UTC  {v.label}" for v in views]

    for line in run(read()) or ["No enrolment tokens. Make one: obt-server token create"]:
        typer.echo(line)


@cli.command()
def openapi() -> None:
    """Print the API's description (OpenAPI, JSON)."""
    typer.echo(json.dumps(create_app(settings_of()).openapi(), indent=2, sort_keys=True))


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


async def _entrance(settings: Settings) -> str:
    """Return where a person goes first: while there is nobody, by the link that makes the first administrator."""
    async with open_database(settings) as db, db.write() as session:
        if await first_visit.exist_people(session):
            return f"{own_address(settings)}/sign-in (a one-time link: obt-server link)"
        return f"{await sign_in_link(session, settings)} (once, within the hour) to become its administrator"


def _certificate(settings: Settings) -> Certificate | None:
    """Read the certificate, if there is to be one. Raises typer.Exit with a message where it is none."""
    try:
        return Certificate(settings) if settings.tls_cert else None
    except TlsError as error:
        fail(str(error))


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


if __name__ == "__main__":
    main()
