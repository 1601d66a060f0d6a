"""The table of metrics, the dashboard and the alerts name what is exposed, and all of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families as parsed

from backend.tests import builders
from backend.tests.harness import API, Harness

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
ROOT = Path(__file__).parents[3]
OTHERS = {"up"}
"""What Prometheus itself tells of whom it asks."""
OWN = ("obt_",)
WORDS = {"by", "without", "sum", "max", "rate", "time", "deriv", "and", "le", "ignoring", "histogram_quantile"}


async def exposed(server: Harness) -> dict[str, Metric]:
    """All there is, after a client has measured."""
    client = await server.a_client(models=("m:1",))
    await server.a_session([client], ["m:1"])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample(1))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))
    await server.owner.get(f"{API}/none")
    text = (await server.owner.get("/metrics")).text
    return {family.name: family for family in parsed(text)}


def names_in(expression: str) -> set[str]:
    """The names of metrics in an expression of PromQL."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|(?:by|without|ignoring|on|group_left) \([^)]*\)", " ", bare)
    return set(re.findall(r"\b[a-z]\w*\b(?!\s*\()", bare)) - WORDS


def selected_in(expression: str) -> set[tuple[str, str]]:
    """Each label, with the metric that it selects of."""
    found = re.findall(r"(\w+)\{([^}]*)\}", expression.replace("{client_id}", ""))
    return {(name, label) for name, inside in found for label in re.findall(r'(\w+)\s*[=!]~?"', inside)}


def labels_of(family: Metric) -> str:
    labels = {label for line in family.samples for label in line.labels} - {"le"}
    return ", ".join(f"`{label}`" for label in sorted(labels)) or "none"


async def test_every_metric_stands_in_the_documentation_as_it_is(server: Harness) -> None:
    page = (ROOT / "docs/observability.md").read_text()
    metrics = {name: family for name, family in (await exposed(server)).items() if name.startswith(OWN)}
    lines = [f"| `{m.name}` | {m.type} | {labels_of(m)} | {m.documentation} |" for m in metrics.values()]
    missing = [line for line in lines if line not in page.replace("_total`", "`")]
    assert not missing, "these lines belong into docs/observability.md:\n" + "\n".join(missing)
    told = {name.removesuffix("_total") for name in re.findall(r"^\| `(obt_\w+)` \|", page, re.MULTILINE)}
    assert told == metrics.keys()


async def test_the_dashboard_and_the_alerts_ask_for_what_there_is(server: Harness) -> None:
    families = await exposed(server)
    lines = {line.name: set(line.labels) for family in families.values() for line in family.samples}
    board = json.loads((ROOT / "deploy/grafana/obt.json").read_text())
    rules: Any = yaml.safe_load((ROOT / "deploy/prometheus/obt.rules.yml").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    assert len(asked) > 40
    for expression in asked:
        named = names_in(expression)
        assert named, expression
        assert named - OTHERS <= lines.keys(), expression
        for name, label in selected_in(expression):
            assert name in OTHERS or label in lines[name] | {"job", "instance"}, expression
