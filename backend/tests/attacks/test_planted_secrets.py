"""No secret is in a log line, in an answer, in the audit log or in the database: each is planted, then looked for.

A real server in a process of its own, as talkative as it can be, lives through everything that has to do with secrets.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from backend.tests import builders
from backend.tests.harness import API
from backend.tests.programs import OWNER, environment, run, serving
from obt_server.app import api_routes

TYPED = {
    "owner": OWNER["password"],
    "changed": "eleven violet tractors hum",
    "reset": "nineteen copper lanterns glow",
    "wrong": "planted-wrong-password-4711",
}
"""Passwords, one of them wrong, that people type."""


class Life:
    """What was told once, and what must be said nowhere else."""

    def __init__(self, owner: httpx.Client, url: str) -> None:
        self.owner, self.url = owner, url
        self.secrets = dict(TYPED)
        self.client_id = "planted"

    def stranger(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Origin": self.url, **headers}, timeout=60, verify=False)

    def told(self, name: str, secret: str) -> str:
        self.secrets[name] = secret
        return secret

    def ask(self, http: httpx.Client, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        reply = http.request(method, API + path, json=body)
        assert reply.status_code == status, (path, reply.text)
        return reply.json() if reply.content else None

    def live(self) -> None:
        self._enrol()
        self._use_api_keys()
        self._change_passwords()

    def _enrol(self) -> None:
        token = self.told("token", self.ask(self.owner, "POST", "/enrolment-tokens", {"uses": 2}, 201)["token"])
        body = builders.an_enrolment(token, self.client_id).model_dump(mode="json")
        self.told("nonce", body["nonce"])
        with self.stranger() as http:
            key = self.told("client key", self.ask(http, "POST", "/clients", body, 201)["key"])
            self.ask(http, "POST", "/clients", {**body, "token": key}, 401)
        with self.stranger(Authorization=f"Bearer {key}") as client:
            beat = builders.a_heartbeat().model_dump(mode="json")
            self.ask(client, "POST", "/clients/planted/heartbeat", beat)
            self.ask(self.owner, "POST", "/clients/planted/rotate-key")
            following = self.told("next key", self.ask(client, "POST", "/clients/planted/key")["key"])
            client.headers["Authorization"] = f"Bearer {following}"
            self.ask(client, "POST", "/clients/planted/heartbeat", beat)
            self.ask(client, "POST", "/clients/planted/heartbeat", {**beat, "boot_id": following}, 422)
            self.ask(self.owner, "POST", "/clients/planted/revoke-key")
            self.ask(client, "POST", "/clients/planted/heartbeat", beat, 401)

    def _use_api_keys(self) -> None:
        made = self.ask(self.owner, "POST", "/api-keys", {"name": "ci", "role": "operator"}, 201)
        with self.stranger(Authorization=f"Bearer {self.told('API key', made['key'])}") as program:
            self.ask(program, "GET", "/clients")
            self.ask(program, "GET", "/audit", status=403)
            self.ask(program, "GET", f"/clients?key={made['key']}")

    def _change_passwords(self) -> None:
        with self.stranger() as http:
            self.ask(http, "POST", "/auth/sign-in", {"name_or_email": "owner", "password": TYPED["wrong"]}, 401)
        wish = {"current": TYPED["owner"], "new": TYPED["changed"]}
        self.ask(self.owner, "POST", "/auth/password", wish, 204)
        link = self.ask(self.owner, "POST", "/people", {"name": "Ada", "role": "viewer"}, 201)["link"]
        secret = self.told("reset link", link.rpartition("=")[2])
        with self.stranger() as http:
            self.ask(http, "POST", "/auth/reset", {"secret": secret, "password": TYPED["reset"]}, 204)
            self.told("cookie of Ada", http.cookies["obt_session"])
            self.ask(http, "POST", "/auth/reset", {"secret": secret, "password": TYPED["reset"]}, 401)
        self.told("cookie", self.owner.cookies["obt_session"])

    def answers(self) -> Iterator[tuple[str, str]]:
        """What everything that an administrator may read says now."""
        for route in api_routes():
            if "GET" not in (route.methods or ()):
                continue
            ids = dict.fromkeys(route.param_convertors, "0f8b6d4e-8a39-4b55-9d0c-3f1f6a1f2b11")
            path = API + route.path_format.format(**{**ids, "client_id": self.client_id, "kind": "json", "name": "x"})
            for query in ("", "?all=true", "?format=json"):
                reply = self.owner.get(path + query)
                yield path + query, f"{reply.status_code} {reply.headers} {reply.text}"


def test_no_secret_is_said_twice(tmp_path: Path) -> None:
    with serving(tmp_path, OBT_LOG_LEVEL="debug", OBT_LOG_FORMAT="json") as served, served.sign_in() as owner:
        life = Life(owner, served.url)
        life.told("setup link", served.link.rpartition("=")[2])
        life.live()
        life.told("sign-in link", run(tmp_path, "link").stdout.strip().rpartition("=")[2])
        answers = dict(life.answers())
        served.end()
    assert len(life.secrets) == 14
    assert min(map(len, life.secrets.values())) >= 20
    asked = [text for path, text in answers.items() if path.endswith(("/audit?format=json", "/api-keys?all=true"))]
    assert len(answers) > 100
    assert [text[:3] for text in asked] == ["200", "200"]
    files = {path.name: path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()}
    assert {"log.txt", "obt.sqlite3"} <= files.keys()
    assert '"event"' in files["log.txt"]
    for name, secret in life.secrets.items():
        for where, text in {**answers, **files}.items():
            assert secret not in text, f"{name} in {where}"


def test_no_answer_tells_a_hash_of_a_secret(tmp_path: Path) -> None:
    """What is stored is the hash: it is told to nobody either, in no field and under no other name."""
    with serving(tmp_path) as served, served.sign_in() as owner:
        life = Life(owner, served.url)
        life.live()
        answers = dict(life.answers())
    assert "$argon2id$" in (tmp_path / "obt.sqlite3").read_bytes().decode("latin-1") + _wal(tmp_path)
    for path, text in answers.items():
        assert "argon2" not in text, path
        if not path.endswith("openapi.json"):
            fields = {field for field in re.findall(r'"([a-z_]+)":', text) if "hash" in field}
            assert fields <= {"suite_hash", "hash", "hardware_hash", "models_hash"}, path


def _wal(folder: Path) -> str:
    return "".join(path.read_bytes().decode("latin-1") for path in folder.glob("*-wal"))


def test_a_password_of_the_database_is_in_no_line_of_a_failing_start(tmp_path: Path) -> None:
    settings = {"OBT_DATABASE_URL": "postgresql://obt:planted-db-password@127.0.0.1:1/obt", "OBT_LOG_LEVEL": "debug"}
    settings["OBT_DB_START_WAIT_S"] = "0.1"
    command = [sys.executable, "-m", "obt_server", "serve", "--port", "0"]
    env = environment(tmp_path, **settings)
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode != 0
    assert "planted-db-password" not in done.stdout + done.stderr
