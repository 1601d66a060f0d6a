"""Readings in the background and on demand."""

import asyncio
import threading
import time
from collections.abc import Generator

import pytest
from structlog.testing import capture_logs

from obt_client.telemetry import reader, sampler
from obt_client.telemetry.sampler import Telemeter
from obt_client.telemetry.source import Offer
from obt_core.telemetry import EnergySource, Track

from .scripted import GPU, URL, Scripted, a_telemeter, looks_until


@pytest.fixture(autouse=True)
def _every_look_is_a_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampler, "LOOK_MIN_S", 0.0)


async def ticks_of(telemeter: Telemeter, least: int) -> None:
    while len(telemeter.telemetry().ticks) < least:
        await asyncio.sleep(0.005)


async def test_nothing_is_opened_before_it_runs_nor_left_open_after() -> None:
    source = Scripted()
    telemeter = a_telemeter(source)
    empty = await telemeter.look()
    assert (source.done, telemeter.channels, empty.told, telemeter.telemetry().ticks) == ([], (), {}, ())
    async with telemeter.running():
        assert source.done[:2] == ["open", "read"]
    assert source.done[-1] == "close"
    done = list(source.done)
    await telemeter.look()
    assert source.done == done


@pytest.mark.parametrize(("remote", "interval_s"), [(True, 1.0), (False, 0.0)])
async def test_of_another_machine_and_where_it_is_off_nothing_is_known(remote: bool, interval_s: float) -> None:
    source = Scripted()
    telemeter = a_telemeter(source, remote=remote, interval_s=interval_s)
    async with telemeter.running():
        reading = await telemeter.look()
    assert (source.done, reading.told, telemeter.channels, telemeter.telemetry().ticks) == ([], {}, (), ())
    assert telemeter.between(0, time.monotonic()) == []


async def test_ticks_come_by_themselves_and_rates_are_over_the_time_between_them() -> None:
    source = Scripted()
    telemeter = a_telemeter(source)
    async with telemeter.running():
        source.measure.counters[Track.CPU, None] = 0.5
        await ticks_of(telemeter, 4)
    told = telemeter.telemetry()
    columns = {(channel.track, channel.device): at for at, channel in enumerate(told.channels)}
    first, second = told.ticks[:2]
    assert first.values[columns[GPU]] == 60
    assert first.values[columns[Track.CPU, None]] is None
    busy = second.values[columns[Track.CPU, None]]
    assert busy == pytest.approx(min(100, 500 / (second.at_ms - first.at_ms)), abs=0.2)
    assert [tick.at_ms for tick in told.ticks] == sorted(tick.at_ms for tick in told.ticks)
    assert {channel.source for channel in told.channels} == {None, EnergySource.COUNTER}


async def test_a_gpu_that_disappears_tells_nothing_from_then_on_and_keeps_its_channel() -> None:
    source = Scripted()
    telemeter = a_telemeter(source)
    async with telemeter.running():
        channels = telemeter.channels
        source.measure.gauges.clear()
        before = len(telemeter.telemetry().ticks)
        await ticks_of(telemeter, before + 3)
    assert telemeter.channels == channels
    column = next(at for at, channel in enumerate(channels) if (channel.track, channel.device) == GPU)
    values = [tick.values[column] for tick in telemeter.telemetry().ticks]
    assert values[0] == 60
    assert values[-2:] == [None, None]


async def test_the_series_goes_on_after_a_pause_of_which_no_energy_is_counted() -> None:
    source = Scripted()
    telemeter = a_telemeter(source)
    async with telemeter.running():
        source.measure.joules["cpu"] = 1_007.0
    first, started_at = telemeter.telemetry(), telemeter.started_at
    source.measure.joules["cpu"] = 5_000.0
    async with telemeter.running():
        source.measure.joules["cpu"] = 5_002.0
    second = telemeter.telemetry()
    assert (second.ticks[: len(first.ticks)], telemeter.started_at) == (first.ticks, started_at)
    column = next(at for at, channel in enumerate(second.channels) if channel.track == Track.ENERGY)
    assert [first.ticks[-1].values[column], second.ticks[-1].values[column]] == [7, 9]
    power = next(at for at, channel in enumerate(second.channels) if channel.track == Track.POWER)
    assert second.ticks[len(first.ticks)].values[power] is None


async def test_a_look_is_a_reading_of_now_and_a_young_one_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    telemeter = a_telemeter(Scripted(), interval_s=60)
    async with telemeter.running():
        first, second = await telemeter.look(), await telemeter.look()
        assert second.at_s > first.at_s == second.previous_s
        monkeypatch.setattr(sampler, "LOOK_MIN_S", 3_600.0)
        assert await telemeter.look() is second
    assert telemeter.between(second.at_s, second.at_s) == [second]
    assert first in telemeter.between(first.previous_s, second.at_s)
    assert telemeter.between(0, first.previous_s - 1) == []


async def test_looks_between_two_ticks_are_no_ticks() -> None:
    telemeter = a_telemeter(Scripted(), interval_s=60)
    async with telemeter.running():
        for _ in range(5):
            await telemeter.look()
        assert len(telemeter.telemetry().ticks) == 1
    assert len(telemeter.telemetry().ticks) == 2


