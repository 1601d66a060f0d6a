"""The second half of `make demo`: Ollama, server and client at work, their results on the screen."""

import asyncio
import os
import platform
import re
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console

from dev import random_models, real_ollama
from dev.children import Children, clean_environment
from dev.demo import DATA, OLLAMA_URL, parse_arguments
from dev.demo_session import Wanted, measure
from dev.paths import LOGS, venv_program
from dev.program import INTERRUPTED, run_main
from dev.server_api import ServerApi, secret_link
from dev.shell import relative
from dev.trouble import Trouble

READY_S = 60.0
POLL_S = 0.2
DRAIN_S = 5
LOG_COLUMNS = 100
ADMINISTRATOR = "demo"
"""Who signs in to the demo's server, by links alone."""
T = TypeVar("T")


@dataclass
class Demo:
    """What the command line asked for, and where it is shown."""

    port: int
    suite: str
    models: list[str]
    once: bool
    console: Console

    @property
    def url(self) -> str:
        """Where the server of the demo listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def server_env(self) -> dict[str, str]:
        """The server's settings, which its commands need too."""
        return {"OBT_DATA_DIR": str(DATA / "server"), "OBT_HOST": "127.0.0.1", "OBT_PORT": str(self.port)}


async def run(demo: Demo, signals: "Signals") -> int:
    """Start everything, measure, show, and serve until a signal ends it; all is stopped on every way out."""
    async with Children(DATA) as children:
        return await watched(children, _measure_and_serve(demo, children, signals))


