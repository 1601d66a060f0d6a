"""The browser's types, generated from the server's OpenAPI: `make gen` writes them, `make check` finds a difference.

Standard library only; the virtual environment and the frontend's packages must stand.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from dev.node import ensure_frontend, pnpm_script
from dev.paths import FRONTEND, ROOT, VENV_PYTHON
from dev.program import run_main
from dev.trouble import Trouble

TYPES = FRONTEND / "src" / "lib" / "api" / "schema.d.ts"


def generate() -> None:
    """Write the types. Raises Trouble when the server or the generator fails."""
    node = ensure_frontend(print)
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_bytes(_openapi())
        if pnpm_script(node, "gen", str(document)):
            raise Trouble("The browser's types could not be generated from the OpenAPI document.")


def is_current() -> bool:
    """Whether the committed types are what `generate` writes. The file is left as it was."""
    before = TYPES.read_bytes() if TYPES.exists() else b""
    try:
        generate()
        return TYPES.read_bytes() == before
    finally:
        TYPES.write_bytes(before)


def _openapi() -> bytes:
    told = subprocess.run([VENV_PYTHON, "-m", "obt_server", "openapi"], check=False, capture_output=True, cwd=ROOT)
    if told.returncode:
        raise Trouble("The server told no OpenAPI document.", told.stderr.decode(errors="replace")[-2_000:])
    return told.stdout


def main() -> int:
    """`python3 -m dev.gen [check]`."""
    if sys.argv[1:] != ["check"]:
        generate()
    elif not is_current():
        raise Trouble(f"{TYPES.relative_to(ROOT)} is not what the server's OpenAPI says; run `make gen` and commit it.")
    return 0


if __name__ == "__main__":
    run_main(main)
