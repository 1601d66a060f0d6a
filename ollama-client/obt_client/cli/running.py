"""`bench MODEL…`: from the names on the command line to the saved run.

Ollama is asked at once; what measuring needs is imported behind that, since it takes as long again.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from obt_client.bench.stop import StoppedError, StopSignal
from obt_client.cli.choices import models_of
from obt_client.cli.stopping import on_signals
from obt_client.config import Settings
from obt_client.ollama import Ollama
from obt_core.models import InstalledModel
from obt_core.suites import Suite

if TYPE_CHECKING:
    from obt_client.bench.calibration import Calibration
    from obt_client.cli.run_files import RunFile
    from obt_core.hardware import HardwareSnapshot
    from obt_core.runs import SavedRun


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    models: Sequence[str]
    suite: Suite
    output: Path | None
    order_seed: int
    quiet: bool
    is_calibrated: bool


@dataclass(frozen=True, slots=True)
class Done:
    """How it went. `run` is None where nothing was measured."""

    run: "SavedRun | None"
    path: Path
    was_stopped: bool


async def installed_models(settings: Settings) -> tuple[InstalledModel, ...]:
    """List what is installed. Raises OllamaError."""
    return (await Ollama(settings.ollama_url).inventory()).models


async def bench_models(wish: Wish, settings: Settings) -> Done:
    """Measure. Raises OllamaError, ChoiceError, RunPathError before anything is measured, OSError at the end."""
    ollama = Ollama(settings.ollama_url)
    models = models_of(wish.models, (await ollama.inventory()).models)
    from obt_client.cli.run_files import RunFile, default_path

    file = RunFile(wish.output or default_path(datetime.now(UTC)))
    file.open()
    stop = StopSignal()
    with on_signals(stop, file.part):
        try:
            return await _measured(wish, models, settings, ollama, file, stop)
        except StoppedError:
            return Done(None, file.path, was_stopped=True)
        finally:
            if not file.holds_something:
                file.discard()


async def _measured(
    wish: Wish,
    models: tuple[InstalledModel, ...],
    settings: Settings,
    ollama: Ollama,
    file: "RunFile",
    stop: StopSignal,
) -> Done:
    from obt_client.cli.live import view_of
    from obt_client.cli.measure import Plan, measure
    from obt_client.cli.tally import Tally

    calibration = await stop.unless_stopped(_calibration(wish, settings))
    hardware = await stop.unless_stopped(_hardware(settings))
    plan = Plan(wish.suite, models, wish.order_seed, settings, hardware, calibration)
    announced = plan.announced()
    file.begin(announced)
    view = view_of(Tally(wish.suite, [model.name for model in models]), quiet=wish.quiet)
    with view:
        await measure(plan, announced, ollama, file, view, stop)
    return _finished(file, was_stopped=stop.is_set())


def _finished(file: "RunFile", *, was_stopped: bool) -> Done:
    """Without a sample nothing is written: an earlier run of that name stays."""
    from obt_client.cli.run_files import RunPathError

    run = file.whole()
    if not file.holds_something:
        _tell_errors(run)
        return Done(None, file.path, was_stopped)
    try:
        file.finish(run)
    except OSError as error:
        why = f"{file.path} could not be written: {error.strerror or error}."
        raise RunPathError(f"{why} All that was measured is in {file.part}") from None
    return Done(run, file.path, was_stopped)


def _tell_errors(run: "SavedRun") -> None:
    for job in run.jobs:
        if job.outcome.error is not None:
            sys.stderr.write(f"{job.model.name}: {job.outcome.error.message}\n")


async def _calibration(wish: Wish, settings: Settings) -> "Calibration | None":
    if not wish.is_calibrated:
        return None
    from obt_client.bench.calibration import kept

    if (found := kept(settings.data_dir)) is not None:
        return found
    from obt_client.cli.calibrating import calibrate_quickly

    return await calibrate_quickly(settings)


async def _hardware(settings: Settings) -> "HardwareSnapshot":
    from obt_core.hardware import UNKNOWN_HARDWARE

    if settings.ollama_is_remote:
        return UNKNOWN_HARDWARE
    from obt_client.hardware import read_hardware
    from obt_client.logs import configure

    configure(settings.log_level, settings.log_format)
    return await read_hardware()
