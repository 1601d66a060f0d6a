"""Stands in for systemctl: reads the unit as systemd.syntax(7) and systemd.service(5) say, and runs it."""

import configparser
import os
import re
import sys
from pathlib import Path

from .processes import STATE, clean_env, pid, record_call, start, stop

UNITS = Path(os.environ["XDG_CONFIG_HOME"]) / "systemd/user"


def main() -> None:
    arguments = [argument for argument in record_call("systemctl") if argument != "--user"]
    if (STATE / "no-systemd").exists():
        sys.exit("System has not been booted with systemd as init system (PID 1). Can't operate.")
    match arguments:
        case ["show", "--property=Version"]:
            sys.stdout.write("Version=252\n")
        case ["show", _, "--property=MainPID"]:
            sys.stdout.write(f"MainPID={pid() or 0}\n")
        case ["enable", unit]:
            wants = UNITS / "default.target.wants"
            wants.mkdir(exist_ok=True)
            if not (wants / unit).is_symlink():
                (wants / unit).symlink_to(UNITS / unit)
        case ["disable", unit]:
            (UNITS / "default.target.wants" / unit).unlink(missing_ok=True)
        case ["start", unit]:
            run(UNITS / unit)
        case ["stop", _]:
            stop()
        case _:
            pass


def run(unit: Path) -> None:
    parser = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[method-assign, assignment]
    parser.read(unit)
    service = parser["Service"]
    env = {**clean_env(), **settings(whole(service["EnvironmentFile"]))}
    start(words(service["ExecStart"]), whole(service["WorkingDirectory"]), str(STATE / "journal"), env)


def whole(text: str) -> str:
    return text.replace("%%", "%")


def words(text: str) -> list[str]:
    """Split at blanks outside of quotes, undo C's escapes, then specifiers, then $$."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text)
    plain = [re.sub(r"\\(.)", r"\1", quoted or bare) for quoted, bare in found]
    assert not set(plain[0]) & set("\"'\\"), "Executable name contains special characters"
    return [word.replace("%%", "%").replace("$$", "$") for word in plain]


def settings(pattern: str) -> dict[str, str]:
    assert not re.search(r"(?<!\\)[*?[]", pattern), "it would match other files, too"
    file = re.sub(r"\\(.)", r"\1", pattern)
    pairs = re.findall(r'^(\w+)="((?:[^"\\]|\\.)*)"$', Path(file).read_text(), re.MULTILINE)
    return {name: re.sub(r'\\([\\"$`])', r"\1", value) for name, value in pairs}


main()
