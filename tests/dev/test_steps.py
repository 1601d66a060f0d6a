"""Steps run side by side, and one that fails stops none of the others."""

import io
import sys
import threading
from pathlib import Path

import pytest

from dev.shell import TIMED_OUT, CommandFailed, fetch, run, show, tail
from dev.steps import Step, run_steps
from dev.trouble import Trouble, Troubles


def test_steps_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def meet(_: Step) -> None:
        meeting.wait()

    run_steps([Step("a", meet), Step("b", meet)], io.StringIO())


def test_every_trouble_is_told_and_the_others_are_finished() -> None:
    done: list[str] = []

    def fail(step: Step) -> None:
        raise Trouble(f"{step.name} has no network.", "Plug it in.")

    out = io.StringIO()
    with pytest.raises(Troubles) as told:
        run_steps([Step("a", fail), Step("b", lambda step: done.append(step.name)), Step("c", fail)], out)
    assert done == ["b"]
    assert "a has no network.\n  Plug it in." in str(told.value)
    assert "c has no network." in str(told.value)
    assert "✗ a" in out.getvalue()
    assert "✓ b" in out.getvalue()


def test_an_error_nobody_foresaw_is_told_with_its_step() -> None:
    def divide(_: Step) -> None:
        raise ZeroDivisionError("by zero")

    with pytest.raises(Troubles, match="sums: ZeroDivisionError: by zero"):
        run_steps([Step("sums", divide)], io.StringIO())


def test_progress_is_told_once_for_each_tenth_where_nobody_watches() -> None:
    out = io.StringIO()

    def download(step: Step) -> None:
        for done in range(101):
            step.progress(done * 1_000_000, 100_000_000)

    run_steps([Step("file", download)], out)
    amounts = [line.split("▏ ")[1].strip() for line in out.getvalue().splitlines() if "▏ " in line]
    assert amounts == [f"{done} of 100 MB" for done in range(0, 101, 10)]


def test_a_failed_program_is_shown_with_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    script = "print('first'); print('last words'); raise SystemExit(3)"
    with pytest.raises(CommandFailed, match="ended with status 3") as told:
        run([sys.executable, "-c", script], log=log)
    assert "last words" in str(told.value)
    assert tail(log, 1) == "last words"


def test_a_program_that_does_not_exist_is_told_without_a_trace(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="could not be started"):
        run(["no-such-program-anywhere"], log=tmp_path / "x.log")


def test_a_download_that_fails_for_a_moment_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.shell.PAUSE_S", 0)
    seen, said = tmp_path / "seen", list[str]()
    script = f"import pathlib, sys; p = pathlib.Path({str(seen)!r}); sys.exit(0 if p.exists() else p.touch() or 1)"
    fetch("A thing", [sys.executable, "-c", script], log=tmp_path / "x.log", say=said.append)
    assert said == ["A thing failed; trying again in 0 s (2 of 3)"]


def test_without_network_the_message_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.shell.PAUSE_S", 0)
    script = "raise SystemExit('error sending request: dns error')"
    with pytest.raises(Trouble, match="cannot be reached") as told:
        fetch("A thing", [sys.executable, "-c", script], log=tmp_path / "x.log", say=lambda _: None)
    assert "run it again to continue" in str(told.value)


def test_a_program_that_hangs_is_stopped_at_its_limit() -> None:
    script = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); time.sleep(600)"
    assert show([sys.executable, "-c", script], limit_s=2) == TIMED_OUT
    assert show([sys.executable, "-c", "raise SystemExit(3)"], limit_s=60) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such interrupt on Windows")
def test_a_program_that_is_stopped_at_its_limit_tells_what_it_found(tmp_path: Path) -> None:
    found = tmp_path / "found"
    script = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may ignore it\n"
        "try:\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    pathlib.Path(sys.argv[1]).write_text('3 of 5')\n"
    )
    assert show([sys.executable, "-c", script, str(found)], limit_s=3) == TIMED_OUT
    assert found.read_text() == "3 of 5"
