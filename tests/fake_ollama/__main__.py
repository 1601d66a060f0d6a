"""Run the fake Ollama as a process of its own: `python -m tests.fake_ollama --help`."""

import argparse
import asyncio
import gc
import json
import selectors
import signal
import sys
from pathlib import Path

from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.server import FakeOllama
from tests.fake_ollama.tls import serving_by

_SPIN_US = 150.0
"""The kernel wakes a sleeper up to about so late; that part of a wait is spun."""

_HELP = """\
The first line printed is its URL, with --certificate the second is its https:// one. Without --config one model is
served, made of the options below; a config file is a JSON list of models with the fields of
tests.fake_ollama.FakeModel. While it runs:

  curl -s $URL/_fake/record                          what came in, and when each chunk was written
  curl -s -X DELETE $URL/_fake/record                forget it
  curl -s -X PUT  $URL/_fake/models -d '{"name": "big", "ttft_ms": 300, "interval_ms": 20, "slots": 4}'
  curl -s -X POST $URL/_fake/faults -d '{"kind": "cut", "after_chunks": 5, "times": 2}'
  curl -s -X PUT  $URL/_fake/pullable -d '{"model": {"name": "new"}, "layers": [4000000, 500], "bytes_per_s": 1e6}'
  curl -s -X POST $URL/_fake/restart -d '{"down_s": 3}'
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fake_ollama",
        description="An Ollama with known times, and faults on demand.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one (default)")
    parser.add_argument("--config", type=Path, help="JSON file with a list of models")
    parser.add_argument("--model", default="tiny:latest", help="name of the model (%(default)s)")
    parser.add_argument("--ttft-ms", type=float, default=50.0, help="request to first chunk (%(default)s)")
    parser.add_argument("--interval-ms", type=float, default=10.0, help="between tokens; 0: no pause (%(default)s)")
    parser.add_argument("--load-ms", type=float, default=0.0, help="time to load the model (%(default)s)")
    parser.add_argument("--tokens", type=int, default=128, help="tokens without num_predict (%(default)s)")
    parser.add_argument("--slots", type=int, default=64, help="requests served at a time (%(default)s)")
    parser.add_argument("--certificate", type=Path, help="PEM file with certificate and key: serves https too")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input ends")
    return parser


def _models(options: argparse.Namespace) -> list[FakeModel]:
    if options.config:
        return [FakeModel.from_json(plain) for plain in json.loads(options.config.read_text())]
    names = ("ttft_ms", "interval_ms", "load_ms", "tokens", "slots")
    return [FakeModel(name=options.model, **{name: getattr(options, name) for name in names})]


async def _serve(options: argparse.Namespace) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    if options.until_stdin_closes:
        loop.add_reader(sys.stdin, ended.set)
    tls = serving_by(options.certificate) if options.certificate else None
    async with FakeOllama(_models(options), port=options.port, spin_us=_SPIN_US, tls=tls) as fake:
        sys.stdout.write(f"{fake.url}\n" + (f"{fake.tls_url}\n" if tls else ""))
        sys.stdout.flush()
        await ended.wait()


def main() -> None:
    """Serve until a signal. select() waits in microseconds where epoll knows milliseconds only."""
    options = _parser().parse_args()
    gc.disable()  # a collection would hold up every stream; the record makes no cycles
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        runner.run(_serve(options))


if __name__ == "__main__":
    main()
