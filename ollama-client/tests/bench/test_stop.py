"""How a stop reaches what waits."""

import asyncio

import pytest

from obt_client.bench.stop import StoppedError, StopSignal


async def _for_ever() -> None:
    await asyncio.Event().wait()


async def test_a_reason_cuts_only_what_asked_to_be_cut_by_it() -> None:
    stop = StopSignal()
    patient = asyncio.create_task(stop.cut(_for_ever(), "cancelled"))
    hasty = asyncio.create_task(stop.unless_stopped(_for_ever()))
    await asyncio.sleep(0)
    stop.set("client_stopped")
    with pytest.raises(StoppedError):
        await hasty
    assert not patient.done()
    stop.set("cancelled")
    with pytest.raises(StoppedError):
        await patient


async def test_what_comes_after_the_stop_is_not_begun() -> None:
    stop, begun = StopSignal(), list[int]()

    async def work() -> None:
        begun.append(1)

    stop.set("client_stopped")
    with pytest.raises(StoppedError):
        await stop.unless_stopped(work())
    assert begun == []
    await stop.cut(work(), "cancelled")
    assert begun == [1]


async def test_cancelled_goes_before_client_stopped_however_they_come() -> None:
    first, second = StopSignal(), StopSignal()
    first.set("cancelled")
    first.set("client_stopped")
    second.set("client_stopped")
    second.set("cancelled")
    await asyncio.gather(first.wait(), second.wait())
    assert (first.reason, second.reason) == ("cancelled", "cancelled")


async def test_results_and_errors_of_the_work_come_through() -> None:
    stop = StopSignal()
    assert await stop.unless_stopped(asyncio.sleep(0, "done")) == "done"

    async def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await stop.unless_stopped(fail())


async def test_a_cancelled_task_is_not_mistaken_for_a_stop() -> None:
    stop = StopSignal()
    waiting = asyncio.create_task(stop.unless_stopped(_for_ever()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
