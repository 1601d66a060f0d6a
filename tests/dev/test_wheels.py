"""The client in the server's package: built from the sources, once, and packed into the server's wheel."""

import zipfile
from pathlib import Path

import pytest

from dev.bootstrap import ensure_uv
from dev.paths import LOGS, ROOT
from dev.shell import run
from dev.wheels import REQUIREMENTS, ensure_wheels, sources
from obt_core import __version__
from tests.wheels import built_wheels

CLIENT, CORE = (f"obt_{name}-{__version__}-py3-none-any.whl" for name in ("client", "core"))


@pytest.fixture(scope="module")
def wheels() -> Path:
    return built_wheels()


def stamps(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}


def test_the_wheels_hold_the_sources_as_they_are_and_nothing_else_lies_there(wheels: Path) -> None:
    pip, *others = sorted(stamps(wheels), key=lambda name: not name.startswith("pip-"))
    assert pip.startswith("pip-")
    assert sorted(others) == sorted([REQUIREMENTS, CLIENT, CORE])
    for wheel, folder in ((CLIENT, ROOT / "ollama-client"), (CORE, ROOT / "core")):
        with zipfile.ZipFile(wheels / wheel) as archive:
            code = [name for name in archive.namelist() if name.endswith(".py")]
            assert len(code) > 20
            assert all(archive.read(name) == (folder / name).read_bytes() for name in code)


def test_nothing_is_built_again_where_no_source_changed(wheels: Path) -> None:
    before = stamps(wheels)
    ensure_wheels(lambda _: None)
    assert stamps(wheels) == before


def test_every_module_of_the_client_is_a_source() -> None:
    names = {str(path.relative_to(ROOT)) for path in sources()}
    assert {"ollama-client/obt_client/__main__.py", "core/obt_core/wire.py", "requirements-client.lock"} <= names
    assert not [name for name in names if "__pycache__" in name]


def test_the_servers_wheel_holds_the_scripts_and_the_wheels(wheels: Path, tmp_path: Path) -> None:
    uv = ensure_uv(lambda _: None)
    command = [uv, "build", "--quiet", "--wheel", "--package", "obt-server", "--out-dir", tmp_path]
    run(command, log=LOGS / "server-wheel.log")
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    assert {f"obt_server/downloads/{name}" for name in ("install.sh", "install.ps1")} <= packed
    assert {f"obt_server/downloads/wheels/{name}" for name in stamps(wheels)} <= packed
