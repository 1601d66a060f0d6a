"""`obt-client bench`: its options, its help, and what each of its uses does."""

import asyncio
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from obt_client.cli.exits import FAILED, IN_WORDS, INTERRUPTED, MISUSED, SLOWER, failure

if TYPE_CHECKING:
    from obt_client.cli.fail_if import Condition
    from obt_client.cli.running import Done
    from obt_client.config import Settings
    from obt_core.runs import SavedRun
    from obt_core.suites import Suite

_SEED_BITS = 53
HELP = f"""Benchmark models of this machine's Ollama. No server is needed.

\b
  obt-client bench                       what is installed here
  obt-client bench llama3.2              the suite quick: under a minute
  obt-client bench a:q4_K_M a:q8_0       two models in turns, and compared
  obt-client bench a --suite standard --output old.json
  obt-client bench a --suite standard --against old.json --fail-if slower:5%
  obt-client bench --compare old.json new.json
  obt-client bench a --benchstat > a.txt as Ollama's own cmd/bench prints it
  obt-client bench --calibrate           OBT's own error on this machine
  obt-client upload old.json             hand a run to an OBT server

Every sample is in the file of the run before the next request begins; Ctrl-C keeps what was measured. Progress goes
to standard error, the result to standard output.

--fail-if slower:5% exits with 3 when a metric's verdict is slower (corrected for the number of comparisons: a false
alarm in any of them is a chance of 1 %) and its median is worse by 5 % or more. A slowdown of just the limit is found
half of the time: set it below what you mind. decode:slower:3% looks at one metric: decode, prefill, ttft, tpot, e2e,
scheduled, load, queue. It may be given several times.

Exit status:

\b
{IN_WORDS}"""


