"""Presence is one function of the silence and the client's own interval."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_server.clients.presence import Presence, PresenceRule

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
RULE = PresenceRule(stale_after_s=30, offline_after_s=60, grace_until=START)
ORDER = [Presence.ONLINE, Presence.STALE, Presence.OFFLINE]
_silences = st.floats(0, 100_000)
_intervals = st.floats(0.1, 3_600)


def judge(
    silence_s: float, interval_s: float = 10, rule: PresenceRule = RULE, *, was_offline: bool = False
) -> Presence:
    return rule.judge(START, interval_s, START + timedelta(seconds=silence_s), was_offline=was_offline)


@pytest.mark.parametrize(
    ("silence_s", "interval_s", "presence"),
    [
        (0, 10, Presence.ONLINE),
        (29.9, 10, Presence.ONLINE),
        (30, 10, Presence.STALE),
        (59.9, 10, Presence.STALE),
        (60, 10, Presence.OFFLINE),
        (59.9, 1, Presence.STALE),
        (60, 1, Presence.OFFLINE),
        (59.9, 20, Presence.ONLINE),
        (60, 20, Presence.STALE),
        (119.9, 20, Presence.STALE),
        (120, 20, Presence.OFFLINE),
    ],
)
def test_the_limits(silence_s: float, interval_s: float, presence: Presence) -> None:
    assert judge(silence_s, interval_s) is presence


@given(_silences, _silences, _intervals, st.booleans())
def test_longer_silence_is_never_more_presence(one: float, two: float, interval_s: float, was: bool) -> None:
    shorter, longer = sorted((one, two))
    before, after = judge(shorter, interval_s, was_offline=was), judge(longer, interval_s, was_offline=was)
    assert ORDER.index(before) <= ORDER.index(after)


@given(_silences, _intervals, _intervals)
def test_a_longer_interval_is_never_less_presence(silence_s: float, one: float, two: float) -> None:
    shorter, longer = sorted((one, two))
    assert ORDER.index(judge(silence_s, longer)) <= ORDER.index(judge(silence_s, shorter))


@given(_silences, _intervals)
def test_within_the_grace_nobody_becomes_offline(silence_s: float, interval_s: float) -> None:
    waiting = PresenceRule(30, 60, START + timedelta(days=30))
    expected = {Presence.OFFLINE: Presence.STALE}.get(judge(silence_s, interval_s), judge(silence_s, interval_s))
    assert judge(silence_s, interval_s, waiting) is expected
    assert judge(silence_s, interval_s, waiting, was_offline=True) is judge(silence_s, interval_s)


def test_who_was_never_heard_is_new() -> None:
    assert RULE.judge(None, 10, START + timedelta(days=9), was_offline=False) is Presence.NEW
