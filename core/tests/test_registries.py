"""Whom an Ollama would contact for a model is read from its name, and only its owner chooses."""

import pytest

from obt_core.registries import full_name, host_of, is_allowed


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("llama3.2", None),
        ("llama3.2:3b", None),
        ("someone/model:tag", None),
        ("hf.co/someone/Model-GGUF:Q4_K_M", "hf.co"),
        ("registry.ollama.ai/library/llama3.2", "registry.ollama.ai"),
        ("localhost/a/b", "localhost"),
        ("Evil.Example/a/b:c", "evil.example"),
        ("evil.example/x", "evil.example"),
        ("10.0.0.1:5000/x", "10.0.0.1:5000"),
        ("user@evil.example/x", "user@evil.example"),
        ("http://evil.example/a/b", "http:"),
        ("https://registry.ollama.ai/library/x", "https:"),
        ("a/b/c/d", "a"),
    ],
)
def test_the_host_in_a_name(name: str, host: str | None) -> None:
    assert host_of(name) == host
    assert is_allowed(name, ()) == (host in {None, "registry.ollama.ai"})


def test_a_host_is_allowed_by_its_whole_name_with_its_port() -> None:
    assert is_allowed("HF.co/a/b", ["hf.co"])
    assert not is_allowed("hf.co:8443/a/b", ["hf.co"])
    assert not is_allowed("hf.co.evil.example/a/b", ["hf.co"])
    assert not is_allowed("registry.ollama.ai:5000/a/b", [])
    assert not is_allowed("http://hf.co/a/b", ["hf.co"])


def test_a_name_without_a_tag_is_the_latest() -> None:
    assert [full_name(name) for name in ("a", "a:b", "h:1/a", "h:1/a:b")] == [
        "a:latest",
        "a:b",
        "h:1/a:latest",
        "h:1/a:b",
    ]
