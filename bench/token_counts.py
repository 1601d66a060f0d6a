"""Synthetic prompts of N tokens: what Ollama counted; and what a nonce does to a prompt that is sent twice."""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from bench._machine import describe, in_a_line
from dev.random_models import TEST_MODELS, ensure_models
from dev.real_ollama import HOME, install, serving
from dev.steps import Step, run_steps
from obt_client.bench.prompts import nonce, words
from obt_client.bench.stream import stream
from obt_client.config import Settings
from obt_client.ollama import Ollama
from obt_client.work import StopSignal, do_job
from obt_core.jobs import JobOutcome, JobSpec
from obt_core.models import InstalledModel
from obt_core.results import Sample, SampleRole
from obt_core.suites import ModelOptions, Suite, SyntheticPrompt, Workload
from obt_core.telemetry import TelemetryBatch

_HELP = """\
Against the Ollama at OBT_TEST_OLLAMA_URL, else against one that is installed and started for it (Linux x86-64), with
its smallest model or the one named. Each length is a workload of its own: its samples are what a session would store.

  python -m bench.token_counts --lengths 16 64 256
"""
_URL = "OBT_TEST_OLLAMA_URL"
_LENGTHS = (16, 24, 32, 48, 64, 96, 128, 256, 500, 512, 777, 1024, 2048, 3000, 4096)
_TWICE_WORDS = 400


@dataclass
class _Sink:
    samples: list[Sample] = field(default_factory=list[Sample])

    async def append(self, sample: Sample) -> None:
        self.samples.append(sample)

    async def append_ticks(self, batch: TelemetryBatch) -> None:
        """Telemetry is not looked at here."""


def main() -> None:
    """Ask for every length and print what was counted."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=_LENGTHS, help="tokens (16 to 4,096)")
    parser.add_argument("--endpoints", nargs="+", default=["chat", "generate"], help="chat generate openai_chat ...")
    parser.add_argument("--model", help="its name (the smallest)")
    options = parser.parse_args()
    with ExitStack() as stack:
        url = os.environ.get(_URL) or _started(stack)
        asyncio.run(_measure(url, options.model, options.lengths, options.endpoints))


def _started(stack: ExitStack) -> str:
    run_steps([Step("Ollama", install)])
    log = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "ollama.log"
    url = stack.enter_context(serving(models=HOME / "test-models", log=log))
    ensure_models(url, TEST_MODELS, print)
    return url


async def _measure(url: str, name: str | None, lengths: Sequence[int], endpoints: Sequence[str]) -> None:
    ollama = Ollama(url)
    models = [model for model in (await ollama.inventory()).models if name in {None, model.name}]
    model = min(models, key=lambda model: model.size_bytes)
    print(in_a_line({**describe(), "Ollama": await ollama.version(), "model": model.name}))
    await _lengths(ollama, model, lengths, endpoints)
    await _twice(ollama, model)
    await ollama.unload(model.name, digest=model.digest)


async def _lengths(ollama: Ollama, model: InstalledModel, lengths: Sequence[int], endpoints: Sequence[str]) -> None:
    print(f"\n{'endpoint':20}{'asked':>8}{'counted, three samples':>26}{'off by':>8}{'counted before':>16}")
    for endpoint in endpoints:
        outcome, samples = await _job(ollama, model, _suite(lengths, endpoint))
        for tokens in lengths:
            mine = [sample for sample in samples if sample.workload == f"t{tokens}"]
            counted = [s.prompt_tokens or 0 for s in mine if s.role is SampleRole.MEASURED]
            tries = sum(sample.role is SampleRole.WARMUP for sample in mine)
            off = max((abs(count - tokens) for count in counted), default=None)
            told = ", ".join(map(str, counted)) or "none"
            print(f"{endpoint:20}{tokens:>8}{told:>26}{'exact' if off == 0 else str(off):>8}{tries:>16}")
        print("\n".join(f"  {note}" for note in outcome.notes if "samples taken" not in note))


def _suite(lengths: Sequence[int], endpoint: str) -> Suite:
    workloads = tuple(
        Workload.model_validate(
            {
                "name": f"t{tokens}",
                "prompt": SyntheticPrompt(tokens=tokens),
                "generate_tokens": 4,
                "endpoint": endpoint,
                "samples": 3,
                "budget_s": 300,
            }
        )
        for tokens in lengths
    )
    options = ModelOptions(num_ctx=max(lengths) + 256)
    return Suite(name="lengths", title="Lengths", workloads=workloads, options=options)


async def _job(ollama: Ollama, model: InstalledModel, suite: Suite) -> tuple[JobOutcome, list[Sample]]:
    sink = _Sink()
    spec = JobSpec(
        job_id=UUID(int=1),
        session_id=UUID(int=2),
        model=model.name,
        model_digest=model.digest,
        suite=suite,
        suite_hash=suite.hash(),
    )
    settings = Settings(_env_file=None, server_url="http://127.0.0.1:1", ollama_url=ollama.url)  # pyright: ignore[reportCallIssue]
    outcome = await do_job(
        spec,
        ollama=ollama,
        folder=sink,
        settings=settings,
        hardware=None,
        on_progress=lambda _: None,
        stop=StopSignal(),
    )
    return outcome, sink.samples


async def _twice(ollama: Ollama, model: InstalledModel) -> None:
    print("\na prompt of 400 words twice, behind the same beginning and behind a nonce of its own")
    print(f"{'':22}{'prompt_eval_count':>18}{'cached count':>14}{'prefill, ms':>13}{'count / prefill, tok/s':>24}")
    same = nonce()
    asked = (("first", same), ("the very same again", same), ("with another nonce", nonce()), ("and another", nonce()))
    for title, begin in asked:
        body = {
            "model": model.name,
            "prompt": f"{begin} {words(_TWICE_WORDS)}",
            "options": {"num_ctx": 4352, "num_predict": 4, "seed": 1, "temperature": 0},
        }
        final = (await stream(f"{ollama.url}/api/generate", body)).final or {}
        count, cached = final.get("prompt_eval_count"), final.get("prompt_eval_cached_count", "not told")
        took_ms = float(str(final.get("prompt_eval_duration", "nan"))) / 1e6
        rate = float(str(count)) / took_ms * 1e3 if isinstance(count, int) else float("nan")
        print(f"{title:22}{count!s:>18}{cached!s:>14}{took_ms:>13.1f}{rate:>24,.0f}")


if __name__ == "__main__":
    main()
