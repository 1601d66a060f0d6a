"""What many ask for at once is made once, and nobody gets what is older than their asking."""

import asyncio

import pytest

from obt_server.live.together import Together


class Maker:
    """Makes the number of the making, once it is let go on."""

    def __init__(self) -> None:
        self.begun, self.may_end = 0, asyncio.Event()

    async def make(self) -> int:
        self.begun += 1
        number = self.begun
        await self.may_end.wait()
        return number


async def begun(maker: Maker, times: int) -> None:
    async with asyncio.timeout(5):
        while maker.begun < times:
            await asyncio.sleep(0)


async def test_all_who_ask_before_it_begins_share_it_and_all_who_ask_later_share_the_next() -> None:
    maker = Maker()
    together = Together(maker.make)
    early = [asyncio.create_task(together.get()) for _ in range(50)]
    await begun(maker, 1)
    late = [asyncio.create_task(together.get()) for _ in range(50)]
    await asyncio.sleep(0)
    maker.may_end.set()
    assert await asyncio.gather(*early, *late) == [1] * 50 + [2] * 50
    assert maker.begun == 2


async def test_who_goes_away_takes_it_from_nobody() -> None:
    maker = Maker()
    together = Together(maker.make)
    first, second = (asyncio.create_task(together.get()) for _ in range(2))
    await begun(maker, 1)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    maker.may_end.set()
    assert await second == 1


async def test_a_failure_is_told_to_all_who_wait_and_the_next_is_made_anew() -> None:
    calls = list[int]()

    async def make() -> str:
        calls.append(1)
        if len(calls) == 1:
            raise LookupError
        return "made"

    together = Together(make)
    told = await asyncio.gather(together.get(), together.get(), return_exceptions=True)
    assert [type(one) for one in told] == [LookupError] * 2
    assert await together.get() == "made"
