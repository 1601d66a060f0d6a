"""The command line: obt-client bench | enrol | run | upload. What a command needs is imported when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from obt_client.cli.bench import HELP as BENCH_HELP
from obt_client.cli.bench import bench
from obt_client.cli.service import app as service
from obt_client.config import Settings, variable_of
from obt_core import __version__

_HELP = """OBT's client: measures the models of this machine's Ollama, alone or for an OBT server.

\b
  alone           obt-client bench MODEL          (obt-client bench --help)
  in trouble      obt-client doctor

For a server it dials out only; nothing ever dials in. A token from the server makes this machine a client, once:

\b
  on the server   obt-server token create
  here, once      obt-client enrol --server https://obt.example.org --token TOKEN
  here, always    obt-client service install      (or, as long as the terminal is open: obt-client run)

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


app.command(help=BENCH_HELP)(bench)
app.add_typer(service, name="service")


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
    from obt_client.cli import agent

    agent.enrol(token=token, server=server, name=name, again=again)


@app.command()
def run(server: _Server = None) -> None:
    """Be a client until SIGTERM or Ctrl-C, which end the running job in good order; a second one ends at once.

    Without an identity it enrols itself when OBT_ENROL_TOKEN is set.
    """
    from obt_client.cli import agent

    agent.run(server=server)


@app.command()
def upload(
    file: Annotated[Path, typer.Argument(help="A run that bench saved, whole or cut off (.part).")],
    server: _Server = None,
) -> None:
    """Hand a run that `bench` saved to the server, with this machine's identity. Twice changes nothing.

    Example: obt-client upload obt-run-20261121-121530.json
    """
    from obt_client.cli import upload as command

    command.upload(file, server)


@app.command()
def hardware(json_: Annotated[bool, typer.Option("--json", help="Print it for a program.")] = False) -> None:
    """Show what this machine is: processor, memory, GPUs, NPUs, disk, power, and what could not be learnt."""
    from obt_client.cli import hardware as command

    command.hardware(as_json=json_)


@app.command()
def doctor(
    json_: Annotated[bool, typer.Option("--json", help="Print it for a program.")] = False,
    server: _Server = None,
    ollama: Annotated[str | None, typer.Option(metavar="URL", help="Instead of OBT_OLLAMA_URL.")] = None,
) -> None:
    """Check whether Ollama, the server and this machine are as they should be, and say what to do.

    Nothing is changed, and no model is loaded. Exit status: 0 without a problem (warnings are none), else 1.
    """
    from obt_client.cli import doctor as command

    command.doctor(as_json=json_, server=server, ollama=ollama)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
