"""Messages that came after the first release, with every field filled: a part of `messages.MESSAGES`."""

from core.tests.traces import MOMENT
from obt_core import heartbeat, telemetry
from obt_core.wire import WireModel

_CHANNELS = (
    telemetry.Channel(track=telemetry.Track.CPU),
    telemetry.Channel(track=telemetry.Track.ENERGY, device="gpu0", source=telemetry.EnergySource.COUNTER),
)

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
}
