"""One reader under one load, as a command of its own: `python -m bench._reader_process --help`."""

import argparse
import asyncio
import json
import time
from pathlib import Path

from bench._readers import READERS, Read, Reader


async def _one_stream(read: Reader, options: argparse.Namespace, number: int) -> list[tuple[str, Read, int]]:
    """Requests one after the other; with each, when this program had done with it."""
    done = list[tuple[str, Read, int]]()
    for wave in range(options.waves):
        label = f"n{number}-{wave} why is the sky blue"
        seen = await read(options.url, {"model": options.model, "prompt": label})
        done.append((label, seen, time.time_ns()))
    return done


async def _read_all(options: argparse.Namespace) -> list[tuple[str, Read, int]]:
    async with READERS[options.reader]() as read:
        streams = await asyncio.gather(*(_one_stream(read, options, number) for number in range(options.streams)))
    return [row for rows in streams for row in rows]


def _row(label: str, seen: Read, end_ns: int) -> dict[str, object]:
    told = {"label": label, "sent_ns": seen.sent_ns, "tokens_ns": seen.tokens_ns, "end_ns": end_ns}
    return {**told, "merged": seen.merged, "flagged": seen.flagged}


def main() -> None:
    """Read all and write down what was seen."""
    parser = argparse.ArgumentParser(prog="python -m bench._reader_process", description=__doc__)
    parser.add_argument("--reader", choices=list(READERS), required=True)
    parser.add_argument("--url", required=True, help="of the stand-in")
    parser.add_argument("--model", required=True, help="its tag chooses the times")
    parser.add_argument("--streams", type=int, default=1)
    parser.add_argument("--waves", type=int, default=1, help="requests of each stream")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines, one a request")
    options = parser.parse_args()
    rows = asyncio.run(_read_all(options))
    options.out.write_text("".join(json.dumps(_row(*row)) + "\n" for row in rows))


if __name__ == "__main__":
    main()
