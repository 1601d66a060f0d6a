"""One reader under one load, once: run as a command, watched, and held against the stand-in's record."""

import json
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench._command import Watched, watch
from bench._load import Load
from bench._peers import PEERS, program_of
from bench._seen import Judged, Seen, judge
from obt_client.bench.standin.process import StandIn, Truth

_START_S = 90.0
"""How long a command may take beside the streaming itself."""
_PATIENCE = 12.0
"""How many times longer than ideal the streaming may take."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one run of a reader's command came to. CPU: seconds of one core.

    `cpu_s_per_1000_tokens` counts from the first request to the last end, `cpu_s` all of the command.
    """

    reader: str
    pair: int
    load: Load
    judged: Judged
    cpu_s_per_1000_tokens: float
    cpu_s: float
    memory_mib: float
    first_request_s: float
    standin_cpu_share: float | None


async def run_cell(reader: str, load: Load, pair: int, folder: Path, peers: Path) -> Cell:
    """Run one. Raises CommandError, StandInError."""
    async with StandIn() as standin:
        watched = await watch(
            command_of(reader, standin.url, load, folder, peers),
            log=folder / f"{reader}.log",
            timeout_s=_START_S + load.ideal_s * _PATIENCE,
            env=PEERS[reader].env if reader in PEERS else None,
        )
        truths, report = await standin.truths(), await standin.report()
    seen = PEERS[reader].seen(folder, truths) if reader in PEERS else _seen(folder, truths)
    judged = judge(load, seen, truths)
    return Cell(
        reader=reader,
        pair=pair,
        load=load,
        judged=judged,
        cpu_s_per_1000_tokens=round(
            _streaming_cpu_s(watched, truths, seen) / judged.requests / load.times.tokens * 1e3, 5
        ),
        cpu_s=round(watched.cpu_s, 3),
        memory_mib=watched.memory_mib,
        first_request_s=round((truths[0].received_ns - watched.started_ns) / 1e9, 3),
        standin_cpu_share=report.cpu_share,
    )


def command_of(reader: str, url: str, load: Load, folder: Path, peers: Path) -> list[str]:
    """The command that reads this load from the stand-in at `url`; `folder` is for what it reads and writes."""
    if reader in PEERS:
        return PEERS[reader].command(program_of(reader, peers), url, load, folder)
    return [
        *(sys.executable, "-m", "bench._reader_process", "--reader", reader, "--url", url, "--model", load.times.model),
        *("--streams", str(load.streams), "--waves", str(load.waves), "--out", str(_out(folder))),
    ]


def _out(folder: Path) -> Path:
    return folder / "reader.jsonl"


def _seen(folder: Path, truths: tuple[Truth, ...]) -> list[Seen]:
    """Of a reader of our own: told apart by their prompts."""
    numbers = {truth.label: number for number, truth in enumerate(truths)}
    rows = map(json.loads, _out(folder).read_text().splitlines())
    return [
        Seen(
            number=numbers[row["label"]],
            ttft_ms=(row["tokens_ns"][0] - row["sent_ns"]) / 1e6,
            mean_gap_ms=(row["tokens_ns"][-1] - row["tokens_ns"][0]) / (len(row["tokens_ns"]) - 1) / 1e6,
            gaps_ms=tuple((later - earlier) / 1e6 for earlier, later in pairwise(row["tokens_ns"])),
            end_ns=row["end_ns"],
            merged=row["merged"],
            flagged=row["flagged"],
        )
        for row in rows
    ]


def _streaming_cpu_s(watched: Watched, truths: tuple[Truth, ...], seen: list[Seen]) -> float:
    begin_ns = min(truths[one.number].received_ns for one in seen)
    end_ns = max(one.end_ns for one in seen)
    return watched.cpu_share_between(begin_ns, end_ns) * (end_ns - begin_ns) / 1e9
