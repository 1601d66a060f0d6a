"""The doctor's look at the server, over real sockets; nothing of it is stored there."""

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from obt_client.doctor import Finding, Level, Topic
from obt_client.doctor.patient import Patient
from obt_client.doctor.server import check_enrolment, check_key, check_server, check_server_clock, of_clock, of_way
from obt_client.identity import Identity, write_identity
from tests.fake_ollama import FakeOllama

from .builders import settings_of
from .contract_server import KEY, ContractServer, Fault


@pytest.fixture
async def contract() -> AsyncGenerator[ContractServer]:
    async with ContractServer() as server:
        yield server


def enrolled(folder: Path, url: str, key: str = KEY, **fields: object) -> Patient:
    write_identity(folder, Identity(client_id="box-1", name="My box", server_url=url, nonce="n" * 32, key=key))
    return Patient(settings_of(folder, **{"server_url": url, **fields}))


async def all_of(patient: Patient) -> list[Finding]:
    checks = (check_enrolment, check_server, check_key, check_server_clock)
    return [finding for check in checks for finding in await check(patient)]


async def test_an_enrolled_client_and_its_server_are_well_and_the_server_stores_nothing(
    contract: ContractServer, tmp_path: Path
) -> None:
    found = await all_of(enrolled(tmp_path, contract.url))
    assert [finding.level for finding in found] == [Level.OK] * 4
    assert "box-1" in found[0].told
    assert (contract.beats, contract.order, contract.claims) == ([], [], 0)


async def test_a_key_that_is_not_known_is_a_problem(contract: ContractServer, tmp_path: Path) -> None:
    (finding,) = await check_key(enrolled(tmp_path, contract.url, key="of another server"))
    assert (finding.topic, finding.level) == (Topic.KEY, Level.PROBLEM)
    assert "enrol --again" in finding.todo


async def test_no_server_is_a_problem_for_a_client_and_none_for_who_measures_alone(tmp_path: Path) -> None:
    gone = "http://127.0.0.1:1"
    found = await all_of(enrolled(tmp_path, gone))
    assert [(finding.topic, finding.level) for finding in found] == [
        (Topic.ENROLMENT, Level.OK),
        (Topic.SERVER, Level.PROBLEM),
    ]
    alone = settings_of(tmp_path / "other")
    alone.model_fields_set.discard("server_url")
    found = await all_of(Patient(alone))
    assert [finding.level for finding in found] == [Level.WARNING, Level.WARNING]
    assert "obt-client bench" in found[1].told


async def test_the_server_of_the_enrolment_counts_where_no_other_is_set(
    contract: ContractServer, tmp_path: Path
) -> None:
    patient = enrolled(tmp_path, contract.url, server_url="http://127.0.0.1:1")
    (finding,) = await check_enrolment(patient)
    assert finding.level is Level.WARNING
    assert contract.url in finding.told
    patient.settings.model_fields_set.discard("server_url")
    assert [finding.level for finding in await all_of(patient)] == [Level.OK] * 4


async def test_something_else_on_that_port_is_no_obt_server(tmp_path: Path) -> None:
    async with FakeOllama([]) as other:
        (finding,) = await check_server(enrolled(tmp_path, other.url))
    assert finding.level is Level.PROBLEM


async def test_a_server_that_takes_a_connection_and_says_nothing_is_a_problem(tmp_path: Path) -> None:
    released = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await released.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        patient = enrolled(tmp_path, f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}")
        patient.answer_s = 0.2
        (finding,) = await check_server(patient)
        assert await check_key(patient) == []
        released.set()
    assert (finding.topic, finding.level) == (Topic.SERVER, Level.PROBLEM)


async def test_a_server_that_does_not_know_its_own_name_is_told_how_to(
    contract: ContractServer, tmp_path: Path
) -> None:
    contract.faults.append(Fault("GET /healthz", times=9, status=403, code="foreign_host"))
    (finding,) = await check_server(enrolled(tmp_path, contract.url))
    assert finding.level is Level.PROBLEM
    assert "OBT_ALLOWED_HOSTS" in finding.todo


async def test_another_release_is_a_warning(contract: ContractServer, tmp_path: Path) -> None:
    contract.version = "99.0.0"
    (finding,) = await check_server(enrolled(tmp_path, contract.url))
    assert finding.level is Level.WARNING
    assert "99.0.0" in finding.told


@pytest.mark.parametrize(("ahead_s", "level"), [(0, Level.OK), (3_600, Level.WARNING), (-86_400, Level.WARNING)])
async def test_clocks_that_differ_are_told(
    contract: ContractServer, tmp_path: Path, ahead_s: float, level: Level
) -> None:
    contract.clock_s = lambda: time.time() + ahead_s
    (finding,) = await check_server_clock(enrolled(tmp_path, contract.url))
    assert finding.level is level


@pytest.mark.parametrize(
    ("ahead_s", "words"), [(40, "40 seconds ahead of"), (-600, "10 minutes behind"), (2e6, "23 days ahead of")]
)
def test_how_far_is_told_as_a_person_would(ahead_s: float, words: str) -> None:
    assert words in of_clock(ahead_s).told


async def test_a_damaged_identity_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "identity.json").write_text("{")
    patient = Patient(settings_of(tmp_path))
    (finding,) = await check_enrolment(patient)
    assert finding.level is Level.PROBLEM
    assert "damaged" in finding.told
    assert await check_key(patient) == []


@pytest.mark.parametrize(
    ("url", "warns"),
    [("https://obt.example.org", False), ("http://127.0.0.1:8881", False), ("http://192.0.2.7:8881", True)],
)
def test_a_key_in_the_clear_is_told(url: str, warns: bool) -> None:
    assert bool(of_way(url)) == warns
