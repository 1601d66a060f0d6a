"""Ollama's settings, seen from real processes that have them, and from what systemd tells."""

import asyncio
import os
import platform
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from obt_client.ollama import Ollama
from obt_client.ollama_facts import parameters_of
from obt_client.ollama_settings import visible_settings
from obt_client.ollama_settings.names import KNOWN, SETTINGS_MAX, settings_in
from obt_client.ollama_settings.services import Unit, parse_environment_file, parse_unit
from obt_core.environment import Environment
from tests.fake_ollama import FakeModel, FakeOllama, FakeOllamaProcess

linux = pytest.mark.skipif(platform.system() != "Linux", reason="a script has its own name on Linux, and systemd")
_LISTEN = """
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def listening(*command: str, **variables: str) -> AsyncGenerator[int]:
    """A process with an environment of its own that has a port open; yields the port."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OLLAMA_")}
    process: Process = await asyncio.create_subprocess_exec(
        *command, env={**clean, **variables}, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout
    assert process.stdin
    try:
        yield int(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


def a_program(folder: Path, name: str) -> str:
    """A program of that name that listens."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!{sys.executable}\n{_LISTEN}")
    file.chmod(0o755)
    return str(file)


async def free_port() -> int:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


@pytest.fixture
def no_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_systemctl(tmp_path, monkeypatch, "ActiveState=inactive")


def put_systemctl(folder: Path, patch: pytest.MonkeyPatch, told: str) -> None:
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "systemctl").write_text(f"#!/bin/sh\ncat <<'END'\n{told}\nEND\n")
    (tools / "systemctl").chmod(0o755)
    patch.setenv("PATH", str(tools), prepend=os.pathsep)


async def test_the_settings_are_those_of_the_process_that_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_NUM_PARALLEL", "3")
    monkeypatch.setenv("OLLAMA_API_KEY", "hidden")
    async with FakeOllamaProcess([]) as fake:
        settings, source = await visible_settings(fake.url)
    assert source == "process"
    assert settings["OLLAMA_NUM_PARALLEL"] == "3"
    assert "OLLAMA_API_KEY" not in settings


@linux
@pytest.mark.usefixtures("no_systemd")
async def test_two_ollamas_are_told_apart_by_their_ports(tmp_path: Path) -> None:
    command = a_program(tmp_path / "bin", "ollama"), "serve"
    async with (
        listening(*command, OLLAMA_KV_CACHE_TYPE="q8_0") as first,
        listening(*command, OLLAMA_KV_CACHE_TYPE="q4_0") as second,
    ):
        told = [await visible_settings(f"http://127.0.0.1:{port}") for port in (first, second)]
    assert [settings["OLLAMA_KV_CACHE_TYPE"] for settings, _ in told] == ["q8_0", "q4_0"]


@linux
@pytest.mark.usefixtures("no_systemd")
async def test_a_relay_before_ollama_is_not_taken_for_it(tmp_path: Path) -> None:
    async with listening(a_program(tmp_path / "bin", "socat"), OLLAMA_NUM_PARALLEL="3") as port:
        assert await visible_settings(f"http://127.0.0.1:{port}") == ({}, None)


async def test_an_ollama_elsewhere_is_not_looked_for_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put_systemctl(tmp_path, monkeypatch, "ActiveState=active\nEnvironment=OLLAMA_DEBUG=1")
    assert await visible_settings("http://192.0.2.7:11434") == ({}, None)


@linux
async def test_the_unit_tells_where_the_process_is_another_user_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = await free_port()
    (tmp_path / "more.env").write_text("# a comment\nOLLAMA_KEEP_ALIVE='24h'\nOLLAMA_FLASH_ATTENTION=0\n")
    told = (
        f'Environment=PATH=/bin OLLAMA_FLASH_ATTENTION=1 "OLLAMA_MODELS=/data/my models" OLLAMA_HOST=0.0.0.0:{port}\n'
        f"EnvironmentFiles={tmp_path / 'more.env'} (ignore_errors=no)\nEnvironmentFiles=/nowhere (ignore_errors=yes)"
    )
    put_systemctl(tmp_path, monkeypatch, f"ActiveState=active\n{told}")
    settings, source = await visible_settings(f"http://localhost:{port}")
    assert source == "systemd"
    assert settings == {
        "OLLAMA_FLASH_ATTENTION": "0",
        "OLLAMA_HOST": f"0.0.0.0:{port}",
        "OLLAMA_KEEP_ALIVE": "24h",
        "OLLAMA_MODELS": "/data/my models",
    }


@linux
@pytest.mark.parametrize(
    "told",
    [
        "ActiveState=inactive\nEnvironment=OLLAMA_HOST=:PORT",
        "ActiveState=active\nEnvironment=OLLAMA_HOST=:1",
        "ActiveState=active\nEnvironment=OLLAMA_HOST=:PORT\nEnvironmentFiles=FOLDER (ignore_errors=no)",
        "System has not been booted with systemd as init system (PID 1). Can't operate.",
        "",
    ],
    ids=["it does not run", "another port", "a file that cannot be read", "no systemd", "nothing"],
)
async def test_what_is_not_this_ollama_s_or_not_whole_is_not_told(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = await free_port()
    put_systemctl(tmp_path, monkeypatch, told.replace("PORT", str(port)).replace("FOLDER", str(tmp_path)))
    assert await visible_settings(f"http://127.0.0.1:{port}") == ({}, None)


def test_settings_are_told_and_secrets_are_not() -> None:
    told = {
        "OLLAMA_NUM_PARALLEL": "4",
        "CUDA_VISIBLE_DEVICES": "0,1",
        "HSA_OVERRIDE_GFX_VERSION": "10.3.0",
        "GGML_CUDA_ENABLE_UNIFIED_MEMORY": "1",
        "LLAMA_ARG_CACHE_RAM": "0",
        "OLLAMA_HOST": "http://anna:word@127.0.0.1:11434",
        "OLLAMA_ORIGINS": "two\nlines \x1b[1m",
    }
    hidden = ("OLLAMA_API_KEY", "OLLAMA_TOKEN", "GGML_SECRET", "OLLAMA_PASSWORD", "OLLAMA_AUTH", "OLLAMA_HTTPS_PROXY")
    foreign = {"HOME": "/srv/anna", "HTTPS_PROXY": "http://p", "PATH": "/bin", "OLLAMA_ODD-NAME": "1"}
    found = settings_in({**told, **dict.fromkeys(hidden, "secret"), **foreign})
    assert set(found) == set(told)
    assert found["OLLAMA_HOST"] == "http://127.0.0.1:11434"
    assert found["OLLAMA_ORIGINS"] == "two lines [1m"
    assert set(settings_in(dict.fromkeys(KNOWN, "x"))) == set(KNOWN)


def test_what_is_told_fits_into_a_result_s_environment() -> None:
    field = Environment.model_fields["ollama_settings"]
    many = settings_in({f"OLLAMA_{number:04}": "x" * 1_000 for number in range(500)})
    assert len(many) == SETTINGS_MAX
    assert any(getattr(limit, "max_length", None) == SETTINGS_MAX for limit in field.metadata)
    assert all(len(value) == 300 for value in many.values())


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("ActiveState=active\nEnvironment=A=1 B=", Unit(True, {"A": "1", "B": ""})),
        ('ActiveState=active\nEnvironment=A="open', Unit(True, {})),
        ("Environment=A=1\nActiveState=failed", Unit(False, {"A": "1"})),
        ("EnvironmentFiles=/etc/a b.env (ignore_errors=yes)", Unit(False, {}, ("/etc/a b.env",))),
        ("\x00\xff", Unit()),
    ],
)
def test_what_systemctl_shows_is_read(text: str, unit: Unit) -> None:
    assert parse_unit(text) == unit


def test_an_environment_file_is_read_as_systemd_reads_it() -> None:
    text = "; no\n#A=1\n B = two words \nC=\"quoted 'inside'\"\nnonsense\n=x\nD='"
    assert parse_environment_file(text) == {"B": "two words", "C": "quoted 'inside'", "D": "'"}


async def test_a_model_s_parameters_are_asked_for() -> None:
    async with FakeOllama([FakeModel("tiny")]) as fake:
        assert await Ollama(fake.url).parameters("tiny:latest") == ""


@pytest.mark.parametrize(
    ("told", "parameters"),
    [
        ({"parameters": 'stop                           "<|eot|>"\r\ntemperature\t0.7\n'},
         'stop                           "<|eot|>"\ntemperature 0.7'),
        ({}, ""),
        ({"parameters": None}, None),
        ({"parameters": "x" * 9_000}, "x" * 4_000),
        ({"parameters": "half \ud83d"}, "half ?"),
    ],
)  # fmt: skip
def test_parameters_are_lines_that_a_result_can_carry(told: dict[str, object], parameters: str | None) -> None:
    assert parameters_of(told) == parameters
