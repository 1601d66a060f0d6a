"""Does to the house what a schedule says, and heals it."""

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from tests.e2e.campaign.house import House, Member
from tests.e2e.campaign.proxy import Trick
from tests.e2e.campaign.schedule import REQUESTS, Fault, Kind
from tests.e2e.programs import Program

_READ_ONLY = "ALTER SYSTEM SET default_transaction_read_only = {}"
_WATCH_S = 0.5


class Faults:
    """`done`: what was done, of each kind. `log`: when which began. `fell`: what ended by itself."""

    def __init__(self, house: House, say: Callable[[str], None]) -> None:
        self._house, self._say = house, say
        self.done: Counter[Kind] = Counter()
        self.log: list[str] = []
        self.fell: list[str] = []
        self._locks: dict[object, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._wanted: set[Program] = set(house.programs)
        self._is_over = False
        self._ways: dict[Kind, Callable[[Fault], Awaitable[None]]] = {
            Kind.KILL_SERVER: self._kill_server,
            Kind.KILL_CLIENT: self._kill_client,
            Kind.CRASH_DATABASE: self._crash_database,
            Kind.READ_ONLY: self._read_only,
            Kind.CUT_CLIENT: self._entrance,
            Kind.SILENCE_CLIENT: self._entrance,
            Kind.DELAY_CLIENT: self._entrance,
            Kind.CUT_PAGE: self._entrance,
            Kind.CUT_DATABASE: self._link,
            Kind.SILENCE_DATABASE: self._link,
            Kind.DELAY_DATABASE: self._link,
            Kind.CLOCK_JUMP: self._jump,
            **dict.fromkeys(REQUESTS, self._requests),
        }

    async def run(self, plan: Sequence[Fault]) -> None:
        """Do all of a plan, each at its time; then heal everything and have all running again."""
        began = time.monotonic()
        watching = asyncio.create_task(self._watch())
        async with asyncio.TaskGroup() as group:
            for fault in plan:
                await asyncio.sleep(max(0.0, began + fault.at_s - time.monotonic()))
                group.create_task(self._do(fault))
        await self._house.proxy.settle()
        for member in self._house.members:
            self._house.clocks.jump(member.clock, 0)
        self._is_over = True
        await watching

    async def _do(self, fault: Fault) -> None:
        self.log.append(f"{datetime.now(UTC):%H:%M:%S.%f} {fault}")
        self._say(self.log[-1])
        await self._ways[fault.kind](fault)
        self.done[fault.kind] += 1

    async def _watch(self) -> None:
        """Start again, as a service manager does, what ends without having been killed; and say so."""
        while True:
            is_last = self._is_over
            for program in [one for one in self._wanted if not one.is_running]:
                self.fell.append(f"{program.log.parent.name} ended by itself: {program.text()[-1_500:]}")
                await Program.start(program)
            if is_last:
                return
            await asyncio.sleep(_WATCH_S)

    async def _down(self, program: Program, seconds: float, meanwhile: Callable[[], object]) -> None:
        """Kill a program, and start it again later."""
        async with self._locks[program]:
            self._wanted.discard(program)
            await program.kill()
            meanwhile()
            await asyncio.sleep(seconds)
            await Program.start(program)
            self._wanted.add(program)

    async def _kill_server(self, fault: Fault) -> None:
        await self._down(self._house.servers[fault.target], fault.lasts_s, lambda: None)

    async def _kill_client(self, fault: Fault) -> None:
        member = self._house.members[fault.target]

        def look() -> None:
            member.kills += 1
            self._house.seen.on_disk(member.program.name, member.program.data_dir)

        await self._down(member.program, fault.lasts_s, look)

    async def _crash_database(self, fault: Fault) -> None:
        async with self._locks["database"]:
            await asyncio.to_thread(self._house.cluster.crash)
            await asyncio.sleep(fault.lasts_s)
            await asyncio.to_thread(self._house.cluster.start)

    async def _read_only(self, fault: Fault) -> None:
        async with self._locks["database"]:
            await asyncio.to_thread(self._set_read_only, "on")
            await asyncio.sleep(fault.lasts_s)
            await asyncio.to_thread(self._set_read_only, "off")

    def _set_read_only(self, value: str) -> None:
        self._house.cluster.execute(_READ_ONLY.format(value))
        self._house.cluster.execute("SELECT pg_reload_conf()")

    async def _entrance(self, fault: Fault) -> None:
        among = self._house.pages if fault.kind is Kind.CUT_PAGE else self._house.members
        entrance = among[fault.target].entrance
        async with self._locks[entrance]:
            match fault.kind:
                case Kind.SILENCE_CLIENT:
                    entrance.silence()
                case Kind.DELAY_CLIENT:
                    entrance.delay_s = fault.size
                case _:
                    entrance.cut()
            await asyncio.sleep(fault.lasts_s)
            entrance.heal()

    async def _link(self, fault: Fault) -> None:
        link = self._house.links[fault.target]
        async with self._locks[link]:
            match fault.kind:
                case Kind.SILENCE_DATABASE:
                    link.silence()
                case Kind.DELAY_DATABASE:
                    link.delay_s = fault.size
                case _:
                    link.cut()
            await asyncio.sleep(fault.lasts_s)
            link.heal()

    async def _requests(self, fault: Fault) -> None:
        trick = Trick(fault.kind, re.compile(fault.path), round(fault.size), fault.lasts_s)
        self._house.proxy.tricks.append(trick)

    async def _jump(self, fault: Fault) -> None:
        member: Member = self._house.members[fault.target]
        self._house.clocks.jump(member.clock, fault.size)