async def watched(children: Children, work: Awaitable[T]) -> T:
    """Await `work`, unless a program ends by itself first: then its Trouble is raised."""
    watching, working = asyncio.ensure_future(children.watch()), asyncio.ensure_future(work)
    try:
        await asyncio.wait((watching, working), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else await watching
    finally:
        for task in (watching, working):
            task.cancel()
        await asyncio.gather(watching, working, return_exceptions=True)


async def _ollama(demo: Demo, children: Children) -> str:
    """Return the URL of an Ollama with a model to measure: the one that was found, else our own."""
    found = os.environ.get(OLLAMA_URL, "")
    url = found or await _own_ollama(demo, children)
    if not await asyncio.to_thread(random_models.has_measurable, url):
        demo.console.print("No model is installed: making two small ones with random weights.")
        await asyncio.to_thread(random_models.ensure_models, url, random_models.DEMO_MODELS, _say(demo))
        if found:
            names = " ".join(random_models.model_name(*model) for model in random_models.DEMO_MODELS)
            demo.console.print(f"  (`ollama rm {names}` takes them away again)", highlight=False)
    return url


async def _own_ollama(demo: Demo, children: Children) -> str:
    ollama = await children.start("Ollama", real_ollama.serve_command(), real_ollama.serve_environment())
    try:
        async with asyncio.timeout(real_ollama.START_S):
            while (url := real_ollama.url_in(ollama.log)) is None:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(POLL_S)
    except TimeoutError as error:
        raise real_ollama.did_not_start(ollama.log) from error
    demo.console.print(f"The installed Ollama runs on {url}.", highlight=False)
    return url


def _say(demo: Demo) -> Callable[[str], None]:
    return lambda text: demo.console.print(f"  {text}", highlight=False)


async def _measure_and_serve(demo: Demo, children: Children, signals: "Signals") -> int:
    ollama_url = await _ollama(demo, children)
    await _start_server(demo, children)
    async with ServerApi(demo.url) as api:
        await _until_ready(api)
        await _ensure_administrator(demo)
        await api.sign_in(secret_link(await _sign_in_link(demo)))
        await _start_client(demo, children, ollama_url)
        installed = await asyncio.to_thread(random_models.installed, ollama_url)
        is_complete = await measure(api, demo.console, Wanted(demo.suite, demo.models, set(installed)))
    if demo.once:
        demo.console.print("To look at them in the browser: make demo", highlight=False)
    else:
        await _serve(demo, signals)
    return 0 if is_complete else 1


async def _start_server(demo: Demo, children: Children) -> None:
    command = [venv_program("obt-server"), "serve", "--port", str(demo.port)]
    await children.start("the server", command, demo.server_env)


async def _until_ready(api: ServerApi) -> None:
    try:
        async with asyncio.timeout(READY_S):
            while not await api.is_ready():  # noqa: ASYNC110 - another process becomes ready
                await asyncio.sleep(POLL_S)
    except TimeoutError as error:
        log = relative(LOGS / "demo-server.log")
        raise Trouble(f"The server was not ready within {READY_S:.0f} s.", f"See {log}.") from error


async def _ensure_administrator(demo: Demo) -> None:
    """Make the person whom the demo signs in, unless an earlier run did."""
    people = (await _server_command(demo, "user", "list")).splitlines()
    if not any(line.split("  ")[0] == ADMINISTRATOR for line in people):
        await _server_command(demo, "user", "create", ADMINISTRATOR, "--role", "administrator", "--link")


async def _sign_in_link(demo: Demo) -> str:
    return await _server_command(demo, "link", "--user", ADMINISTRATOR)


async def _start_client(demo: Demo, children: Children, ollama_url: str) -> None:
    """Start the client with a fresh enrolment token, which it uses if it has no identity yet."""
    told = await _server_command(demo, "token", "create", "--uses", "1", "--expires-hours", "1", "--json")
    token = re.search(r'"token"\s*:\s*"([^"]+)"', told)
    if token is None:
        raise Trouble("`obt-server token create` printed no token.", told[-500:])
    env = {
        "OBT_SERVER_URL": demo.url,
        "OBT_ENROL_TOKEN": token.group(1),
        "OBT_CLIENT_DATA_DIR": str(DATA / "client"),
        "OBT_CLIENT_NAME": platform.node() or "this machine",
        "OBT_OLLAMA_URL": ollama_url,
        "OBT_DRAIN_S": str(DRAIN_S),
    }
    await children.start("the client", [venv_program("obt-client"), "run"], env)


async def _server_command(demo: Demo, *words: str) -> str:
    """Run a command of the server on the demo's data; return what it printed."""
    process = await asyncio.create_subprocess_exec(
        venv_program("obt-server"), *words, cwd=DATA, env={**clean_environment(), **demo.server_env},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, error = await process.communicate()
    if process.returncode:
        raise Trouble(f"`obt-server {' '.join(words[:2])}` failed.", error.decode(errors="replace")[-1_000:])
    return out.decode()


async def _serve(demo: Demo, signals: "Signals") -> None:
    link = secret_link(await _sign_in_link(demo))
    demo.console.print(f"\nDashboard: [bold]{demo.url}[/]", highlight=False)
    demo.console.print("Sign in, once, within an hour:", highlight=False)
    demo.console.print(link, highlight=False, soft_wrap=True)
    demo.console.print("Ctrl-C stops server and client; the results are kept.", highlight=False)
    await signals.until_stopped()
    demo.console.print("\nStopping.")


class Signals:
    """Ctrl-C and SIGTERM: the first ends serving kindly, or cuts short what came before it; later ones are ignored."""

    def __init__(self) -> None:
        self._stop = asyncio.Event()
        self._serving = False

    def listen(self, work: asyncio.Task[int]) -> None:
        """Let both signals end `work`."""
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._end, work)

    async def until_stopped(self) -> None:
        """Wait for the first signal; from here on it cuts nothing short."""
        self._serving = True
        await self._stop.wait()

    def _end(self, work: asyncio.Task[int]) -> None:
        if not self._stop.is_set() and not self._serving:
            work.cancel()
        self._stop.set()


async def _main(demo: Demo) -> int:
    signals = Signals()
    work = asyncio.create_task(run(demo, signals))
    signals.listen(work)
    try:
        return await work
    except asyncio.CancelledError:
        demo.console.print("\nStopped before the end; run it again for the rest.")
        return INTERRUPTED


def main() -> int:
    """Read the command line again, as the first half did, and run."""
    options = parse_arguments(sys.argv[1:])
    models = [name for given in options.models for name in given.split(",")]
    # A log has no width of its own, and rich would take it for narrow.
    console = Console() if sys.stdout.isatty() else Console(width=LOG_COLUMNS)
    return asyncio.run(_main(Demo(options.port, options.suite, models, options.once, console)))


if __name__ == "__main__":
    run_main(main)
