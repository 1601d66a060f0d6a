"""The install scripts, as they are for one address of this server; and the lines that people copy."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from obt_server import __version__
from obt_server.downloads.schemas import TOKEN_PLACEHOLDER, InstallLines, System
from obt_server.downloads.shelf import Shelf, sha256_of

SHELL, POWERSHELL = "install.sh", "install.ps1"
_FOLDER = Path(__file__).parent
_SAVED = {SHELL: "obt-install.sh", POWERSHELL: "obt-install.ps1"}
"""Under which name a script is saved where it is checked first: `install.sh` says nothing in a folder of downloads."""
LineOf = Callable[["Script", str], str]
"""Makes the line that runs a script with some arguments."""


@dataclass(frozen=True)
class Script:
    """One script as it is served."""

    name: str
    url: str
    content: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of what is served, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def render(name: str, server_url: str, shelf: Shelf) -> Script:
    """Write address, version and the hashes of all that is installed into a script. Raises NotBuiltError.

    The same address and the same package give the same bytes: third-party wheels that come or go change nothing.
    """
    pins = "\n".join(f"{sha256_of(file)} {file.name}" for file in shelf.own())
    text = (_FOLDER / name).read_text("utf-8")
    for mark, value in {"@SERVER@": server_url, "@VERSION@": __version__, "@PINS@": pins}.items():
        text = text.replace(mark, value)
    return Script(name, f"{server_url}/{name}", text.encode())


def lines(server_url: str, shelf: Shelf) -> list[InstallLines]:
    """Return what to copy on each operating system. Raises NotBuiltError."""
    shell, powershell = (render(name, server_url, shelf) for name in (SHELL, POWERSHELL))
    return [
        _lines(System.LINUX, "sh", shell, _shell_line),
        _lines(System.MACOS, "sh", shell, _mac_line),
        _lines(System.WINDOWS, "PowerShell", powershell, _powershell_line),
    ]


def _lines(system: System, shell: str, script: Script, line: LineOf) -> InstallLines:
    uninstall = "-Uninstall" if system is System.WINDOWS else "--uninstall"
    return InstallLines(
        system=system,
        shell=shell,
        script_url=script.url,
        script_sha256=script.sha256,
        install=line(script, TOKEN_PLACEHOLDER),
        upgrade=line(script, ""),
        uninstall=line(script, uninstall),
        is_checked=_is_plain(script),
    )


def _is_plain(script: Script) -> bool:
    return not script.url.startswith("https://")


def _shell_line(script: Script, arguments: str, check: str = "sha256sum -c -") -> str:
    if not _is_plain(script):
        return f"curl -fsSL {script.url} | sh" + (f" -s -- {arguments}" if arguments else "")
    saved = _SAVED[script.name]
    checked = f'echo "{script.sha256}  {saved}" | {check}'
    return f"curl -fsSL {script.url} -o {saved} && {checked} && sh {saved} {arguments}".rstrip()


def _mac_line(script: Script, arguments: str) -> str:
    return _shell_line(script, arguments, "shasum -a 256 -c -")


def _powershell_line(script: Script, arguments: str) -> str:
    if not _is_plain(script):
        return f"& ([scriptblock]::Create((irm {script.url}))) {arguments}".rstrip()
    saved = f'"$env:TEMP\\{_SAVED[script.name]}"'
    fetch = f"iwr -UseBasicParsing {script.url} -OutFile {saved}"
    check = f"if ((Get-FileHash {saved}).Hash -ne '{script.sha256}') {{ throw 'not the script of the dashboard' }}"
    return f"{fetch}; {check}; powershell -ExecutionPolicy Bypass -File {saved} {arguments}".rstrip()
