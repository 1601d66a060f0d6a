"""What `enrol` and `run` do: the client of a server. Everything that a client needs is imported here."""

import asyncio
from collections.abc import Coroutine

import structlog
import typer
from filelock import FileLock

from obt_client.agent.agent import Agent, run_until_signalled
from obt_client.cli.exits import FAILED, INTERRUPTED, MISUSED, failure
from obt_client.config import Settings, SettingsError, load_settings, refuse_remote_ollama
from obt_client.enrolment import enrol as enrol_machine
from obt_client.enrolment import enrolled_identity
from obt_client.identity import Identity, IdentityError, lock_data_dir
from obt_client.logs import configure
from obt_client.ollama import Ollama
from obt_client.server import Server, ServerError, open_session
from obt_client.trust import is_exposed, trust_of

log = structlog.get_logger()
_EXPOSED = """
!!! {url} is on a public network and has no TLS. Whoever is on the way reads this client's key and all that it
!!! sends, and can answer in the server's place. Give the server a certificate (OBT_TLS_CERT) and use https://.
"""


def enrol(*, token: str | None, server: str | None, name: str | None, again: bool) -> None:
    """Make this machine a client of the server. Raises typer.Exit."""
    settings = settings_of(server_url=server, enrol_token=token, client_name=name)
    with _locked(settings):
        identity = asyncio.run(_or_say_why(_enrol(settings, again=again)))
    typer.echo(f"Enrolled as {identity.client_id} ({identity.name}) at {identity.server_url}.")
    typer.echo("Next: obt-client run, or for good: obt-client service install")


def run(*, server: str | None) -> None:
    """Be a client until told to end. Raises typer.Exit."""
    settings = settings_of(server_url=server)
    try:
        refuse_remote_ollama(settings)
    except SettingsError as error:
        raise failure(str(error), MISUSED) from None
    with _locked(settings):
        try:
            asyncio.run(_live(settings))
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise typer.Exit(INTERRUPTED) from None
        except ServerError as error:
            raise failure(str(error), FAILED) from None
        except OSError as error:
            raise failure(f"The data directory {settings.data_dir} cannot be used: {error}", FAILED) from None


def settings_of(**overrides: object) -> Settings:
    """Read the settings and set up the log. Raises typer.Exit."""
    try:
        settings = load_settings(**overrides)
    except SettingsError as error:
        raise failure(str(error), MISUSED) from None
    configure(settings.log_level, settings.log_format)
    return settings


async def _enrol(settings: Settings, *, again: bool) -> Identity:
    await warn_of_way(settings.server_url)
    return await enrol_machine(settings, again=again)


async def warn_of_way(url: str) -> None:
    """Say it so that nobody misses it where a key, or a token, is about to cross a public network in the clear."""
    if await is_exposed(url):
        typer.secho(_EXPOSED.format(url=url), fg=typer.colors.RED, bold=True, err=True)
        log.error("server_without_tls", url=url, todo="Use https://: the key goes in the clear.")


async def _live(settings: Settings) -> None:
    identity = await _or_say_why(enrolled_identity(settings))
    settings = _completed(settings, identity)
    await warn_of_way(settings.server_url)
    async with open_session(trust_of(settings, identity)) as session:
        server = Server(settings.server_url, session, client_id=identity.client_id, **identity.keys())
        await run_until_signalled(Agent(settings, server, Ollama(settings.ollama_url)))


def _completed(settings: Settings, identity: Identity) -> Settings:
    """What the enrolment told holds where nothing else was set."""
    told = {"server_url": identity.server_url, "heartbeat_interval_s": identity.heartbeat_interval_s}
    missing = {name: value for name, value in told.items() if name not in settings.model_fields_set and value}
    return settings.model_copy(update=missing)


def _locked(settings: Settings) -> FileLock:
    try:
        return lock_data_dir(settings)
    except IdentityError as error:
        raise failure(str(error), FAILED) from None


async def _or_say_why(asked: Coroutine[None, None, Identity]) -> Identity:
    try:
        return await asked
    except IdentityError as error:
        raise failure(str(error), FAILED) from None
