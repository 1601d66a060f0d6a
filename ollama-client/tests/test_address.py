"""OLLAMA_HOST in all its forms."""

import contextlib
from urllib.parse import urlsplit

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_client.address import is_this_machine, url_of, url_of_host

hosts = st.one_of(
    st.from_regex(r"[a-z][a-z0-9]{0,8}(\.[a-z]{2,5}){0,2}", fullmatch=True),
    st.ip_addresses(v=4).filter(int).map(str),
    st.ip_addresses(v=6).filter(int).map(lambda ip: f"[{ip}]"),
)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("  ", "http://127.0.0.1:11434"),
        ("box", "http://box:11434"),
        ("box:8080", "http://box:8080"),
        (":5000", "http://127.0.0.1:5000"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:5000", "http://127.0.0.1:5000"),
        ("http://0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:11434"),
        ("[::]:5000", "http://[::1]:5000"),
        ("::1", "http://[::1]:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("[fe80::2]:99", "http://[fe80::2]:99"),
        ("http://box", "http://box:80"),
        ("https://box", "https://box:443"),
        ("HTTPS://box:1/", "https://box:1"),
        ("https://box/ollama/", "https://box:443/ollama"),
        ('"box:8080"', "http://box:8080"),
        ("'box'", "http://box:11434"),
        ("box:99999", "http://box:11434"),
        ("box:word", "http://box:11434"),
    ],
)
def test_ollama_host_means_what_it_means_to_ollama(text: str, url: str) -> None:
    assert url_of_host(text) == url


@given(hosts, st.integers(1, 65_535), st.sampled_from(["", "http://", "https://"]))
def test_every_host_and_port_is_kept(host: str, port: int, scheme: str) -> None:
    url = url_of_host(f"{scheme}{host}:{port}")
    parts = urlsplit(url)
    assert (parts.hostname, parts.port) == (host.strip("[]"), port)
    assert parts.scheme == (scheme or "http://").removesuffix("://")
    assert url_of(url) == url


@given(st.text())
def test_no_text_makes_a_trace(text: str) -> None:
    url_of_host(text)
    with contextlib.suppress(ValueError):
        assert urlsplit(url_of(text)).port


@pytest.mark.parametrize("text", ["", "ftp://box", "box:0", "box:99999", "box:word", "a b", "http://a@b"])
def test_a_setting_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        url_of(text)


def test_this_machine_is_known_by_loopback_by_its_name_and_by_its_own_addresses() -> None:
    own = [row.address for rows in psutil.net_if_addrs().values() for row in rows if row.family.name == "AF_INET"]
    assert own
    assert all(is_this_machine(url_of(address)) for address in (*own, "127.3.2.1", "[::1]", "localhost", "LOCALHOST:1"))
    assert not any(is_this_machine(url_of(address)) for address in ("192.0.2.7", "ollama.example.org", "[2001:db8::1]"))
