"""What one workload still needs."""

import time
from dataclasses import dataclass

from obt_core.suites import Workload


@dataclass(slots=True)
class Plan:
    """How much of a workload is to be done yet. Its time begins with its first request.

    `took_s` is how long its last request took: one that would not end in time is not begun.
    """

    workload: Workload
    begun: int = 0
    deadline_s: float | None = None
    took_s: float = 0.0

    def begin(self) -> None:
        """Its time begins now, unless it has begun already."""
        if self.deadline_s is None:
            self.deadline_s = time.monotonic() + self.workload.budget_s

    @property
    def open(self) -> bool:
        """Whether another request is to be begun."""
        in_time = self.deadline_s is None or time.monotonic() + self.took_s < self.deadline_s
        return self.begun < self.workload.samples and in_time
