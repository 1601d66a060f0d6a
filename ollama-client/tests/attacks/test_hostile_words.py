"""What a server may say is a closed set of data: anything else is refused where it is read, before it is used."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from obt_client.refusals import UnreachableError
from obt_client.server import Server, open_session
from obt_core.enrolment import EnrolmentRequest
from obt_core.heartbeat import Directive, Heartbeat, HeartbeatReply
from obt_core.models import OllamaStatus
from obt_core.operations import Operation, OperationClaimReply
from obt_core.wire import PROTOCOL_VERSION

from ..contract_server import a_spec  # noqa: TID252 - the folder has no importable name
from .hostile_server import HostileServer, Raw, hostile_server

PATHS = ("../../../../tmp/owned", "/etc/passwd", "..\\..\\owned", "C:\\owned", "~/.ssh/id_rsa", "%2e%2e%2fowned")
COMMANDS = ("$(touch owned)", "`touch owned`", "x; touch owned", "x | sh", "x && touch owned", "-rf", "x\ntouch owned")
ADDRESSES = ("http://127.0.0.1:1/", "file:///etc/passwd", "//evil.example/x", "gopher://evil.example")
ODD = ("", " ", "x\0y", "x\r\nX-Evil: 1", "\u202ex", "x" * 301)
SPOKEN = {"work", "cancel", "send_hardware", "send_models", "operate", "cancel_operation", "rotate_key"}
DONE = {"pull", "delete", "load", "unload", "copy"}


@pytest.fixture
async def server() -> AsyncGenerator[HostileServer]:
    async with hostile_server() as hostile:
        yield hostile


@pytest.fixture
async def client(server: HostileServer) -> AsyncGenerator[Server]:
    async with open_session() as session:
        yield Server(server.url, session, client_id="a-client", key="the-key")


def a_job(**fields: Any) -> Raw:
    return {**a_spec().model_dump(mode="json"), **fields}


def a_suite(**fields: Any) -> Raw:
    return {**a_job()["suite"], **fields}


def a_workload(**fields: Any) -> Raw:
    return a_suite(workloads=[{**a_job()["suite"]["workloads"][0], **fields}])


def kinds_of(union: Any) -> set[str]:
    """The words that a discriminated union knows."""
    return {part.model_fields["kind"].default for part in union.__args__[0].__args__}


def test_what_may_be_said_is_this_and_nothing_else() -> None:
    assert kinds_of(Directive) == SPOKEN
    assert kinds_of(Operation) == DONE


@pytest.mark.parametrize("text", [*PATHS, *COMMANDS, *ADDRESSES, *ODD])
async def test_no_path_command_or_address_is_taken_for_a_model_or_an_id(
    server: HostileServer, client: Server, text: str
) -> None:
    jobs: list[Raw] = [a_job(model=text), a_job(job_id=text), a_job(session_id=text), a_job(model_digest=text)]
    jobs += [a_job(suite=a_suite(name=text)), a_job(suite=a_workload(name=text)), a_job(suite_hash=text)]
    server.jobs = list(jobs)
    for _ in jobs:
        with pytest.raises(UnreachableError, match="not as an OBT server"):
            await client.claim()
    operations = [{"kind": kind, "model": text} for kind in sorted(DONE - {"copy"})]
    operations += [{"kind": "copy", "model": "tiny", "to": text}, {"kind": "copy", "model": text, "to": "tiny"}]
    server.operations = [{"operation_id": str(uuid4()), "operation": one, "lease_s": 9} for one in operations]
    server.operations.append({"operation_id": text, "operation": {"kind": "unload", "model": "x"}, "lease_s": 9})
    for _ in [*operations, None]:
        with pytest.raises(UnreachableError, match="not as an OBT server"):
            await client.claim_operation()
    assert server.jobs == server.operations == []


@pytest.mark.parametrize(
    "suite",
    [
        a_workload(endpoint="http://127.0.0.1:1/owned"),
        a_workload(endpoint="../../api/delete"),
        a_workload(prompt={"kind": "file", "path": "/etc/passwd"}),
        a_workload(prompt={"kind": "url", "url": "http://127.0.0.1:1"}),
        a_workload(prompt={"kind": "text", "text": "x" * 200_001}),
        a_workload(generate_tokens=10**9),
        a_workload(samples=10**9),
        a_workload(budget_s=1e300),
        a_workload(concurrency=10**6),
        a_workload(arrival={"kind": "constant", "rate_per_s": 1e9}),
        a_suite(options={"num_ctx": 2**60}),
        a_suite(workloads=[]),
        a_suite(workloads=[a_suite()["workloads"][0]] * 51),
        a_suite(blocks=10**6),
        a_suite(request_timeout_s=1e18),
    ],
)
async def test_a_suite_names_no_file_no_address_and_nothing_without_end(
    server: HostileServer, client: Server, suite: Raw
) -> None:
    server.jobs = [a_job(suite=suite)]
    with pytest.raises(UnreachableError, match="not as an OBT server"):
        await client.claim()


@pytest.mark.parametrize("kind", ["exec", "shell", "run", "push", "create", "update", "upgrade", "download", "upload"])
async def test_an_operation_that_is_not_of_the_set_is_refused(server: HostileServer, client: Server, kind: str) -> None:
    told = {"kind": kind, "model": "tiny", "command": "touch owned", "url": "http://127.0.0.1:1"}
    server.operations = [{"operation_id": str(uuid4()), "operation": told, "lease_s": 9}]
    with pytest.raises(UnreachableError, match="not as an OBT server"):
        await client.claim_operation()


async def test_what_is_said_beside_the_set_is_not_even_kept(server: HostileServer, client: Server) -> None:
    beside = {"command": "touch owned", "path": "/etc/passwd", "url": "http://127.0.0.1:1", "ollama_url": "http://x"}
    server.jobs = [a_job(**beside, suite=a_workload(**beside))]
    job = (await client.claim()).job
    assert job is not None
    assert "owned" not in job.model_dump_json()
    assert beside.keys().isdisjoint(job.model_fields_set | job.suite.workloads[0].model_fields_set)
    server.directives = [{"kind": word, **beside} for word in ("run", "configure", "upgrade", "fetch")]
    server.directives.append({"kind": "send_hardware", **beside})
    beat = Heartbeat(
        boot_id=uuid4(),
        protocol_version=PROTOCOL_VERSION,
        client_version="0",
        state="idle",  # pyright: ignore[reportArgumentType]
        ollama=OllamaStatus(reachable=False),
    )
    told = await client.beat(beat)
    assert [one.model_dump() for one in told.directives] == [{"kind": "send_hardware"}]


@pytest.mark.parametrize("key", ["x\r\nX-Evil: 1", "x y", "", "x" * 201, "ключ", "x\0"])
async def test_a_key_is_letters_and_digits(server: HostileServer, client: Server, key: str) -> None:
    server.key_reply = {"key": key}
    with pytest.raises(UnreachableError):
        await client.next_key()
    server.enrolment_reply = {"client_id": "one", "name": "One", "key": key, "heartbeat_interval_s": 10}
    with pytest.raises(UnreachableError):
        await client.enrol(an_enrolment())


@pytest.mark.parametrize("told", [{"client_id": "../x"}, {"heartbeat_interval_s": -1}, {"heartbeat_interval_s": 1e9}])
async def test_an_enrolment_gives_an_id_and_an_interval_and_nothing_else(
    server: HostileServer, client: Server, told: Raw
) -> None:
    server.enrolment_reply = {"client_id": "one", "name": "One", "key": "k", "heartbeat_interval_s": 10, **told}
    with pytest.raises(UnreachableError):
        await client.enrol(an_enrolment())


def an_enrolment() -> EnrolmentRequest:
    return EnrolmentRequest(token="t" * 20, client_id="one", name="One", nonce="n" * 32, protocol_version=1)


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"job": {"job_id": 1}}', "9" * 5_000, "[" * 100_000])
async def test_nonsense_is_an_answer_of_no_server(text: str) -> None:
    with pytest.raises((ValidationError, ValueError, RecursionError)):
        OperationClaimReply.model_validate_json(text)
    with pytest.raises((ValidationError, ValueError, RecursionError)):
        HeartbeatReply.model_validate_json(text)