@pytest.fixture
def soon_stuck(monkeypatch: pytest.MonkeyPatch) -> Generator[threading.Event]:
    monkeypatch.setattr(reader, "READ_LIMIT_S", 0.1)
    monkeypatch.setattr(reader, "OPEN_LIMIT_S", 0.1)
    released = threading.Event()
    yield released
    released.set()


async def test_a_driver_that_hangs_costs_one_tick_and_is_said_once(soon_stuck: threading.Event) -> None:
    hangs, works = Scripted("hangs"), Scripted("works", Offer(((Track.MEMORY_USED, None),)))
    works.measure.gauges = {(Track.MEMORY_USED, None): 5.0}
    telemeter = a_telemeter(hangs, works, interval_s=60)
    with capture_logs() as logs:
        async with telemeter.running():
            hangs.stuck = soon_stuck
            missed = await telemeter.look()
            assert missed.told == {}
            reading = await telemeter.look()
            assert reading.value(Track.MEMORY_USED) == 5
            assert reading.values(Track.TEMPERATURE) == {}
        async with telemeter.running():
            await telemeter.look()
    assert [(log["event"], log["source"]) for log in logs] == [("telemetry_source_slow", "hangs")]
    assert hangs.done.count("open") == 1


async def test_a_driver_that_hangs_while_it_is_opened_is_left_out(soon_stuck: threading.Event) -> None:
    hangs, works = Scripted("hangs"), Scripted("works")
    hangs.stuck = soon_stuck
    telemeter = a_telemeter(hangs, works)
    async with telemeter.running():
        assert (await telemeter.look()).value(*GPU) == 60
    assert "read" not in hangs.done


async def test_a_source_that_fails_takes_no_other_with_it_and_is_said_once() -> None:
    fails, works = Scripted("fails", Offer(((Track.MEMORY_USED, None),))), Scripted("works")
    telemeter = a_telemeter(fails, works, interval_s=60)
    with capture_logs() as logs:
        async with telemeter.running():
            fails.error = RuntimeError("the driver is in trouble")
            for _ in range(3):
                assert (await telemeter.look()).value(*GPU) == 60
            fails.error = None
            assert (await telemeter.look()).value(*GPU) == 60
    assert [(log["event"], log["source"]) for log in logs] == [("telemetry_source_failed", "fails")]


async def test_a_source_that_cannot_be_opened_has_no_channels() -> None:
    fails, works = Scripted("fails", Offer(((Track.MEMORY_USED, None),))), Scripted("works")
    fails.error = OSError("no such driver")
    telemeter = a_telemeter(fails, works)
    async with telemeter.running():
        fails.error = None
    assert Track.MEMORY_USED not in {channel.track for channel in telemeter.channels}
    assert fails.done == ["open"]


async def test_who_is_cancelled_while_it_looks_leaves_the_next_look_well() -> None:
    source, released = Scripted(), threading.Event()
    telemeter = a_telemeter(source, interval_s=60)
    async with telemeter.running():
        source.stuck = released
        looking = asyncio.create_task(telemeter.look())
        while source.done[-2:] != ["read", "read"]:
            await asyncio.sleep(0.001)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        released.set()
        assert (await telemeter.look()).value(*GPU) == 60


@pytest.mark.parametrize("stuck_in", ["open", "read"])
async def test_a_job_that_is_cancelled_at_its_begin_leaves_nothing_open(stuck_in: str) -> None:
    source, released = Scripted(), threading.Event()
    source.stuck, source.stuck_in = released, stuck_in

    async def job() -> None:
        async with a_telemeter(source).running():
            pytest.fail("it was cancelled before")

    running = asyncio.create_task(job())
    while stuck_in not in source.done:
        await asyncio.sleep(0.001)
    running.cancel()
    asyncio.get_running_loop().call_later(0.05, released.set)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert source.done[-1] == "close"


async def test_what_a_job_ends_with_comes_through_and_the_sources_are_closed() -> None:
    source = Scripted()
    with pytest.raises(ZeroDivisionError):
        async with a_telemeter(source).running():
            raise ZeroDivisionError
    assert source.done[-1] == "close"


def test_nothing_is_read_where_the_machine_is_never_watched() -> None:
    telemeter = Telemeter(URL, remote=False)
    assert (telemeter.channels, telemeter.between(0, 1e12), telemeter.knows_foreign_cpu) == ((), [], False)


async def test_whose_share_is_foreign_is_known_when_all_three_sides_were_told() -> None:
    source = Scripted()
    telemeter = a_telemeter(source, interval_s=60)
    async with telemeter.running():
        await telemeter.look()
        assert not telemeter.knows_foreign_cpu
        source.measure.counters |= {(Track.OLLAMA_CPU, None): 0.0, (Track.CLIENT_CPU, None): 0.0}
        await looks_until(telemeter, lambda reading: reading.value(Track.FOREIGN_CPU) is not None)
        assert telemeter.knows_foreign_cpu
