"""Prompts come to their tokens whatever the tokenizer, in few tries."""

import math
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from obt_client.bench.lengths import Form, Length, Ruler
from obt_client.bench.prompts import WORDS, NonceStyle, nonce

Count = Callable[[str], int]
TRIES = 3


def _reader(per_word: dict[str, int], template: int) -> Count:
    """A tokenizer of words: so many tokens for a known one, and one for every five letters of any other."""

    def count(prompt: str) -> int:
        return template + sum(per_word.get(word, math.ceil(len(word) / 5)) for word in prompt.split())

    return count


def _letters(template: int) -> Count:
    """A tokenizer that has letters only, the space among them."""
    return lambda prompt: template + 1 + len(prompt)


def _ruler(count: Count, context: int | None = None) -> Ruler:
    ruler = Ruler(context)
    for _ in range(TRIES):
        if not ruler.known:
            ruler.saw(count(ruler.prompt))
    assert ruler.known
    return ruler


def _come_to(wanted: int, ruler: Ruler, count: Count, tries: int = TRIES) -> Length:
    length = Length(ruler, wanted)
    for _ in range(tries):
        if not length.is_sure:
            length.saw(length.form, count(length.form.text(nonce(ruler.style))))
    return length


@settings(deadline=None)
@given(wanted=st.integers(30, 20_000), template=st.integers(0, 60))
def test_where_every_word_is_a_token_no_try_is_needed(wanted: int, template: int) -> None:
    count = _reader({}, template)
    ruler = _ruler(count)
    assert (ruler.is_even, ruler.style) == (True, NonceStyle.WORDS)
    length = Length(ruler, wanted)
    if wanted >= template + 20:
        assert length.is_sure
        assert {count(length.form.text(nonce(ruler.style))) for _ in range(5)} == {wanted}


@settings(deadline=None)
@given(wanted=st.integers(8, 5_000), template=st.integers(0, 40))
def test_short_ones_do_without_the_task_and_none_is_shorter_than_it_can_be(wanted: int, template: int) -> None:
    count = _reader({}, template)
    ruler = _ruler(count)
    length = _come_to(wanted, ruler, count)
    reached = count(length.form.text(nonce(ruler.style)))
    assert reached == wanted or (length.is_least and reached == template + 6 > wanted)


@settings(deadline=None)
@given(wanted=st.integers(20, 5_000), template=st.integers(0, 8))
def test_a_model_of_letters_gets_letters(wanted: int, template: int) -> None:
    count = _letters(template)
    ruler = _ruler(count)
    assert ruler.style is NonceStyle.LETTERS
    length = _come_to(wanted, ruler, count)
    assert count(length.form.text(nonce(ruler.style))) == wanted


@settings(deadline=None)
@given(
    wanted=st.integers(200, 20_000),
    template=st.integers(0, 40),
    split=st.sets(st.sampled_from(WORDS), min_size=1, max_size=20),
)
def test_words_of_several_tokens_are_found_by_trying(wanted: int, template: int, split: set[str]) -> None:
    """The nonce varies by a few tokens then, so that nothing is exact; it is as near as that."""
    count = _reader(dict.fromkeys(split, 2), template)
    ruler = _ruler(count)
    assert not ruler.is_even
    length = _come_to(wanted, ruler, count, tries=12)
    assert abs(count(length.form.text(nonce(ruler.style))) - wanted) <= 14


@settings(deadline=None)
@given(context=st.integers(64, 4_096), template=st.integers(0, 20))
def test_measuring_words_fits_into_the_context(context: int, template: int) -> None:
    ruler, count = Ruler(context), _reader({}, template)
    while not ruler.known:
        tokens = count(ruler.prompt)
        assert tokens <= context
        ruler.saw(tokens)
    assert ruler.per_word == 1.0


@settings(deadline=None)
@given(wanted=st.integers(8, 1_000_000), counts=st.lists(st.integers(1, 2**31), min_size=8, max_size=8))
def test_no_count_breaks_it(wanted: int, counts: list[int]) -> None:
    ruler = Ruler(2048)
    rest = iter(counts)
    while not ruler.known:
        ruler.saw(next(rest))
    length = Length(ruler, wanted)
    for count in rest:
        length.saw(length.form, count)
    assert length.form.words >= 0
    assert length.form.tail >= 0


def test_a_count_of_an_older_form_corrects_nothing_twice() -> None:
    ruler = _ruler(_reader({}, 5))
    length = Length(ruler, 500)
    old = length.form
    length.saw(old, 490)
    better = length.form
    length.saw(old, 490)
    assert length.form == better == Form(old.words + 10)


def test_a_correction_that_made_it_worse_is_taken_back() -> None:
    ruler = _ruler(_reader({}, 5))
    length = Length(ruler, 500)
    first = length.form
    length.saw(first, 498)
    length.saw(length.form, 505)
    assert length.form == first


def test_without_counts_a_word_is_a_token() -> None:
    ruler = Ruler(None)
    ruler.counts_nothing()
    assert Length(ruler, 300).form == Form(300)
