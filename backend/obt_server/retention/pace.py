"""How many rows go at once: as many as keep nobody waiting. SQLite has one writer."""

import asyncio

AIM_S = 0.02
LEAST, FIRST, MOST = 5, 50, 2_000


class Pace:
    """Few rows at first; half as many where a transaction was too long, more where it was short."""

    def __init__(self) -> None:
        self.rows = FIRST

    async def rest(self, took_s: float) -> None:
        """Judge what a transaction took, and let others write for as long."""
        if took_s > AIM_S:
            self.rows = max(LEAST, self.rows // 2)
        elif took_s < AIM_S / 2:
            self.rows = min(MOST, self.rows * 2)
        await asyncio.sleep(took_s)
