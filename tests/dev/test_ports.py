"""A port that is taken is told before anything is downloaded, with what to do."""

import socket

import pytest

from dev.ports import require_free
from dev.trouble import Trouble


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Trouble) as told:
            require_free(port, "demo")
    assert f"Port {port} is taken" in str(told.value)
    assert f'make demo ARGS="--port {port + 1}"' in str(told.value)


def test_a_port_that_cannot_be_changed_is_not_told_to_be() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Trouble) as told:
            require_free(other.getsockname()[1], "dev", changeable=False)
    assert "--port" not in str(told.value)


def test_a_port_just_left_is_free() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), server.accept()[0] as accepted:
            accepted.close()
    require_free(port, "demo")


def test_a_number_that_is_no_port_is_trouble() -> None:
    with pytest.raises(Trouble, match="70000 is no port"):
        require_free(70_000, "demo")
