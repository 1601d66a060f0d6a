"""However the network cuts ciphertext up, it says the same, and the ends of records are known before it is read."""

import ssl
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_client.bench.framing import BadAnswerError
from obt_client.bench.tls import Tls, decrypting
from tests.fake_ollama.certificates import write_authority, write_certificate
from tests.fake_ollama.tls import serving_by


@cache
def _contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    with TemporaryDirectory() as folder:
        server = serving_by(write_certificate(Path(folder) / "server.pem", "localhost"))
        return ssl.create_default_context(cafile=write_authority(Path(folder) / "authority.pem")), server


class _Server:
    """The other side, without a socket too."""

    def __init__(self) -> None:
        self._incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = _contexts()[1].wrap_bio(self._incoming, self.outgoing, server_side=True)

    def shake_hands(self, client: Tls) -> None:
        done = False
        while not done:
            done = client.handshake()
            self._incoming.write(client.to_send())
            with suppress(ssl.SSLWantReadError):
                self._object.do_handshake()
            if not done:
                client.received(self.outgoing.read())

    def says(self, data: bytes) -> bytes:
        self._object.write(data)
        return self.outgoing.read()

    def hears(self, data: bytes) -> bytes:
        self._incoming.write(data)
        return self._object.read()


def _connected() -> tuple[Tls, _Server]:
    client, server = Tls(_contexts()[0], "localhost"), _Server()
    server.shake_hands(client)
    return client, server


def test_both_sides_understand_each_other() -> None:
    client, server = _connected()
    assert server.hears(client.encrypt(b"asked")) == b"asked"
    assert client.decrypt(server.says(b"told")) == b"told"


@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=8), st.lists(st.integers(1, 400), min_size=1))
def test_every_split_over_reads_tells_the_same_when_its_record_is_whole(said: list[bytes], sizes: list[int]) -> None:
    client, server = _connected()
    records = [server.outgoing.read(), *map(server.says, said)]  # the first: what TLS itself has to say
    raw, ends = b"".join(records), [sum(map(len, records[: count + 1])) for count in range(1, len(records))]
    got, at, number = b"", 0, 0
    while at < len(raw):
        size = sizes[number % len(sizes)]
        foretold = [at + end for end in client.ends_of_records(raw[at:])]
        assert set(ends) - set(range(at + 1)) <= set(foretold)
        got += client.decrypt(raw[at : at + size])
        at, number = at + size, number + 1
        assert got == b"".join(text for text, end in zip(said, ends, strict=True) if end <= at)


def test_a_record_has_the_stamp_of_the_read_that_completed_it() -> None:
    client, server = _connected()
    taken = list[tuple[int, bytes]]()

    def take(stamp_ns: int, data: bytes) -> bool:
        taken.append((stamp_ns, data))
        return not data

    take_encrypted = decrypting(client, take)
    early = server.outgoing.read()
    first, second = server.says(b"one"), server.says(b"two")
    for stamp_ns, data in enumerate([early, first[:7], first[7:] + second[:3], second[3:]]):
        assert not take_encrypted(stamp_ns, data)
    assert take_encrypted(4, b"")
    assert taken == [(2, b"one"), (3, b"two"), (4, b"")]


def test_a_broken_record_is_said_to_be_one() -> None:
    client, server = _connected()
    record = bytearray(server.outgoing.read() + server.says(b"told"))
    record[-1] ^= 1
    with pytest.raises(BadAnswerError) as caught:
        client.decrypt(bytes(record))
    assert caught.value.code == "tls_failed"
