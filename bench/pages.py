"""How fast the dashboard's pages are over a large database: `python -m bench.pages --help`."""

import argparse
import asyncio
import json
import os
import statistics
import sys
from argparse import Namespace
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench._beats import beating
from bench._machine import describe, in_a_line
from bench._served import Served, add_options, served
from bench._targets import routes_of
from dev.browser import ensure_browser
from dev.dashboard import ensure_dashboard
from dev.node import Node, ensure_frontend

_HELP = """\
A real server over a filled database, whose clients beat and now and then load another model; a real browser without a
cache. Medians over the visits: first contentful and largest paint, ready (nothing is loading any more), the longest
task that blocked the page, layout shift; JavaScript, CSS and the API's answers compressed by gzip. Then the table of
models is scrolled while the fleet is live. With --lighthouse each page is judged by it, too: by its own defaults, a
phone on a slow network, or as a desktop; `machine` is how fast it found this one (a desktop of today: 1,500 and more).

  python -m bench.pages --folder million --times 5 --lighthouse
"""
_LIGHTHOUSE = "lighthouse@12.8.2"
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_GOOD = 0.9
_NEWS_PER_S = 20.0
Line = dict[str, Any]


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--times", type=int, default=5, help="visits of each page (5)")
    parser.add_argument("--only", help="measure only pages whose address holds this")
    parser.add_argument("--lighthouse", action="store_true", help="judge each page by Lighthouse, fetched by pnpm")
    parser.add_argument("--desktop", action="store_true", help="have Lighthouse judge it as a desktop, not as a phone")
    options = parser.parse_args()
    print(in_a_line(describe()))
    asyncio.run(_measure(options))


async def _measure(options: Namespace) -> None:
    ensure_dashboard(_say)
    node, browser = ensure_frontend(_say), ensure_browser(_say)
    async with served(options) as it, beating(it.beats(_NEWS_PER_S)):
        routes = [route for route in await routes_of(it.server) if not options.only or options.only in route]
        with TemporaryDirectory() as folder:
            out = Path(folder) / "lines.jsonl"
            env = {**_session(it), "OBT_SPEED_OUT": str(out), "OBT_SPEED_ROUTES": " ".join(routes), **browser}
            config = ("--config", "playwright.speed.config.ts")
            await _run(node.pnpm("exec", "playwright", "test", *config), {**node.env(), **env}, options.times)
            _print(list(map(json.loads, out.read_text("utf-8").splitlines())))
        if options.lighthouse:
            for route in routes:
                print(f"{route:40}", *await _lighthouse(node, it, route, browser, options), sep="  ", flush=True)


def _session(it: Served) -> dict[str, str]:
    cookie = "; ".join(f"{name}={value}" for name, value in it.server.owner.cookies.items())
    return {"OBT_SPEED_URL": it.server.url, "OBT_SPEED_COOKIE": cookie}


async def _run(command: Sequence[str], env: Mapping[str, str], times: int) -> None:
    variables = {**os.environ, **env, "OBT_SPEED_TIMES": str(times)}
    program = await asyncio.create_subprocess_exec(*command, cwd="frontend", env=variables, stdout=sys.stderr)
    if await program.wait():
        raise SystemExit("the browser's part failed: its output stands above")


async def _lighthouse(node: Node, it: Served, route: str, browser: Mapping[str, str], options: Namespace) -> list[str]:
    """Its scores, 0 to 100."""
    cookie = json.dumps({"Cookie": _session(it)["OBT_SPEED_COOKIE"]})
    flags = ("--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox", f"--extra-headers={cookie}")
    preset = ("--preset=desktop",) if options.desktop else ()
    program = await asyncio.create_subprocess_exec(
        *node.pnpm("dlx", _LIGHTHOUSE, f"{it.server.url}{route}", *flags, *preset),
        env={**os.environ, **node.env(), "CHROME_PATH": next(iter(browser.values()))},
        stdout=asyncio.subprocess.PIPE,
        cwd="frontend",
    )
    told, _ = await program.communicate()
    if program.returncode:
        return ["lighthouse failed"]
    return _scores(json.loads(told))


def _scores(report: Mapping[str, Any]) -> list[str]:
    """Of 100, each with the audits that cost it something."""
    told = [f"machine {report['environment']['benchmarkIndex']:.0f}"]
    for name in _CATEGORIES:
        category = report["categories"][name]
        weighed = [one["id"] for one in category["auditRefs"] if one["weight"]]
        lost = [audit for audit in weighed if (report["audits"][audit]["score"] or 0) < _GOOD]
        told.append(f"{name} {round((category['score'] or 0) * 100)}" + (f" ({', '.join(lost)})" if lost else ""))
    return told


def _print(lines: Sequence[Line]) -> None:
    by_route: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_route[line["route"]].append(line)
    print(f"{'':40}{'paint':>8}{'largest':>8}{'ready':>8}{'task':>7}{'shift':>7}{'JS kB':>8}{'CSS kB':>8}{'API kB':>8}")
    for route, visits in by_route.items():
        if "ready_ms" in visits[0]:
            print(f"{route:40}{_visits(visits)}")
    for line in lines:
        if "frames_ms" in line:
            print(f"{line['route']:40}{_frames(line['frames_ms'])}, {_tasks(line)}")
        elif "ready_ms" not in line:
            print(f"{line['route']:40}{_tasks(line)}")


def _visits(visits: Sequence[Line]) -> str:
    def median(name: str) -> float:
        return statistics.median(visit[name] for visit in visits)

    task = statistics.median(max(visit["long_tasks_ms"], default=0) for visit in visits)
    times = f"{median('first_paint_ms'):>8.0f}{median('largest_paint_ms'):>8.0f}{median('ready_ms'):>8.0f}{task:>7.0f}"
    sizes = "".join(f"{median(name) / 1_000:>8.1f}" for name in ("js_bytes", "css_bytes", "api_bytes"))
    return f"{times}{median('layout_shift'):>7.3f}{sizes}"


def _frames(frames_ms: Sequence[float]) -> str:
    ordered = sorted(frames_ms)
    p50, p95, p99 = (ordered[round(share * (len(ordered) - 1))] for share in (0.5, 0.95, 0.99))
    return f"frames p50 {p50:.1f} ms, p95 {p95:.1f}, p99 {p99:.1f}, n {len(ordered)}"


def _tasks(line: Line) -> str:
    return f"{len(line['long_tasks_ms'])} tasks over 50 ms, the longest {max(line['long_tasks_ms'], default=0):.0f} ms"


def _say(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    main()