def bench(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="MODEL", help="Installed ones; without a tag: :latest.")
    ] = None,
    suite: Annotated[str, typer.Option(metavar="NAME|FILE", help="What to measure, or a TOML file.")] = "quick",
    list_suites: Annotated[bool, typer.Option("--list-suites", help="What each suite measures, how long.")] = False,
    ollama: Annotated[str | None, typer.Option(metavar="URL", help="Instead of OBT_OLLAMA_URL.")] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the run is saved; else ./obt-run-TIME.json.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the run with every sample, and its summary.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print the summary, a row a figure.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    benchstat: Annotated[bool, typer.Option("--benchstat", help="Print lines for Go's benchstat.")] = False,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=2**53, help="Of every order; else a new one.", show_default=False),
    ] = None,
    blocks: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=100, help="Parts in which models take turns.")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None, typer.Option(metavar="A B", help="Compare two saved runs; measure nothing.")
    ] = None,
    against: Annotated[Path | None, typer.Option(metavar="FILE", help="Compare with a saved run afterwards.")] = None,
    fail_if: Annotated[list[str] | None, typer.Option(metavar="CONDITION", help="Such as slower:5%.")] = None,
    calibrate: Annotated[bool, typer.Option("--calibrate", help="Measure OBT's own error, about 10 s.")] = False,
    no_calibrate: Annotated[bool, typer.Option("--no-calibrate", help="Do not, where it is not known yet.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Benchmark models, or do one of the other things that `HELP` tells. Raises typer.Exit."""
    form = _one_form(json=json_, csv=csv, markdown=markdown, benchstat=benchstat)
    conditions = _conditions(fail_if or [], is_compared=bool(compare or against))
    if list_suites:
        _list_suites()
    elif compare:
        _refuse(bool(models), "--compare reads two files: name no model with it.")
        _compare_files(compare, conditions)
    elif calibrate and not models:
        _calibrate(_settings(ollama), quiet=quiet)
    elif not models:
        _list_models(_settings(ollama))
    else:
        settings, chosen = _settings(ollama), _suite(suite, blocks)
        if calibrate:
            _calibrate(settings, quiet=quiet)
        before = _before(against, chosen)
        done = _measure(models, chosen, settings, output, seed, quiet=quiet, is_calibrated=not no_calibrate)
        _tell(done, form, before, conditions)


def _one_form(**wanted: bool) -> str | None:
    named = [name for name, is_wanted in wanted.items() if is_wanted]
    _refuse(len(named) > 1, f"One form at a time: --{' or --'.join(named)}.")
    return named[0] if named else None


def _refuse(is_wrong: bool, why: str) -> None:
    if is_wrong:
        raise failure(why, MISUSED)


def _conditions(texts: list[str], *, is_compared: bool) -> "list[Condition]":
    from obt_client.cli.fail_if import FailIfError, parse_condition

    _refuse(bool(texts) and not is_compared, "--fail-if needs something to compare: --against FILE, or --compare A B.")
    try:
        return [parse_condition(text) for text in texts]
    except FailIfError as error:
        raise failure(str(error), MISUSED) from None


def _settings(ollama: str | None) -> "Settings":
    from obt_client.config import SettingsError, load_settings, refuse_remote_ollama

    try:
        settings = load_settings(ollama_url=ollama)
        refuse_remote_ollama(settings)
    except SettingsError as error:
        raise failure(str(error), MISUSED) from None
    return settings


def _suite(wish: str, blocks: int | None) -> "Suite":
    from obt_client.cli.choices import ChoiceError, suite_of

    try:
        return suite_of(wish, blocks)
    except ChoiceError as error:
        raise failure(str(error), MISUSED) from None


def _list_suites() -> None:
    from obt_client.cli.choices import suite_lines
    from obt_client.cli.printing import emit, width

    emit(suite_lines(width()))


def _list_models(settings: "Settings") -> None:
    from obt_client.cli.choices import model_lines
    from obt_client.cli.printing import emit, width
    from obt_client.cli.running import installed_models
    from obt_client.ollama import OllamaError

    try:
        installed = asyncio.run(installed_models(settings))
    except OllamaError as error:
        raise _no_ollama(error) from None
    emit(model_lines(installed, settings, width()))


def _no_ollama(error: Exception) -> typer.Exit:
    return failure(f"{error}. Is it running (ollama serve)? Elsewhere: --ollama URL.", FAILED)


def _calibrate(settings: "Settings", *, quiet: bool) -> None:
    from obt_client.bench.calibrate import CalibrationError
    from obt_client.bench.standin.process import StandInError
    from obt_client.cli.calibrating import calibrate_fully, calibration_lines
    from obt_client.cli.printing import emit, width

    try:
        found = asyncio.run(calibrate_fully(settings, quiet=quiet))
    except (CalibrationError, StandInError, OSError) as error:
        raise failure(f"OBT's own error could not be measured: {error}") from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    emit(calibration_lines(found, width(), settings))


def _compare_files(files: tuple[Path, Path], conditions: "list[Condition]") -> None:
    _judge(_read(files[0]), _read(files[1]), conditions)


def _read(path: Path) -> "SavedRun":
    from obt_client.cli.run_files import RunPathError, read_run

    try:
        return read_run(path)
    except RunPathError as error:
        raise failure(str(error)) from None


def _before(against: Path | None, suite: "Suite") -> "SavedRun | None":
    """The run to compare with, refused before anything is measured where it cannot be compared."""
    if against is None:
        return None
    before = _read(against)
    if before.suite.hash() != suite.hash():
        name = f"{before.suite.name} ({before.suite.hash()[:12]})"
        why = f"{against} was made by another suite, {name}, than {suite.name} ({suite.hash()[:12]}): incomparable."
        raise failure(why, MISUSED)
    return before


def _judge(before: "SavedRun", after: "SavedRun", conditions: "list[Condition]", *, is_aside: bool = False) -> None:
    from obt_client.cli import fail_if
    from obt_client.cli.compare import IncomparableError, compare_runs, comparison_lines, warnings
    from obt_client.cli.printing import emit, width

    try:
        lines = compare_runs(before, after, [one.metric for one in conditions if one.metric])
    except IncomparableError as error:
        raise failure(str(error), MISUSED) from None
    if not lines:
        raise failure("There is nothing to compare: no metric was measured in both runs.")
    emit([*warnings(before, after), *comparison_lines(lines, width())], sys.stderr if is_aside else sys.stdout)
    if silent := fail_if.unjudged(conditions, lines):
        raise failure(f"--fail-if {', '.join(silent)}: too few samples to judge it.")
    for warning in fail_if.weak(conditions, lines):
        sys.stderr.write(f"{warning}\n")
    if hit := fail_if.hits(conditions, lines):
        raise failure("\n".join(hit), SLOWER)


def _measure(
    models: list[str],
    suite: "Suite",
    settings: "Settings",
    output: Path | None,
    seed: int | None,
    *,
    quiet: bool,
    is_calibrated: bool,
) -> "Done":
    from obt_client.cli.choices import ChoiceError
    from obt_client.cli.run_files import RunPathError
    from obt_client.cli.running import Wish, bench_models
    from obt_client.ollama import OllamaError

    order_seed = secrets.randbits(_SEED_BITS) if seed is None else seed
    try:
        return asyncio.run(bench_models(Wish(models, suite, output, order_seed, quiet, is_calibrated), settings))
    except OllamaError as error:
        raise _no_ollama(error) from None
    except ChoiceError as error:
        raise failure(str(error), MISUSED) from None
    except (RunPathError, OSError) as error:
        raise failure(str(error)) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _tell(done: "Done", form: str | None, before: "SavedRun | None", conditions: "list[Condition]") -> None:
    if done.run is None:
        raise failure("Nothing was measured.", INTERRUPTED if done.was_stopped else FAILED)
    _print(done.run, form, done.path)
    if done.was_stopped:
        raise typer.Exit(INTERRUPTED)
    if before is not None:
        _judge(before, done.run, conditions, is_aside=form is not None)
    if any(job.outcome.status != "completed" for job in done.run.jobs):
        raise typer.Exit(FAILED)


def _print(run: "SavedRun", form: str | None, path: Path) -> None:
    from obt_client.cli import formats
    from obt_client.cli.printing import emit, width
    from obt_client.cli.report import report

    forms = {
        "json": formats.as_json,
        "csv": formats.as_csv,
        "markdown": formats.as_markdown,
        "benchstat": formats.as_benchstat,
    }
    if form is None:
        emit(report(run, width(), str(path)))
    else:
        emit([forms[form](run)])
        sys.stderr.write(f"Saved: {path}\n")
