"""Parsing gives way: to the loop between slices, and to one another."""

import asyncio

from obt_client.bench.framing import Framing
from obt_client.bench.parsing import parsed
from obt_client.bench.response import Answer

_LINES = 1_000


def _framing() -> Framing:
    framing = Framing()
    body = b'{"response":"a","done":false}\n' * _LINES + b'{"done":true,"eval_count":1,"eval_duration":1}\n'
    framing.feed(1, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
    framing.feed(2, body)
    return framing


async def _turns_beside(work: asyncio.Future[list[Answer]]) -> int:
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    return turns


async def test_others_get_many_turns_while_answers_are_parsed_one_after_the_other() -> None:
    one, three = [
        (answers, await _turns_beside(answers))
        for answers in (asyncio.gather(*(parsed(_framing(), openai=False) for _ in range(count))) for count in (1, 3))
    ]
    assert [len(answer.chunks) for answer in three[0].result()] == [_LINES] * 3
    assert one[0].result()[0].wrong is None
    assert one[1] >= 15
    assert three[1] >= 3 * 15


async def test_an_answer_that_was_cut_has_what_came_and_is_not_said_to_lack_its_end() -> None:
    framing = Framing()
    framing.feed(1, b'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"response":"a","done":false}\n')
    answer = await parsed(framing, openai=False)
    assert (len(answer.chunks), answer.wrong) == (1, None)
