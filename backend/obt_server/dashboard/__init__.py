"""The built dashboard, served from the server's own port."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

BUILT = Path(__file__).parent / "static"
_IMMUTABLE = "public, max-age=31536000, immutable"
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>OBT</title>
<p>The server runs; its dashboard has not been built. Run <code>make demo</code> or <code>make dev</code> in the
project's folder, or read the API at <a href="/docs">/docs</a>.</p></html>"""


class Dashboard:
    """Finds the file of a page: the file itself, then `path.html`, then `200.html` for pages made in the browser."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = (folder or BUILT).resolve()

    async def __call__(self, request: Request) -> Response:
        """Answer one GET of a page or a file."""
        path = request.path_params["path"].strip("/")
        if path.split("/")[0] in {"api", "_app"} or "\x00" in path:
            return self._file(path) if path.startswith("_app/") else _not_found()
        if not self._folder.is_dir():
            return HTMLResponse(_NOT_BUILT, headers={"Cache-Control": "no-cache"})
        for name in (path or "index.html", f"{path}.html", "200.html"):
            if self._exists(name):
                return self._file(name)
        return _not_found()

    def _exists(self, name: str) -> bool:
        file = (self._folder / name).resolve()
        return file.is_relative_to(self._folder) and file.is_file()

    def _file(self, name: str) -> Response:
        if not self._exists(name):
            return _not_found()
        is_immutable = name.startswith("_app/immutable/")
        return FileResponse(
            (self._folder / name).resolve(), headers={"Cache-Control": _IMMUTABLE if is_immutable else "no-cache"}
        )


def _not_found() -> Response:
    raise HTTPException(404, "There is nothing here.")
