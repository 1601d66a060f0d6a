"""Runs to test with: samples whose figures are chosen, a suite of two workloads."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from obt_core.environment import Environment, OwnError
from obt_core.hardware import Cpu, Gpu, GpuVendor, HardwareSnapshot
from obt_core.jobs import JobOutcome, OutcomeStatus
from obt_core.models import InstalledModel
from obt_core.results import ClockSource, EndReason, Sample, SampleRole
from obt_core.runs import MeasuredJob, SavedRun
from obt_core.suites import Suite, TextPrompt, Workload

BEGIN = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHAT = Workload(name="chat", prompt=TextPrompt(text="one"), generate_tokens=64, samples=40, budget_s=60)
LOAD = Workload(name="load", prompt=TextPrompt(text="one"), generate_tokens=2, cold=True, samples=10, budget_s=60)
SUITE = Suite(name="short", title="Short", workloads=(CHAT, LOAD))
HARDWARE = HardwareSnapshot(
    os="Linux",
    arch="x86_64",
    cpu=Cpu(model="AMD Ryzen 9 7950X 16-Core Processor", physical_cores=16, logical_cores=32),
    memory_bytes=64 * 2**30,
    gpus=(Gpu(vendor=GpuVendor.NVIDIA, name="NVIDIA GeForce RTX 4090", memory_bytes=24 * 2**30),),
)
OWN_ERROR = OwnError(
    streams=1,
    ttft_p50_us=6.7,
    ttft_p99_us=31.2,
    gap_p50_us=0.3,
    gap_p99_us=21,
    clock=ClockSource.KERNEL,
    measured_at=BEGIN,
)


def jitter(middle: float, n: int = 30, share: float = 0.01, seed: int = 1) -> list[float]:
    """So many values about a middle."""
    rng = random.Random(f"{middle} {seed}")
    return [middle * rng.gauss(1, share) for _ in range(n)]


def a_sample(number: int, workload: str, **fields: Any) -> Sample:
    cold = workload == "load"
    told: dict[str, Any] = {
        "role": SampleRole.COLD if cold else SampleRole.MEASURED,
        "started_at": BEGIN + timedelta(seconds=number),
        "end": EndReason.LENGTH,
        "clock": ClockSource.KERNEL,
        "generated_tokens": 64,
        "prompt_tokens": 30,
    }
    return Sample(number=number, workload=workload, **{**told, **fields})


def a_job(
    name: str = "a:latest",
    decode: Sequence[float] = (),
    load_ms: Sequence[float] = (),
    number: int = 1,
    **outcome: Any,
) -> MeasuredJob:
    """A job with a chat sample for each decode rate, and a load sample for each load time."""
    rates = decode or jitter(100)
    chats = [
        a_sample(n, "chat", decode_tokens_per_s=rate, ttft_ms=4_000 / rate, tpot_ms=1_000 / rate, e2e_ms=64_000 / rate)
        for n, rate in enumerate(rates, 1)
    ]
    loads = [a_sample(len(rates) + n, "load", load_ms=ms, ttft_ms=ms + 5) for n, ms in enumerate(load_ms, 1)]
    model = InstalledModel(name=name, digest="ab" * 32, size_bytes=2**30, parameter_size="1.2B", quantization="Q8_0")
    return MeasuredJob(
        job_id=UUID(int=number),
        model=model,
        outcome=an_outcome(model, len(chats) + len(loads), **outcome),
        samples=(*chats, *loads),
    )


def an_outcome(model: InstalledModel, samples: int, **fields: Any) -> JobOutcome:
    environment = Environment(
        client_version="0.1.0",
        hardware_fingerprint=HARDWARE.fingerprint(),
        ollama_version="0.9.3",
        model=model.name,
        model_digest=model.digest,
        options=SUITE.options,
        suite_hash=SUITE.hash(),
        clock=ClockSource.KERNEL,
        size_bytes=2**30,
        size_vram_bytes=2**30,
        own_error=OWN_ERROR,
    )
    told: dict[str, Any] = {"status": OutcomeStatus.COMPLETED, "environment": environment}
    times: dict[str, Any] = {"started_at": BEGIN, "ended_at": BEGIN + timedelta(minutes=1)}
    return JobOutcome(sample_count=samples, **{**times, **told, **fields})


def a_run(*jobs: MeasuredJob, **fields: Any) -> SavedRun:
    told: dict[str, Any] = {
        "run_id": UUID(int=7),
        "client_version": "0.1.0",
        "started_at": BEGIN,
        "ended_at": BEGIN + timedelta(minutes=2),
        "machine": "bench-box",
        "hardware": HARDWARE,
        "suite": SUITE,
        "order_seed": 5,
        "jobs": jobs or (a_job(),),
    }
    return SavedRun(**{**told, **fields})
