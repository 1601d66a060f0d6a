"""Ticks on their way to whoever keeps them."""

import pytest
from structlog.testing import capture_logs

from obt_client.telemetry import sampler
from obt_core.telemetry import Telemetry, TelemetryBatch, appended

from .scripted import Scripted, a_telemeter


class Keeper:
    """Stores what it is told as a server does; its disk can be full."""

    def __init__(self) -> None:
        self.batches: list[TelemetryBatch] = []
        self.stored: Telemetry | None = None
        self.is_full = False

    async def keep(self, batch: TelemetryBatch) -> None:
        if self.is_full:
            raise OSError("no space left on device")
        self.batches.append(batch)
        self.stored = appended(self.stored, batch)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampler, "LOOK_MIN_S", 0.0)
    monkeypatch.setattr(sampler, "TELL_EVERY_S", 0.01)


async def test_every_tick_is_told_once_and_in_order() -> None:
    keeper = Keeper()
    telemeter = a_telemeter(Scripted(), on_ticks=keeper.keep)
    for pauses in (1, 2):
        async with telemeter.running():
            while len(keeper.batches) < 3 * pauses:
                await telemeter.look()
    assert keeper.stored == telemeter.telemetry()
    assert sum(len(batch.telemetry.ticks) for batch in keeper.batches) == len(telemeter.telemetry().ticks)


async def test_the_last_ticks_are_told_whatever_the_job_ends_with() -> None:
    keeper = Keeper()
    telemeter = a_telemeter(Scripted(), interval_s=60, on_ticks=keeper.keep)
    with pytest.raises(ZeroDivisionError):
        async with telemeter.running():
            raise ZeroDivisionError
    assert keeper.stored == telemeter.telemetry()
    assert len(telemeter.telemetry().ticks) == 2


async def test_what_a_full_disk_did_not_take_comes_again() -> None:
    keeper = Keeper()
    telemeter = a_telemeter(Scripted(), on_ticks=keeper.keep)
    keeper.is_full = True
    with capture_logs() as logs:
        async with telemeter.running():
            while not logs or len(telemeter.telemetry().ticks) < 4:
                await telemeter.look()
            assert keeper.batches == []
            keeper.is_full = False
    assert [log["event"] for log in logs] == ["telemetry_not_stored"]
    assert keeper.batches[0].first == 0
    assert keeper.stored == telemeter.telemetry()


async def test_a_disk_that_stays_full_does_not_end_the_job() -> None:
    keeper = Keeper()
    keeper.is_full = True
    telemeter = a_telemeter(Scripted(), on_ticks=keeper.keep)
    async with telemeter.running():
        pass
    assert keeper.stored is None
    assert len(telemeter.telemetry().ticks) == 2
