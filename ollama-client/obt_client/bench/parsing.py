"""Parses what was read, when it is no longer timed, in slices that disturb no stream that still is."""

import asyncio
from weakref import WeakKeyDictionary

from obt_client.bench.framing import Framing, lines_of
from obt_client.bench.openai import OpenAiAnswer
from obt_client.bench.response import Answer

_LINES_A_TURN = 50
"""About 0.2 ms, then other streams get their turn."""
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""One answer of a loop is parsed at a time: a hundred that end together would hold up the others else."""


async def parsed(framing: Framing, *, openai: bool) -> Answer:
    """Read all lines of an answer of status 200; of one that was cut, those that came."""
    answer = OpenAiAnswer() if openai else Answer()
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        for number, line in enumerate(lines_of(framing.pieces, framing.doubtful), 1):
            answer.take(line)
            if number % _LINES_A_TURN == 0:
                await asyncio.sleep(0)
    if framing.complete:
        answer.check_end()
    return answer
