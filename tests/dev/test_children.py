"""The demo's programs: stopped in the opposite order, and missed when they end by themselves."""

import asyncio
import shutil
import sys
from pathlib import Path

import psutil
import pytest

from dev.children import Child, Children
from dev.paths import ROOT
from dev.shell import tail
from dev.trouble import Trouble

WAITS = (
    "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('up', flush=True); signal.pause()"
)


async def _until_up(log: Path) -> None:
    async with asyncio.timeout(20):
        while "up" not in tail(log):
            await asyncio.sleep(0.01)


async def test_a_program_that_ends_by_itself_is_named_with_its_last_words(tmp_path: Path) -> None:
    async with Children(tmp_path, tmp_path / "logs") as children:
        await children.start("the server", [sys.executable, "-c", "raise SystemExit('no room on disk')"], {})
        with pytest.raises(Trouble, match="The server ended by itself, with status 1") as told:
            await children.watch()
    assert "no room on disk" in str(told.value)


async def test_one_that_is_started_while_watching_is_watched_too(tmp_path: Path) -> None:
    async with Children(tmp_path, tmp_path / "logs") as children:
        await children.start("the server", [sys.executable, "-c", WAITS], {})
        watching = asyncio.create_task(children.watch())
        await asyncio.sleep(0)
        await children.start("the client", [sys.executable, "-c", "raise SystemExit(4)"], {})
        with pytest.raises(Trouble, match="The client ended by itself, with status 4"):
            await watching


async def test_all_are_stopped_at_the_end_of_the_block_whatever_happened(tmp_path: Path) -> None:
    started: list[Child] = []

    async def fail_with_a_program_running() -> None:
        async with Children(tmp_path, tmp_path / "logs") as children:
            started.append(await children.start("the server", [sys.executable, "-c", WAITS], {}))
            await _until_up(started[0].log)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_with_a_program_running()
    assert started[0].process.returncode == 0


async def test_one_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.children.STOP_S", 0.05)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    async with Children(tmp_path, tmp_path / "logs") as children:
        child = await children.start("the client", [sys.executable, "-c", deaf], {})
        await _until_up(child.log)
    assert child.process.returncode == -9


async def test_settings_of_the_person_do_not_leak_into_the_demos_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBT_SERVER_URL", "http://elsewhere")
    monkeypatch.setenv("OLLAMA_HOST", "gpu-box")
    show = "import os; print(sorted(n for n in os.environ if n.startswith(('OBT_', 'OLLAMA_'))))"
    async with Children(tmp_path, tmp_path / "logs") as children:
        child = await children.start("the client", [sys.executable, "-c", show], {"OBT_DATA_DIR": "x"})
        await child.process.wait()
    assert child.log.read_text().strip() == "['OBT_DATA_DIR']"


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="only Linux's setpriv can end the programs of a killed one")
async def test_none_is_left_behind_by_a_demo_that_is_killed_outright(tmp_path: Path) -> None:
    parent = f"""
import asyncio, pathlib, sys
from dev.children import Children
async def main():
    async with Children(pathlib.Path({str(tmp_path)!r}), pathlib.Path({str(tmp_path)!r})) as children:
        child = await children.start("the server", [sys.executable, "-c", {WAITS!r}], {{}})
        while "up" not in child.log.read_text():
            await asyncio.sleep(0.01)
        print(child.process.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )  # fmt: skip
    assert killed.stdout
    pid = int(await killed.stdout.readline())
    killed.kill()
    await killed.wait()
    async with asyncio.timeout(20):
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)
