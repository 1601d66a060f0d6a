"""`python -m obt_client.bench.standin`: run the stand-in by hand."""

import argparse
import json
import signal
import sys
from contextlib import suppress

from obt_client.bench.standin.asked import Times
from obt_client.bench.standin.server import Server

_HELP = """\
Times are chosen by the model's tag, or by these options where it names none:

  standin:t50-i10-n128     50 ms to the first token, 10 ms from token to token, 128 tokens

num_predict, max_tokens and max_completion_tokens go before the tag. Endpoints: /api/generate, /api/chat,
/v1/chat/completions, /v1/completions (streamed only), and /api/version, tags, ps, show, /v1/models, /health.
The record of truth:

  GET /standin/record      each request with the stamp of each token, read directly before its send()
  GET /standin/report      how late its own writes were, tokens per second, its share of a core
  GET /standin/clear       forget all requests

Stamps are nanoseconds of CLOCK_REALTIME. When stopped, it prints the report.
"""


def main() -> None:
    """Serve until SIGINT, SIGTERM, or the end of the pipe."""
    options = _parser().parse_args()
    server = Server(options.host, options.port, Times(options.ttft_ms, options.interval_ms, options.tokens))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.until_stdin_ends:
        server.stop_with(sys.stdin)
    with suppress(KeyboardInterrupt):
        _say(f"http://{options.host}:{server.port}")
        server.serve()
    if not options.until_stdin_ends:
        _say(json.dumps(server.record.report()))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    usual = Times()
    parser = argparse.ArgumentParser(
        prog="python -m obt_client.bench.standin",
        description="A server with known times and a record of what it wrote when.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0: one that is free, printed (%(default)s)")
    parser.add_argument("--ttft-ms", type=float, default=usual.ttft_ms, help="to the first token (%(default)s)")
    parser.add_argument("--interval-ms", type=float, default=usual.interval_ms, help="a token (%(default)s)")
    parser.add_argument("--tokens", type=int, default=usual.tokens, help="of an answer (%(default)s)")
    parser.add_argument("--until-stdin-ends", action="store_true", help="stop when standard input is closed")
    return parser


if __name__ == "__main__":
    main()
