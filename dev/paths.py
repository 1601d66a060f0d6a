"""Where things are. Standard library only."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
"""Downloads, tools, logs and demo data: everything that make may delete and fetch again."""
LOGS = LOCAL / "logs"
VENV = ROOT / ".venv"
VENV_BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = VENV_BIN / ("python.exe" if os.name == "nt" else "python")
FRONTEND = ROOT / "frontend"
DASHBOARD = ROOT / "backend" / "obt_server" / "dashboard" / "static"
"""The built dashboard, inside the server's package."""
MEMBERS = ("core", "backend", "ollama-client")
"""The packages of the workspace, in the order in which they depend on each other."""


def venv_program(name: str) -> str:
    """Return the path of a program of the virtual environment."""
    return str(VENV_BIN / name)


def program(folder: Path, name: str) -> Path:
    """Return the path of an executable `name` in `folder`, as this system spells it."""
    return folder / (f"{name}.exe" if os.name == "nt" else name)
