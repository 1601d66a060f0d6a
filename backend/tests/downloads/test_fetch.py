"""Fetching third-party wheels: the real pip against an index of our own, on loopback."""

import base64
import hashlib
import http.server
import threading
import zipfile
from collections.abc import Generator
from functools import partial
from pathlib import Path

import pytest

from backend.tests import programs
from obt_server.downloads import shelf
from obt_server.downloads.shelf import REQUIREMENTS

FILES = {
    "pure": ("1.0", "py3-none-any"),
    "binary": ("2.0", "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"),
    "windowsonly": ("3.0", "py3-none-win_amd64"),
}
"""Packages of the index, with the tags of the only wheel of each."""


def a_wheel(folder: Path, name: str, version: str, tags: str) -> Path:
    """Write the smallest wheel that pip takes."""
    file, info = folder / f"{name}-{version}-{tags}.whl", f"{name}-{version}.dist-info"
    texts = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\n"
        + "".join(f"Tag: {tag}\n" for tag in [tags]),
    }
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in texts.items():
            archive.writestr(path, text)
        lines = (f"{path},sha256={_record_hash(text)},{len(text)}\n" for path, text in texts.items())
        archive.writestr(f"{info}/RECORD", "".join(lines) + f"{info}/RECORD,,\n")
    return file


def _record_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def index(tmp_path: Path) -> Generator[str]:
    """An index on loopback (PEP 503), as static files."""
    root = tmp_path / "index"
    for name, (version, tags) in FILES.items():
        (root / name).mkdir(parents=True)
        file = a_wheel(root / name, name, version, tags)
        (root / name / "index.html").write_text(f'<!doctype html><a href="{file.name}">{file.name}</a>')
    handler = partial(_Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        pass


@pytest.fixture
def own(built: Path, tmp_path: Path, index: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package's folder, with the real pip and with requirements of the index's packages."""
    folder = tmp_path / "own"
    folder.mkdir()
    for file in built.glob("*.whl"):
        (folder / file.name).symlink_to(file)
    hashes = {file.name.split("-")[0]: digest(file) for file in (tmp_path / "index").glob("*/*.whl")}
    markers = {"windowsonly": " ; sys_platform == 'win32'"}
    lines = (f"{n}=={v}{markers.get(n, '')} --hash=sha256:{hashes[n]}\n" for n, (v, _) in FILES.items())
    (folder / REQUIREMENTS).write_text("".join(lines))
    monkeypatch.setattr(shelf, "OWN", folder)
    monkeypatch.setenv("PIP_INDEX_URL", index)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr("obt_server.downloads.fetch.PAUSE_S", 0.0)
    return folder


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fetch(tmp_path: Path, *targets: str) -> tuple[int, str]:
    platforms = [part for target in targets for part in ("--platform", target)]
    ended = programs.run(tmp_path / "data", "downloads", "fetch", *platforms, "--python", "3.12")
    return ended.exit_code, ended.stdout + ended.stderr


def fetched(tmp_path: Path) -> set[str]:
    return {file.name for file in (tmp_path / "data" / "downloads").iterdir()}


@pytest.mark.usefixtures("own")
def test_what_a_machine_needs_is_fetched_once_and_listed(tmp_path: Path) -> None:
    status, text = fetch(tmp_path, "linux-x86_64")
    assert (status, "2 wheels" in text) == (0, True), text
    assert fetched(tmp_path) == {
        "pure-1.0-py3-none-any.whl",
        "binary-2.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    }
    status, text = fetch(tmp_path, "linux-x86_64")
    assert (status, "all there" in text) == (0, True), text
    told = programs.run(tmp_path / "data", "downloads", "list").stdout
    assert "3.12: complete" in told
    assert "linux-x86_64, Python 3.11 lacks" not in told, "nothing was fetched for it"
    assert "macos-arm64          none (obt-server downloads fetch --platform macos-arm64)" in told


@pytest.mark.usefixtures("own")
def test_a_platform_that_the_index_cannot_serve_is_told_and_the_others_are_fetched(tmp_path: Path) -> None:
    status, text = fetch(tmp_path, "macos-arm64", "linux-x86_64")
    assert status == 1
    assert "macos-arm64 with Python 3.12:" in text
    assert "binary" in text
    assert "no wheel for that platform" in text
    assert "Traceback" not in text
    assert any(name.startswith("binary") for name in fetched(tmp_path)), "linux-x86_64 came after it"
    assert not [name for name in fetched(tmp_path) if not name.endswith(".whl")], "no half-fetched folder stays"


def test_markers_of_another_system_are_judged_for_it(own: Path, tmp_path: Path) -> None:
    text = (own / REQUIREMENTS).read_text()
    (own / REQUIREMENTS).write_text("".join(line for line in text.splitlines(True) if not line.startswith("binary")))
    assert fetch(tmp_path, "windows-x86_64")[0] == 0
    assert fetched(tmp_path) == {"pure-1.0-py3-none-any.whl", "windowsonly-3.0-py3-none-win_amd64.whl"}


def test_a_wheel_that_is_not_the_pinned_one_is_refused(own: Path, tmp_path: Path) -> None:
    (tmp_path / "index/pure/pure-1.0-py3-none-any.whl").write_bytes(b"something else")
    status, text = fetch(tmp_path, "linux-x86_64")
    assert status == 1
    assert "hash" in text.lower()
    assert fetched(tmp_path) == set()


@pytest.mark.usefixtures("own")
def test_an_index_that_is_away_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("PIP_RETRIES", "1")
    status, text = fetch(tmp_path, "linux-x86_64")
    assert status == 1
    assert "PIP_INDEX_URL" in text
    assert "trying again (2 of 3)" in text


@pytest.mark.usefixtures("own")
def test_without_a_platform_the_command_names_them(tmp_path: Path) -> None:
    status, text = fetch(tmp_path)
    assert (status, "linux-musl-aarch64" in text) == (1, True)


def test_a_folder_that_cannot_be_used_is_told(own: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "downloads").write_text("a file")
    status, text = fetch(tmp_path, "linux-x86_64")
    assert (status, "OBT_DOWNLOADS_DIR" in text) == (1, True)
