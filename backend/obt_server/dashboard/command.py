"""`obt-server dashboard`: the dashboard for another web server."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from obt_server.config import Settings
from obt_server.dashboard import BUILT
from obt_server.dashboard.apart import NoDashboardError, copy_for
from obt_server.program import fail, settings_of


def dashboard(
    folder: Annotated[Path, typer.Argument(help="Where the copy goes; it must not exist yet.")],
    api: Annotated[str, typer.Option(help="The server that it talks to, such as https://obt.example.net.")],
) -> None:
    """Write a copy of the dashboard that any web server can host beside, apart from this one.

    The server then needs OBT_ALLOWED_ORIGINS with the address of the copy. Both must be of one site (another port or
    subdomain, the same scheme), or browsers keep the sign-in cookie back. Unknown pages are answered with 200.html.
    """
    try:
        origin = Settings(allowed_origins=(api,)).allowed_origins[0]
    except ValidationError:
        fail(f"--api must be http:// or https://, a host, and perhaps a port: {api}")
    try:
        pages = copy_for(origin, settings_of().static_dir or BUILT, folder)
    except FileExistsError:
        fail(f"{folder} exists")
    except NoDashboardError as error:
        fail(str(error))
    typer.echo(f"{pages} pages in {folder}, for the API at {origin}")
