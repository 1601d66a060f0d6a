"""What goes to many browsers is compressed once, and every browser reads it."""

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from obt_server.transport import deflate

_MESSAGES = st.lists(st.one_of(st.text(), st.just("x" * 200_000)), min_size=1, max_size=5)


@pytest.fixture
def compressed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What zlib was asked for."""
    made: list[object] = []
    really = zlib.compressobj

    def counting(**settings: Any) -> object:
        made.append(settings)
        return really(**settings)

    monkeypatch.setattr(zlib, "compressobj", counting)
    return made


def _meet(*, client_no_context_takeover: bool = False) -> tuple[ServerProtocol, ClientProtocol]:
    """Have a browser and a server agree."""
    offer = ClientPerMessageDeflateFactory(client_no_context_takeover=client_no_context_takeover)
    browser = ClientProtocol(parse_uri("ws://here/"), extensions=[offer])
    server = ServerProtocol(extensions=[deflate.SharedDeflateFactory()])
    request = browser.connect()
    browser.send_request(request)
    server.receive_data(b"".join(browser.data_to_send()))
    server.send_response(server.accept(request))
    browser.receive_data(b"".join(server.data_to_send()))
    browser.events_received()
    return server, browser


def _read(server: ServerProtocol, browser: ClientProtocol) -> list[str]:
    browser.receive_data(b"".join(server.data_to_send()))
    return [bytes(frame.data).decode() for frame in browser.events_received() if isinstance(frame, Frame)]


@given(_MESSAGES, st.booleans())
def test_a_browser_reads_what_was_sent_whatever_it_offered(messages: list[str], takes_over: bool) -> None:
    server, browser = _meet(client_no_context_takeover=takes_over)
    for message in messages:
        server.send_text(message.encode())
    assert _read(server, browser) == messages
    server.send_text(b"in ", fin=False)
    server.send_continuation(b"two", fin=True)
    browser.receive_data(b"".join(server.data_to_send()))
    frames = [frame for frame in browser.events_received() if isinstance(frame, Frame)]
    assert [(frame.opcode, bytes(frame.data)) for frame in frames] == [(Opcode.TEXT, b"in "), (Opcode.CONT, b"two")]


def test_one_message_to_many_browsers_is_compressed_once(compressed: list[object]) -> None:
    pairs = [_meet() for _ in range(5)]
    begun = len(compressed)
    for message in ("the same " * 1_000, "another " * 1_000):
        for server, browser in pairs:
            server.send_text(message.encode())
            sent = server.data_to_send()
            assert sum(map(len, sent)) < 200
            browser.receive_data(b"".join(sent))
            assert [bytes(f.data).decode() for f in browser.events_received() if isinstance(f, Frame)] == [message]
    assert len(compressed) - begun == 2


def test_what_is_long_is_not_kept(compressed: list[object]) -> None:
    (first, _), (second, _) = _meet(), _meet()
    before = len(compressed)
    for server in (first, second):
        server.send_text(b"x" * 200_000)
    assert len(compressed) - before == 2
