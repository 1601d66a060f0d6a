"""The scripts and the wheels, for anybody; what there is of them, for the dashboard."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import NotModifiedResponse

from obt_server.auth.permissions import Permission, allow
from obt_server.context import SettingsOf
from obt_server.downloads import service
from obt_server.downloads.address import server_url
from obt_server.downloads.schemas import Downloads
from obt_server.downloads.scripts import POWERSHELL, SHELL
from obt_server.errors import problems

router = APIRouter(tags=["downloads"])
root_router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.ENROL)])
"""At the root of the server. Nothing here is secret: what a machine needs in order to enrol, and no more."""
_READ = ["GET", "HEAD"]
# Plain functions, which FastAPI runs in threads: they read files, and hash them the first time.


@router.get("/downloads", dependencies=[allow(Permission.READ)], responses=problems(401, 403))
def read_downloads(request: Request, settings: SettingsOf) -> Downloads:
    """Tell how a machine becomes a client: the lines to copy, and which wheels are here."""
    return service.downloads(settings, server_url(request, settings))


@root_router.api_route("/install.sh", methods=_READ)
def install_on_posix(request: Request, settings: SettingsOf) -> Response:
    """Answer with the script for Linux and macOS."""
    return _script(request, settings, SHELL, "text/x-shellscript")


@root_router.api_route("/install.ps1", methods=_READ)
def install_on_windows(request: Request, settings: SettingsOf) -> Response:
    """Answer with the script for Windows."""
    return _script(request, settings, POWERSHELL, "text/plain")


@root_router.api_route("/downloads/", methods=_READ)
def list_files(settings: SettingsOf) -> Response:
    """Answer with the list of files for `--find-links`."""
    return HTMLResponse(service.page(settings), headers={"Cache-Control": "no-cache"})


@root_router.api_route("/downloads", methods=_READ)
def lead_to_files() -> Response:
    """Lead to the list: its links are relative, and pip takes an address as it is given."""
    return RedirectResponse("/downloads/", status_code=308)


@root_router.api_route("/downloads/{filename}", methods=_READ)
def download(filename: str, request: Request, settings: SettingsOf) -> Response:
    """Answer with one file."""
    path, sha256 = service.file(settings, filename)
    headers = {"ETag": f'"{sha256}"', "Cache-Control": "no-cache"}  # a wheel of one version may be built anew
    return _unless_known(request, FileResponse(path, media_type="application/octet-stream", headers=headers))


def _script(request: Request, settings: SettingsOf, name: str, media_type: str) -> Response:
    script = service.script(settings, name, server_url(request, settings))
    headers = {"ETag": f'"{script.sha256}"', "Cache-Control": "no-cache", "Vary": "Host"}
    return _unless_known(request, Response(script.content, media_type=media_type, headers=headers))


def _unless_known(request: Request, reply: Response) -> Response:
    is_known = request.headers.get("if-none-match") == reply.headers["etag"]
    return NotModifiedResponse(reply.headers) if is_known else reply
