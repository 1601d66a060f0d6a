"""How far OBT's own numbers are from the truth, and others': `python -m bench.accuracy --help`."""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench._cell import Cell, run_cell
from bench._command import CommandError
from bench._first import First, first_request
from bench._load import Load
from bench._machine import describe, in_a_line
from bench._peers import PEERS, install, prepare, program_of, size_mib
from bench._readers import READERS
from bench._size import Size, installed_client
from bench._tables import LEGEND, OURS, Aim, aims, print_aims, print_figures, print_ratios
from dev.paths import LOCAL
from obt_client.bench.standin.asked import Times

_HELP = """\
A stand-in of known times runs in a process of its own and notes, directly before each send(), when it hands a token to
the kernel. Each reader is a command of its own that reads so many streams, requests one after the other, and what it
told of each request is held against that record. All clocks are CLOCK_REALTIME of this machine.

  TTFT      told - (write of the first token - the stand-in's kernel had the whole request). A peer's own stamp of its
            send is not known, so the way there counts against all, OBT too
  gap       every single gap between tokens: seen - written (guidellm tells only the mean of each request)

The stand-in's own lateness and its share of a core are printed beside each row: what it wrote late is true all the
same, since the record holds when it wrote. Readers take turns; figures are medians over the pairs, ratios are made
pair by pair. The rate sweep has 1 ms a token: 64 streams are 64,000 tokens a second, where all readers are compared;
below that, OBT alone.

  python -m bench.accuracy --peers                       all; installs guidellm and aiperf once (6 GB)
  python -m bench.accuracy                               the same with the peers that are there already
  python -m bench.accuracy --readers obt --pairs 1       OBT alone, quickly
  python -m bench.accuracy --streams 128 --sweep ""      one level, no rate sweep
"""
_OVERHEAD_S = {"guidellm": 15.0, "aiperf": 8.0}
"""What a command takes beside the streaming, on a quiet machine of two cores; of others, about one."""
_PEERS_DIR = LOCAL / "peers"
_LEVEL = Times(ttft_ms=50, interval_ms=10, tokens=128)
_SWEEP = Times(ttft_ms=50, interval_ms=1, tokens=1_000)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One cell that is to be measured."""

    reader: str
    load: Load
    pair: int


def _turns(readers: list[str], options: argparse.Namespace) -> list[_Turn]:
    """Level by level, the readers taking turns; which of them begins changes from pair to pair."""
    levels, pairs = _numbers(options.streams), _numbers(options.pairs)
    turns = list[_Turn]()
    for number, of_level in zip(levels, pairs if len(pairs) > 1 else pairs * len(levels), strict=True):
        turns += _taking_turns(readers, Load(number, _LEVEL, options.waves), of_level, options.plain_pairs)
    sweep = _numbers(options.sweep)
    for number in sweep:
        who = readers if options.sweep_all or number == max(sweep) else [name for name in readers if name == OURS]
        turns += _taking_turns(who, Load(number, _SWEEP, options.waves), options.sweep_pairs, options.plain_pairs)
    return turns


def _taking_turns(readers: list[str], load: Load, pairs: int, plain_pairs: int) -> list[_Turn]:
    """Plain readers are there for comparison: fewer pairs tell enough of them."""
    turns = list[_Turn]()
    for pair in range(1, pairs + 1):
        order = [name for name in readers if name == OURS or name in PEERS or pair <= plain_pairs]
        turns += [_Turn(name, load, pair) for name in (order if pair % 2 else reversed(order))]
    return turns


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number.strip()]


async def _measured(turns: list[_Turn], peers_dir: Path) -> list[Cell]:
    cells = list[Cell]()
    begin_s, expected_s = time.monotonic(), sum(turn.load.ideal_s + _OVERHEAD_S.get(turn.reader, 1.0) for turn in turns)
    _say(f"{len(turns)} runs, about {expected_s / 60:.0f} minutes on a quiet machine")
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), max(turn.load.streams * turn.load.waves for turn in turns))
        for number, turn in enumerate(turns, 1):
            doing = f"{turn.load.streams} streams, {turn.load.times.interval_ms:g} ms, pair {turn.pair}: {turn.reader}"
            _say(f"[{number}/{len(turns)}, {time.monotonic() - begin_s:.0f} s] {doing}")
            try:
                cells.append(await run_cell(turn.reader, turn.load, turn.pair, Path(name), peers_dir))
            except CommandError as error:
                _say(f"left out: {error}")
    return cells


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _present(names: list[str], options: argparse.Namespace) -> list[str]:
    """Install what is asked for; leave out, and say so, what is not there."""
    missing = list[str]()
    for name in PEERS.keys() & set(names):
        if options.peers:
            install(name, options.peers_dir, _say)
        missing += [] if program_of(name, options.peers_dir).exists() else [name]
    if missing:
        _say(f"not installed, left out: {', '.join(sorted(missing))} (--peers installs them)")
    return [name for name in names if name not in missing]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy",
        description="OBT's figures and others' against the record of a server with known times.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = [*READERS, *PEERS]
    parser.add_argument("--streams", default="1,8,32,128,256", help="levels at 10 ms a token (%(default)s)")
    parser.add_argument("--sweep", default="8,16,32,64", help="levels at 1 ms a token (%(default)s)")
    parser.add_argument("--readers", default="obt,guidellm,aiperf,aiohttp,httpx", help=f"of {', '.join(known)}")
    parser.add_argument("--pairs", default="5,3,3,5,5", help="one number for all levels, or one of each (%(default)s)")
    parser.add_argument("--plain-pairs", type=int, default=1, help="of readers that are no peers (%(default)s)")
    parser.add_argument("--sweep-pairs", type=int, default=1, help="of the rate sweep (%(default)s)")
    parser.add_argument("--sweep-all", action="store_true", help="all readers at all rates, not at the highest only")
    parser.add_argument("--waves", type=int, default=3, help="requests of each stream, at least 2 (%(default)s)")
    parser.add_argument("--peers", action="store_true", help="install guidellm and aiperf where they are not yet")
    parser.add_argument("--peers-dir", type=Path, default=_PEERS_DIR, help="where they are (.local/peers)")
    parser.add_argument("--command", default="obt-client bench {model}", help="whose first request and memory are seen")
    parser.add_argument("--no-size", action="store_true", help="do not install and weigh the client")
    parser.add_argument("--json", action="store_true", help="print everything as one JSON object")
    return parser


def _size() -> Size | None:
    _say("installing the client into an environment of its own, to weigh it")
    try:
        return installed_client()
    except subprocess.CalledProcessError as error:
        _say(f"not weighed: {error}")
        return None


async def _first(options: argparse.Namespace) -> First:
    _say(f"timing {options.command!r} to its first request, and weighing it in memory")
    return await first_request(options.command, _LEVEL.model)


def main() -> None:
    """Measure and print."""
    parser = _parser()
    options = parser.parse_args()
    wanted = options.readers.split(",")
    if len(_numbers(options.pairs)) not in {1, len(_numbers(options.streams))}:
        parser.error(f"--pairs {options.pairs}: one number, or one for each of --streams {options.streams}")
    if unknown := set(wanted) - {*READERS, *PEERS}:
        parser.error(f"no such reader: {', '.join(sorted(unknown))}; there are {', '.join([*READERS, *PEERS])}")
    machine, readers = describe(), _present(wanted, options)
    sizes = {name: size_mib(name, options.peers_dir) for name in readers if name in PEERS}
    first, size = asyncio.run(_first(options)), None if options.no_size else _size()
    cells = asyncio.run(_measured(_turns(readers, options), options.peers_dir))
    levels = [cell for cell in cells if cell.load.times == _LEVEL]
    rows = aims(levels, first, size)
    if options.json:
        told = {"machine": machine, "cells": [asdict(cell) for cell in cells], "aims": [asdict(aim) for aim in rows]}
        print(json.dumps({**told, "first": asdict(first), "size": asdict(size) if size else None, "peers_mib": sizes}))
        return
    print(in_a_line(machine))
    _print(levels, [cell for cell in cells if cell.load.times == _SWEEP], rows)
    _print_rest(first, size, sizes)


def _print(levels: list[Cell], sweep: list[Cell], rows: list[Aim]) -> None:
    print(f"\n{LEGEND}")
    for title, cells in (("10 ms a token, 128 tokens", levels), ("Rate sweep, 1 ms a token, 1,000 tokens", sweep)):
        if cells:
            print(f"\n{title}; 50 ms to the first token\n")
            print_figures(cells)
        if {OURS} < {cell.reader for cell in cells}:
            print("\nTimes OBT's, pair by pair: median (lowest to highest)\n")
            print_ratios(cells)
    print("\nAims\n")
    print_aims(rows)


def _print_rest(first: First, size: Size | None, peers_mib: dict[str, float]) -> None:
    if first.contact_s is None:
        print(f"\n{first.command!r} made no request.")
    else:
        print(
            f"\n{first.command!r}: first request of any kind after {first.contact_s} s, for tokens: {first.tokens_s} s"
        )
    if size:
        largest = ", ".join(f"{part} {mb}" for part, mb in size.largest_mb.items())
        print(f"Installed client: {size.compiled_mb} MB with byte code, {size.mb} MB without; largest: {largest}")
    for name, mib in peers_mib.items():
        print(f"Installed {name}: {mib:.0f} MiB")


if __name__ == "__main__":
    main()
