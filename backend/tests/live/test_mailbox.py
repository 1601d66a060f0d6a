"""The messages that wait for one browser."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from obt_server.live.feed import QUEUE_MAX, Mailbox
from obt_server.live.schemas import Resync

CHANGES = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers().map(str)), min_size=1, max_size=60)
RESYNC = Resync().model_dump_json()


def _filled(changes: list[tuple[str, str]]) -> Mailbox:
    mailbox = Mailbox()
    for key, message in changes:
        mailbox.put(key, message)
    return mailbox


@given(CHANGES)
def test_the_newest_of_each_thing_is_told_in_the_order_of_first_change(changes: list[tuple[str, str]]) -> None:
    told = asyncio.run(_filled(changes).take())
    assert told == list(dict(changes).values())


@given(st.lists(CHANGES, min_size=1, max_size=5))
def test_however_often_one_looks_the_last_word_on_each_thing_is_heard(batches: list[list[tuple[str, str]]]) -> None:
    async def hear() -> dict[str, str]:
        mailbox, heard = Mailbox(), dict[str, str]()
        for batch in batches:
            for key, message in batch:
                mailbox.put(key, f"{key} {message}")
            heard.update((message.split()[0], message) for message in await mailbox.take())
        return heard

    last = {key: f"{key} {message}" for batch in batches for key, message in batch}
    assert asyncio.run(hear()) == last


@given(st.integers(min_value=1, max_value=2 * QUEUE_MAX))
def test_a_browser_that_is_too_slow_is_told_to_fetch_anew_and_nothing_else(things: int) -> None:
    told = asyncio.run(_filled([(f"job {n}", str(n)) for n in range(things)]).take())
    assert told == ([RESYNC] if things > QUEUE_MAX else [str(n) for n in range(things)])


async def test_after_fetching_anew_a_browser_hears_changes_again() -> None:
    mailbox = _filled([(f"job {n}", str(n)) for n in range(QUEUE_MAX + 1)])
    assert await mailbox.take() == [RESYNC]
    mailbox.put("job 1", "again")
    assert await mailbox.take() == ["again"]


async def test_an_empty_mailbox_waits() -> None:
    mailbox = Mailbox()
    waiting = asyncio.create_task(mailbox.take())
    await asyncio.sleep(0)
    assert not waiting.done()
    mailbox.put("job 1", "message")
    assert await waiting == ["message"]
