"""Messages that came after the first release, with every field filled: a part of `messages.MESSAGES`."""

from datetime import timedelta
from uuid import UUID

from core.tests.traces import MOMENT
from obt_core import heartbeat, jobs, models, operations, telemetry
from obt_core.wire import WireModel

_CHANNELS = (
    telemetry.Channel(track=telemetry.Track.CPU),
    telemetry.Channel(track=telemetry.Track.ENERGY, device="gpu0", source=telemetry.EnergySource.COUNTER),
)
_OPERATION_ID = UUID("7b1de3c2-0c55-4b7e-9d0a-6a4f2f9e4c44")
_MODEL = "llama3.2:3b"
_OPERATIONS: dict[str, operations.Operation] = {
    "pull": operations.Pull(model="hf.co/someone/Some-Model-GGUF:Q4_K_M"),
    "delete": operations.Delete(model=_MODEL),
    "load": operations.Load(model=_MODEL, keep_alive_s=600),
    "unload": operations.Unload(model=_MODEL),
    "copy": operations.Copy(model=_MODEL, to="mine:latest"),
}

LATER: dict[str, WireModel] = {
    "versioned_heartbeat_reply": heartbeat.HeartbeatReply(
        server_time=MOMENT, server_version="0.2.0", server_protocol_version=2
    ),
    "telemetry_batch": telemetry.TelemetryBatch(
        first=7,
        telemetry=telemetry.Telemetry(
            started_at=MOMENT,
            channels=_CHANNELS,
            ticks=(
                telemetry.Tick(at_ms=7_000.5, values=(12.5, 700.25)),
                telemetry.Tick(at_ms=8_001.0, values=(None, None)),
            ),
        ),
    ),
    "telemetry_reply": telemetry.TelemetryReply(stored=9, cancelled=True),
    "operating_heartbeat": heartbeat.Heartbeat(
        boot_id=UUID("5a0e2b6d-8c3f-4b1a-b6d7-2e9c4d7f3a33"),
        protocol_version=2,
        client_version="0.2.0",
        state=heartbeat.AgentState.BUSY,
        ollama=models.OllamaStatus(reachable=True, version="0.9.3"),
        operation_id=_OPERATION_ID,
        allows=operations.Allowed.MODELS,
        allow_registries=("hf.co", "registry.example:5000"),
    ),
    "timed_heartbeat": heartbeat.Heartbeat(
        boot_id=UUID("5a0e2b6d-8c3f-4b1a-b6d7-2e9c4d7f3a33"),
        protocol_version=2,
        client_version="0.2.0",
        state=heartbeat.AgentState.IDLE,
        ollama=models.OllamaStatus(reachable=True, version="0.9.3"),
        clock=heartbeat.ClockOffset(offset_ms=-2_500.5, error_ms=1.5),
    ),
    "operating_heartbeat_reply": heartbeat.HeartbeatReply(
        server_time=MOMENT,
        directives=(
            heartbeat.Operate(),
            heartbeat.CancelOperation(operation_id=_OPERATION_ID),
            heartbeat.RotateKey(),
        ),
        server_version="0.2.0",
        server_protocol_version=2,
    ),
    **{
        f"operation_claim_reply_{kind}": operations.OperationClaimReply(
            operation=operations.OperationSpec(operation_id=_OPERATION_ID, operation=one, lease_s=90)
        )
        for kind, one in _OPERATIONS.items()
    },
    "operation_progress": operations.OperationProgress(
        stage="pulling 0123456789ab", done_bytes=2**30, total_bytes=2**31, bytes_per_s=1.5e6
    ),
    "operation_progress_reply": operations.OperationProgressReply(cancelled=True),
    "operation_outcome": operations.OperationOutcome(
        status=operations.OperationOutcomeStatus.FAILED,
        started_at=MOMENT,
        ended_at=MOMENT + timedelta(seconds=30),
        error=jobs.JobError(code="no_space", message="write: no space left on device\n1.0 GiB are free."),
    ),
    "operation_outcome_reply": operations.OperationOutcomeReply(status=operations.OperationStatus.LOST),
}
