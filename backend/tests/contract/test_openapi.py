"""Schemathesis asks every route of a running server, as everybody who may call it, and believes nothing."""

import dataclasses
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import positive_data_acceptance
from schemathesis.config import (
    CoveragePhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from backend.tests import builders, programs
from backend.tests.harness import API, settings_of
from obt_server.app import api_routes, create_app
from obt_server.auth.permissions import permission_of
from obt_server.auth.roles import GRANTS, NEVER_BY_KEY, Kind

SENDERS = {
    "nobody": GRANTS[Kind.ANONYMOUS],
    "client": GRANTS[Kind.CLIENT],
    "owner": GRANTS[Kind.ADMINISTRATOR],
    "operator": GRANTS[Kind.OPERATOR],
    "viewer": GRANTS[Kind.VIEWER],
    "program": GRANTS[Kind.ADMINISTRATOR] - NEVER_BY_KEY,
}
EXAMPLES = 3
"""For each route, beside Schemathesis's own tour of the edges of every parameter."""
API_KEY = {"name": "contract", "role": "administrator"}
SIGN_OUT = f"{API}/auth/sign-out"
TELEMETRY = API + "/jobs/{job_id}/telemetry"
ASKING = frozenset(
    API + path
    for path in (
        "/sessions",
        "/sessions/plan",
        "/suites/check",
        "/suites/saved/{name}",
        "/prompts/{name}",
        "/operations",
        "/auth/setup",
        "/auth/sign-in",
        "/auth/link",
        "/auth/reset",
        "/auth/password",
        "/people",
    )
)


@dataclasses.dataclass(frozen=True)
class Running:
    """A server of its own process, and the headers with which each sender calls it."""

    url: str
    headers: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """A server that knows a client with a model, a session and a job."""
    folder = tmp_path_factory.mktemp("contract")
    with programs.serving(folder) as served, served.sign_in() as owner:
        key = _furnish(owner)
        cookie = f"obt_session={owner.cookies['obt_session']}"
        senders = {
            "owner": {"Cookie": cookie, "Origin": served.url},
            "client": {"Authorization": f"Bearer {key}"},
            "nobody": {"Origin": served.url},
            "leaving owner": {"Cookie": _cookie(served.link_anew(folder)), "Origin": served.url},
            "program": {"X-API-Key": owner.post(f"{API}/api-keys", json=API_KEY).json()["key"]},
        } | {role: {"Cookie": _of_role(served, folder, role), "Origin": served.url} for role in ("viewer", "operator")}
        yield Running(served.url, senders)


def _cookie(served: programs.Served) -> str:
    with served.sign_in() as owner:
        return f"obt_session={owner.cookies['obt_session']}"


def _of_role(served: programs.Served, folder: Path, role: str) -> str:
    link = programs.run(folder, "user", "create", f"the {role}", "--role", role, "--link").stdout.strip()
    return _cookie(dataclasses.replace(served, link=link))


def _furnish(owner: httpx.Client) -> str:
    token = owner.post(f"{API}/enrolment-tokens", json={}).json()["token"]
    body = builders.an_enrolment(token, "machine").model_dump(mode="json")
    key = owner.post(f"{API}/clients", json=body).json()["key"]
    as_client = {"Authorization": f"Bearer {key}"}
    beat = builders.a_heartbeat().model_dump(mode="json")
    owner.post(f"{API}/clients/machine/heartbeat", json=beat, headers=as_client).raise_for_status()
    models = {"models": [builders.a_model().model_dump(mode="json")]}
    owner.put(f"{API}/clients/machine/models", json=models, headers=as_client).raise_for_status()
    wish = {"models": ["llama3.2:3b"], "client_ids": ["machine"]}
    owner.post(f"{API}/sessions", json=wish).raise_for_status()
    return key


def _schema(*, with_edges: bool) -> schemathesis.BaseSchema:
    # Credentials are the senders' own; made-up ones are tested in `auth/`.
    project = ProjectConfig(
        generation=GenerationConfig(with_security_parameters=False, deterministic=True),
        phases=PhasesConfig(coverage=CoveragePhaseConfig(enabled=with_edges)),
    )
    app = create_app(settings_of(data_dir=Path()))
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_dict(app.openapi(), config=config)


def _asking(examples: int) -> hypothesis_settings:
    return hypothesis_settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


whole, brief = _schema(with_edges=True), _schema(with_edges=False)
ROUTES = {
    (method, API + route.path_format): permission_of(route) for route in api_routes() for method in route.methods or ()
}


def _sender_of(case: schemathesis.Case[Any]) -> str:
    """Who may ask this."""
    permission = ROUTES[case.operation.method.upper(), case.path]  # a case may try another method
    if case.path == SIGN_OUT:
        return "leaving owner"
    return next(sender for sender, granted in SENDERS.items() if permission in granted)


@whole.parametrize()  # pyright: ignore[reportUnknownMemberType, reportUntypedFunctionDecorator]
@_asking(EXAMPLES)
def test_every_answer_to_whom_it_is_meant_for_is_as_described(case: schemathesis.Case[Any], running: Running) -> None:
    # `after` is any text to a schema, but only what an earlier page said is a cursor: a made-up one is refused. No
    # schema says either that each tick has as many values as there are channels, and later ones greater times.
    # Nor which fields of a suite fit together, or that one of two ways to ask is taken. Of a prompt's text, which is
    # long and has a pattern, Schemathesis takes a number for an example. A secret or a password is not right because
    # it has the right form.
    beyond_a_schema = "after" in case.query or case.path == TELEMETRY or case.path in ASKING
    refused = [positive_data_acceptance] if beyond_a_schema else []
    case.call_and_validate(  # pyright: ignore[reportUnknownMemberType]
        base_url=running.url, headers=running.headers[_sender_of(case)], excluded_checks=refused
    )


@pytest.mark.parametrize("sender", SENDERS)
@brief.parametrize()  # pyright: ignore[reportUnknownMemberType, reportUntypedFunctionDecorator]
@_asking(1)
def test_every_answer_to_anybody_else_is_as_described(
    case: schemathesis.Case[Any], running: Running, sender: str
) -> None:
    if sender != _sender_of(case) != "leaving owner":
        case.call_and_validate(  # pyright: ignore[reportUnknownMemberType]
            base_url=running.url, headers=running.headers[sender], excluded_checks=[positive_data_acceptance]
        )
