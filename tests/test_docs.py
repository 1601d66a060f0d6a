"""The documentation is complete: every setting, every command."""

import asyncio
import os
import re
import shlex
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from obt_client.__main__ import app as client_cli
from obt_client.config import Settings as ClientSettings
from obt_server.__main__ import cli as server_cli
from obt_server.config import Settings as ServerSettings
from tests.fake_ollama import FakeModel, FakeOllama

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("settings", [ServerSettings, ClientSettings])
def test_every_setting_stands_in_the_documentation(settings: type[ServerSettings | ClientSettings]) -> None:
    text = (ROOT / "docs/settings.md").read_text()
    missing = [
        f"| `OBT_{name.upper()}` | (default) | {field.description} |"
        for name, field in settings.model_fields.items()
        if not re.search(
            rf"^\| `OBT_{name.upper()}` \| .+ \| {re.escape(field.description or '?')} \|$", text, re.MULTILINE
        )
    ]
    assert not missing, "these lines belong into docs/settings.md:\n" + "\n".join(missing)


def test_no_setting_in_the_documentation_is_gone() -> None:
    text = (ROOT / "docs/settings.md").read_text()
    known = {f"OBT_{name.upper()}" for s in (ServerSettings, ClientSettings) for name in s.model_fields}
    assert set(re.findall(r"^\| `(OBT_\w+)`", text, re.MULTILINE)) == known


def test_every_command_of_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"obt-server (\w+)", text))
    assert named >= {"serve", "token", "link"}
    assert named <= _commands(server_cli)
    named = set(re.findall(r"obt-client ([a-z]+)", text))
    assert named >= {"bench", "run", "upload"}
    assert named <= _commands(client_cli)
    targets = set(re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets


async def test_the_benchmarks_of_the_readme_run_as_they_stand(tmp_path: Path) -> None:
    lines = re.findall(r"^\.venv/bin/obt-client (bench[^#\n]*)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(lines) == 3
    async with FakeOllama([FakeModel("llama3.2", ttft_ms=5, interval_ms=2)]) as ollama:
        told = {"OBT_OLLAMA_URL": ollama.url, "OBT_CLIENT_DATA_DIR": str(tmp_path / "data")}
        env = {**os.environ, **told, "OBT_GUARD_CPU_PERCENT": "100", "OBT_QUIET_WAIT_S": "0"}
        for line in lines:
            command = (sys.executable, "-m", "obt_client", *shlex.split(line))
            process = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=env, stdout=PIPE, stderr=PIPE)
            out, err = await process.communicate()
            judged = {0, 3} if "--fail-if" in line else {0}
            assert process.returncode in judged, (line, out.decode(), err.decode())


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def _commands(cli: typer.Typer) -> set[str]:
    return set(get_command(cli).commands)  # type: ignore[attr-defined]  # a group, since it has several
