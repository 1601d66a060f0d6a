"""`obt-client bench` as a process, beside a fake Ollama in another one."""

import csv
import io
import json
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from obt_client.cli.run_files import read_run
from obt_core.jobs import OutcomeStatus
from obt_core.results import SampleRole
from obt_core.runs import SavedRun
from obt_core.statistics import SAMPLES_FOR_INTERVAL
from tests.fake_ollama import FakeModel, FakeOllamaProcess

from .processes import output, parts_in, start, until_samples
from .runs import SUITE, a_job, a_run, jitter

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
SUITE_FILE = """
name = "tiny"
title = "Tiny"
blocks = 2
warmup_max = 2

[[workloads]]
name = "chat"
prompt = { kind = "text", text = "one two three" }
generate_tokens = 16
samples = 24
budget_s = 60

[[workloads]]
name = "load"
prompt = { kind = "text", text = "hello" }
generate_tokens = 2
cold = true
samples = 2
budget_s = 60
"""
FAST = FakeModel("fast", ttft_ms=4, interval_ms=2, load_ms=10)
SLOW = FakeModel("slow:q8", ttft_ms=8, interval_ms=6, load_ms=10)


@pytest.fixture
async def ollama() -> AsyncGenerator[FakeOllamaProcess]:
    async with FakeOllamaProcess([FAST, SLOW, FakeModel("vectors", capabilities=("embedding",))]) as fake:
        await fake.clear_record()
        yield fake


async def bench(folder: Path, ollama: FakeOllamaProcess | None, *arguments: str) -> Process:
    (folder / "tiny.toml").write_text(SUITE_FILE)
    url = ollama.url if ollama else "http://127.0.0.1:1"
    return await start(folder, "bench", *arguments, OBT_OLLAMA_URL=url)


async def run(folder: Path, ollama: FakeOllamaProcess, *arguments: str) -> tuple[int, str, str]:
    told = ("--suite", "tiny.toml", "--no-calibrate", "--output", "run.json", *arguments)
    return await output(await bench(folder, ollama, *told))


def measured(run: SavedRun) -> dict[str, int]:
    return {job.model.name: sum(sample.role is not SampleRole.WARMUP for sample in job.samples) for job in run.jobs}


async def test_two_models_are_measured_in_turns_shown_and_saved(ollama: FakeOllamaProcess, tmp_path: Path) -> None:
    status, out, err = await run(tmp_path, ollama, "fast", "slow:q8", "fast:latest", "--seed", "3")
    assert status == 0, err
    assert "fast:latest  1.0B Q8_0" in out
    assert re.search(r"fast:latest decodes \d\.\d\d \[[^]]*\] times\s+as\s+fast\s+as\s+slow:q8", out), out
    assert "chat 0 of at most 24" in err
    saved = read_run(tmp_path / "run.json")
    assert measured(saved) == {"fast:latest": 26, "slow:q8": 26}
    assert {job.outcome.status for job in saved.jobs} == {OutcomeStatus.COMPLETED}
    assert (saved.order_seed, saved.suite.name, saved.hardware.known) == (3, "tiny", True)
    asked = [request.body.get("model") for request in await ollama.record() if request.path == "/api/chat"]
    turns = [name for name, before in zip(asked, [None, *asked], strict=False) if name != before]
    assert 3 <= len(turns) <= 4  # two blocks, each with both models


async def test_each_form_goes_to_standard_output_and_nothing_else_does(
    ollama: FakeOllamaProcess, tmp_path: Path
) -> None:
    status, out, err = await run(tmp_path, ollama, "fast", "--json")
    assert (status, json.loads(out)["summaries"][0]["model"]) == (0, "fast:latest")
    assert "Saved: run.json" in err
    (tmp_path / "piped.json").write_text(out)
    assert read_run(tmp_path / "piped.json") == read_run(tmp_path / "run.json")
    _, out, _ = await run(tmp_path, ollama, "fast", "--csv", "--quiet")
    assert {row["model"] for row in csv.DictReader(io.StringIO(out))} == {"fast:latest"}
    _, out, err = await run(tmp_path, ollama, "fast", "--benchstat", "--quiet")
    assert out.count("BenchmarkModel/name=fast:latest/workload=chat/step=generate 1 ") >= SAMPLES_FOR_INTERVAL
    assert err == "Saved: run.json\n"


