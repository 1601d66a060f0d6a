"""The command line: obt-client enrol | run."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated

import structlog
import typer
from filelock import FileLock

from obt_client.address import is_this_machine
from obt_client.agent import Agent, run_until_signalled
from obt_client.config import Settings, SettingsError, load_settings, refuse_remote_ollama, variable_of
from obt_client.enrolment import enrol as enrol_machine
from obt_client.enrolment import enrolled_identity
from obt_client.identity import Identity, IdentityError, lock_data_dir
from obt_client.logs import configure
from obt_client.ollama import Ollama
from obt_client.server import Server, open_session
from obt_core import __version__

log = structlog.get_logger()
_FAILED = 1
_MISUSED = 2
_INTERRUPTED = 130
_HELP = """OBT's client: runs beside an Ollama, tells the OBT server how it is, and measures what the server asks for.

It dials out only; nothing ever dials in. A token from the server makes this machine a client, once:

\b
  on the server   obt-server token create
  here, once      obt-client enrol --server https://obt.example.org --token TOKEN
  here, always    obt-client run

Settings are environment variables, or lines of a file .env in the folder where it is started:

\b
"""
_Server = Annotated[str | None, typer.Option(help="Address of the OBT server, instead of OBT_SERVER_URL.")]


def _variables() -> str:
    width = max(len(name) for name in Settings.model_fields) + len("OBT_")
    fields = Settings.model_fields.items()
    return "\n".join(f"  {variable_of(name):<{width}}  {field.description}" for name, field in fields)


app = typer.Typer(
    help=_HELP + _variables(),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 140},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"obt-client {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def enrol(
    token: Annotated[str | None, typer.Option(help="Enrolment token, instead of OBT_ENROL_TOKEN.")] = None,
    server: _Server = None,
    name: Annotated[str | None, typer.Option(help="Name shown for this machine, instead of OBT_CLIENT_NAME.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Give up the identity that this machine has.")] = False,
) -> None:
    """Make this machine a client of the server, once.

    Example: obt-client enrol --server https://obt.example.org --token TOKEN
    """
    settings = _settings(server_url=server, enrol_token=token, client_name=name)
    with _locked(settings):
        identity = asyncio.run(_or_say_why(enrol_machine(settings, again=again)))
    typer.echo(f"Enrolled as {identity.client_id} ({identity.name}) at {identity.server_url}. Next: obt-client run")


@app.command()
def run(server: _Server = None) -> None:
    """Be a client until SIGTERM or Ctrl-C, which end the running job in good order; a second one ends at once.

    Without an identity it enrols itself when OBT_ENROL_TOKEN is set.
    """
    settings = _settings(server_url=server)
    try:
        refuse_remote_ollama(settings)
    except SettingsError as error:
        raise _failure(str(error), _MISUSED) from None
    with _locked(settings):
        try:
            asyncio.run(_live(settings))
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise typer.Exit(_INTERRUPTED) from None
        except OSError as error:
            raise _failure(f"The data directory {settings.data_dir} cannot be used: {error}", _FAILED) from None


async def _live(settings: Settings) -> None:
    identity = await _or_say_why(enrolled_identity(settings))
    settings = _completed(settings, identity)
    if settings.server_url.startswith("http://") and not is_this_machine(settings.server_url):
        log.warning("server_without_tls", url=settings.server_url, todo="Use https://: the key goes in the clear.")
    async with open_session() as session:
        server = Server(settings.server_url, session, client_id=identity.client_id, key=identity.key)
        await run_until_signalled(Agent(settings, server, Ollama(settings.ollama_url, session)))


def _completed(settings: Settings, identity: Identity) -> Settings:
    """What the enrolment told holds where nothing else was set."""
    told = {"server_url": identity.server_url, "heartbeat_interval_s": identity.heartbeat_interval_s}
    missing = {name: value for name, value in told.items() if name not in settings.model_fields_set and value}
    return settings.model_copy(update=missing)


def _settings(**overrides: object) -> Settings:
    try:
        settings = load_settings(**overrides)
    except SettingsError as error:
        raise _failure(str(error), _MISUSED) from None
    configure(settings.log_level, settings.log_format)
    return settings


def _locked(settings: Settings) -> FileLock:
    try:
        return lock_data_dir(settings)
    except IdentityError as error:
        raise _failure(str(error), _FAILED) from None


async def _or_say_why(asked: Coroutine[None, None, Identity]) -> Identity:
    try:
        return await asked
    except IdentityError as error:
        raise _failure(str(error), _FAILED) from None


def _failure(message: str, status: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(status)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
