"""Jobs to test with: a short suite, a sink that keeps samples, one call from a fake Ollama to an outcome."""

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from obt_client.ollama import Ollama
from obt_client.work import StopSignal, do_job
from obt_core.hardware import Cpu, HardwareSnapshot
from obt_core.jobs import JobOutcome, JobProgress, JobSpec
from obt_core.results import Sample, SampleRole
from obt_core.suites import ModelOptions, Suite, SyntheticPrompt, TextPrompt, Workload
from obt_core.telemetry import Telemetry, TelemetryBatch, appended
from tests.fake_ollama import FakeModel, RequestRecord

from .builders import settings_of

CHAT = Workload(name="chat", prompt=TextPrompt(text="one two three"), generate_tokens=16, samples=6, budget_s=60)
COLD = Workload(name="load", prompt=TextPrompt(text="hello"), generate_tokens=2, cold=True, samples=3, budget_s=60)
READ = Workload(
    name="read", prompt=SyntheticPrompt(tokens=300), generate_tokens=2, endpoint="generate", samples=2, budget_s=60
)
HARDWARE = HardwareSnapshot(os="Linux", arch="x86_64", cpu=Cpu(model="A chip", logical_cores=2))
STEADY = FakeModel("tiny", ttft_ms=3, interval_ms=2)
"""Rates that the fake tells of itself agree from one request to the next, unless the machine is very busy."""


def a_suite(*workloads: Workload, **more: object) -> Suite:
    given = {"options": ModelOptions(num_ctx=1024, temperature=0.5, seed=7, keep_alive_s=60), "warmup_max": 3, **more}
    return Suite.model_validate({"name": "short", "title": "Short", "workloads": workloads or (CHAT,), **given})


def a_job(suite: Suite, model: FakeModel = STEADY, **more: object) -> JobSpec:
    given = {"job_id": UUID(int=1), "session_id": UUID(int=2), "model": model.name, "model_digest": model.digest}
    return JobSpec.model_validate({**given, "suite": suite, "suite_hash": suite.hash(), **more})


@dataclass
class Sink:
    """Keeps samples; the disk is full after `room` of them. `seen` is called with each one that was stored."""

    room: int = 1_000_000
    seen: Callable[[Sample], None] = lambda _: None
    samples: list[Sample] = field(default_factory=list[Sample])
    telemetry: Telemetry | None = None

    async def append_ticks(self, batch: TelemetryBatch) -> None:
        self.telemetry = appended(self.telemetry, batch)

    async def append(self, sample: Sample) -> None:
        if len(self.samples) >= self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.samples.append(sample)
        self.seen(sample)

    @property
    def counted(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.role is not SampleRole.WARMUP]


@dataclass
class Done:
    """A job that has ended."""

    outcome: JobOutcome
    samples: list[Sample]
    progress: list[JobProgress]

    @property
    def error_code(self) -> str | None:
        return self.outcome.error.code if self.outcome.error else None

    @property
    def counted(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.role is not SampleRole.WARMUP]

    def check(self) -> None:
        """What holds for every job, however it ends."""
        assert [sample.number for sample in self.samples] == list(range(1, len(self.samples) + 1))
        assert self.outcome.sample_count == len(self.samples)
        assert self.outcome.started_at <= self.outcome.ended_at
        assert self.outcome.environment is not None
        assert all(progress.samples_done <= progress.samples_planned for progress in self.progress)


async def work(
    url: str,
    suite: Suite,
    model: FakeModel = STEADY,
    *,
    sink: Sink | None = None,
    stop: StopSignal | None = None,
    wait_s: float = 5,
    on_progress: Callable[[JobProgress], None] = lambda _: None,
    seed: int | None = None,
    **spec: object,
) -> Done:
    """Do a job against the Ollama at `url`, and check what holds for every job."""
    sink, told = sink or Sink(), list[JobProgress]()

    def tell(progress: JobProgress) -> None:
        told.append(progress)
        on_progress(progress)

    outcome = await do_job(
        a_job(suite, model, order_seed=seed, **spec),
        ollama=Ollama(url),
        folder=sink,
        settings=settings_of(Path("unused"), ollama_url=url, ollama_wait_s=wait_s),
        hardware=HARDWARE,
        on_progress=tell,
        stop=stop or StopSignal(),
    )
    done = Done(outcome, sink.samples, told)
    done.check()
    return done


def prompt_of(request: RequestRecord) -> str:
    """The prompt that a recorded request sent."""
    messages = request.body.get("messages")
    if isinstance(messages, list):
        return str(messages[0]["content"])  # pyright: ignore[reportUnknownArgumentType]
    return str(request.body.get("prompt") or "")


def asked(requests: list[RequestRecord]) -> list[RequestRecord]:
    """Those that sent a prompt: unloading asks without one."""
    return [request for request in requests if prompt_of(request)]
