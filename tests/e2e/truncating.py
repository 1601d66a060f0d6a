"""A proxy that hands over the first half of every wheel."""

import http.server
import threading
from types import TracebackType
from typing import Self
from urllib.request import urlopen


class Truncating:
    """Forwards to `target`. With `tells_length` the reply says how long the whole would be, and the connection ends."""

    def __init__(self, target: str, *, tells_length: bool) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with urlopen(target + self.path) as reply:
                    whole: bytes = reply.read()
                part = whole[: len(whole) // 2] if self.path.endswith(".whl") else whole
                self.send_response(200)
                self.send_header("Content-Length", str(len(whole) if tells_length else len(part)))
                self.end_headers()
                self.wfile.write(part)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
