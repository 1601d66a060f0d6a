"""What the words after `bench` stand for: suites and models."""

from collections.abc import Sequence
from pathlib import Path

from obt_client.cli import show
from obt_client.config import Settings
from obt_core.models import InstalledModel
from obt_core.suite_files import SuiteFileError, parse_suite_file, shipped_suites
from obt_core.suites import Suite

_COMFORT_WIDTH = 100


class ChoiceError(Exception):
    """There is no such suite or model, or it cannot be measured; the text says what there is."""


def suite_of(wish: str, blocks: int | None) -> Suite:
    """Return a shipped suite by name, or read one from a file. Raises ChoiceError."""
    suite = _find_suite(wish)
    return suite if blocks is None else suite.model_copy(update={"blocks": blocks})


def _find_suite(wish: str) -> Suite:
    shipped = {suite.name: suite for suite in shipped_suites()}
    if wish in shipped:
        return shipped[wish]
    path = Path(wish)
    if not wish.endswith(".toml") and not path.exists():
        raise ChoiceError(f"There is no suite '{wish}', and no such file. Shipped: {', '.join(shipped)}.")
    try:
        return parse_suite_file(path)
    except SuiteFileError as error:
        raise ChoiceError(str(error)) from None


def full_name(name: str) -> str:
    """A name without a tag means `:latest`, as it does for Ollama."""
    return name if ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"


def models_of(names: Sequence[str], installed: Sequence[InstalledModel]) -> tuple[InstalledModel, ...]:
    """Return the models that are named, each once, in that order. Raises ChoiceError."""
    known = {model.name: model for model in installed}
    wanted = list(dict.fromkeys(full_name(name) for name in names))
    if missing := [name for name in wanted if name not in known]:
        there = ", ".join(sorted(known)) or "none"
        raise ChoiceError(f"{missing[0]} is not installed here. Installed: {there}.")
    for name in wanted:
        if reason := unmeasurable(known[name]):
            raise ChoiceError(f"{name} cannot be measured: {reason}.")
    return tuple(known[name] for name in wanted)


def unmeasurable(model: InstalledModel) -> str | None:
    """Why a model is never sent anything, None where it can be measured."""
    if model.cloud:
        return "it runs in a cloud"
    return "it makes embeddings, no text" if model.is_embedding_only() else None


def model_lines(installed: Sequence[InstalledModel], settings: Settings, width: int) -> list[str]:
    """What `bench` without a model prints: what is installed, and what to type next."""
    if not installed:
        return [f"The Ollama at {settings.ollama_url} has no models. Get one: ollama pull llama3.2"]
    rows = [
        [model.name, model.parameter_size or "-", model.quantization or "-", show.size(model.size_bytes), _note(model)]
        for model in installed
    ]
    first = next((model.name for model in installed if not unmeasurable(model)), None)
    lines = show.tables(("installed", "parameters", "quantization", "size", "note"), rows, width)
    return [*lines, "", f"Next: obt-client bench {first}"] if first else lines


def _note(model: InstalledModel) -> str:
    return unmeasurable(model) or show.NOT_MEASURED


def suite_lines(width: int) -> list[str]:
    """What `--list-suites` prints."""
    lines = list[str]()
    for suite in shipped_suites():
        longest = f"{suite.samples_planned()} samples, {show.span(suite.budget_s())} of sampling at most for each model"
        lines += [suite.name, *show.paragraph(" ".join(suite.description.split()), min(width, _COMFORT_WIDTH))]
        lines += [f"  {longest}", *_workload_lines(suite, width), ""]
    return [*lines, "A file of your own: obt-client bench MODEL --suite FILE.toml"]


def _workload_lines(suite: Suite, width: int) -> list[str]:
    name_width = max(len(workload.name) for workload in suite.workloads)
    return [
        show.shorten_end(f"    {workload.name.ljust(name_width)}  {' '.join(workload.purpose.split())}", width)
        for workload in suite.workloads
    ]
