"""Stands in for launchctl: a loaded job is a file, `bootout` returns before the job has ended."""

import os
import plistlib
import subprocess
import sys
from pathlib import Path

from .processes import STATE, clean_env, pid, record_call, start, stop

LOADED = STATE / "loaded"


def main() -> None:
    match record_call("launchctl"):
        case ["print", target] if target.removeprefix("gui/").count("/") == 1:
            sys.exit(0 if LOADED.exists() else f"Could not find service in domain for {target}")
        case ["print", _]:
            sys.exit("Domain does not support specified action" if (STATE / "no-session").exists() else 0)
        case ["bootstrap", _, file]:
            if LOADED.exists():
                sys.exit("Bootstrap failed: 5: Input/output error")
            LOADED.touch()
            run(Path(file))
        case ["bootout", _]:
            unload = f"import time; time.sleep(0.3); import os; os.unlink({str(LOADED)!r})"
            stop()
            subprocess.Popen([sys.executable, "-c", unload], start_new_session=True)
        case ["kickstart", _] if pid() is None:
            run(Path(os.environ["HOME"]) / "Library/LaunchAgents/obt-client.plist")
        case _:
            pass


def run(file: Path) -> None:
    job = plistlib.loads(file.read_bytes())
    start(job["ProgramArguments"], job["WorkingDirectory"], job["StandardErrorPath"], clean_env())


main()
