"""Ports that must be free before anything is downloaded or started. Standard library only."""

import errno
import socket

from dev.trouble import Trouble

DASHBOARD_PORT = 8881
VITE_PORT = 5173


def require_free(port: int, target: str, *, changeable: bool = True) -> None:
    """Raise Trouble if nothing could listen on `port` of this machine now; `target` is the make target in question."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # As servers do: a port whose last connections are only winding down is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OverflowError as error:
        raise Trouble(f"{port} is no port: 1 to 65535.") from error
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        what = "is taken: another program listens there" if taken else f"cannot be used: {error.strerror}"
        another = f'\nOr choose another port: make {target} ARGS="--port {port + 1}"' if changeable else ""
        raise Trouble(f"Port {port} {what}.", f"Stop that program (another `make {target}`?).{another}") from error
