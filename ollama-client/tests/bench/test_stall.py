"""A stall of the event loop is noticed by all who are being timed, and the collector waits for them."""

import asyncio
import gc
import time

from obt_client.bench.stall import stall_watch


def _hold_up_the_loop() -> None:
    time.sleep(0.05)


async def test_a_stall_is_seen_by_those_who_are_timed_during_it_and_no_later() -> None:
    watch = stall_watch()
    with watch.watching() as first:
        with watch.watching() as second:
            _hold_up_the_loop()
        assert second.longest_ms > 30  # 50, less the beat of 10
        await asyncio.sleep(0)
    assert first.longest_ms >= second.longest_ms
    with watch.watching() as third:
        pass
    assert third.longest_ms < second.longest_ms


async def test_a_stall_before_a_sample_is_not_its_own_though_the_loop_is_still_late() -> None:
    with stall_watch().watching() as first:
        _hold_up_the_loop()
        with stall_watch().watching() as second:  # before the beat that was due during the stall
            await asyncio.sleep(0.02)
        assert first.longest_ms > 30
        assert second.longest_ms < first.longest_ms


async def test_a_stall_that_is_over_is_remembered() -> None:
    with stall_watch().watching() as watched:
        _hold_up_the_loop()
        await asyncio.sleep(0.02)  # beats are on time again
    assert watched.longest_ms > 30


async def test_the_collector_waits_for_the_last_one_that_is_timed() -> None:
    assert gc.isenabled()
    with stall_watch().watching():
        with stall_watch().watching():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


async def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with stall_watch().watching():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
