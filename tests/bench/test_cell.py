"""Commands that read the stand-in, run and watched as the benchmarks do."""

import sys
from pathlib import Path

import psutil
import pytest

from bench._cell import run_cell
from bench._command import CommandError, watch
from bench._first import first_request
from bench._load import Load
from bench._readers import READERS
from obt_client.bench.standin.asked import Times
from tests.e2e.programs import until


@pytest.mark.parametrize("reader", sorted(READERS))
async def test_every_reader_tells_of_each_token_no_earlier_than_it_was_written(reader: str, tmp_path: Path) -> None:
    load = Load(streams=2, times=Times(ttft_ms=5, interval_ms=2, tokens=4), waves=2)
    cell = await run_cell(reader, load, 1, tmp_path, tmp_path)
    assert (cell.judged.requests, cell.judged.ttft.n) == (4, 4)
    assert cell.judged.gap is not None
    assert cell.judged.gap.n == 12
    assert cell.judged.ttft.p50_us > 0
    assert cell.judged.delivered_of_ideal is not None
    assert cell.first_request_s > 0
    assert cell.memory_mib > 0
    assert cell.cpu_s > 0


async def test_a_command_that_fails_says_how(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such model')"]
    with pytest.raises(CommandError, match="no such model"):
        await watch(command, log=tmp_path / "log", timeout_s=60)


async def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    script = (
        "import subprocess as s, sys; child = s.Popen([sys.executable, '-c', 'input()'], stdin=s.PIPE);"
        "print(child.pid, flush=True); child.wait()"
    )
    with pytest.raises(CommandError, match="took more than"):
        await watch([sys.executable, "-c", script], log=tmp_path / "log", timeout_s=3)
    child = int((tmp_path / "log").read_text())
    await until(lambda: _is_over(child), "the child to end")


async def _is_over(pid: int) -> bool:
    """Killed is not yet gone, and whoever has inherited it may be slow to take note."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_a_commands_first_request_is_timed_and_one_that_makes_none_tells_so() -> None:
    script = "import os, urllib.request as u; u.urlopen(os.environ['OBT_OLLAMA_URL'] + '/api/version')"
    asking = await first_request(f'{sys.executable} -c "{script}"', "standin")
    assert asking.contact_s is not None
    assert asking.tokens_s is None
    assert asking.start_memory_mib > 0
    silent = await first_request(f'{sys.executable} -c ""', "standin")
    assert (silent.contact_s, silent.tokens_s) == (None, None)
