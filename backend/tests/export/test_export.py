"""Results taken away: tables of all that a filter leaves, and reports that need nothing else."""

import csv
import io
import random
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import update

from backend.tests import builders
from backend.tests.harness import API, Harness
from backend.tests.results.rows import Told, furnish, some, store
from obt_core.environment import OwnError
from obt_core.results import ClockSource
from obt_server.results import service as results
from obt_server.results.tables import ResultRow

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


async def _fill(server: Harness, number: int = 60) -> list[Told]:
    stored = some(random.Random(2), number)
    async with server.db.write() as session:
        await furnish(session)
        for told in stored:
            await store(session, told)
    return stored


async def _export(server: Harness, kind: str, **params: Any) -> str:
    reply = await server.owner.get(f"{API}/export/results.{kind}", params=params)
    assert reply.status_code == 200
    assert f'.{kind}"' in reply.headers["content-disposition"]
    return reply.text


async def test_a_table_has_all_that_the_filter_leaves_in_its_order(
    server: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "_WALKED", 7)
    await _fill(server)
    wish = {"grade": ["clean", "disturbed"], "sort": "client"}
    wanted = (await server.get("/results", **wish))["results"]
    read = list(csv.DictReader(io.StringIO(await _export(server, "csv", **wish), newline="")))
    assert [row["Result"] for row in read] == [result["id"] for result in wanted]
    assert read[0]["Model"] == wanted[0]["model"]
    assert "Decode, tokens/s" in read[0]
    reply = await server.owner.get(f"{API}/export/results.json", params=wish)
    assert reply.json() == wanted
    assert len((await _export(server, "md", **wish)).splitlines()) == len(wanted) + 2


async def test_a_table_of_nothing_is_its_head(server: Harness) -> None:
    assert (await _export(server, "json")).strip() == "[]"
    assert len((await _export(server, "csv")).splitlines()) == 1


async def _a_result(server: Harness, client_id: str, name: str, **fields: Any) -> str:
    client = await server.a_client(client_id, name=name, gpu="RTX 4090", models=("a",))
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, *(builders.a_sample(number) for number in range(1, 9)))
    machine = builders.a_machine(gpu="RTX 4090")
    environment = builders.an_environment(spec, hardware_fingerprint=machine.fingerprint(), **fields)
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 8, environment=environment))
    return str(spec.job_id)


class _Page(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, their text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


async def _report(server: Harness, *ids: str) -> tuple[_Page, Any]:
    reply = await server.owner.get(f"{API}/export/report", params={"result_id": list(ids)})
    assert reply.status_code == 200
    return _Page(reply.text), reply


async def test_a_report_tells_what_was_measured_on_what_and_how(server: Harness) -> None:
    error = OwnError(
        streams=1, ttft_p50_us=4, ttft_p99_us=14, gap_p50_us=3, gap_p99_us=9,
        clock=ClockSource.KERNEL, measured_at=builders.MOMENT,
    )  # fmt: skip
    one = await _a_result(server, "one", "attic", ollama_version="0.9.3", own_error=error)
    two = await _a_result(server, "two", "cellar", ollama_version="0.12.1", other_models_loaded=("b",))
    page, reply = await _report(server, two, one, two)
    for words in ("2 results", "attic", "cellar", "RTX 4090", "other models loaded", "4.00, 14.0", "0.12.1", "kernel"):
        assert words in page.text, words
    headline = (await server.get(f"/results/{one}"))["headline"]["decode_tokens_per_s"]
    assert f"{headline['median']:.0f}" in page.text
    assert f"{headline['low']:.0f}–{headline['high']:.0f}" in page.text  # noqa: RUF001
    suite = (await server.get(f"/results/{one}"))["suite"]
    assert all(workload["name"] in page.text for workload in suite["workloads"])
    bars = [attributes for tag, attributes in page.elements if tag == "rect"]
    assert len(bars) == 2 * len([tag for tag, _ in page.elements if tag == "svg"])
    assert "ollama version" in page.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_report_loads_nothing_and_runs_nothing_whatever_stands_in_it(server: Harness) -> None:
    result_id = await _a_result(server, "one", HOSTILE)
    async with server.db.write() as session:
        values = {"model": f"a{HOSTILE}", "quantization": HOSTILE, "reasons": [HOSTILE]}
        await session.execute(update(ResultRow).values(**values))
    page, reply = await _report(server, result_id)
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "img", "link", "iframe", "object", "form", "base"})
    assert HOSTILE in page.text
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in {"src", "href", "style"}]
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in page.elements


@SQLITE
async def test_a_report_of_nothing_or_of_the_unknown_is_refused(server: Harness) -> None:
    await _fill(server, 3)
    for ids, status in (([], 422), (["0f8b6d4e-8a39-4b55-9d0c-3f1f6a1f2b11"], 404), (["x"], 422)):
        reply = await server.owner.get(f"{API}/export/report", params={"result_id": ids})
        assert reply.status_code == status
    many = [f"0f8b6d4e-8a39-4b55-9d0c-{number:012}" for number in range(51)]
    assert (await server.owner.get(f"{API}/export/report", params={"result_id": many})).status_code == 422
    assert (await server.owner.get(f"{API}/export/results.xlsx")).status_code == 422
    assert (await server.nobody.get(f"{API}/export/results.csv")).status_code == 401
