"""The best-known load generators for LLMs, from the package index, each in an environment of its own.

Both are asked for the same as OBT: so many streams, each with requests one after the other, streamed, through the
OpenAI-compatible endpoint. Their figures are read from the files that they write of each request.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench._load import Load
from bench._seen import Seen
from dev.bootstrap import ensure_uv
from obt_client.bench.standin.process import Truth

_TRIES = 3
_PROMPTS = "prompts.jsonl"
_WORDS = "tokenizer"
_TOKENIZER: dict[str, Any] = {
    **dict.fromkeys(("truncation", "padding", "normalizer", "post_processor", "decoder")),
    "version": "1.0",
    "added_tokens": [],
    "pre_tokenizer": {"type": "Whitespace"},
    "model": {"type": "WordLevel", "vocab": {"<unk>": 0, "a": 1}, "unk_token": "<unk>"},
}


@dataclass(frozen=True, slots=True)
class Peer:
    """One tool. `command` gets its program, the stand-in's URL, the load, the folder for what it reads and writes."""

    requirement: str
    command: Callable[[Path, str, Load, Path], list[str]]
    seen: Callable[[Path, Sequence[Truth]], list[Seen]]
    env: Mapping[str, str] = field(default_factory=dict[str, str])


def install(name: str, folder: Path, say: Callable[[str], None]) -> None:
    """Make `folder/name`, an environment with the tool; quick when it is there. Raises CalledProcessError."""
    if program_of(name, folder).exists():
        return
    say(f"installing {name} into {folder}: gigabytes, minutes")
    uv, part = ensure_uv(say), folder / f"{name}.part"
    subprocess.run([uv, "venv", "--quiet", "--clear", "--relocatable", "--python", sys.executable, part], check=True)
    command = [uv, "pip", "install", "--quiet", "--python", part / "bin" / "python", PEERS[name].requirement]
    for left in reversed(range(_TRIES)):
        if subprocess.run(command, check=not left).returncode == 0:
            break
    shutil.rmtree(folder / name, ignore_errors=True)
    part.rename(folder / name)  # whole or absent


def program_of(name: str, folder: Path) -> Path:
    """Where the tool's command is, whether installed or not."""
    return folder / name / "bin" / name


def size_mib(name: str, folder: Path) -> float:
    """What its environment takes on disk, in MiB; links are not followed."""
    files = (Path(place) / file for place, _, files in os.walk(folder / name) for file in files)
    return round(sum(file.lstat().st_size for file in files) / 2**20, 1)


def prepare(folder: Path, prompts: int) -> None:
    """Write what both read: prompts, and a tokenizer of one word (they count tokens before they ask anything)."""
    rows = (json.dumps({"text": f"n{number} why is the sky blue"}) + "\n" for number in range(prompts))
    (folder / _PROMPTS).write_text("".join(rows))
    words = folder / _WORDS
    words.mkdir(exist_ok=True)
    (words / "tokenizer.json").write_text(json.dumps(_TOKENIZER))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "<unk>", "model_max_length": 1_000_000}
    (words / "tokenizer_config.json").write_text(json.dumps(config))


def _guidellm(program: Path, url: str, load: Load, folder: Path) -> list[str]:
    backend = {"kind": "openai_http", "target": url, "model": load.times.model, "http2": False}
    return [
        *(str(program), "run", "--disable-console-interactive"),
        *("--backend", json.dumps(backend)),
        *("--profile", json.dumps({"kind": "concurrent", "streams": load.streams})),
        *("--constraint", json.dumps({"kind": "max_requests", "count": load.streams * load.waves})),
        *("--tokenizer", json.dumps({"kind": "hf_auto", "model": str(folder / _WORDS)})),
        *("--data", json.dumps({"kind": "json_file", "path": str(folder / _PROMPTS)})),
        *("--output", json.dumps({"kind": "json", "path": str(folder / "guidellm.json")})),
    ]


def _seen_by_guidellm(folder: Path, _truths: Sequence[Truth]) -> list[Seen]:
    """It keeps the answer's ID, which holds the request's number; of gaps it tells the mean only."""
    (report,) = json.loads((folder / "guidellm.json").read_bytes())["benchmarks"]
    return [
        Seen(
            number=int(row["response_id"].rpartition("-")[2]) - 1,
            ttft_ms=row["time_to_first_token_ms"],
            mean_gap_ms=row["inter_token_latency_ms"],
            gaps_ms=None,
            end_ns=round(row["request_end_time"] * 1e9),
        )
        for row in report["requests"]["successful"]
    ]


def _aiperf(program: Path, url: str, load: Load, folder: Path) -> list[str]:
    shutil.rmtree(folder / "aiperf", ignore_errors=True)
    return [
        *(str(program), "profile", "--ui", "none", "--no-gpu-telemetry", "--no-server-metrics"),
        *("--model", load.times.model, "--url", url, "--endpoint-type", "chat", "--streaming"),
        *("--tokenizer", str(folder / _WORDS), "--use-server-token-count"),
        *("--concurrency", str(load.streams), "--request-count", str(load.streams * load.waves)),
        *("--input-file", str(folder / _PROMPTS), "--custom-dataset-type", "single_turn"),
        *("--output-artifact-dir", str(folder / "aiperf")),
    ]


def _seen_by_aiperf(folder: Path, truths: Sequence[Truth]) -> list[Seen]:
    """It keeps the ID that it gave each request, and every gap."""
    numbers = {truth.request_id: number for number, truth in enumerate(truths)}
    rows = map(json.loads, (folder / "aiperf" / "profile_export.jsonl").read_text().splitlines())
    return [_one_of_aiperf(row["metadata"], row["metrics"], numbers) for row in rows if not row.get("error")]


def _one_of_aiperf(told: Mapping[str, Any], metrics: Mapping[str, Any], numbers: Mapping[str, int]) -> Seen:
    return Seen(
        number=numbers[told["x_request_id"]],
        ttft_ms=metrics["time_to_first_token"]["value"],
        mean_gap_ms=metrics["inter_token_latency"]["value"],
        gaps_ms=tuple(metrics["inter_chunk_latency"]["value"]),
        end_ns=told["request_end_ns"],
    )


PEERS = {
    "guidellm": Peer("guidellm==0.8.1", _guidellm, _seen_by_guidellm, {"HF_HUB_OFFLINE": "1"}),
    "aiperf": Peer("aiperf==0.13.0", _aiperf, _seen_by_aiperf),
}
