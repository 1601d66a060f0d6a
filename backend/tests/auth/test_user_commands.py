"""`obt-server user` and `obt-server link`: people, at the server's own terminal."""

import re
from pathlib import Path

import httpx

from backend.tests import programs
from backend.tests.harness import API


def _use(served: programs.Served, link: str) -> httpx.Client:
    return programs.Served(served.url, link, served.process).sign_in()


def test_people_are_made_shown_disabled_and_reset(tmp_path: Path) -> None:
    assert "obt-server user create NAME" in programs.run(tmp_path, "user", "list").stdout
    first = programs.run(tmp_path, "user", "create", "Anna", "--email", "anna@example.net", "--link")
    assert re.fullmatch(r"http://127\.0\.0\.1:8881/sign-in#obt_link_[\w-]{43}\n", first.stdout)
    assert programs.run(tmp_path, "user", "create", "bob", "--link").exit_code == 0
    taken = programs.run(tmp_path, "user", "create", "ANNA", "--link")
    assert (taken.exit_code, "has this name" in taken.stderr) == (1, True)
    listed = programs.run(tmp_path, "user", "list").stdout.splitlines()
    assert listed == ["Anna  administrator  never seen  anna@example.net", "bob  viewer  never seen"]
    assert "bob may not sign in" in programs.run(tmp_path, "user", "disable", "BOB").stdout
    assert "bob  viewer  disabled" in programs.run(tmp_path, "user", "list").stdout
    refused = programs.run(tmp_path, "link", "--user", "bob")
    assert (refused.exit_code, "bob is disabled" in refused.stderr) == (1, True)
    assert "/sign-in#reset=obt_reset_" in programs.run(tmp_path, "user", "reset", "bob").stdout
    assert "bob  viewer  never seen" in programs.run(tmp_path, "user", "list").stdout
    last = programs.run(tmp_path, "user", "disable", "anna")
    assert (last.exit_code, "last administrator" in last.stderr) == (1, True)
    unknown = programs.run(tmp_path, "user", "disable", "nobody")
    assert (unknown.exit_code, "nobody called 'nobody'" in unknown.stderr) == (1, True)


def test_the_first_person_is_an_administrator(tmp_path: Path) -> None:
    viewer = programs.run(tmp_path, "user", "create", "anna", "--role", "viewer", "--link")
    assert (viewer.exit_code, "has to be an administrator" in viewer.stderr) == (1, True)


def test_a_password_is_asked_for_twice_and_judged(tmp_path: Path) -> None:
    for typed, told in (
        ("short\nshort\n", "password cannot be taken"),
        ("password1234\npassword1234\n", "known from breaches"),
    ):
        refused = programs.run(tmp_path, "user", "create", "anna", typed=typed)
        assert (refused.exit_code, told in refused.stderr) == (1, True), typed
    made = programs.run(tmp_path, "user", "create", "anna", typed="seven green kettles sing\n" * 2)
    assert "anna may sign in, as administrator." in made.stdout
    assert "kettles" not in made.stdout + made.stderr


def test_links_are_of_the_only_administrator_or_of_whom_is_named(tmp_path: Path) -> None:
    with programs.serving(tmp_path) as served:
        assert "#setup=" in served.link
        with served.sign_in():
            pass
        with served.link_anew(tmp_path).sign_in() as owner:
            assert owner.get(f"{API}/auth/me").json()["name"] == "owner"
        programs.run(tmp_path, "user", "create", "anna", "--role", "administrator", "--link")
        several = programs.run(tmp_path, "link")
        assert (several.exit_code, "--user NAME" in several.stderr) == (1, True)
        with _use(served, programs.run(tmp_path, "link", "--user", "anna").stdout.strip()) as anna:
            assert anna.get(f"{API}/auth/me").json()["name"] == "anna"
