"""How every command of `obt-server` reads its settings, and how it ends when something is wrong."""

from typing import NoReturn

import typer
from pydantic import ValidationError

from obt_server.config import Settings


def settings_of(**given: object) -> Settings:
    """Read the settings; what is given and not None goes before the environment. Raises typer.Exit with a message."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # pyright: ignore[reportArgumentType]
    except ValidationError as error:
        lines = [f"  OBT_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
        fail("\n".join(["These settings are wrong:", *lines]))


def fail(message: str) -> NoReturn:
    """End the command with a message and status 1."""
    typer.echo(f"obt-server: {message}", err=True)
    raise typer.Exit(1)
