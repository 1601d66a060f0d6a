"""Stands in for schtasks: a task is its definition, `/End` kills."""

import re
import signal
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from .processes import STATE, clean_env, record_call, start, stop

TASK = STATE / "task.xml"
SCHEMA = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def main() -> None:
    match record_call("schtasks"):
        case ["/Create", "/TN", _, "/XML", file, "/F"]:
            TASK.write_bytes(Path(file).read_bytes())
        case _ if not TASK.exists():
            sys.exit("ERROR: The system cannot find the file specified.")
        case ["/Run", "/TN", _]:
            run()
        case ["/End", "/TN", _]:
            stop(signal.SIGKILL)
        case ["/Delete", "/TN", _, "/F"]:
            TASK.unlink()
        case _:
            pass


def run() -> None:
    action = ET.fromstring(TASK.read_bytes().decode("utf-16")).find(f"{SCHEMA}Actions/{SCHEMA}Exec")
    assert action is not None
    told = {child.tag.removeprefix(SCHEMA): child.text or "" for child in action}
    command = [told["Command"], *arguments(told["Arguments"])]
    start(command, told["WorkingDirectory"], str(STATE / "journal"), clean_env())


def arguments(line: str) -> list[str]:
    """Split a command line as Microsoft's C runtime does: backslashes escape only before a double quote."""
    words = re.findall(r'"((?:[^"\\]|\\(?!")|\\")*)"|(\S+)', line)
    return [(quoted or plain).replace('\\"', '"') for quoted, plain in words]


main()
