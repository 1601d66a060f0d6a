"""A release: what is in it, what its documents say, and that its sums are true."""

import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.validation.json import JsonStrictValidator

from dev import release, sbom
from dev.locks import CLIENT_LOCK, SERVER_LOCK
from dev.paths import FRONTEND
from dev.trouble import Trouble
from obt_core import __version__
from tests.wheels import built_wheels

MOMENT_S = 1_700_000_000
SERVER, CLIENT, CORE = (f"obt_{name}-{__version__}" for name in ("server", "client", "core"))


def made_in(folder: Path) -> Path:
    built_wheels()
    folder.mkdir()
    release.assemble(folder, MOMENT_S, lambda _: None)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_in(tmp_path_factory.mktemp("release") / "dist")


@pytest.fixture(scope="module")
def document(made: Path) -> Callable[[str], dict[str, Any]]:
    return lambda name: json.loads((made / f"{name}{sbom.SUFFIX}").read_text())


def names_of(lock: Path) -> set[str]:
    return {line.split("==")[0] for line in lock.read_text().splitlines() if "==" in line}


def test_a_release_is_three_wheels_what_they_run_on_what_is_in_them_and_the_sums(made: Path) -> None:
    wheels = {f"{name}-py3-none-any.whl" for name in (SERVER, CLIENT, CORE)}
    beside = {f"{name}{end}" for name in (SERVER, CLIENT) for end in ("-requirements.txt", sbom.SUFFIX)}
    assert {file.name for file in made.iterdir()} == wheels | beside | {release.SUMS}
    assert (made / f"{SERVER}-requirements.txt").read_bytes() == SERVER_LOCK.read_bytes()


def test_a_wheel_holds_its_package_and_nothing_of_the_checkout(made: Path) -> None:
    for name in (SERVER, CLIENT, CORE):
        package = name.rpartition("-")[0]
        with zipfile.ZipFile(made / f"{name}-py3-none-any.whl") as archive:
            held = [Path(file) for file in archive.namelist()]
        assert {path.parts[0] for path in held} == {package, f"{name}.dist-info"}
        parts = {part for path in held for part in path.parts}
        assert parts.isdisjoint({"tests", "conftest.py", ".git", ".env", ".env.example", "__pycache__", ".venv"})
        assert not [path for path in held if path.suffix in {".sqlite3", ".pem", ".key", ".log"}]


def test_the_sums_are_those_of_every_file(made: Path) -> None:
    told = {name: told for told, name in (line.split("  ") for line in (made / release.SUMS).read_text().splitlines())}
    files = {file.name: file for file in made.iterdir() if file.name != release.SUMS}
    assert told == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum here")
def test_a_changed_file_is_noticed_by_its_sum(made: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(made, tmp_path / "copy")
    check = ["sha256sum", "--check", "--quiet", release.SUMS]
    assert subprocess.run(check, cwd=copy, check=False).returncode == 0
    (copy / f"{CORE}-py3-none-any.whl").write_bytes(b"another")
    assert subprocess.run(check, cwd=copy, check=False, capture_output=True).returncode == 1


def test_the_same_sources_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = made_in(tmp_path / "again")
    assert (again / release.SUMS).read_text() == (made / release.SUMS).read_text()


@pytest.mark.parametrize("name", [SERVER, CLIENT])
def test_a_document_keeps_to_cyclonedx(made: Path, name: str) -> None:
    text = (made / f"{name}{sbom.SUFFIX}").read_text()
    assert JsonStrictValidator(sbom.VERSION).validate_str(text) is None


@pytest.mark.parametrize(("name", "lock"), [(SERVER, SERVER_LOCK), (CLIENT, CLIENT_LOCK)])
def test_a_document_has_all_that_the_lock_pins(
    document: Callable[[str], dict[str, Any]], name: str, lock: Path
) -> None:
    parts = {part["name"] for part in document(name)["components"] if part.get("purl", "").startswith("pkg:pypi/")}
    handed_out = {"obt-client", "pip"} if name == SERVER else set[str]()
    assert parts == names_of(lock) | {"obt-core"} | handed_out


def test_a_document_names_the_wheel_that_it_is_of(made: Path, document: Callable[[str], dict[str, Any]]) -> None:
    told = document(CLIENT)["metadata"]["component"]
    sha256 = hashlib.sha256((made / f"{CLIENT}-py3-none-any.whl").read_bytes()).hexdigest()
    assert told["hashes"] == [{"alg": "SHA-256", "content": sha256}]
    assert told["purl"] == f"pkg:pypi/obt-client@{__version__}"


def test_the_servers_document_tells_what_the_dashboard_loads_from_what_only_builds_it(
    document: Callable[[str], dict[str, Any]],
) -> None:
    scopes = {part["purl"].split("@")[0]: part["scope"] for part in document(SERVER)["components"] if "scope" in part}
    wanted = json.loads((FRONTEND / "package.json").read_text())["dependencies"]
    assert {scopes[f"pkg:npm/{name.replace('@', '%40')}"] for name in [*wanted, "svelte"]} == {"required"}
    assert {scopes[f"pkg:npm/{name}"] for name in ("vite", "eslint", "vitest")} == {"excluded"}


def test_a_document_tells_who_needs_whom(document: Callable[[str], dict[str, Any]]) -> None:
    told = {entry["ref"].split("@")[0]: entry.get("dependsOn", []) for entry in document(SERVER)["dependencies"]}
    assert any(ref.startswith("pkg:pypi/fastapi@") for ref in told["pkg:pypi/obt-server"])
    assert any(ref.startswith("pkg:pypi/starlette@") for ref in told["pkg:pypi/fastapi"])
    assert any(ref.startswith("pkg:npm/%40kurkle/color@") for ref in told["pkg:npm/chart.js"])


def test_what_is_in_no_commit_is_in_no_release(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    with pytest.raises(Trouble, match="git does not know"):
        release.moment_of_commit(tmp_path)
    git("init", "--quiet")
    (tmp_path / "code").write_text("1")
    with pytest.raises(Trouble, match="differ"):
        release.moment_of_commit(tmp_path)
    git("add", "code")
    git("commit", "--quiet", "-m", "Code")
    assert release.moment_of_commit(tmp_path) > MOMENT_S
