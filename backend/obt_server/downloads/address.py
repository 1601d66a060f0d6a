"""Under which address this server is reached: what a setting says, else what the request did."""

import re

from starlette.requests import Request

from obt_server.config import Settings
from obt_server.errors import ObtError

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII)


def server_url(request: Request, settings: Settings) -> str:
    """Return the server's address, without a slash at its end. Raises ObtError for a Host that is no plain one.

    It is written into scripts that people run: the guard has let the name pass, but what follows it may be anything.
    """
    if settings.public_url:
        return settings.public_url
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise ObtError("The Host header is no name with a port. Use the server's plain address.")
    return f"{request.url.scheme}://{host.lower()}"
