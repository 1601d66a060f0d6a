"""What tests of previews share: a pair that was measured, and how it is asked about."""

from datetime import timedelta
from typing import Any

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_core.hardware import HardwareSnapshot
from obt_core.jobs import JobSpec
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment

TOOK_S = 60.0


def a_driven_machine(driver_version: str, gpu: str = "RTX 4090") -> HardwareSnapshot:
    """A machine with one GPU, whose driver is of that version."""
    environment = MachineEnvironment(gpus=(GpuEnvironment(name=gpu, driver_version=driver_version),))
    return builders.a_machine(gpu=gpu).model_copy(update={"environment": environment})


async def measure(server: Harness, client: AClient, **environment: Any) -> str:
    """Let a client do its next job, to end at this moment; return the ID of the result. It is clean."""
    spec = await client.claim()
    assert spec is not None
    await client.send_samples(spec.job_id, *(builders.a_sample(n) for n in range(1, 9)))
    await client.send_outcome(spec.job_id, _outcome(server, spec, environment))
    return str(spec.job_id)


def _outcome(server: Harness, spec: JobSpec, environment: dict[str, Any]) -> Any:
    now = server.clock.now()
    told = builders.an_environment(spec, **environment)
    return builders.an_outcome(spec, 8, started_at=now - timedelta(seconds=TOOK_S), ended_at=now, environment=told)


async def preview(server: Harness, clients: list[AClient], models: list[str], **fields: Any) -> dict[str, Any]:
    """Ask what a session would become."""
    body = {"models": models, "client_ids": [client.id for client in clients], **fields}
    return (await server.owner.post(f"{API}/sessions/plan", json=body)).raise_for_status().json()


async def only_pair(server: Harness, client: AClient, model: str = "a", **fields: Any) -> dict[str, Any]:
    """Ask about one pair."""
    (pair,) = (await preview(server, [client], [model], **fields))["pairs"]
    return pair
