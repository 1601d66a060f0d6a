"""A plain client for the fake's own tests: raw streams, so that nothing hides what came over the wire."""

import asyncio
import json
from dataclasses import dataclass
from typing import cast

Object = dict[str, object]


@dataclass(frozen=True)
class Answer:
    """What came: status, header, the bytes of the body as sent, and how the connection ended, if it did."""

    status: int
    headers: dict[str, str]
    raw: bytes
    ended: str

    @property
    def body(self) -> bytes:
        """The body without its chunk framing."""
        if self.headers.get("transfer-encoding") != "chunked":
            return self.raw
        rest, parts = self.raw, list[bytes]()
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size, 16)
            parts.append(rest[:length])
            rest = rest[length + 2 :]
        return b"".join(parts)

    @property
    def json(self) -> Object:
        return cast("Object", json.loads(self.body))

    @property
    def lines(self) -> list[Object]:
        return [cast("Object", json.loads(line)) for line in self.body.splitlines()]

    @property
    def complete(self) -> bool:
        """Whether the chunked body came to its end."""
        return self.raw.endswith(b"0\r\n\r\n")


async def talk(url: str, method: str, path: str, body: object = None, *, host: str = "localhost") -> Answer:
    """Send one request, read until the body is complete or the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
    data = b"" if body is None else json.dumps(body).encode()
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        start, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
        raw, ended = await _body(reader, headers)
        return Answer(int(start.split()[1]), headers, raw, ended)
    finally:
        writer.close()


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> tuple[bytes, str]:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"])), "open"
    raw = b""
    while not raw.endswith(b"0\r\n\r\n"):
        try:
            data = await reader.read(65_536)
        except ConnectionResetError:
            return raw, "reset"
        if not data:
            return raw, "closed"
        raw += data
    return raw, "open"


async def generate(url: str, model: str = "tiny", tokens: int = 5, prompt: str = "one two", **more: object) -> Answer:
    """Ask for text."""
    body = {"model": model, "prompt": prompt, "options": {"num_predict": tokens}, **more}
    return await talk(url, "POST", "/api/generate", body)


async def chat(url: str, model: str = "tiny", tokens: int = 5, prompt: str = "one two", **more: object) -> Answer:
    """Ask for text as a chat."""
    messages = [{"role": "user", "content": prompt}]
    body = {"model": model, "messages": messages, "options": {"num_predict": tokens}, **more}
    return await talk(url, "POST", "/api/chat", body)
