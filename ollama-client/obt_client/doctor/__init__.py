"""Looks at everything that OBT needs on this machine, and says what to do where something is missing.

All checks run at once, each within its time; none changes anything, loads a model or is seen by the server as a beat.
docs/doctor.md has every topic.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from obt_client.config import Settings
from obt_client.doctor import clock, data, gpu, machine, ollama, server, service, telemetry
from obt_client.doctor.findings import Finding, Level, Topic, warning
from obt_client.doctor.patient import Patient

__all__ = ["CHECKS", "LIMIT_S", "Finding", "Level", "Topic", "examine"]

LIMIT_S = 8.0
"""How long one check may take; detection of the hardware alone is given five seconds."""
Check = Callable[[Patient], Awaitable[list[Finding]]]
CHECKS: dict[Topic, Check] = {
    Topic.OLLAMA: ollama.check_ollama,
    Topic.MODELS: ollama.check_models,
    Topic.OLLAMA_SETTINGS: ollama.check_settings,
    Topic.ENROLMENT: server.check_enrolment,
    Topic.SERVER: server.check_server,
    Topic.KEY: server.check_key,
    Topic.SERVER_CLOCK: server.check_server_clock,
    Topic.SERVICE: service.check_service,
    Topic.CLOCK: clock.check_clock,
    Topic.STAMPS: clock.check_stamps,
    Topic.DATA: data.check_data,
    Topic.PRIVACY: data.check_privacy,
    Topic.ROOM: data.check_room,
    Topic.OUTBOX: data.check_outbox,
    Topic.DEAD_LETTERS: data.check_dead_letters,
    Topic.HARDWARE: machine.check_hardware,
    Topic.GPU: gpu.check_gpu,
    Topic.POWER: machine.check_power,
    Topic.LOAD: machine.check_load,
    Topic.MEMORY: machine.check_memory,
    Topic.TELEMETRY: telemetry.check_telemetry,
    Topic.ENERGY: telemetry.check_energy,
}
"""In the order in which they are told. A check finds nothing where what it looks at is not there."""


async def examine(
    settings: Settings, checks: Mapping[Topic, Check] | None = None, limit_s: float = LIMIT_S
) -> list[Finding]:
    """Run all checks at once and return their findings in the order of the checks.

    A check that fails or takes longer than `limit_s` seconds is a finding itself. Never raises but for cancellation.
    """
    patient = Patient(settings)
    chosen = CHECKS if checks is None else checks
    found = await asyncio.gather(*(_within(limit_s, topic, check, patient) for topic, check in chosen.items()))
    return [finding for findings in found for finding in findings]


async def _within(limit_s: float, topic: Topic, check: Check, patient: Patient) -> list[Finding]:
    try:
        async with asyncio.timeout(limit_s):
            return await check(patient)
    except TimeoutError:
        told = f"Nothing was told within {limit_s:g} s."
        return [warning(topic, told, "Ask again when the machine is quiet; what stays silent hangs.")]
    except Exception as error:  # noqa: BLE001 - whatever a system raises, the other checks stand
        told = f"It could not be looked at: {type(error).__name__}: {error}."
        return [warning(topic, told, "Nothing else depends on it; please report it to OBT.")]
