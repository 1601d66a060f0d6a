"""`obt-server downloads`: the wheels for machines that reach no package index."""

from itertools import groupby
from typing import Annotated

import typer

from obt_server.downloads import pins, service
from obt_server.downloads.fetch import FetchError, fetch, targets_of
from obt_server.downloads.platforms import PLATFORMS, Target
from obt_server.downloads.schemas import WheelsOf
from obt_server.downloads.shelf import NotBuiltError, Shelf
from obt_server.errors import ObtError
from obt_server.program import fail, settings_of

downloads_cli = typer.Typer(
    help="Third-party wheels for clients that reach no package index.\n\n"
    "Core and client come from the server's own package always; what else they need comes from the package index of "
    "the machine that installs, or, once it was fetched here, from this server.",
    no_args_is_help=True,
)
_NAMES_SHOWN = 6


@downloads_cli.command("fetch")
def fetch_wheels(
    platform: Annotated[list[str] | None, typer.Option(help=f"For which machines: {', '.join(PLATFORMS)}.")] = None,
    python: Annotated[list[str] | None, typer.Option(help="Such as 3.12 or 3.11..3.13. [all of them]")] = None,
) -> None:
    """Fetch the wheels that clients on some platforms need, from the package index that pip uses here.

    Example: obt-server downloads fetch --platform linux-x86_64 --platform macos-arm64 --python 3.11..3.14
    """
    shelf = _shelf()
    try:
        fetch(shelf, targets_of(platform or [], python or []), typer.echo)
    except (FetchError, NotBuiltError) as error:
        fail(error.detail if isinstance(error, ObtError) else str(error))
    typer.echo(f"In {shelf.fetched}; clients take them from there at once.")


@downloads_cli.command("list")
def list_wheels() -> None:
    """List what this server has for clients, and what lacks."""
    shelf = _shelf()
    try:
        own, counted = shelf.own(), service.third_party_wheels(shelf)
    except NotBuiltError as error:
        fail(error.detail)
    typer.echo("From the server's package: " + ", ".join(file.name for file in own))
    typer.echo(f"Third-party wheels in {shelf.fetched}:")
    for name, group in groupby(counted, lambda wheels: wheels.platform):
        typer.echo(f"  {name:<20} {_row(list(group))}")
    for line in _lacking(shelf, counted):
        typer.echo(line)


def _shelf() -> Shelf:
    return service.shelf_of(settings_of())


def _row(group: list[WheelsOf]) -> str:
    if not any(wheels.present for wheels in group):
        return f"none (obt-server downloads fetch --platform {group[0].platform})"
    return "   ".join(f"{wheels.python}: {_state(wheels)}" for wheels in group)


def _state(wheels: WheelsOf) -> str:
    return "complete" if wheels.is_complete else f"{wheels.present} of {wheels.wanted}" if wheels.present else "none"


def _lacking(shelf: Shelf, counted: list[WheelsOf]) -> list[str]:
    """Name what lacks where something is there."""
    begun = [wheels for wheels in counted if wheels.present and not wheels.is_complete]
    wanted, here = shelf.pins(), shelf.wheels()
    told: list[str] = []
    for wheels in begun:
        names = [p.name for p in pins.missing(wanted, here, Target(PLATFORMS[wheels.platform], wheels.python))]
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        told.append(f"  {wheels.platform}, Python {wheels.python} lacks {', '.join(names[:_NAMES_SHOWN])}{more}")
    return told
