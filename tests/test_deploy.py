"""What stands in `deploy/` and its documentation names only what there is."""

import configparser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from dev.rehearse import commands, context
from obt_client.config import Settings as ClientSettings
from obt_server.config import Settings as ServerSettings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCS = ("docs/deploy.md", "docs/observability.md")
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
IMAGES = sorted(DEPLOY.glob("*.Dockerfile"))
MADE_BY_COMPOSE = {"OBT_SITE", "OBT_SERVERS"}
"""Variables of the files here, not of OBT."""


def load(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text())


def services() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in COMPOSE:
        for name, service in load(file)["services"].items():
            yield f"{file.name} {name}", service


def test_every_variable_that_is_named_is_a_setting() -> None:
    known = {f"OBT_{name.upper()}" for s in (ServerSettings, ClientSettings) for name in s.model_fields}
    files = [*(file for file in DEPLOY.rglob("*") if file.is_file()), *(ROOT / page for page in DOCS)]
    named = {(file.name, name) for file in files for name in re.findall(r"\bOBT_[A-Z_]+\b", file.read_text())}
    assert len(named) > 20
    assert {(file, name) for file, name in named if name not in known | MADE_BY_COMPOSE} == set()


def test_every_secret_in_a_file_is_a_setting_of_that_name_or_postgresqls() -> None:
    fields = {f"obt_{name}" for name in ServerSettings.model_fields}
    for name, service in services():
        for secret in service.get("secrets", ()):
            assert secret in fields or (secret == "postgres_password" and name.endswith("postgres")), name


@pytest.mark.parametrize(
    ("name", "service"), list(services()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_container_may_more_than_it_must(name: str, service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["deploy"]["resources"]["limits"].keys() >= {"memory", "pids"}
    assert not service.get("privileged")
    assert "password" not in json.dumps(service.get("environment", {})).lower().replace("_file", "").replace(
        '"postgres_password": "/run/secrets/postgres_password"', ""
    )


def test_replicas_believe_the_proxy_alone_and_answer_to_prometheus_by_name() -> None:
    replicas = load(DEPLOY / "compose.replicas.yaml")
    proxy = replicas["services"]["proxy"]["networks"]["front"]["ipv4_address"]
    servers = {name: one for name, one in replicas["services"].items() if name.startswith("server-")}
    assert len(servers) == 3
    scraped = load(DEPLOY / "prometheus/prometheus.yml")["scrape_configs"][0]["static_configs"][0]["targets"]
    proxied = re.search(r"\{\$OBT_SERVERS:([^}]*)\}", (DEPLOY / "caddy/Caddyfile").read_text())
    assert proxied is not None
    assert set(scraped) == set(proxied[1].split()) == {f"{name}:8881" for name in servers}
    for one in servers.values():
        assert one["environment"]["OBT_TRUSTED_PROXIES"] == proxy
        assert one["environment"]["OBT_ALLOWED_HOSTS"].split(",") == sorted(servers)


def test_all_that_a_file_mounts_is_there() -> None:
    for name, service in services():
        for volume in service.get("volumes", ()):
            if volume.startswith("./"):
                assert (DEPLOY / volume.split(":")[0]).is_file(), name
        if build := service.get("build"):
            assert (DEPLOY / build["context"] / build["dockerfile"]).is_file(), name


@pytest.mark.parametrize("file", IMAGES, ids=lambda file: file.name)
def test_an_image_runs_as_nobody_from_locked_packages(file: Path) -> None:
    text = file.read_text()
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (\d+):\1$", last, re.MULTILINE)
    assert "VOLUME " in last
    assert "HEALTHCHECK " in last
    lock = f"requirements-{file.name.partition('.')[0]}.lock"
    assert any(f"--require-hashes --no-deps -r {lock}" in one for one in commands(text))
    for one in commands(text):
        assert "pip install" not in one or "--require-hashes" in one or "--no-index" in one
        for module in re.findall(r"python -m (dev\.\w+)", one):
            assert (ROOT / module.replace(".", "/")).with_suffix(".py").is_file()


def test_an_engine_is_sent_sources_and_nothing_else() -> None:
    sent = set(context(ROOT))
    needed = {"pyproject.toml", "requirements-server.lock", "docs/measuring.md", "backend/obt_server/app.py"}
    assert needed <= sent
    assert "frontend/pnpm-lock.yaml" in sent
    assert not [file for file in sent if file.startswith((".git", "deploy", "bench", ".venv")) or "/tests/" in file]
    assert not [file for file in sent if file.endswith((".env", ".sqlite3"))]


@pytest.mark.parametrize("name", ["obt-server.service", "obt-server@.service"])
def test_a_unit_is_contained_and_keeps_to_its_own_folder(name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "systemd" / name)
    service = unit["Service"]
    folder = "obt-server/%i" if "@" in name else "obt-server"
    assert service["StateDirectory"] == folder
    assert service["WorkingDirectory"] == f"/var/lib/{folder}"
    assert f"OBT_DATA_DIR=/var/lib/{folder} " in service["Environment"]
    assert service["ExecStart"].startswith("/opt/obt/bin/obt-server serve")
    assert ("--port %i" in service["ExecStart"]) == ("@" in name)
    said = {"ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectHome": "yes"}
    assert {key: service[key] for key in said} == said


def test_the_pages_name_files_that_there_are() -> None:
    for page in DOCS:
        named = set(re.findall(r"\bdeploy/[\w./@-]*\w", (ROOT / page).read_text()))
        assert named, page
        assert not [name for name in named if not (ROOT / name).exists() and name != "deploy/secrets"], page


def test_the_dashboard_is_one_that_grafana_reads() -> None:
    board = json.loads((DEPLOY / "grafana/obt.json").read_text())
    panels = cast("list[dict[str, Any]]", board["panels"])
    assert len({panel["id"] for panel in panels}) == len(panels)
    variables = {one["name"] for one in board["templating"]["list"]}
    assert set(re.findall(r"\$\{?([a-z]+)\}?", json.dumps(panels))) <= variables
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        assert panel["type"] == "row" or panel["targets"], panel["title"]