async def test_a_model_that_got_slower_fails_the_build(ollama: FakeOllamaProcess, tmp_path: Path) -> None:
    told = ("fast", "--quiet", "--fail-if", "decode:slower:20%")
    assert (await run(tmp_path, ollama, "fast", "--quiet"))[0] == 0
    (tmp_path / "run.json").rename(tmp_path / "before.json")
    status, out, err = await run(tmp_path, ollama, *told, "--against", "before.json")
    assert (status, "no difference" in out) == (0, True), err
    await ollama.put_model(FakeModel("fast", ttft_ms=4, interval_ms=6, load_ms=10))
    status, out, err = await run(tmp_path, ollama, *told, "--against", "before.json")
    assert status == 3
    assert "--fail-if decode:slower:20%: fast:latest chat, decode: Slower by 6" in err


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_and_keeps_what_was_measured(
    ollama: FakeOllamaProcess, tmp_path: Path, number: signal.Signals
) -> None:
    await ollama.put_model(FakeModel("fast", interval_ms=30, load_ms=10))
    running = await bench(tmp_path, ollama, "fast", "slow:q8", "--no-calibrate", "--output", "run.json")
    seen = await until_samples(tmp_path / "run.json.part", 3)
    running.send_signal(number)
    status, out, err = await output(running)
    assert status == 130
    assert "what was measured is kept" in err
    saved = read_run(tmp_path / "run.json")
    assert sum(len(job.samples) for job in saved.jobs) >= seen
    assert {job.outcome.status for job in saved.jobs} == {OutcomeStatus.CANCELLED}
    assert "cancelled" in out
    assert not (tmp_path / "run.json.part").exists()


@posix
async def test_a_second_signal_ends_it_at_once_and_leaves_what_is_on_disk(
    ollama: FakeOllamaProcess, tmp_path: Path
) -> None:
    await ollama.put_model(FakeModel("fast", interval_ms=30))
    running = await bench(tmp_path, ollama, "fast", "--no-calibrate", "--output", "run.json")
    seen = await until_samples(tmp_path / "run.json.part", 3)
    await ollama.restart(down_s=30)  # leaving memory has to wait
    running.send_signal(signal.SIGINT)
    assert running.stderr is not None
    while b"Stopping" not in await running.stderr.readline():
        pass
    running.send_signal(signal.SIGINT)
    status, _, _ = await output(running)
    assert status == 130
    left = next(path for path in (tmp_path / "run.json", tmp_path / "run.json.part") if path.exists())
    assert len(read_run(left).jobs[0].samples) >= seen


async def test_obts_own_error_is_measured_once_and_told_with_the_result(
    ollama: FakeOllamaProcess, tmp_path: Path
) -> None:
    told = ("fast", "--suite", "tiny.toml", "--output", "run.json")
    status, out, err = await output(await bench(tmp_path, ollama, *told))
    assert status == 0
    assert "Measuring OBT's own error first" in err
    assert "OBT's own error here with 1 stream: TTFT ≤ " in out
    environment = read_run(tmp_path / "run.json").jobs[0].outcome.environment
    assert environment is not None
    assert environment.own_error is not None
    _, _, err = await output(await bench(tmp_path, ollama, *told))
    assert "own error" not in err


