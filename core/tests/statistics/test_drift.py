"""The first third of a job's samples against the last."""

import random

import pytest

from obt_core.statistics import drift


def _noisy(level: float, n: int, chance: random.Random) -> list[float]:
    return [chance.gauss(level, level / 100) for _ in range(n)]


def test_a_machine_that_throttles_drifts() -> None:
    chance = random.Random(20_261)
    found = drift(_noisy(100, 10, chance) + _noisy(97, 10, chance) + _noisy(93, 10, chance))
    assert found is not None
    assert found.is_real
    assert found.relative == pytest.approx(-0.07, abs=0.015)
    assert found.interval.low < found.relative < found.interval.high < 0
    assert found.p_value < 0.01


def test_noise_is_no_drift() -> None:
    chance = random.Random(20_261)
    found = drift(_noisy(100, 30, chance))
    assert found is not None
    assert not found.is_real
    assert found.interval.low < 0 < found.interval.high


def test_time_turned_back_turns_the_drift() -> None:
    chance = random.Random(20_261)
    values = _noisy(100, 6, chance) + _noisy(97, 6, chance) + _noisy(93, 6, chance)
    there, back = drift(values), drift(values[::-1])
    assert there is not None
    assert back is not None
    assert (1 + there.relative) * (1 + back.relative) == pytest.approx(1)
    assert there.p_value == pytest.approx(back.p_value)


def test_thirds_of_fewer_than_five_tell_nothing() -> None:
    assert drift([float(n + 1) for n in range(14)]) is None
    slow = drift([1.0, 1.1, 1.05, 1.15, 1.02, 2, 2, 2, 2, 2, 3.1, 3.05, 3.15, 3.0, 3.02])
    assert slow is not None
    assert slow.is_real


def test_what_has_no_positive_level_has_no_relative_drift() -> None:
    assert drift([0.0] * 5 + [1.0] * 10) is None


def test_equal_samples_do_not_drift() -> None:
    found = drift([7.0] * 15)
    assert found is not None
    assert (found.relative, found.is_real, found.p_value) == (0, False, 1)
