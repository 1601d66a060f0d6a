"""The doctor's look at Ollama, over real sockets."""

from pathlib import Path

import pytest

from obt_client.doctor import Finding, Level, Topic
from obt_client.doctor.ollama import check_models, check_ollama, check_settings, of_version, version_numbers
from obt_client.doctor.patient import Patient
from tests.fake_ollama import FakeModel, FakeOllama, FakeOllamaProcess, Fault, FaultKind

from .builders import settings_of


def patient(folder: Path, url: str, **fields: object) -> Patient:
    return Patient(settings_of(folder, ollama_url=url, **fields))


async def looked(folder: Path, models: list[FakeModel]) -> tuple[list[Finding], list[str]]:
    async with FakeOllama(models) as fake:
        found = await check_models(patient(folder, fake.url))
        return found, [request.path for request in fake.record.requests]


async def test_an_ollama_that_answers_is_well(tmp_path: Path) -> None:
    async with FakeOllama([]) as fake:
        (finding,) = await check_ollama(patient(tmp_path, fake.url))
    assert finding.level is Level.OK
    assert fake.url in finding.told


async def test_no_ollama_is_one_problem_with_the_next_step(tmp_path: Path) -> None:
    nobody = patient(tmp_path, "http://127.0.0.1:1")
    (finding,) = await check_ollama(nobody)
    assert (finding.topic, finding.level) == (Topic.OLLAMA, Level.PROBLEM)
    assert "ollama serve" in finding.todo
    assert await check_models(nobody) == []
    assert await check_settings(nobody) == []


async def test_an_ollama_that_takes_a_connection_and_says_nothing_is_a_problem(tmp_path: Path) -> None:
    async with FakeOllama([]) as fake:
        fake.add_fault(Fault(FaultKind.HANG_BEFORE_HEADERS, times=None, paths=("/api/version",)))
        silent = Patient(settings_of(tmp_path, ollama_url=fake.url), answer_s=0.2)
        (finding,) = await check_ollama(silent)
        assert await check_models(silent) == []  # said once
    assert (finding.level, "0.2 s" in finding.told) == (Level.PROBLEM, True)


async def test_models_that_can_be_measured_are_named_and_nothing_is_generated(tmp_path: Path) -> None:
    models = [FakeModel("chat"), FakeModel("vectors", capabilities=("embedding",)), FakeModel("far:cloud")]
    (finding,), asked = await looked(tmp_path, models)
    assert finding.level is Level.OK
    assert "1 of 3" in finding.told
    assert "chat:latest" in finding.told
    assert set(asked) <= {"/api/version", "/api/tags", "/api/show"}


@pytest.mark.parametrize("models", [[], [FakeModel("vectors", capabilities=("embedding",)), FakeModel("far:cloud")]])
async def test_nothing_to_measure_is_a_problem(models: list[FakeModel], tmp_path: Path) -> None:
    (finding,), _ = await looked(tmp_path, models)
    assert finding.level is Level.PROBLEM
    assert "ollama pull" in finding.todo


async def test_the_settings_of_a_process_of_this_user_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_FLASH_ATTENTION", "1")
    async with FakeOllamaProcess([]) as fake:
        (finding,) = await check_settings(patient(tmp_path, fake.url))
    assert finding.level is Level.OK
    assert "OLLAMA_FLASH_ATTENTION=1" in finding.told
    assert "process" in finding.told


async def test_an_ollama_elsewhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeOllama([]) as fake:
        # This machine under a name that is none of its own, as a name of a proxy or a forwarded port.
        monkeypatch.setattr("obt_client.config.is_this_machine", lambda _url: False)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        refused = await check_ollama(patient(tmp_path, fake.url))
        allowed = await check_ollama(patient(tmp_path, fake.url, allow_remote_ollama=True))
    assert [finding.level for finding in refused] == [Level.OK, Level.PROBLEM]
    assert "OBT_ALLOW_REMOTE_OLLAMA" in refused[1].todo
    assert [finding.level for finding in allowed] == [Level.OK, Level.WARNING]


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ("0.4.7", Level.WARNING),
        ("0.5.0", Level.WARNING),
        ("0.6.4", Level.OK),
        ("0.40.12", Level.OK),
        ("1.0", Level.OK),
        ("0.0.0", Level.OK),
        ("main-dirty", Level.OK),
    ],
)
def test_versions_are_judged_by_what_is_known_of_them(version: str, level: Level) -> None:
    finding = of_version(version, "http://127.0.0.1:11434")
    assert finding.level is level
    assert version in finding.told


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("0.9.3-rc1", (0, 9, 3)), ("v0.12", (0, 12, 0)), ("", ()), ("x0.1", ()), ("1", ())],
)
def test_a_version_is_its_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert version_numbers(text) == numbers
