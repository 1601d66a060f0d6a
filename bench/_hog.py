"""A CPU-bound job on one core: reads for how many seconds, counts, prints the count: `python -m bench._hog CORE`.

Pure arithmetic that fits into the nearest cache: what it loses, it loses to whoever else runs on its core.
"""

import os
import sys
import time

_BLOCK = 2_000


def count(seconds: float) -> int:
    """Blocks of arithmetic done in that time."""
    end_ns, blocks, value = time.perf_counter_ns() + round(seconds * 1e9), 0, 1
    while time.perf_counter_ns() < end_ns:
        for _ in range(_BLOCK):
            value = (value * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        blocks += 1
    return blocks


def main() -> None:
    """Count whenever told to, until the input ends."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    for line in sys.stdin:
        print(count(float(line)), flush=True)


if __name__ == "__main__":
    main()
