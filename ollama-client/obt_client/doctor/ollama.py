"""Ollama: does it answer, is it one that OBT can read, is there a model that can be measured, what is it set to."""

import re

from obt_client.config import SettingsError, refuse_remote_ollama
from obt_client.doctor.findings import Finding, Topic, ok, problem, warning
from obt_client.doctor.patient import Patient
from obt_client.ollama import Ollama, OllamaError, OllamaUnreachableError
from obt_client.ollama_settings import visible_settings
from obt_core.models import InstalledModel

_OLDEST = (0, 5)
_TELLS_CAPABILITIES = (0, 6, 4)
_NAMED_MAX = 3


async def check_ollama(patient: Patient) -> list[Finding]:
    """Whether it answers, and as what."""
    url = patient.settings.ollama_url
    try:
        version = await patient.ollama_version()
    except OllamaError as error:
        todo = "Start or restart it (ollama serve), or say where it listens: OBT_OLLAMA_URL=http://HOST:PORT."
        return [problem(Topic.OLLAMA, f"{error}.", todo)]
    return [of_version(version, url), *_of_place(patient)]


def of_version(version: str, url: str) -> Finding:
    """Judge a version by what OBT knows of it; one that is no number is somebody's own build, and believed."""
    told, numbers = f"Version {version} at {url}.", version_numbers(version)
    if numbers and (0, 0, 0) < numbers < _OLDEST:
        return warning(Topic.OLLAMA, f"{told} OBT is tested with 0.5 and newer.", "Update Ollama.")
    if numbers and (0, 0, 0) < numbers < _TELLS_CAPABILITIES:
        why = f"{told} Before 0.6.4 it does not tell what a model can do: thinking is not known of any."
        return warning(Topic.OLLAMA, why, "Update Ollama, to measure models that think.")
    return ok(Topic.OLLAMA, told)


def version_numbers(version: str) -> tuple[int, ...]:
    """Return (0, 9, 3) of `0.9.3-rc1`; nothing of what does not begin with such numbers."""
    found = re.match(r"v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?", version, re.ASCII)
    return tuple(int(part or 0) for part in found.groups()) if found else ()


def _of_place(patient: Patient) -> list[Finding]:
    try:
        refuse_remote_ollama(patient.settings)
    except SettingsError as error:
        return [problem(Topic.OLLAMA, str(error).partition(". ")[0] + ".", str(error).partition(". ")[2])]
    if not patient.settings.ollama_is_remote:
        return []
    told = "It is on another machine: hardware, load and power are unknown, and the network is in every latency."
    return [warning(Topic.OLLAMA, told, "Run obt-client on Ollama's own machine.")]


async def check_models(patient: Patient) -> list[Finding]:
    """Whether a model is installed that can be measured. Nothing is loaded for it."""
    try:
        await patient.ollama_version()
        models = (await Ollama(patient.settings.ollama_url).inventory()).models
    except OllamaUnreachableError:
        return []  # that it does not answer is said once
    except OllamaError as error:
        return [problem(Topic.MODELS, f"They cannot be listed: {error}.", "Look into Ollama's log, and restart it.")]
    return [of_models(models)]


def of_models(models: tuple[InstalledModel, ...]) -> Finding:
    """Judge what is installed."""
    if not models:
        return problem(Topic.MODELS, "None is installed.", "Get one: ollama pull llama3.2")
    able = [model.name for model in models if not model.cloud and not model.is_embedding_only()]
    if not able:
        told = f"{len(models)} installed, of which none can be measured: they run in a cloud or make embeddings."
        return problem(Topic.MODELS, told, "Get one that generates text here: ollama pull llama3.2")
    named = ", ".join(able[:_NAMED_MAX]) + (", ..." if len(able) > _NAMED_MAX else "")
    return ok(Topic.MODELS, f"{len(able)} of {len(models)} installed can be measured: {named}.")


async def check_settings(patient: Patient) -> list[Finding]:
    """Whether the settings of its service can be seen: they explain a number as nothing else does."""
    if patient.settings.ollama_is_remote:
        return []
    try:
        await patient.ollama_version()
    except OllamaError:
        return []
    settings, source = await visible_settings(patient.settings.ollama_url)
    if source is None:
        todo = "Run obt-client as Ollama's own user or as root; results say 'unknown' of them otherwise."
        return [warning(Topic.OLLAMA_SETTINGS, "They cannot be seen: Ollama's process is another user's.", todo)]
    told = ", ".join(f"{name}={value}" for name, value in settings.items()) or "none is set"
    return [ok(Topic.OLLAMA_SETTINGS, f"{told} (from: {source}).")]
