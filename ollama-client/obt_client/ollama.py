"""Talks to Ollama: its version, what is installed, what is loaded, changing both. Measured requests: `bench.stream`.

Forms and fields are those of Ollama's API documentation ("List Local Models", "Show Model Information", "List Running
Models", "Load a model", "Unload a model", "Copy a Model", "Delete a Model", "Pull a Model").
Versions differ: what is missing, null or odd becomes None or is left out, never an error.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import aclosing, contextmanager
from typing import cast

from obt_client.bench.fetch import fetch, fetch_lines
from obt_client.bench.framing import BadAnswerError
from obt_client.ollama_facts import (
    Row,
    digest_of,
    installed_of,
    is_cloud,
    loaded_of,
    name_of,
    parameters_of,
    text_of,
    with_details,
)
from obt_core.models import InstalledModel, LoadedModel, ModelInventory, OllamaStatus

LISTING_TIMEOUT_S = 10.0
"""For what Ollama answers out of its memory: version, tags, ps."""
SHOW_TIMEOUT_S = 30.0
"""For one model's details, which Ollama reads from its file."""
UNLOAD_WAIT_S = 30.0
"""How long a model may take to leave memory; it stays as long as anybody's request runs on it."""
UNLOAD_POLL_S = 0.02
LOAD_WAIT_S = 1_800.0
"""How long a model may take to come into memory."""
CHANGE_TIMEOUT_S = 60.0
"""For deleting and copying: names change, and files at most are removed."""
PULL_QUIET_S = 1_800.0
"""A pull is silent only while Ollama checks a layer that it has whole: of a large model on a slow disk, minutes."""
_LINE_BYTES_MAX = 2**20
_REPLY_BYTES_MAX = 64 * 2**20
_NO_OLLAMA = frozenset({"bad_http", "too_long"})
_MODELS_MAX = 5_000
_LOADED_MAX = 100


class OllamaError(Exception):
    """Ollama did not do what it was asked to."""


class OllamaUnreachableError(OllamaError):
    """No answer came: nothing listens there, the connection broke, or the time was over."""


