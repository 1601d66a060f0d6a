"""What a reader told, held against a record of truth."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench._load import Load
from bench._peers import PEERS
from bench._seen import Seen, judge
from obt_client.bench.standin.asked import Times
from obt_client.bench.standin.process import Truth

_LOAD = Load(streams=1, times=Times(ttft_ms=50, interval_ms=10, tokens=3), waves=2)
_MS = 1_000_000


def _truth(received_ms: int = 0, request_id: str = "") -> Truth:
    written = tuple((received_ms + ms) * _MS for ms in (51, 60, 70))
    told: dict[str, Any] = {"path": "/api/chat", "label": "a", "request_id": request_id, "blocked": 0}
    return Truth(
        **told, ttft_ms=50, interval_ms=10, tokens=3, received_ns=received_ms * _MS, written_ns=written, final_ns=None
    )


def _seen(number: int = 0, end_ms: int = 71, **more: Any) -> Seen:
    told = Seen(number=number, ttft_ms=51.5, mean_gap_ms=9.5, gaps_ms=(9.0, 10.0), end_ns=end_ms * _MS)
    return replace(told, **more)


def test_errors_are_absolute_and_in_microseconds() -> None:
    judged = judge(_LOAD, [_seen(), _seen(1, 142, ttft_ms=50.0, gaps_ms=(9.0, 10.25))], [_truth(), _truth(71)])
    assert judged.ttft.max_us == pytest.approx(1_000)
    assert judged.gap is not None
    assert (judged.gap.n, judged.gap.max_us) == (4, pytest.approx(250))
    assert judged.mean_gap is not None
    assert judged.mean_gap.max_us == pytest.approx(0)


def test_what_a_tool_does_not_tell_is_not_measured() -> None:
    judged = judge(_LOAD, [_seen(gaps_ms=None, mean_gap_ms=None)], [_truth()])
    assert (judged.gap, judged.mean_gap) == (None, None)


def test_tokens_glued_together_count_as_one_error_of_the_whole_stretch() -> None:
    judged = judge(_LOAD, [_seen(gaps_ms=(24.0,))], [_truth()])
    assert judged.gap is not None
    assert (judged.gap.n, judged.gap.max_us) == (1, pytest.approx(5_000))


def test_what_the_stand_in_wrote_late_is_its_own_lateness_not_the_readers_error() -> None:
    judged = judge(_LOAD, [_seen(ttft_ms=51.0)], [_truth()])
    assert judged.ttft.max_us == pytest.approx(0)
    assert judged.standin_late_p99_ms == pytest.approx(1)


def test_delivered_is_the_rate_after_the_first_wave_over_the_ideal() -> None:
    seen = [_seen(number, end_ms) for number, end_ms in enumerate((71, 213))]  # the second took twice as long
    assert judge(_LOAD, seen, [_truth(), _truth(71)]).delivered_of_ideal == pytest.approx(0.5)
    assert judge(_LOAD, seen[:1], [_truth()]).delivered_of_ideal is None


def test_guidellms_report_is_read(tmp_path: Path) -> None:
    row = {
        "response_id": "chatcmpl-2",
        "time_to_first_token_ms": 51.5,
        "inter_token_latency_ms": 9.5,
        "request_end_time": 0.071,
    }
    (tmp_path / "guidellm.json").write_text(json.dumps({"benchmarks": [{"requests": {"successful": [row]}}]}))
    assert PEERS["guidellm"].seen(tmp_path, ()) == [_seen(1, gaps_ms=None)]


def test_aiperfs_records_are_read_and_failed_ones_left_out(tmp_path: Path) -> None:
    metrics = {"time_to_first_token": 51.5, "inter_token_latency": 9.5, "inter_chunk_latency": [9.0, 10.0]}
    told = {"x_request_id": "b", "request_end_ns": 71 * _MS}
    good = {"metadata": told, "metrics": {name: {"value": value} for name, value in metrics.items()}}
    failed = {"metadata": told, "metrics": {}, "error": {"code": 500}}
    (tmp_path / "aiperf").mkdir()
    rows = "\n".join(map(json.dumps, (good, failed)))
    (tmp_path / "aiperf" / "profile_export.jsonl").write_text(rows)
    truths = [_truth(request_id="a"), _truth(request_id="b")]
    assert PEERS["aiperf"].seen(tmp_path, truths) == [_seen(1)]
