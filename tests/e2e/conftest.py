"""What the tests of installing need, made once: wheels of the client, and third-party ones for this machine."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from dev.bootstrap import ensure_uv
from dev.paths import LOCAL
from dev.trouble import Trouble
from tests.wheels import built_wheels

FETCHED = LOCAL / "test-downloads"


@pytest.fixture(scope="session")
def downloads_dir() -> Path:
    """Folder of the third-party wheels for this machine and this Python, kept from one run of the tests to the next."""
    if sys.platform != "linux":
        pytest.skip("the script is run for real on Linux only")
    built_wheels()
    libc = "musl-" if platform.libc_ver()[0] != "glibc" else ""
    target = ("--platform", f"linux-{libc}{platform.machine()}", "--python", f"3.{sys.version_info.minor}")
    command = [sys.executable, "-m", "obt_server", "downloads", "fetch", *target]
    env = {**os.environ, "OBT_DOWNLOADS_DIR": str(FETCHED)}
    ended = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    if ended.returncode:
        pytest.skip(f"third-party wheels cannot be fetched here: {ended.stderr.strip()[-300:]}")
    return FETCHED


@pytest.fixture(scope="session")
def uv() -> Path:
    """The uv that the project itself uses."""
    try:
        return ensure_uv(lambda _: None)
    except Trouble as trouble:
        pytest.skip(f"there is no uv here: {trouble.message}")
