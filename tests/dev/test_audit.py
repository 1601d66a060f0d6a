"""The audit of the locks: the real pip-audit and pnpm, against a service on this machine that knows what it is told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from dev import audit
from dev.audit import FOUND, NONE_FOUND, NOT_AUDITED, Finding, NotAudited
from dev.bootstrap import DEV, LOCKS
from dev.node import PNPM, Node, find_node

LOCK = f"idna==3.10 \\\n    --hash=sha256:{'0' * 64}\n"
RANGE = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.11"}]}
IDNA = {"package": {"ecosystem": "PyPI", "name": "idna"}, "versions": ["3.10"], "ranges": [RANGE]}
ADVISORY = {"id": "PYSEC-1", "affected": [IDNA]}
PLACE = {"version": "1.0.0", "paths": ["."]}
LEFT_PAD = {"module_name": "left-pad", "findings": [PLACE], "patched_versions": ">=1.0.1", "severity": "high"}
NPM_ADVISORY = {**LEFT_PAD, "github_advisory_id": "GHSA-1", "url": ""}
COUNTS = dict.fromkeys(("info", "low", "moderate", "high", "critical"), 0)


@dataclass
class Service:
    """Answers every POST alike, and remembers what was asked."""

    url: str = ""
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict[str, Any])
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


@pytest.fixture
def service() -> Iterator[Service]:
    known = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            known.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(known.status)
            self.end_headers()
            self.wfile.write(json.dumps(known.answer).encode())

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - its name there

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known.url = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield known
        server.shutdown()


def of_python(service: Service, folder: Path) -> list[Finding]:
    lock = folder / "requirements.lock"
    lock.write_text(LOCK)
    return audit.python_findings([lock], "-s", "osv", "--osv-url", f"{service.url}/v1/query")


def node() -> Node:
    found = find_node()
    if not found or not PNPM.exists():
        pytest.skip("no Node.js on PATH, or pnpm is not installed")
    return found


def of_npm(service: Service, folder: Path) -> list[Finding]:
    node_ = node()
    (folder / "package.json").write_text('{"name": "p", "dependencies": {"left-pad": "1.0.0"}}')
    (folder / "pnpm-lock.yaml").write_text(
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      left-pad:\n        specifier: 1.0.0\n"
        "        version: 1.0.0\npackages:\n  left-pad@1.0.0:\n    resolution: {integrity: sha512-AAAA}\n"
        "snapshots:\n  left-pad@1.0.0: {}\n"
    )
    return audit.frontend_findings(node_, folder, {"npm_config_registry": service.url, "NO_PROXY": "127.0.0.1"})


def test_a_vulnerable_python_package_is_named_with_the_version_that_mends_it(service: Service, tmp_path: Path) -> None:
    service.answer = {"vulns": [ADVISORY]}
    assert of_python(service, tmp_path) == [Finding("idna", "3.10", "PYSEC-1", "3.11")]
    assert service.asked[0]["package"]["name"] == "idna"


def test_python_packages_without_an_advisory_are_clean(service: Service, tmp_path: Path) -> None:
    assert of_python(service, tmp_path) == []
    assert service.asked


def test_a_python_service_that_does_not_answer_leaves_them_unaudited(service: Service, tmp_path: Path) -> None:
    service.status = 404
    with pytest.raises(NotAudited):
        of_python(service, tmp_path)


def test_a_vulnerable_package_of_the_dashboard_is_named(service: Service, tmp_path: Path) -> None:
    service.answer = {"advisories": {"1": NPM_ADVISORY}, "metadata": {"vulnerabilities": {**COUNTS, "high": 1}}}
    assert of_npm(service, tmp_path) == [Finding("left-pad", "1.0.0", "GHSA-1", ">=1.0.1")]


def test_packages_of_the_dashboard_without_an_advisory_are_clean(service: Service, tmp_path: Path) -> None:
    service.answer = {"advisories": {}, "metadata": {"vulnerabilities": COUNTS}}
    assert of_npm(service, tmp_path) == []
    assert service.asked


def test_a_registry_without_an_audit_leaves_the_dashboard_unaudited(service: Service, tmp_path: Path) -> None:
    service.status = 405
    with pytest.raises(NotAudited, match="405"):
        of_npm(service, tmp_path)


def test_what_could_not_be_asked_is_said_and_never_passes_for_clean(capsys: pytest.CaptureFixture[str]) -> None:
    def unanswered() -> list[Finding]:
        raise NotAudited("nobody there")

    assert audit.tell("Python packages", unanswered) == NOT_AUDITED
    assert "not audited" in capsys.readouterr().out
    assert audit.verdict([NONE_FOUND, NOT_AUDITED]) == NOT_AUDITED
    assert audit.verdict([NOT_AUDITED, FOUND]) == FOUND
    assert audit.verdict([NONE_FOUND, NONE_FOUND]) == NONE_FOUND


def test_the_audited_locks_hold_every_pin_of_the_others() -> None:
    def pins(lock: Path) -> set[str]:
        return {line.split(" ")[0] for line in lock.read_text().splitlines() if "==" in line}

    others = set[str]().union(*(pins(lock) for lock in LOCKS[DEV].parent.glob("requirements*.lock")))
    assert others
    assert others <= pins(LOCKS[DEV])
    assert LOCKS[DEV] in audit.PYTHON_LOCKS
