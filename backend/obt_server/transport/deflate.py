"""permessage-deflate (RFC 7692) of what goes to many browsers: compressed once, not once for each that is open.

So each message is compressed by itself: a browser's own earlier ones would make it shorter, and another for each.
"""

import dataclasses
import zlib
from collections.abc import Sequence
from functools import lru_cache

from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.typing import ExtensionParameter

_WINDOW_BITS = 12
_MEM_LEVEL = 5
_KEPT, _KEPT_MAX_BYTES = 128, 131_072
"""So many of the last messages, where they are no longer: browsers take the same ones within the same moment."""
_SYNC = b"\x00\x00\xff\xff"
"""The end of what zlib flushes, which stands in no message (section 7.2.1)."""


class SharedDeflate(PerMessageDeflate):
    """Gives every connection the same bytes for the same message."""

    def encode(self, frame: Frame) -> Frame:
        """Compress a message that is one frame; whatever else there is as websockets does."""
        if frame.opcode not in DATA_OPCODES or frame.opcode is Opcode.CONT or not frame.fin:
            return super().encode(frame)
        return dataclasses.replace(frame, data=_compressed(bytes(frame.data), self.local_max_window_bits), rsv1=True)


class SharedDeflateFactory(ServerPerMessageDeflateFactory):
    """Negotiates it: without takeover of context, and otherwise as uvicorn has it."""

    def __init__(self) -> None:
        super().__init__(
            server_no_context_takeover=True, server_max_window_bits=_WINDOW_BITS, client_max_window_bits=_WINDOW_BITS
        )

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], PerMessageDeflate]:
        """Agree on parameters with one browser."""
        agreed, plain = super().process_request_params(params, accepted_extensions)
        return agreed, SharedDeflate(
            plain.remote_no_context_takeover,
            plain.local_no_context_takeover,
            plain.remote_max_window_bits,
            plain.local_max_window_bits,
        )


def _compressed(message: bytes, window_bits: int) -> bytes:
    return (_kept if len(message) <= _KEPT_MAX_BYTES else _made)(message, window_bits)


def _made(message: bytes, window_bits: int) -> bytes:
    encoder = zlib.compressobj(wbits=-window_bits, memLevel=_MEM_LEVEL)
    return (encoder.compress(message) + encoder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(_SYNC)


_kept = lru_cache(_KEPT)(_made)