class OllamaRefusedError(OllamaError):
    """It answered with an error."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"Ollama answered HTTP {status}: {words}")
        self.status, self.words = status, words


class OllamaAnswerError(OllamaError):
    """It answered something that is not its API: another program may listen there."""


class ModelStaysLoadedError(OllamaError):
    """The model did not leave memory in time: somebody else uses it."""


class Ollama:
    """One Ollama. Details of a model are asked once for each name and digest."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._details: dict[tuple[str, str], InstalledModel] = {}

    async def version(self) -> str:
        """Ask for the version, such as `0.9.3`. Raises OllamaError."""
        told = await self._ask("GET", "/api/version", LISTING_TIMEOUT_S)
        if (version := text_of(told.get("version"))) is None:
            raise OllamaAnswerError(f"what answers at {self.url} tells no version: it may be no Ollama")
        return version

    async def inventory(self) -> ModelInventory:
        """List the installed models with their details. Raises OllamaError.

        Models whose details cannot be had are listed without; the next call asks for them again. A cloud model is
        listed as one, and nothing is asked about it: its details may come from the cloud.
        """
        models = [model for row in await self._rows("/api/tags") if (model := installed_of(row))][:_MODELS_MAX]
        known = {(model.name, model.digest) for model in models}
        self._details = {key: model for key, model in self._details.items() if key in known}
        return ModelInventory(models=tuple([await self._detailed(model) for model in models]))

    async def parameters(self, name: str) -> str | None:
        """Ask for a model's own parameters, such as `stop "<|eot|>"`, a line each; empty where it has none.

        Raises OllamaError. Not for a cloud model: nothing is asked about it.
        """
        return parameters_of(await self._ask("POST", "/api/show", SHOW_TIMEOUT_S, {"model": name}))

    async def loaded(self) -> tuple[LoadedModel, ...]:
        """List the models that are in memory, at most 100. Raises OllamaError."""
        rows = await self._rows("/api/ps")
        return tuple([model for row in rows if (model := loaded_of(row))][:_LOADED_MAX])

    async def is_loaded(self, name: str, digest: str | None = None) -> bool:
        """Whether a model is in memory under that name, or under another with the same digest. Raises OllamaError."""
        rows = await self._rows("/api/ps")
        return any(name_of(row) == name or (digest is not None and digest_of(row) == digest) for row in rows)

    async def status(self) -> OllamaStatus:
        """Tell what a heartbeat says of Ollama. Never raises: an Ollama that does not answer is not reachable."""
        try:
            version = await self.version()
            loaded = await self.loaded()
        except OllamaError:
            return OllamaStatus(reachable=False)
        return OllamaStatus(reachable=True, version=version, loaded=loaded)

    async def unload(self, name: str, *, digest: str | None = None, wait_s: float = UNLOAD_WAIT_S) -> None:
        """Take a model out of memory; return when `/api/ps` no longer lists it.

        Raises ModelStaysLoadedError after `wait_s` seconds, or another OllamaError.
        """
        await self._ask("POST", "/api/generate", wait_s, {"model": name, "keep_alive": 0, "stream": False})
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + wait_s
        while await self.is_loaded(name, digest):
            if loop.time() > deadline_s:
                raise ModelStaysLoadedError(f"{name} is still in memory {wait_s:g} s after it was asked to leave")
            await asyncio.sleep(UNLOAD_POLL_S)

    async def load(self, name: str, keep_alive_s: int, *, wait_s: float = LOAD_WAIT_S) -> None:
        """Bring a model into memory, for so many seconds after its last use. Raises OllamaError.

        Not for a cloud model: it would be asked of the cloud.
        """
        asked = {"model": name, "keep_alive": keep_alive_s, "stream": False}
        try:
            await self._ask("POST", "/api/generate", wait_s, asked)
        except OllamaRefusedError as error:
            if "does not support generate" not in error.words:
                raise
            await self._ask("POST", "/api/embed", wait_s, {"model": name, "input": "", "keep_alive": keep_alive_s})

    async def delete(self, name: str) -> None:
        """Remove a model. Raises OllamaError."""
        await self._ask("DELETE", "/api/delete", CHANGE_TIMEOUT_S, {"model": name}, may_be_empty=True)

    async def copy(self, name: str, to: str) -> None:
        """Give a model a second name, in place of what had it. Raises OllamaError."""
        asked = {"source": name, "destination": to}
        await self._ask("POST", "/api/copy", CHANGE_TIMEOUT_S, asked, may_be_empty=True)

    async def pull(self, name: str) -> AsyncGenerator[Row]:
        """Have a model fetched; gives what Ollama tells of it, line by line, and ends when it is there.

        Raises OllamaRefusedError with the words of an error, another OllamaError where it breaks off before its end.
        """
        asked, is_done = {"model": name, "stream": True}, False
        with self._in_words(PULL_QUIET_S):
            limits = {"connect_s": LISTING_TIMEOUT_S, "quiet_s": PULL_QUIET_S}
            async with aclosing(
                fetch_lines(f"{self.url}/api/pull", body=asked, **limits, bytes_max=_LINE_BYTES_MAX)
            ) as lines:
                async for status, line in lines:
                    told = _object(status, line)
                    if error := text_of(told.get("error")):
                        raise OllamaRefusedError(status, error)
                    is_done = is_done or told.get("status") == "success"
                    yield told
        if not is_done:
            raise OllamaUnreachableError(f"Ollama at {self.url} ended the pull of {name} before it was there")

    async def _detailed(self, model: InstalledModel) -> InstalledModel:
        key = (model.name, model.digest)
        if model.cloud:
            return model
        if key not in self._details:
            try:
                told = await self._ask("POST", "/api/show", SHOW_TIMEOUT_S, {"model": model.name})
            except (OllamaRefusedError, OllamaAnswerError):
                return model
            if is_cloud(model.name, told):
                return model.model_copy(update={"cloud": True})
            self._details[key] = with_details(model, told)
        facts = self._details[key]
        return facts.model_copy(update={"modified_at": model.modified_at, "size_bytes": model.size_bytes})

    async def _rows(self, path: str) -> list[Row]:
        rows = (await self._ask("GET", path, LISTING_TIMEOUT_S)).get("models")
        if rows is None:  # Go writes an empty list as null
            return []
        if not isinstance(rows, list):
            raise OllamaAnswerError(f"{path} of Ollama told no list of models")
        return [cast("Row", row) for row in cast("list[object]", rows) if isinstance(row, dict)]

    async def _ask(
        self,
        method: str,
        path: str,
        timeout_s: float,
        body: Mapping[str, object] | None = None,
        *,
        may_be_empty: bool = False,
    ) -> Row:
        with self._in_words(timeout_s):
            answer = fetch(self.url + path, method=method, body=body, timeout_s=timeout_s, bytes_max=_REPLY_BYTES_MAX)
            status, data = await answer
        return {} if may_be_empty and status == 200 and not data else _object(status, data)

    @contextmanager
    def _in_words(self, timeout_s: float) -> Generator[None]:
        """Make what a connection raises an OllamaError."""
        try:
            yield
        except TimeoutError as error:
            raise OllamaUnreachableError(f"Ollama at {self.url} did not answer within {timeout_s:g} s") from error
        except OSError as error:
            raise OllamaUnreachableError(f"Ollama at {self.url} cannot be reached: {error}") from error
        except BadAnswerError as error:
            kind = OllamaAnswerError if error.code in _NO_OLLAMA else OllamaUnreachableError
            raise kind(f"Ollama at {self.url} cannot be reached: {error}") from error


def _object(status: int, data: bytes) -> Row:
    """The object of a reply. Raises OllamaRefusedError, OllamaAnswerError."""
    try:
        told: object = json.loads(data)
    except ValueError:
        told = None
    facts = cast("Row", told) if isinstance(told, dict) else None
    if status != 200:
        words = text_of((facts or {}).get("error")) or data[:300].decode("utf-8", "replace").strip()
        raise OllamaRefusedError(status, words or "no reason given")
    if facts is None:
        raise OllamaAnswerError(f"the answer is no JSON object: {data[:100]!r}")
    return facts