async def test_without_a_model_it_lists_what_is_installed_and_what_to_type_next(
    ollama: FakeOllamaProcess, tmp_path: Path
) -> None:
    status, out, _ = await output(await bench(tmp_path, ollama))
    assert status == 0
    assert "slow:q8" in out
    assert "it makes embeddings" in out
    assert "Next: obt-client bench " in out
    status, out, _ = await output(await bench(tmp_path, ollama, "--list-suites"))
    assert status == 0
    assert all(name in out for name in ("quick", "standard", "concurrency", "context", "cold-start", "at most"))


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nosuch"], 2, "nosuch:latest is not installed here. Installed: fast:latest"),
        (["vectors"], 2, "it makes embeddings"),
        (["fast", "--suite", "nosuch"], 2, "Shipped: quick"),
        (["fast", "--suite", "broken.toml"], 2, "broken.toml"),
        (["fast", "--json", "--csv"], 2, "One form at a time"),
        (["fast", "--fail-if", "slower:5%"], 2, "--against FILE"),
        (["fast", "--against", "before.json", "--fail-if", "slow"], 2, "METRIC:slower:5%"),
        (["fast", "--against", "before.json"], 2, "incomparable"),
        (["fast", "--against", "missing.json"], 1, "cannot be read"),
        (["fast", "--output", "no/folder/x.json"], 1, "cannot be written"),
        (["fast", "--output", "broken.toml"], 1, "is no saved run"),
        (["fast", "--blocks", "0"], 2, "--blocks"),
        (["fast", "--compare", "before.json", "before.json"], 2, "name no model"),
    ],
)
async def test_what_cannot_be_is_refused_before_a_model_is_asked(
    ollama: FakeOllamaProcess, tmp_path: Path, arguments: list[str], status: int, words: str
) -> None:
    (tmp_path / "broken.toml").write_text("name = [")
    (tmp_path / "before.json").write_text(a_run().model_dump_json())
    found, _, err = await output(await bench(tmp_path, ollama, *arguments))
    assert (found, words in err) == (status, True), err
    assert not [request for request in await ollama.record() if request.path in {"/api/chat", "/api/generate"}]
    assert not parts_in(tmp_path)


async def test_an_ollama_that_is_away_is_told_without_a_trace(tmp_path: Path) -> None:
    status, _, err = await output(await bench(tmp_path, None, "fast"))
    assert status == 1
    assert "Is it running (ollama serve)?" in err
    status, _, err = await output(await bench(tmp_path, None, "fast", "--ollama", "http://192.0.2.7"))
    assert status == 2
    assert "OBT_ALLOW_REMOTE_OLLAMA" in err


async def test_saved_runs_are_compared_without_an_ollama(tmp_path: Path) -> None:
    runs = {
        "before.json": a_run(a_job(decode=jitter(100))),
        "slower.json": a_run(a_job(decode=jitter(90, seed=2))),
        "other.json": a_run(suite=SUITE.model_copy(update={"warmup_max": 9})),
    }
    for name, saved in runs.items():
        (tmp_path / name).write_text(saved.model_dump_json())
    compare = ("--compare", "before.json")
    status, out, _ = await output(await bench(tmp_path, None, *compare, "slower.json"))
    assert (status, "Slower by 10 %" in out) == (0, True)
    status, _, err = await output(await bench(tmp_path, None, *compare, "slower.json", "--fail-if", "slower:5%"))
    assert (status, "--fail-if slower:5%" in err) == (3, True)
    status, _, err = await output(await bench(tmp_path, None, *compare, "slower.json", "--fail-if", "load:slower:5%"))
    assert (status, "too few samples to judge" in err) == (1, True)
    status, _, err = await output(await bench(tmp_path, None, *compare, "other.json"))
    assert (status, "Only runs of one suite" in err) == (2, True)


async def test_the_help_teaches_by_examples_and_fits_eighty_columns(tmp_path: Path) -> None:
    status, out, _ = await output(await start(tmp_path, "bench", "--help", COLUMNS="80"))
    assert status == 0
    assert max(map(len, out.splitlines())) <= 80
    for told in ("obt-client bench llama3.2", "--fail-if slower:5%", "130  stopped", "--compare", "--calibrate"):
        assert told in out
