"""What a name may do to a line: nothing."""

from hypothesis import given
from hypothesis.strategies import characters, text

from obt_core.one_line import one_line


@given(text(characters(exclude_categories=())))
def test_whatever_it_is_it_stays_one_line_that_can_be_seen(name: str) -> None:
    told = one_line(name)
    assert told.isprintable()
    assert len(told.splitlines()) <= 1


def test_what_can_be_seen_stays_as_it_is_and_the_rest_can_be_read() -> None:
    assert one_line("Zoë's RTX 4090 ✓") == "Zoë's RTX 4090 ✓"
    assert one_line("a\r\nb\x1b[2J\u202e\u2028c") == "a\\r\\nb\\x1b[2J\\u202e\\u2028c"
