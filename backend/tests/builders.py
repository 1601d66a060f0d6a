"""Things that tests need, with honest defaults."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from obt_core.enrolment import EnrolmentRequest
from obt_core.environment import Environment
from obt_core.hardware import Cpu, Gpu, GpuVendor, HardwareSnapshot
from obt_core.heartbeat import AgentState, Heartbeat
from obt_core.jobs import JobError, JobOutcome, JobSpec, OutcomeStatus
from obt_core.models import InstalledModel, OllamaStatus
from obt_core.results import ClockSource, EndReason, Sample, SampleRole
from obt_core.telemetry import Channel, EnergySource, Telemetry, TelemetryBatch, Tick, Track
from obt_core.wire import PROTOCOL_VERSION
from obt_server.clients.tables import ClientRow

GIB = 2**30
MOMENT = datetime(2026, 11, 1, 12, 0, 30, tzinfo=UTC)


def an_enrolment(token: str, client_id: str, name: str = "bench", nonce: str | None = None) -> EnrolmentRequest:
    return EnrolmentRequest(
        token=token, client_id=client_id, name=name, nonce=nonce or uuid4().hex, protocol_version=1, client_version="0"
    )


def a_heartbeat(**fields: Any) -> Heartbeat:
    defaults: dict[str, Any] = {
        "boot_id": uuid4(),
        "protocol_version": PROTOCOL_VERSION,
        "client_version": "0.1.0",
        "state": AgentState.IDLE,
        "ollama": OllamaStatus(reachable=True, version="0.9.3"),
    }
    return Heartbeat(**{**defaults, **fields})


def a_client_row(client_id: str = "one") -> ClientRow:
    return ClientRow(id=client_id, name=client_id, client_version="0", enrolled_at=MOMENT, interval_s=10, model_count=0)


def a_machine(gpu: str | None = None, memory_gib: int = 32) -> HardwareSnapshot:
    gpus = (Gpu(vendor=GpuVendor.NVIDIA, name=gpu, memory_bytes=24 * GIB, driver_version="570.1"),) if gpu else ()
    return HardwareSnapshot(
        os="Linux",
        os_version="6.1",
        arch="x86_64",
        cpu=Cpu(model="AMD Ryzen 9 7950X", physical_cores=16, logical_cores=32),
        memory_bytes=memory_gib * GIB,
        gpus=gpus,
    )


def a_digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def a_model(name: str = "llama3.2:3b", **fields: Any) -> InstalledModel:
    defaults: dict[str, Any] = {
        "name": name,
        "digest": a_digest(name),
        "size_bytes": 2 * GIB,
        "family": "llama",
        "parameter_size": "3.2B",
        "quantization": "Q4_K_M",
        "context_length": 131_072,
        "capabilities": ("completion",),
    }
    return InstalledModel(**{**defaults, **fields})


def a_sample(number: int = 1, **fields: Any) -> Sample:
    defaults: dict[str, Any] = {
        "number": number,
        "workload": "chat",
        "role": SampleRole.MEASURED,
        "started_at": MOMENT + timedelta(seconds=number),
        "end": EndReason.LENGTH,
        "clock": ClockSource.KERNEL,
        "ttft_ms": 40.0 + number,
        "tpot_ms": 10.0,
        "e2e_ms": 700.0,
        "decode_tokens_per_s": 100.0 + number % 3,
        "prefill_tokens_per_s": 2_000.0,
        "prompt_tokens": 30,
        "generated_tokens": 64,
        "chunk_ms": (40.0, 50.0),
        "ollama": {"eval_count": 64, "done_reason": "length"},
    }
    return Sample(**{**defaults, **fields})


def an_environment(spec: JobSpec, **fields: Any) -> Environment:
    defaults: dict[str, Any] = {
        "client_version": "0.1.0",
        "hardware_fingerprint": a_machine().fingerprint(),
        "ollama_version": "0.9.3",
        "model": spec.model,
        "model_digest": spec.model_digest,
        "quantization": "Q4_K_M",
        "options": spec.suite.options,
        "suite_hash": spec.suite_hash,
        "clock": ClockSource.KERNEL,
        "size_bytes": 2 * GIB,
        "size_vram_bytes": 0,
    }
    return Environment(**{**defaults, **fields})


def an_outcome(spec: JobSpec, samples: int, **fields: Any) -> JobOutcome:
    defaults: dict[str, Any] = {
        "status": OutcomeStatus.COMPLETED,
        "sample_count": samples,
        "started_at": MOMENT,
        "ended_at": MOMENT + timedelta(minutes=1),
        "environment": an_environment(spec),
    }
    return JobOutcome(**{**defaults, **fields})


def a_failure(spec: JobSpec, samples: int, code: str = "ollama_unreachable") -> JobOutcome:
    error = JobError(code=code, message="Ollama does not answer.")
    return an_outcome(spec, samples, status=OutcomeStatus.FAILED, error=error)


POWER_W = 100.0
CHANNELS = (
    Channel(track=Track.CPU),
    Channel(track=Track.POWER, device="gpu0"),
    Channel(track=Track.ENERGY, device="gpu0", source=EnergySource.COUNTER),
)


def a_series(ticks: int = 5, **fields: Any) -> Telemetry:
    """A tick a second from `MOMENT` on: a processor of changing load, a GPU that takes `POWER_W`."""
    told = (Tick(at_ms=1_000 * n, values=(n % 7, POWER_W, POWER_W * n)) for n in range(ticks))
    defaults: dict[str, Any] = {"started_at": MOMENT, "channels": CHANNELS, "ticks": tuple(told)}
    return Telemetry(**{**defaults, **fields})


def a_batch(series: Telemetry, first: int = 0, count: int = 600) -> TelemetryBatch:
    """So many ticks of a series, from the one numbered `first` on."""
    return TelemetryBatch(
        first=first, telemetry=series.model_copy(update={"ticks": series.ticks[first : first + count]})
    )
