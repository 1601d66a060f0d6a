"""The clock beside the server's: what is told is true within its error, whatever the way and the hold took."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from obt_client.agent.server_clock import AGAIN_S, RENEW_S, Moment, ServerClock
from tests.fake_ollama import FakeModel, FakeOllama

from .contract_server import ContractServer
from .test_agent import living

_OFFSETS = st.floats(-1e6, 1e6)
_TIMES = st.floats(0.0001, 20)
START = 1_800_000_000.0


def at(seconds: float, ahead_s: float = 0.0) -> Moment:
    """A moment of a machine that is on since 100 s, and whose wall clock is so far ahead of the true time."""
    return Moment(START + seconds + ahead_s, 100 + seconds)


def see(
    clock: ServerClock,
    ahead_s: float,
    begin_s: float = 0,
    there_s: float = 0.01,
    back_s: float = 0.01,
    held_s: float = 0,
) -> None:
    """A beat whose answer was written after `there_s` and `held_s`, by a server that has the true time."""
    end_s = begin_s + there_s + held_s + back_s
    server_s = START + begin_s + there_s + held_s
    clock.see(at(begin_s, ahead_s), at(end_s, ahead_s), server_s, may_be_held=held_s > 0)


@given(_OFFSETS, _TIMES, _TIMES)
def test_what_is_told_is_true_within_its_error(ahead_s: float, there_s: float, back_s: float) -> None:
    clock = ServerClock()
    see(clock, ahead_s, there_s=there_s, back_s=back_s)
    assert clock.told is not None
    assert abs(clock.told.offset_ms - ahead_s * 1e3) <= clock.told.error_ms + 0.2  # it is told to a tenth of one
    assert abs(clock.told.error_ms - (there_s + back_s) / 2 * 1e3) < 0.1


@given(st.lists(st.tuples(_TIMES, _TIMES), min_size=1, max_size=20), _OFFSETS)
def test_a_clock_that_is_right_makes_no_news_beat_after_beat(ways: list[tuple[float, float]], ahead_s: float) -> None:
    clock, told = ServerClock(), set[object]()
    for number, (there_s, back_s) in enumerate(ways):
        see(clock, ahead_s, 60.0 * number, there_s, back_s)
        told.add(clock.told)
    assert len(told) <= 1 + 9  # each sharper than the one before by a factor of four: 20 s to 0.1 ms


@given(st.floats(1, 10), st.floats(-0.05, 0.05))
def test_a_held_answer_is_no_measurement_and_no_contradiction(held_s: float, ahead_s: float) -> None:
    clock = ServerClock()
    see(clock, ahead_s, held_s=held_s)
    assert clock.told is None
    see(clock, ahead_s, 20)
    told = clock.told
    see(clock, ahead_s, 40, held_s=held_s)
    assert (clock.told, clock.takes_turn(at(60, ahead_s))) == (told, False)


def test_a_clock_that_was_set_is_measured_anew_and_told() -> None:
    clock = ServerClock()
    assert clock.takes_turn(at(0))
    see(clock, 0)
    assert not clock.takes_turn(at(AGAIN_S + 1))
    assert clock.takes_turn(at(AGAIN_S + 1, 3))
    see(clock, 3, AGAIN_S + 1)
    assert clock.told is not None
    assert abs(clock.told.offset_ms - 3_000) <= clock.told.error_ms


def test_a_servers_clock_that_was_set_is_noticed_by_a_held_answer() -> None:
    clock = ServerClock()
    see(clock, 0)
    see(clock, 30, AGAIN_S, held_s=10)  # to the client it is the same which of the two was set
    assert clock.takes_turn(at(AGAIN_S + 11, 30))


def test_it_measures_again_after_a_while_and_never_in_a_storm() -> None:
    clock = ServerClock()
    see(clock, 0)
    assert not clock.takes_turn(at(RENEW_S - 1))
    assert clock.takes_turn(at(RENEW_S + 1))
    turns = [clock.takes_turn(at(RENEW_S + 1 + seconds, ahead_s=100.0 * seconds)) for seconds in range(int(AGAIN_S))]
    assert not any(turns)


def test_what_was_under_way_when_the_clock_was_set_tells_nothing() -> None:
    clock = ServerClock()
    clock.see(at(0), at(0.1, 5), START + 0.05, may_be_held=False)
    assert clock.told is None


async def test_a_client_tells_how_far_its_clock_is_off_and_waits_for_work_all_the_same(tmp_path: Path) -> None:
    async with ContractServer() as contract, FakeOllama([FakeModel("tiny", interval_ms=1)]) as ollama:
        true_s = contract.clock_s
        contract.clock_s = lambda: true_s() - 7
        async with living(contract, ollama, tmp_path):
            await contract.until(lambda: contract.beats and contract.beats[-1].clock and contract.held[-1] == 10)
        clock = contract.beats[-1].clock
        assert clock is not None
        assert abs(clock.offset_ms - 7_000) <= clock.error_ms + 1
        assert contract.beats[0].clock is None
