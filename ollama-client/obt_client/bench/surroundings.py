"""The machine around a job: watched while it is measured, told with its result."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypedDict

from obt_client.bench import conditions
from obt_client.bench.guard import Guard, Thresholds, idle_power_w
from obt_client.bench.preflight import Preflight
from obt_client.bench.recorder import SampleSink
from obt_client.config import Settings
from obt_client.hardware import read_power
from obt_client.ollama_settings import visible_settings
from obt_client.telemetry.sampler import Telemeter
from obt_core.environment import Condition
from obt_core.hardware import HardwareSnapshot
from obt_core.machine_environment import MachineEnvironment, Power
from obt_core.models import LoadedModel


class Surrounded(TypedDict):
    """As it stands in `Environment`."""

    hardware_fingerprint: str | None
    machine: MachineEnvironment | None
    ollama_settings: dict[str, str]
    ollama_settings_source: str | None
    idle_power_w: float | None


class Surroundings:
    """What is known of the machine; nothing where Ollama runs on another one.

    `guard` judges samples; None where nothing is watched: Ollama is remote, or telemetry is off.
    """

    def __init__(self, settings: Settings, hardware: HardwareSnapshot | None, sink: SampleSink) -> None:
        self._settings, self._hardware = settings, hardware
        self._telemeter: Telemeter | None = None
        if settings.telemetry_interval_s and not settings.ollama_is_remote:
            interval_s = settings.telemetry_interval_s
            self._telemeter = Telemeter(
                settings.ollama_url, remote=False, interval_s=interval_s, on_ticks=sink.append_ticks
            )
        self.guard = Guard(self._telemeter, Thresholds.of(settings)) if self._telemeter else None
        self._power: tuple[Power | None, Power | None] = None, None
        self._ollama_settings: tuple[dict[str, str], str | None] = {}, None
        self._idle_power_w: float | None = None

    @asynccontextmanager
    async def watched(self) -> AsyncGenerator[None]:
        """Take readings meanwhile."""
        if self._telemeter is None:
            yield
            return
        async with self._telemeter.running():
            yield

    async def look_before(self) -> None:
        """Look before anything is sent to the model."""
        if self._settings.ollama_is_remote:
            return
        power, self._ollama_settings = await asyncio.gather(read_power(), visible_settings(self._settings.ollama_url))
        self._power = power, None

    def saw_idle(self) -> None:
        """What was read until now is of a machine that measures nothing yet."""
        if self._telemeter:
            self._idle_power_w = idle_power_w(self._telemeter.telemetry())

    async def look_after(self) -> None:
        """Look once more, when all is measured."""
        if not self._settings.ollama_is_remote:
            self._power = self._power[0], await read_power()

    def conditions(self, found: Preflight | None, memory: LoadedModel | None) -> tuple[Condition, ...]:
        """All that a reader of the result should know."""
        limit, percent = self._settings.guard_cpu_percent, found.cpu_percent if found else None
        return (
            *conditions.of_processor(percent, limit, is_watched=self._knows_who_is_foreign()),
            *conditions.of_power(*self._power),
            *conditions.of_memory(memory),
            *conditions.of_telemetry(self._telemeter.telemetry() if self._telemeter else None),
        )

    def _knows_who_is_foreign(self) -> bool:
        return self._telemeter is not None and self._telemeter.knows_foreign_cpu

    def facts(self) -> Surrounded:
        """The machine as it was when the job began."""
        machine = self._hardware.environment if self._hardware else None
        if machine and self._power[0]:
            machine = machine.model_copy(update={"power": self._power[0]})
        settings, source = self._ollama_settings
        return Surrounded(
            hardware_fingerprint=self._hardware.fingerprint() if self._hardware else None,
            machine=machine,
            ollama_settings=settings,
            ollama_settings_source=source,
            idle_power_w=self._idle_power_w,
        )
