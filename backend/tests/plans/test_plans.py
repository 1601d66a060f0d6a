"""No page, no heartbeat and no loop looks through a large table: the plan of each of their statements is asked for."""

from uuid import UUID

from backend.tests import builders
from backend.tests.harness import API, Harness
from backend.tests.plans.crowd import gather
from backend.tests.plans.plans import Recorder, looked_through
from obt_server.app import api_routes
from obt_server.auth.permissions import Permission, permission_of

RESULT, SERIES = UUID(int=9), f"{3:064}"
SESSION = UUID(int=10_000_003)
PAGES = {
    "/audit": ["", "?action=a&actor=x", "?begin=2026-11-01T00:00:00Z&end=2026-11-02T00:00:00Z"],
    "/audit/export": [],  # it is there to read all
    "/api-keys": [""],
    "/clients": ["", "?archived=true"],
    "/clients/{client_id}": [""],
    "/clients/{client_id}/presence": [""],
    "/clients/{client_id}/hardware": [""],
    "/compare": [f"?results={RESULT}&results={UUID(int=21)}"],
    "/compare/samples": [f"?results={RESULT}&workload=a&metric=ttft_ms"],
    "/auth/me": [""],
    "/export/results.{kind}": [],  # it is there to read all
    "/export/report": [],  # of results that are named
    "/downloads": [],  # no database
    "/enrolment-tokens": [""],
    "/jobs/{job_id}/samples": [""],
    "/jobs/{job_id}/summary": [""],
    "/jobs/{job_id}/telemetry": [""],
    "/live/snapshot": [""],
    "/models": [""],
    "/operations": ["", "?client_id=one", "?state=queued"],
    "/people": [""],
    "/prompts": [""],
    "/prompts/{name}": [],
    "/results": [
        *("", "?client_id=one", "?model=qwen3:8b", "?grade=clean", "?suite=quick", f"?session_id={SESSION}"),
        *("?sort=-decode_tokens_per_s", "?sort=ttft_ms&client_id=two", "?since=2026-11-02T00:00:00Z", "?q=qwen"),
    ],
    "/results/facets": ["", "?client_id=one", "?since=2026-11-01T20:00:00Z"],
    "/results/latest": [""],
    "/results/latest/columns": [""],
    "/results/{result_id}": [""],
    "/retention": [],  # counts what is old: by an index where that is in use by default
    "/series": ["", "?client_id=one"],
    "/series/{series}": [""],
    "/sessions": ["", "?stage=open", "?suite=quick", "?stage=ended"],
    "/sessions/again": [f"?result_id={RESULT}"],
    "/sessions/{session_id:uuid}": [""],
    "/sessions/{session_id}/jobs": [""],
    "/sessions/{session_id}/log": ["", f"?job_id={UUID(int=33)}"],
    "/sessions/{session_id}/waits": [""],
    "/suites": [""],
    "/suites/saved/{name}": [],
}
NAMES = {
    "client_id": "one",
    "job_id": str(RESULT),
    "result_id": str(RESULT),
    "series": SERIES,
    "session_id": str(SESSION),
}
MAY: dict[str, str] = {
    "installed_models": "the list of all models is of all of them; it is made once for each inventory",
}


async def test_no_statement_looks_through_a_large_table(server: Harness) -> None:
    await gather(server.db)
    client = await server.a_client("asking-one", models=("a",))
    recorder, failed = Recorder(server.db), list[str]()
    for path, wishes in PAGES.items():
        for wish in wishes:
            recorder.asking = path + wish
            reply = await server.owner.get(API + path.replace(":uuid", "").format(**NAMES) + wish)
            if reply.status_code >= 500:
                failed.append(path + wish)
    recorder.asking = "a client's own"
    await server.a_session([client], ["a"])
    await client.beat()
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, builders.a_sample(1))
    await client.send_telemetry(spec.job_id, builders.a_batch(builders.a_series()))
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1))
    recorder.asking = "the sweep"
    await server.sweep()
    recorder.stop()
    assert len(recorder.seen) > 60
    found: dict[str, tuple[str, list[str]]] = {}
    for statement, (asking, parameters) in recorder.seen.items():
        if wrong := await looked_through(server.db.writer, statement, parameters) - MAY.keys():
            found[asking + " " + statement[:4000]] = (asking, sorted(wrong))
    assert not found, "\n\n".join(f"{wrong}: {statement}" for statement, (_, wrong) in found.items())
    assert not failed


def test_every_page_is_looked_at() -> None:
    reading = {Permission.READ, Permission.ADMINISTER}
    told = {route.path for route in api_routes() if "GET" in (route.methods or ()) and permission_of(route) in reading}
    assert told - PAGES.keys() == set()
