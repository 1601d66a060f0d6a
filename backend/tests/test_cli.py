"""The command line: what it prints, and what it says when something is wrong."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.tests import builders, programs
from backend.tests.harness import API
from obt_server import __version__


def test_a_token_is_printed_once_and_enrols(tmp_path: Path) -> None:
    made = json.loads(programs.run(tmp_path, "token", "create", "--uses", "3", "--label", "rack 1", "--json").stdout)
    expires_at = datetime.fromisoformat(made["expires_at"])
    assert timedelta(hours=23) < expires_at - datetime.now(UTC) <= timedelta(hours=24)
    listed = programs.run(tmp_path, "token", "list").stdout
    assert "3 use(s) left" in listed
    assert "rack 1" in listed
    assert made["token"] not in listed
    with programs.serving(tmp_path) as served, served.sign_in() as owner:
        body = builders.an_enrolment(made["token"], "machine").model_dump(mode="json")
        assert owner.post(f"{API}/clients", json=body).status_code == 201
        assert "2 use(s) left" in programs.run(tmp_path, "token", "list").stdout, "beside a running server"


def test_a_token_is_printed_with_the_next_step(tmp_path: Path) -> None:
    assert "Make one: obt-server token create" in programs.run(tmp_path, "token", "list").stdout
    token, _, rest = programs.run(tmp_path, "token", "create").stdout.partition("\n")
    assert token.startswith("obt_enrol_")
    assert f"OBT_ENROL_TOKEN={token} obt-client run" in rest


def test_a_link_of_the_command_line_signs_in_at_the_server_that_runs(tmp_path: Path) -> None:
    with programs.serving(tmp_path) as served:
        anew = served.link_anew(tmp_path)
        assert anew.link.startswith(f"{served.url}/sign-in#")
        with anew.sign_in() as owner:
            assert owner.get(f"{API}/auth/me").json()["kind"] == "administrator"
    assert ":8881/sign-in#" in programs.run(tmp_path, "link").stdout, "without a server: where it will be"


def test_the_description_of_the_api_is_printed(tmp_path: Path) -> None:
    document = json.loads(programs.run(tmp_path, "openapi").stdout)
    assert document["info"]["version"] == __version__
    assert f"{API}/sessions" in document["paths"]
    assert {"Problem", "FieldError"} <= document["components"]["schemas"].keys()
    assert list(tmp_path.iterdir()) == [], "nothing is made for it"


def test_the_version_is_printed(tmp_path: Path) -> None:
    assert programs.run(tmp_path, "version").stdout.strip() == __version__


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("OBT_PORT", "eighty"),
        ("OBT_PORT", "70000"),
        ("OBT_LEASE_S", "-1"),
        ("OBT_LOG_LEVEL", "loud"),
        ("OBT_DATABASE_URL", "mysql://localhost/obt"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(tmp_path: Path, setting: str, value: str) -> None:
    for arguments in (("serve",), ("openapi",)):
        ended = programs.run(tmp_path, *arguments, **{setting: value})
        assert ended.exit_code == 1
        assert setting in ended.stderr


def test_lists_are_written_with_commas(tmp_path: Path) -> None:
    names = {"OBT_ALLOWED_HOSTS": "bench.example, lab.example"}
    with programs.serving(tmp_path, **names) as served, served.sign_in() as owner:
        for host, status in (("bench.example", 200), ("lab.example", 200), ("other.example", 403)):
            headers = {"Host": host, "Origin": f"http://{host}"}
            assert owner.get(f"{API}/auth/me", headers=headers).status_code == status, host


@pytest.mark.parametrize("arguments", [("serve", "--port", "0"), ("link",), ("token", "create"), ("token", "list")])
def test_a_database_that_cannot_be_used_is_told_without_a_trace(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "obt.sqlite3").write_text("This is no database. " * 100)
    away = {"OBT_DATABASE_URL": "postgresql://obt@127.0.0.1:1/obt", "OBT_DB_START_WAIT_S": "0.1"}
    for settings in ({}, away):
        ended = programs.run(tmp_path, *arguments, **settings)
        assert ended.exit_code == 1
        assert "the database cannot be used" in ended.stderr
        assert "sqlalche.me" not in ended.stderr


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments in (("serve",), ("token", "list")):
        ended = programs.run(tmp_path, *arguments, OBT_DATA_DIR=str(tmp_path / "file"))
        assert ended.exit_code == 1


@pytest.mark.parametrize("option", [("--uses", "0"), ("--expires-hours", "0"), ("--label", "x" * 200)])
def test_a_token_that_makes_no_sense_is_refused(tmp_path: Path, option: tuple[str, str]) -> None:
    ended = programs.run(tmp_path, "token", "create", *option)
    assert ended.exit_code in {1, 2}
    assert option[0].removeprefix("--")[:5] in ended.stderr
