"""What a machine did while a job was measured: one series a job, about a tick a second, aligned with its samples."""

from enum import IntFlag, StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from obt_core.wire import Slug, UtcDatetime, WireModel, known_or

CHANNELS_MAX = 256
TICKS_MAX = 604_800
"""A week of seconds."""
BATCH_TICKS_MAX = 600


class Track(StrEnum):
    """What is recorded, with its unit in its name. On the wire a track is a Slug, so that newer ones are kept.

    Percents of a processor are of all its cores. `energy_j` counts from the first tick of the job. `throttle` holds the
    bits of `Throttle`. `foreign_cpu_percent` is what neither Ollama nor this client used.
    """

    CPU = "cpu_percent"
    FOREIGN_CPU = "foreign_cpu_percent"
    OLLAMA_CPU = "ollama_cpu_percent"
    CLIENT_CPU = "client_cpu_percent"
    MEMORY_USED = "memory_used_bytes"
    OLLAMA_MEMORY = "ollama_memory_bytes"
    SWAPPED = "swapped_bytes_per_s"
    """Read from swap and written to it."""
    UTILIZATION = "utilization_percent"
    FOREIGN_UTILIZATION = "foreign_utilization_percent"
    """Of a GPU, by processes that are not Ollama's."""
    VRAM_USED = "vram_used_bytes"
    OLLAMA_VRAM = "ollama_vram_bytes"
    POWER = "power_w"
    POWER_LIMIT = "power_limit_w"
    ENERGY = "energy_j"
    TEMPERATURE = "temperature_c"
    CLOCK = "clock_mhz"
    MEMORY_CLOCK = "memory_clock_mhz"
    THROTTLE = "throttle"
    PCIE_RECEIVED = "pcie_received_bytes_per_s"
    PCIE_SENT = "pcie_sent_bytes_per_s"


class Throttle(IntFlag):
    """Why a processor is slower than it could be. `POWER_CAP` is the usual state of a GPU at full load."""

    THERMAL = 1
    POWER_CAP = 2
    POWER_BRAKE = 4
    """The supply asked for less."""
    OTHER = 8


class EnergySource(StrEnum):
    """Where joules come from: a counter of the device, or power read at each tick and summed over time."""

    COUNTER = "counter"
    INTEGRATED = "integrated"


class Channel(WireModel):
    """One line of the series.

    `device` is `gpu0`, `gpu1`, ... in the order of the hardware's GPUs, `cpu` or `cpu1`, ... for a processor's package,
    `dram`; None for the machine. `source` stands with `energy_j` alone.
    """

    track: Slug
    device: Slug | None = None
    source: Annotated[EnergySource | None, known_or(EnergySource, None)] = None


Value = Annotated[float, Field(ge=-1e18, le=1e18)] | None
"""None where it was not told at that tick, a GPU that fell off the bus among the reasons."""


class Tick(WireModel):
    """All channels at one moment, `at_ms` after the series began.

    What is per second, and what is a percentage of time, is over the time since the tick before it.
    """

    at_ms: float = Field(ge=0, le=1e12)
    values: tuple[Value, ...] = Field(max_length=CHANNELS_MAX)


class Telemetry(WireModel):
    """A series, or consecutive ticks of one. Channels do not change within a job."""

    started_at: UtcDatetime
    channels: tuple[Channel, ...] = Field(max_length=CHANNELS_MAX)
    ticks: tuple[Tick, ...] = Field(max_length=TICKS_MAX)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if any(len(tick.values) != len(self.channels) for tick in self.ticks):
            raise ValueError("a tick has not as many values as there are channels")
        if any(later.at_ms < earlier.at_ms for earlier, later in zip(self.ticks, self.ticks[1:], strict=False)):
            raise ValueError("ticks are not in the order of their time")
        return self


class TelemetryBatch(WireModel):
    """Ticks as they are taken. `first` is how many the job had before them.

    Those that are stored already change nothing; after a gap nothing is stored.
    """

    first: int = Field(ge=0, le=TICKS_MAX)
    telemetry: Telemetry

    @model_validator(mode="after")
    def _is_small(self) -> Self:
        if len(self.telemetry.ticks) > BATCH_TICKS_MAX:
            raise ValueError(f"more than {BATCH_TICKS_MAX} ticks at once")
        return self


class TelemetryReply(WireModel):
    """How many ticks the server holds now; `cancelled` asks the client to stop."""

    stored: int
    cancelled: bool = False


def appended(stored: Telemetry | None, batch: TelemetryBatch) -> Telemetry | None:
    """Return the series with what is new in the batch; unchanged after a gap, or where its channels are others."""
    have = len(stored.ticks) if stored else 0
    new = batch.telemetry.ticks[max(0, have - batch.first) :]
    if batch.first > have or not new:
        return stored
    if stored is None:
        return batch.telemetry
    is_of_it = (batch.telemetry.channels, batch.telemetry.started_at) == (stored.channels, stored.started_at)
    in_order = new[0].at_ms >= stored.ticks[-1].at_ms if stored.ticks else True
    if not is_of_it or not in_order or have + len(new) > TICKS_MAX:
        return stored
    return stored.model_copy(update={"ticks": (*stored.ticks, *new)})
