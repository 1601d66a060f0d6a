"""The first page of docs/api.md works as it stands: its lines are run by a shell, against a server with a client."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from backend.tests import builders, programs
from backend.tests.harness import API

PAGE = Path(__file__).parents[1] / "docs/api.md"
CLIENT = "bench-123456"


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_each_line_of_the_first_page_answers(tmp_path: Path) -> None:
    lines = re.findall(r"^curl .+$", PAGE.read_text().partition("## ")[0], re.MULTILINE)
    assert len(lines) == 5
    with programs.serving(tmp_path) as served:
        key = _furnish(served)
        env = {**os.environ, "OBT": f"{served.url}{API}", "OBT_KEY": key}
        answers = [subprocess.run(line, shell=True, env=env, capture_output=True, check=True).stdout for line in lines]
        clients, _, models, session = (json.loads(answer) for answer in answers[:4])
        refused = subprocess.run(lines[0], shell=True, env={**env, "OBT_KEY": key[:-1] + "!"}, check=False)
    assert clients["clients"][0]["id"] == CLIENT
    assert models["models"][0]["name"] == "llama3.2:3b"
    assert session["asked_by"] == "owner (key docs)"
    assert answers[4].startswith(b"\xef\xbb\xbf") or b"," in answers[4].splitlines()[0]
    assert refused.returncode == 22, "--fail"


def _furnish(served: programs.Served) -> str:
    """A client with the model of the page; return an operator's key."""
    with served.sign_in() as owner:
        token = owner.post(f"{API}/enrolment-tokens", json={}).json()["token"]
        body = builders.an_enrolment(token, CLIENT).model_dump(mode="json")
        as_client = {"Authorization": f"Bearer {owner.post(f'{API}/clients', json=body).json()['key']}"}
        beat = builders.a_heartbeat().model_dump(mode="json")
        owner.post(f"{API}/clients/{CLIENT}/heartbeat", json=beat, headers=as_client).raise_for_status()
        models = {"models": [builders.a_model().model_dump(mode="json")]}
        owner.put(f"{API}/clients/{CLIENT}/models", json=models, headers=as_client).raise_for_status()
        made = owner.post(f"{API}/api-keys", json={"name": "docs", "role": "operator"}).raise_for_status()
    return made.json()["key"]
