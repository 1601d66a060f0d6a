"""Counts requests and open sockets, and says when it is enough."""

import math
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from obt_server.config import Settings
from obt_server.limits.counters import Counters
from obt_server.limits.senders import Bucket

_WINDOW_S = 60


class Limits:
    """The limits of one process, by the settings OBT_RATE_*."""

    def __init__(self, settings: Settings) -> None:
        each = {
            "address": settings.rate_address_per_min,
            "client": settings.rate_client_per_min,
            "person": settings.rate_person_per_min,
            "key": settings.rate_key_per_min,
        }
        self._items: dict[str, RateLimitItem] = {
            kind: RateLimitItemPerMinute(most, namespace="") for kind, most in each.items() if most
        }
        self._limiter = FixedWindowRateLimiter(Counters())
        self._sockets_max = settings.sockets_max
        self._sockets: Counter[Bucket] = Counter()

    def take(self, bucket: Bucket) -> bool:
        """Count one request. False where it is one too many."""
        item = self._items.get(bucket.kind)
        return item is None or self._limiter.hit(item, bucket.kind, bucket.name)

    def fields(self, bucket: Bucket) -> dict[str, str]:
        """Return how much is left, for programs that look (draft-ietf-httpapi-ratelimit-headers-10).

        q: requests in a window of w seconds; r: how many are left, t: seconds until all are there again.
        """
        item = self._items.get(bucket.kind)
        if item is None:
            return {}
        ends_at, left = self._limiter.get_window_stats(item, bucket.kind, bucket.name)
        reset_s = max(1, math.ceil(ends_at - time.time()))
        return {
            "RateLimit-Policy": f'"{bucket.kind}";q={item.amount};w={_WINDOW_S}',
            "RateLimit": f'"{bucket.kind}";r={left};t={reset_s}',
        }

    def wait_s(self, bucket: Bucket) -> int:
        """Return after how many seconds the next request is taken."""
        item = self._items[bucket.kind]
        ends_at = self._limiter.get_window_stats(item, bucket.kind, bucket.name)[0]
        return max(1, math.ceil(ends_at - time.time()))

    @contextmanager
    def socket(self, bucket: Bucket) -> Generator[bool]:
        """Count a live connection as long as it stands. False where it is one too many."""
        if self._sockets[bucket] >= self._sockets_max:
            yield False
            return
        self._sockets[bucket] += 1
        try:
            yield True
        finally:
            self._sockets[bucket] -= 1
            if not self._sockets[bucket]:
                del self._sockets[bucket]
