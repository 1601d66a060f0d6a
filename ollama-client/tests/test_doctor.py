"""All checks at once: in order, within their time, and none takes another with it."""

import asyncio
import re
import threading
from pathlib import Path

from obt_client.daemon import in_daemon
from obt_client.doctor import CHECKS, Finding, Level, Topic, examine
from obt_client.doctor.findings import TITLES, ok
from obt_client.doctor.patient import Patient

from .builders import settings_of


def test_the_documentation_names_every_topic_in_order_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "doctor.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(Topic)


def test_every_topic_is_checked_and_has_a_title() -> None:
    assert list(CHECKS) == list(Topic) == list(TITLES)


async def test_findings_come_in_the_order_of_the_checks_whoever_is_ready_first(tmp_path: Path) -> None:
    ready = asyncio.Event()

    async def late(_: Patient) -> list[Finding]:
        await ready.wait()
        return [ok(Topic.OLLAMA, "late")]

    async def early(_: Patient) -> list[Finding]:
        ready.set()
        return [ok(Topic.MODELS, "early"), ok(Topic.MODELS, "twice")]

    found = await examine(settings_of(tmp_path), {Topic.OLLAMA: late, Topic.MODELS: early})
    assert [finding.told for finding in found] == ["late", "early", "twice"]


async def test_a_check_that_hangs_or_fails_is_a_finding_and_holds_nobody_up(tmp_path: Path) -> None:
    released = threading.Event()

    async def hangs(_: Patient) -> list[Finding]:
        await in_daemon(lambda: released.wait(60))
        return []

    async def fails(_: Patient) -> list[Finding]:
        raise RuntimeError("the driver is in trouble")

    async def works(_: Patient) -> list[Finding]:
        return [ok(Topic.ROOM, "fine")]

    checks = {Topic.GPU: hangs, Topic.DATA: fails, Topic.ROOM: works}
    found = await examine(settings_of(tmp_path), checks, limit_s=0.2)
    released.set()
    assert [finding.topic for finding in found] == [Topic.GPU, Topic.DATA, Topic.ROOM]
    assert [finding.level for finding in found] == [Level.WARNING, Level.WARNING, Level.OK]
    assert "within 0.2 s" in found[0].told
    assert "the driver is in trouble" in found[1].told


async def test_this_machine_is_examined_without_ollama_and_server_and_left_as_it_is(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "data")
    found = await examine(settings, limit_s=60)
    levels = {finding.topic: finding.level for finding in found}
    assert levels[Topic.OLLAMA] is Level.PROBLEM
    assert levels[Topic.SERVER] is Level.PROBLEM  # somebody chose it: the settings of tests name one
    assert {Topic.MODELS, Topic.OLLAMA_SETTINGS, Topic.KEY, Topic.SERVER_CLOCK}.isdisjoint(levels)
    assert levels[Topic.DATA] is Level.OK
    assert all(finding.told.endswith((".", ")")) for finding in found)
    assert all(bool(finding.todo) == (finding.level is not Level.OK) for finding in found)
    assert not (tmp_path / "data").exists()


async def test_what_a_machine_has_to_do_with_is_not_told_of_one_that_ollama_is_not_on(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, ollama_url="http://192.0.2.7:11434", allow_remote_ollama=True)
    here = (Topic.HARDWARE, Topic.GPU, Topic.POWER, Topic.LOAD, Topic.MEMORY, Topic.TELEMETRY, Topic.ENERGY)
    assert await examine(settings, {topic: CHECKS[topic] for topic in here}, limit_s=60) == []
