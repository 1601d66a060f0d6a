"""What a preview says of a pair is what becomes of it: over any inventory, any history and any wish."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.tests import builders
from backend.tests.harness import FakeClock, settings_of
from obt_core.jobs import JobStatus, SampleBatch
from obt_core.models import ModelInventory
from obt_core.operations import Allowed
from obt_server.agents import service as agents
from obt_server.clients import service as clients
from obt_server.clients.presence import PresenceRule
from obt_server.db import Database
from obt_server.jobs import claims
from obt_server.models import service as models
from obt_server.sessions import asking, previewing
from obt_server.sessions.wishes import NewSession

NOW = FakeClock().now()
RULE = PresenceRule(30, 60, NOW)
NAMES = ("a", "b")
CLIENTS = ("one", "two")
KINDS: dict[str, dict[str, Any]] = {
    "fine": {},
    "cloud": {"cloud": True},
    "embeddings": {"capabilities": ("embedding",)},
    "huge": {"size_bytes": 999 * builders.GIB},
}


@dataclass(frozen=True)
class Situation:
    """Of each pair: what is installed (None: nothing), and whether it was measured before, how long ago."""

    kinds: Sequence[str | None]
    ages_days: Sequence[float | None]
    allows: Sequence[Allowed]
    remeasure: bool


SITUATIONS = st.builds(
    Situation,
    st.tuples(*[st.sampled_from([*KINDS, "fine", None])] * 4),
    st.tuples(*[st.sampled_from([None, 0.5, 6.9, 7.1])] * 4),
    st.tuples(*[st.sampled_from([Allowed.BENCHMARKS, Allowed.BENCHMARKS, Allowed.NOTHING])] * 2),
    st.booleans(),
)


@pytest.fixture(scope="module")
def folder(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where databases of one situation each are made."""
    made = tmp_path_factory.mktemp("agreement")
    shutil.copy(sqlite_template, made / "empty.sqlite3")
    return made


@given(situation=SITUATIONS)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_a_preview_and_what_is_asked_for_agree_on_every_pair(folder: Path, situation: Situation) -> None:
    for leftover in folder.glob("obt.sqlite3*"):
        leftover.unlink()
    shutil.copy(folder / "empty.sqlite3", folder / "obt.sqlite3")
    asyncio.run(_check(folder, situation))


async def _check(folder: Path, situation: Situation) -> None:
    told = settings_of(data_dir=folder)
    db = Database(told.sqlalchemy_url, lambda _: None)
    try:
        await _arrange(db, told, situation)
        await _compare(db, told, situation)
    finally:
        await db.close()


async def _arrange(db: Database, told: Any, situation: Situation) -> None:
    for number, client_id in enumerate(CLIENTS):
        kinds = situation.kinds[2 * number : 2 * number + 2]
        ages = situation.ages_days[2 * number : 2 * number + 2]
        async with db.write() as session:
            session.add(builders.a_client_row(client_id))
            await session.flush()
            await clients.set_hardware(session, client_id, builders.a_machine())
            beat = builders.a_heartbeat(allows=situation.allows[number])
            await clients.store_beat(session, client_id, beat, RULE, NOW)
            await models.store(session, client_id, ModelInventory(models=tuple(map(builders.a_model, NAMES))))
        for name, age in zip(NAMES, ages, strict=True):
            if age is not None and situation.allows[number] is not Allowed.NOTHING:
                await _measure(db, told, client_id, name, age)
        installed = [builders.a_model(n, **KINDS[k]) for n, k in zip(NAMES, kinds, strict=True) if k is not None]
        async with db.write() as session:
            await models.store(session, client_id, ModelInventory(models=tuple(installed)))


async def _measure(db: Database, told: Any, client_id: str, name: str, age_days: float) -> None:
    moment = NOW - timedelta(days=age_days)
    async with db.write() as session:
        wish = NewSession(models=[name], client_ids=[client_id])
        await asking.create(session, wish, "owner", RULE, told, moment)
        spec = await claims.claim(session, client_id, told, moment)
        assert spec is not None
        samples = tuple(builders.a_sample(n) for n in range(1, 9))
        await agents.take_samples(session, client_id, spec.job_id, SampleBatch(samples=samples), told, moment)
    async with db.write() as session:
        outcome = builders.an_outcome(spec, 8, started_at=moment, ended_at=moment)
        await agents.take_outcome(session, db, client_id, spec.job_id, outcome, moment)


async def _compare(db: Database, told: Any, situation: Situation) -> None:
    wish = NewSession(models=list(NAMES), client_ids=list(CLIENTS), remeasure=situation.remeasure)
    async with db.read() as session:
        plan = await previewing.preview(session, wish, RULE, told, NOW)
    expected = {
        (pair.client_id, pair.model): (
            JobStatus.SKIPPED if pair.reason else JobStatus.QUEUED,
            pair.reason,
            pair.model_digest,
        )
        for pair in plan.pairs
        if pair.state != "measured" or situation.remeasure
    }
    async with db.write() as session:
        if not expected:
            with pytest.raises(asking.NothingToMeasureError):
                await asking.create(session, wish, "owner", RULE, told, NOW)
            return
        made = await asking.create(session, wish, "owner", RULE, told, NOW)
    assert {(j.client_id, j.model): (j.status, j.skip_reason, j.model_digest) for j in made.jobs} == expected
    for pair in plan.pairs:
        age = situation.ages_days[2 * CLIENTS.index(pair.client_id) + NAMES.index(pair.model)]
        assert (pair.measured is None) or (age is not None and pair.measured.age_s == age * 86_400 < 7 * 86_400)
