"""The built dashboard, served from the server's own port."""

from mimetypes import guess_type
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import NotModifiedResponse

from obt_server.transport.policy import policy_of

BUILT = Path(__file__).parent / "static"
_IMMUTABLE = "public, max-age=31536000, immutable"
_FORMS = (("br", "br"), ("gzip", "gz"))
"""Encodings and how their files end, the smallest first."""
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>OBT</title>
<p>The server runs; its dashboard has not been built. Run <code>make demo</code> or <code>make dev</code> in the
project's folder, or read the API at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></html>"""


class Dashboard:
    """Finds the file of a page: the file itself, then `path.html`, then `200.html` for pages made in the browser."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = (folder or BUILT).resolve()

    async def answer(self, request: Request) -> Response:
        """Answer one GET of a page or a file."""
        path = request.path_params["path"].strip("/")
        if path.split("/")[0] == "_app":
            return self._file(request, path)
        if not self._folder.is_dir():
            return HTMLResponse(_NOT_BUILT, headers={"Cache-Control": "no-cache"})
        for name in (path or "index.html", f"{path}.html", "200.html"):
            if self._exists(name):
                return self._file(request, name)
        return _not_found()

    def _exists(self, name: str) -> bool:
        try:
            file = (self._folder / name).resolve()
            return file.is_relative_to(self._folder) and file.is_file()
        except (OSError, ValueError):  # a name that no file can have: too long, or with a NUL
            return False

    def _file(self, request: Request, name: str) -> Response:
        if not self._exists(name):
            return _not_found()
        cache = _IMMUTABLE if name.startswith("_app/immutable/") else "no-cache"
        headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
        sent, encoding = self._compressed(request, name) or (name, None)
        if name.endswith(".html"):
            headers["Content-Security-Policy"] = policy_of(self._folder / name)
        if encoding:
            headers["Content-Encoding"] = encoding
        file = (self._folder / sent).resolve()
        kind = guess_type(name)[0] or "application/octet-stream"
        reply = FileResponse(file, headers=headers, stat_result=file.stat(), media_type=kind)
        is_known = request.headers.get("if-none-match") == reply.headers["etag"]
        return _not_modified(reply) if is_known else reply

    def _compressed(self, request: Request, name: str) -> tuple[str, str] | None:
        """The smaller form that the build left beside a file, if the browser takes it."""
        taken = {part.partition(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
        forms = ((f"{name}.{suffix}", encoding) for encoding, suffix in _FORMS if encoding in taken)
        return next((form for form in forms if self._exists(form[0])), None)


def _not_modified(reply: Response) -> Response:
    """Say that a file is the one that is known: its headers take the place of the known ones (RFC 9111, section 3.2).

    So the page's policy has to be among them; another one would block the page that the browser has.
    """
    unchanged = NotModifiedResponse(reply.headers)
    if policy := reply.headers.get("content-security-policy"):
        unchanged.headers["Content-Security-Policy"] = policy
    return unchanged


def _not_found() -> Response:
    raise HTTPException(404, "There is nothing here.")
