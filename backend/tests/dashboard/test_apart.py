"""A copy of the dashboard for another web server: each page knows the API, and may connect to it."""

from pathlib import Path

import pytest
from typer.testing import Result

from backend.tests import programs
from obt_server.dashboard.apart import NoDashboardError, copy_for, told

PAGE = """<meta name="obt-api" content="" />
<meta http-equiv="content-security-policy" content="default-src 'self'; connect-src 'self'; font-src 'self'">"""
API = "https://obt.example.net"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "built"
    for name in ("200.html", "index.html", "benchmarks/new.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(PAGE)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "index.html.br").write_text("compressed")
    return folder


def test_a_page_names_the_api_and_may_connect_to_it_and_to_its_socket() -> None:
    page = told(PAGE, API)
    assert f'<meta name="obt-api" content="{API}" />' in page
    assert f"connect-src 'self' {API} wss://obt.example.net; font-src" in page


def test_a_copy_can_be_told_another_api() -> None:
    assert told(told(PAGE, "http://10.0.0.5:8881"), API) == told(PAGE, API)


def test_all_pages_are_told_and_all_files_copied(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    assert copy_for(API, built, target) == 3
    assert (target / "benchmarks/new.html").read_text() == told(PAGE, API)
    assert (target / "favicon.svg").read_text() == "<svg/>"
    assert (built / "200.html").read_text() == PAGE
    assert not (target / "index.html.br").exists()


def test_what_is_no_dashboard_is_not_copied(built: Path, tmp_path: Path) -> None:
    with pytest.raises(NoDashboardError):
        copy_for(API, tmp_path, tmp_path / "copy")
    (built / "index.html").write_text("<p>of another release</p>")
    with pytest.raises(NoDashboardError):
        copy_for(API, built, tmp_path / "copy")


def test_the_command_says_what_it_wrote_and_what_is_wrong(built: Path, tmp_path: Path) -> None:
    def run(*args: str) -> Result:
        return programs.run(tmp_path, "dashboard", *args, OBT_STATIC_DIR=str(built))

    copy = str(tmp_path / "copy")
    assert run(copy, "--api", "https://OBT.example.net/").stdout == f"3 pages in {copy}, for the API at {API}\n"
    assert run(copy, "--api", API).stderr == f"obt-server: {copy} exists\n"
    assert "must be http://" in run(str(tmp_path / "other"), "--api", "obt.example.net/x").stderr
