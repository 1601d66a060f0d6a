"""Who uses this machine, told of real processes."""

import os
import platform
import re
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from obt_client.telemetry import ollama_processes
from obt_client.telemetry.machine import ThisMachine
from obt_client.telemetry.ollama_processes import OllamaProcesses, is_relay, listeners
from obt_client.telemetry.processes import ProcessSource, used_by
from obt_client.telemetry.sampler import Reading, Telemeter
from obt_client.telemetry.system import SystemSource
from obt_core.telemetry import Track

from .processes import Listener, a_listener, named, somebody_else_at_work
from .scripted import looks_until

pytestmark = pytest.mark.skipif(platform.system() == "Windows", reason="processes are left by a parent of Unix")
NOTICED_PERCENT = 100 / (psutil.cpu_count() or 1) / 8
"""An eighth of a core, of all cores: what one that never rests gets on a machine that does much else."""


def watching(listener: Listener) -> Telemeter:
    ollama = OllamaProcesses(listener.url)
    sources = (ProcessSource(ollama), SystemSource(platform.system()))
    return Telemeter(listener.url, remote=False, interval_s=60, sources=lambda: sources)


def share(reading: Reading, track: str) -> float:
    return reading.value(track) or 0.0


async def test_what_ollamas_children_use_is_ollamas_and_not_foreign() -> None:
    with a_listener() as listener:
        telemeter = watching(listener)
        async with telemeter.running():
            listener.bear()
            readings = await looks_until(telemeter, lambda one: share(one, Track.OLLAMA_CPU) > NOTICED_PERCENT)
    last = readings[-1]
    both = share(last, Track.OLLAMA_CPU) + share(last, Track.CLIENT_CPU)
    assert share(last, Track.FOREIGN_CPU) <= max(0.0, share(last, Track.CPU) - both) + 1e-6
    assert share(last, Track.OLLAMA_MEMORY) > 2**20


async def test_what_somebody_else_uses_is_foreign_and_not_ollamas() -> None:
    with a_listener() as listener:
        telemeter = watching(listener)
        async with telemeter.running():
            await looks_until(telemeter, lambda one: one.value(Track.FOREIGN_CPU) is not None)
            with somebody_else_at_work():
                readings = await looks_until(telemeter, lambda one: share(one, Track.FOREIGN_CPU) > NOTICED_PERCENT)
    assert all(share(one, Track.OLLAMA_CPU) < NOTICED_PERCENT for one in readings)


async def test_what_this_client_and_its_children_use_is_not_foreign() -> None:
    with a_listener() as ours, a_listener() as ollama:
        telemeter = watching(ollama)
        ours.bear()
        async with telemeter.running():
            readings = await looks_until(telemeter, lambda one: share(one, Track.CLIENT_CPU) > NOTICED_PERCENT)
    assert share(readings[-1], Track.OLLAMA_CPU) < NOTICED_PERCENT


async def test_where_nobody_is_ollama_nothing_is_called_foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where its processes are another's whom the system hides: no name is one of its own."""
    monkeypatch.setattr(ollama_processes, "_NAME", re.compile("(?!)"))
    with a_listener() as listener:
        url = listener.url
    telemeter = Telemeter(url, remote=False, interval_s=60, sources=lambda: ThisMachine(url).sources()[:2])
    async with telemeter.running():
        readings = await looks_until(telemeter, lambda one: one.value(Track.CPU) is not None)
    assert readings[-1].value(Track.CLIENT_CPU) is not None
    assert readings[-1].value(Track.FOREIGN_CPU) is None
    assert readings[-1].value(Track.OLLAMA_MEMORY) is None
    assert not telemeter.knows_foreign_cpu


def test_who_listens_at_an_address_is_found_by_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert listeners("127.0.0.1", port) == [os.getpid()]
        assert listeners("localhost", port) == [os.getpid()]
        assert listeners("127.0.0.2", port) == []
        assert listeners("127.0.0.1", port + 1 if port < 65_535 else 1) == []


@pytest.mark.parametrize("name", ["ollama", "llama-server", "ollama_llama_server"])
def test_an_ollama_whose_port_tells_nothing_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    with a_listener(named(tmp_path, name)) as listener:
        child = listener.bear()
        ollama = OllamaProcesses("http://127.0.0.1:1")
        assert ollama.refresh(0.0)
        assert ollama.members is not None
        assert {listener.pid, child} <= {process.pid for process in ollama.members}


@pytest.mark.parametrize(("name", "relays"), [("socat", True), ("ollama", False), ("python", False)])
def test_who_passes_on_what_it_is_asked_is_no_ollama(tmp_path: Path, name: str, relays: bool) -> None:
    with a_listener(named(tmp_path, name)) as listener:
        assert is_relay(psutil.Process(listener.pid)) == relays
        ollama = OllamaProcesses(listener.url)
        ollama.refresh(0.0)
        if not relays:
            assert ollama.owns(listener.pid)


def test_a_child_that_was_just_born_is_ollamas_and_its_neighbour_is_not() -> None:
    with a_listener() as listener, a_listener() as neighbour:
        ollama = OllamaProcesses(listener.url)
        ollama.refresh(0.0)
        assert ollama.owns(listener.bear()) is True
        assert ollama.owns(neighbour.bear()) is False
        assert ollama.owns(os.getpid()) is False


def test_a_list_is_not_made_anew_before_its_time() -> None:
    with a_listener() as listener:
        ollama = OllamaProcesses(listener.url)
        assert ollama.refresh(100.0)
        listener.bear()
        before = ollama.members
        assert not ollama.refresh(100.5)
        assert ollama.members is before
        assert not ollama.refresh(100.0 + ollama_processes.REFRESH_S)
        assert ollama.members is not None
        assert len(ollama.members) == 2


def test_an_ollama_that_ended_is_not_known_and_one_that_started_anew_is_found() -> None:
    with a_listener() as first:
        ollama = OllamaProcesses(first.url)
        assert ollama.refresh(0.0)
        assert first.pid in {process.pid for process in ollama.members or ()}
    ollama.refresh(10.0)
    assert first.pid not in {process.pid for process in ollama.members or ()}


def test_a_process_that_ended_is_left_out_and_the_others_are_told() -> None:
    with subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE) as process:
        ended = psutil.Process(process.pid)
    with a_listener() as listener:
        told = used_by([ended, psutil.Process(listener.pid)])
    assert told is not None
    assert [pid for pid, _ in told] == [listener.pid]
    assert used_by(None) is None


async def test_this_machine_tells_of_itself() -> None:
    with a_listener() as listener:
        telemeter = Telemeter(listener.url, remote=False)
        async with telemeter.running():
            readings = await looks_until(telemeter, lambda one: one.value(Track.CPU) is not None)
    memory = readings[-1].value(Track.MEMORY_USED)
    assert memory is not None
    assert 0 < memory < psutil.virtual_memory().total
    assert len(telemeter.telemetry().ticks) >= 2
    assert {Track.CPU, Track.FOREIGN_CPU, Track.OLLAMA_CPU, Track.CLIENT_CPU} <= {c.track for c in telemeter.channels}
