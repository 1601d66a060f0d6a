"""One of every message, with every field filled. `python -m core.tests.messages` writes those that have no file yet."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from core.tests.later_messages import LATER
from core.tests.machines import WHOLE_HARDWARE
from core.tests.traces import MOMENT, a_context, a_final, a_sample, a_trace
from obt_core import enrolment, environment, hardware, heartbeat, jobs, models, results, runs, suites
from obt_core.metrics import to_sample
from obt_core.wire import WireModel

GIB = 2**30
JOB_ID = UUID("3f2b8c1e-7a50-4d55-9a3e-0d1f6a0c9b11")
SESSION_ID = UUID("9d1c7f0a-1a7e-4f57-8a44-6f1f8f6f2c22")
BOOT_ID = UUID("5a0e2b6d-8c3f-4b1a-b6d7-2e9c4d7f3a33")
DIGEST = "0123456789abcdef" * 4
MODEL = "llama3.2:3b"
SUITE = suites.Suite(
    name="mine",
    title="Mine",
    description="For the record.",
    options=suites.ModelOptions(num_ctx=4096, temperature=0.5, seed=7, think=True, keep_alive_s=60),
    warmup_max=3,
    request_timeout_s=120,
    workloads=(
        suites.Workload(
            name="chat",
            purpose="To talk.",
            prompt=suites.TextPrompt(text="Hello\nthere"),
            generate_tokens=64,
            endpoint="generate",
            concurrency=2,
            samples=10,
            budget_s=30,
        ),
        suites.Workload(
            name="load",
            prompt=suites.SyntheticPrompt(tokens=512),
            generate_tokens=2,
            cold=True,
            samples=5,
            budget_s=20.5,
        ),
    ),
)
LOADS = suites.Suite(
    name="every-load",
    title="Every load",
    blocks=3,
    workloads=(
        suites.Workload(
            name="precise",
            prompt=suites.TextPrompt(text="Hello"),
            generate_tokens=64,
            endpoint="openai_chat",
            cache="reuse",
            num_ctx=8192,
            limits=suites.Limits(ttft_ms=500, tpot_ms=50, e2e_ms=10_000),
            precision=suites.Precision(metric=suites.Metric.TTFT, within=0.05, samples_min=8),
            samples=40,
            budget_s=60,
        ),
        *(
            suites.Workload(
                name=arrival.kind,
                prompt=suites.SyntheticPrompt(tokens=64),
                generate_tokens=16,
                endpoint="openai_completions",
                arrival=arrival,
                samples=20,
                budget_s=60,
            )
            for arrival in (
                suites.ConstantArrival(rate_per_s=2),
                suites.PoissonArrival(rate_per_s=0.5),
                suites.ReplayArrival(requests=(suites.ReplayRequest(at_s=0.5, prompt_tokens=64, generate_tokens=16),)),
            )
        ),
    ),
)
LOADED = models.LoadedModel(
    name=MODEL, digest=DIGEST, size_bytes=3 * GIB, size_vram_bytes=2 * GIB, context_length=4096, expires_at=MOMENT
)
PROGRESS = jobs.JobProgress(
    phase=jobs.JobPhase.SAMPLING, workload="chat", samples_done=3, samples_planned=15, tokens_per_s=61.5
)
ENVIRONMENT = environment.Environment(
    client_version="0.1.0",
    hardware_fingerprint=DIGEST,
    ollama_version="0.9.3",
    model=MODEL,
    model_digest=f"sha256:{DIGEST}",
    quantization="Q4_K_M",
    options=SUITE.options,
    suite_hash=DIGEST,
    clock=results.ClockSource.KERNEL,
    size_bytes=3 * GIB,
    size_vram_bytes=2 * GIB,
    context_length=4096,
    other_models_loaded=("phi4:14b",),
    cpu_percent_before=2.5,
)
SAMPLE = to_sample(
    a_trace(final=a_final(prompt_eval_cached_count=2, model=MODEL)),
    a_context(number=3, stream=1, cacheable_tokens=1),
)
ESTIMATE = results.Estimate(median=62.5, low=61.0, high=63.5, n=20, spread=1.25, p90=64.0, drift=-0.04, outliers=1)
FAILED = a_sample(4, end=results.EndReason.ERROR, error_code="ollama_error", error="no memory\nleft")

OUTCOME = jobs.JobOutcome(
    status=jobs.OutcomeStatus.COMPLETED,
    sample_count=1,
    started_at=MOMENT,
    ended_at=MOMENT + timedelta(seconds=90),
    environment=ENVIRONMENT,
)
RUN = runs.SavedRun(
    run_id=SESSION_ID,
    client_version="0.1.0",
    started_at=MOMENT,
    ended_at=MOMENT + timedelta(seconds=90),
    machine="My PC",
    hardware=hardware.HardwareSnapshot(os="Linux", arch="x86_64"),
    suite=SUITE,
    order_seed=7,
    jobs=(
        runs.MeasuredJob(
            job_id=JOB_ID,
            model=models.InstalledModel(name=MODEL, digest=DIGEST, size_bytes=2 * GIB),
            outcome=OUTCOME,
            samples=(SAMPLE,),
        ),
    ),
)

MESSAGES: dict[str, WireModel] = {
    "enrolment_request": enrolment.EnrolmentRequest(
        token="obt_enrol_0123456789",
        client_id="my-pc",
        name="My PC",
        nonce="n" * 32,
        protocol_version=1,
        client_version="0.1.0",
    ),
    "enrolment_reply": enrolment.EnrolmentReply(
        client_id="my-pc", name="My PC", key="obt_client_0123456789", heartbeat_interval_s=10
    ),
    "hardware": hardware.HardwareSnapshot(
        os="Linux",
        os_version="6.1.0",
        arch="x86_64",
        cpu=hardware.Cpu(model="AMD Ryzen 9 7950X", physical_cores=16, logical_cores=32),
        memory_bytes=64 * GIB,
        gpus=(
            hardware.Gpu(vendor=hardware.GpuVendor.NVIDIA, name="RTX 4090", memory_bytes=GIB, driver_version="570"),
            hardware.Gpu(vendor=hardware.GpuVendor.INTEL, name="Arc"),
        ),
    ),
    "whole_hardware": WHOLE_HARDWARE,
    "inventory": models.ModelInventory(
        models=(
            models.InstalledModel(
                name=MODEL,
                digest=DIGEST,
                size_bytes=2 * GIB,
                family="llama",
                parameter_size="3.2B",
                parameter_count=3_212_749_888,
                quantization="Q4_K_M",
                context_length=131_072,
                capabilities=("completion", "tools"),
                modified_at=MOMENT,
            ),
            models.InstalledModel(name="far-away:cloud", digest=DIGEST, size_bytes=0, cloud=True),
        )
    ),
    "heartbeat": heartbeat.Heartbeat(
        boot_id=BOOT_ID,
        protocol_version=1,
        client_version="0.1.0",
        state=heartbeat.AgentState.BUSY,
        interval_s=15,
        ollama=models.OllamaStatus(reachable=True, version="0.9.3", loaded=(LOADED,)),
        hardware_fingerprint=DIGEST,
        models_hash=DIGEST,
        load=heartbeat.MachineLoad(cpu_percent=12.5, memory_used_bytes=8 * GIB),
        job_id=JOB_ID,
        progress=PROGRESS,
    ),
    "heartbeat_reply": heartbeat.HeartbeatReply(
        server_time=MOMENT,
        directives=(
            heartbeat.Work(),
            heartbeat.Cancel(job_id=JOB_ID),
            heartbeat.SendHardware(),
            heartbeat.SendModels(),
        ),
    ),
    "claim_reply": jobs.ClaimReply(
        job=jobs.JobSpec(
            job_id=JOB_ID, session_id=SESSION_ID, model=MODEL, model_digest=DIGEST, suite=SUITE, suite_hash=SUITE.hash()
        )
    ),
    "sample_batch": jobs.SampleBatch(samples=(SAMPLE, FAILED), progress=PROGRESS),
    "samples_reply": jobs.SamplesReply(stored=2, cancelled=True),
    "outcome": jobs.JobOutcome(
        status=jobs.OutcomeStatus.FAILED,
        sample_count=2,
        started_at=MOMENT,
        ended_at=MOMENT + timedelta(seconds=90),
        environment=ENVIRONMENT,
        error=jobs.JobError(code="ollama_unreachable", message="Ollama does not answer.\nIt was there before."),
        notes=("the budget of chat was spent",),
    ),
    "outcome_reply": jobs.OutcomeReply(status=jobs.JobStatus.COMPLETED, missing=1, detail="1 samples never came"),
    "summary": results.Summary(
        headline={}, workloads=(results.WorkloadSummary(workload="chat", taken=2, counted=0, metrics={}),)
    ),
    "every_load": jobs.ClaimReply(
        job=jobs.JobSpec(
            job_id=JOB_ID, session_id=SESSION_ID, model=MODEL, model_digest=DIGEST, suite=LOADS, suite_hash=LOADS.hash()
        )
    ),
    "open_loop_batch": jobs.SampleBatch(
        samples=(
            SAMPLE.model_copy(
                update={
                    "block": 2,
                    "tls_ms": 1.5,
                    "lateness_ms": 6.25,
                    "created_ttft_ms": 24.5,
                    "created_tpot_ms": 20.0,
                    "asked_prompt_tokens": 32,
                    "flags": (results.Flag.CLOCKS_DISAGREE, results.Flag.SENT_LATE),
                }
            ),
        )
    ),
    "saved_run": RUN,
    "announced_run": RUN.announced(),
    "run_line": runs.RunLine(job_id=JOB_ID, sample=SAMPLE, outcome=OUTCOME),
    "run_reply": runs.RunReply(
        session_id=SESSION_ID,
        created=True,
        jobs=(runs.StoredJob(job_id=JOB_ID, status=jobs.JobStatus.LOST, samples_stored=0),),
    ),
    "whole_environment": ENVIRONMENT.model_copy(
        update={
            "parallel_slots": 4,
            "order_seed": 7,
            "own_error": environment.OwnError(
                streams=8,
                ttft_p50_us=6.7,
                ttft_p99_us=14.1,
                gap_p50_us=0.3,
                gap_p99_us=21.0,
                lateness_p99_ms=0.4,
                clock=results.ClockSource.KERNEL,
                measured_at=MOMENT,
            ),
        }
    ),
    "whole_summary": results.Summary(
        headline={suites.Metric.DECODE: ESTIMATE},
        workloads=(
            results.WorkloadSummary(
                workload="chat",
                taken=21,
                counted=20,
                metrics={suites.Metric.DECODE: ESTIMATE},
                requests_per_s=1.5,
                goodput_per_s=1.25,
                throughput_tokens_per_s=96.0,
                slots_seen=2,
                lateness_p50_ms=0.1,
                lateness_p99_ms=0.4,
                precise=True,
            ),
        ),
    ),
    **LATER,
}


def main() -> None:
    """Write the messages that have no file; released ones stay."""
    for name, message in MESSAGES.items():
        file = Path(__file__).parent / "golden" / f"{name}.json"
        if not file.exists():
            file.write_text(json.dumps(message.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
