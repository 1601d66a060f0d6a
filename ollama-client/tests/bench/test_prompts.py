"""Prompts that no cache has seen, of the length that was asked for."""

from hypothesis import given
from hypothesis import strategies as st

from obt_client.bench.prompts import NONCE_LETTERS, Calibration, prompt_of, request_body, words
from obt_core.suites import ModelOptions, SyntheticPrompt, TextPrompt, Workload

_WORKLOAD = Workload(name="w", prompt=SyntheticPrompt(tokens=64), generate_tokens=8, samples=1, budget_s=1)


def test_a_prompt_begins_with_letters_of_its_own() -> None:
    begins = {prompt_of("text")[:NONCE_LETTERS] for _ in range(1_000)}
    assert len(begins) == 1_000
    assert all(begin.isascii() and begin.isalpha() and begin.islower() for begin in begins)


@given(
    wanted=st.integers(100, 200_000),
    a_word=st.floats(0.5, 8),
    before=st.integers(0, 60),
    wobble=st.lists(st.integers(-2, 2), min_size=2, max_size=2),
)
def test_two_counts_find_the_words(wanted: int, a_word: float, before: int, wobble: list[int]) -> None:
    calibration, longest = Calibration(wanted), 0
    for extra in wobble:
        assert not calibration.done
        longest = max(longest, tokens := round(before + calibration.words * a_word) + extra)
        calibration.saw(max(1, tokens))
    assert calibration.done
    reached = before + calibration.words * a_word
    assert abs(reached - wanted) <= max(15, 0.15 * wanted) or reached < before + 2 * a_word
    assert longest <= max(wanted, 700)


@given(wanted=st.integers(8, 1_000_000), counts=st.lists(st.integers(1, 2**31), min_size=2, max_size=2))
def test_no_count_breaks_it(wanted: int, counts: list[int]) -> None:
    calibration = Calibration(wanted)
    for count in counts:
        calibration.saw(count)
    assert calibration.done
    assert calibration.words >= 1


def test_words_are_as_many_as_asked_for() -> None:
    task = len(words(0).split())
    assert [len(words(count).split()) - task for count in (1, 24, 25, 1_000)] == [1, 24, 25, 1_000]


def test_a_body_sets_every_option_and_think_only_where_it_is_known() -> None:
    options = ModelOptions(num_ctx=512, temperature=0.25, seed=3, think=True, keep_alive_s=9)
    chat = request_body("m:1", "hello", _WORKLOAD, options, tokens=5, can_think=True)
    assert chat["options"] == {"num_ctx": 512, "num_predict": 5, "seed": 3, "temperature": 0.25}
    assert (chat["model"], chat["keep_alive"], chat["stream"], chat["think"]) == ("m:1", 9, True, True)
    assert "prompt" not in chat
    plain = _WORKLOAD.model_copy(update={"endpoint": "generate", "prompt": TextPrompt(text="x")})
    generate = request_body("m:1", "hello", plain, options, tokens=5, can_think=False)
    assert str(generate["prompt"]).endswith(" hello")
    assert {"messages", "think"}.isdisjoint(generate)
