"""How far a pull is: bytes over all layers, and the rate of what came just now."""

from hypothesis import given
from hypothesis import strategies as st

from obt_client.pulling import RATE_WINDOW_S, PullProgress

DIGESTS = ["sha256:aa", "sha256:bb", "sha256:cc"]


def a_line(digest: str, done: int | None, total: int = 1_000) -> dict[str, object]:
    line: dict[str, object] = {"status": f"pulling {digest[7:]}", "digest": digest, "total": total}
    return line if done is None else {**line, "completed": done}


def test_before_a_layer_is_named_there_are_no_bytes() -> None:
    progress = PullProgress()
    progress.take({"status": "pulling manifest"}, 0.0)
    told = progress.told(9.0)
    assert (told.stage, told.done_bytes, told.total_bytes, told.bytes_per_s) == ("pulling manifest", None, None, None)


def test_bytes_are_those_of_all_layers_named_so_far() -> None:
    progress = PullProgress()
    progress.take(a_line("sha256:aa", None), 0.0)
    progress.take(a_line("sha256:aa", 1_000), 1.0)
    progress.take(a_line("sha256:bb", 50, total=200), 2.0)
    told = progress.told(2.0)
    assert (told.done_bytes, told.total_bytes) == (1_050, 1_200)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    progress = PullProgress()
    for second in range(21):
        progress.take(a_line("sha256:aa", 10 * second + max(0, second - 10) * 90, total=10_000), float(second))
    assert progress.told(20.0).bytes_per_s == 100.0
    assert progress.told(20.0 + RATE_WINDOW_S).bytes_per_s == 50.0  # nothing came since


def test_what_was_here_before_was_not_fetched() -> None:
    progress = PullProgress()
    progress.take({"status": "pulling manifest"}, 0.0)
    progress.take(a_line("sha256:aa", 900), 1.0)
    progress.take(a_line("sha256:aa", 950), 2.0)
    told = progress.told(2.0)
    assert (told.done_bytes, told.bytes_per_s) == (950, 25.0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DIGESTS),
            st.one_of(st.none(), st.booleans(), st.integers(-10, 2**70), st.text(max_size=3)),
            st.one_of(st.none(), st.floats(), st.integers(-10, 2**70)),
            st.floats(0, 3),
        ),
        max_size=30,
    )
)
def test_whatever_ollama_says_it_stays_within_bounds(lines: list[tuple[str, object, object, float]]) -> None:
    progress, now_s = PullProgress(), 0.0
    for digest, done, total, step_s in lines:
        now_s += step_s
        progress.take({"status": "x" * 400, "digest": digest, "total": total, "completed": done}, now_s)
        told = progress.told(now_s)
        assert (told.done_bytes or 0) <= (told.total_bytes or 0)
        assert told.bytes_per_s is None or told.bytes_per_s >= 0
