"""Puts random-weight models into an Ollama, over its HTTP API, under names that nobody takes for real ones."""

import hashlib
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from dev.make_gguf import Quant, Size, write_gguf
from dev.paths import LOCAL
from dev.program import run_main
from dev.trouble import Trouble

FOLDER = LOCAL / "gguf"
REQUEST_S = 300.0
DEMO_MODELS = ((Size.MEDIUM, Quant.F16), (Size.MEDIUM, Quant.Q8_0))
"""The same weights twice, stored differently: two models whose speeds differ for a reason."""
TEST_MODELS = ((Size.TINY, Quant.F16), (Size.TINY, Quant.Q8_0))
PREFIX = "obt-random-"

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def model_name(size: Size, quant: Quant) -> str:
    """Return the name of such a model in Ollama."""
    return f"{PREFIX}{size}:{quant}"


def ensure_models(url: str, wanted: Iterable[tuple[Size, Quant]], say: Callable[[str], None]) -> list[str]:
    """Have the wanted models in the Ollama at `url`; return their names. Those that are there are left alone.

    Raises Trouble when Ollama refuses one.
    """
    there = set(installed(url))
    names: list[str] = []
    for size, quant in wanted:
        name = model_name(size, quant)
        if name not in there:
            say(f"making {name}")
            _make(url, name, size, quant)
        names.append(name)
    return names


def installed(url: str) -> list[str]:
    """Return the names of the models in the Ollama at `url`."""
    return [str(model["name"]) for model in _models(url)]


def has_measurable(url: str) -> bool:
    """Whether the Ollama at `url` has a model that generates text on this machine."""
    return any(_generates(url, str(model["name"])) for model in _models(url) if not model.get("remote_host"))


def _generates(url: str, name: str) -> bool:
    """Whether generating is among a model's capabilities; a version of Ollama that tells none is trusted."""
    capabilities = _call(url, "POST", "/api/show", json.dumps({"model": name}).encode()).get("capabilities")
    return not isinstance(capabilities, list) or "completion" in capabilities


def _models(url: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", _call(url, "GET", "/api/tags").get("models") or [])


def _make(url: str, name: str, size: Size, quant: Quant) -> None:
    file = FOLDER / f"{PREFIX}{size}-{quant}.gguf"
    write_gguf(file, size, quant)
    try:
        digest = _upload(url, file)
    finally:
        file.unlink()
    wish = {"model": name, "files": {file.name: digest}, "template": "{{ .Prompt }}", "stream": False}
    told = _call(url, "POST", "/api/create", json.dumps(wish).encode())
    if told.get("status") != "success":
        raise Trouble(f"Ollama did not take {name}.", str(told)[:300])


def _upload(url: str, file: Path) -> str:
    with file.open("rb") as content:
        digest = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
    with file.open("rb") as content:
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(file.stat().st_size)}
        _send(urllib.request.Request(f"{url}/api/blobs/{digest}", content, headers, method="POST"))
    return digest


def _call(url: str, method: str, path: str, body: bytes | None = None) -> dict[str, object]:
    headers = {"Content-Type": "application/json"} if body else {}
    reply = _send(urllib.request.Request(url + path, body, headers, method=method))
    told: dict[str, object] = json.loads(reply)
    return told


def _send(request: urllib.request.Request) -> bytes:
    try:
        with _direct.open(request, timeout=REQUEST_S) as reply:
            content: bytes = reply.read()
            return content
    except urllib.error.HTTPError as error:
        said = error.read(500).decode(errors="replace")
        raise Trouble(f"Ollama refused {request.selector}: HTTP {error.code}.", said) from error
    except OSError as error:
        raise Trouble(f"Ollama did not answer {request.selector}: {error}.") from error


def main() -> int:
    """Put the models of the tests into the Ollama named on the command line: `python -m dev.random_models URL`."""
    ensure_models(sys.argv[1], TEST_MODELS, print)
    return 0


if __name__ == "__main__":
    run_main(main)
