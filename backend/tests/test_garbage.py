"""What refers to itself is found: at once where it is new, and later where there is much more than there was."""

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from obt_server.garbage import GROWTH, Garbage


class Knot:
    """Refers to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def garbage() -> Iterator[Garbage]:
    garbage = Garbage()
    garbage.begin()
    yield garbage
    gc.unfreeze()
    gc.enable()


def test_new_garbage_is_found_by_the_next_search_and_by_none_before(garbage: Garbage) -> None:
    knot = weakref.ref(Knot())
    kept = [Knot() for _ in range(10_000)]  # for which Python would have searched by its own
    assert knot() is not None
    garbage.search()
    assert knot() is None
    assert kept


def test_what_became_garbage_late_is_found_once_there_is_much_more(garbage: Garbage) -> None:
    knot = Knot()
    garbage.search()
    late = weakref.ref(knot)
    del knot
    garbage.search()
    assert late() is not None
    kept = _more_than_there_was()
    garbage.search()
    assert late() is None
    assert kept


def test_everything_is_searched_once_for_much_more_and_not_each_time(garbage: Garbage) -> None:
    kept, knot = _more_than_there_was(), Knot()
    garbage.search()
    late = weakref.ref(knot)
    del knot
    garbage.search()
    assert late() is not None
    assert kept


def _more_than_there_was() -> list[object]:
    return [object() for _ in range(int(sys.getallocatedblocks() * (GROWTH - 0.9)))]
