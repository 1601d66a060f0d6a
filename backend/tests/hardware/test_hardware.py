"""The hardware of clients, with its history."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_core.hardware import HardwareSnapshot
from obt_server.hardware import service as hardware


async def kept(server: Harness, client: AClient, machine: HardwareSnapshot) -> HardwareSnapshot | None:
    async with server.db.read() as session:
        return await hardware.find(session, client.id, machine.fingerprint())


async def test_the_present_hardware_is_shown_and_the_earlier_one_kept(server: Harness) -> None:
    client, other = await server.a_client(), await server.a_client()
    before, after = builders.a_machine(gpu="RTX 3090"), builders.a_machine(gpu="RTX 4090")
    for machine in (before, after):
        await client.put_hardware(machine)
    shown = (await server.get(f"/clients/{client.id}"))["hardware"]
    assert [gpu["name"] for gpu in shown["gpus"]] == ["RTX 4090"]
    assert (await kept(server, client, before), await kept(server, client, after)) == (before, after)
    assert await kept(server, other, before) is None
    await client.put_hardware(before)  # the old card is put back
    assert (await server.get(f"/clients/{client.id}"))["hardware"]["gpus"][0]["name"] == "RTX 3090"


async def test_a_new_driver_is_the_same_machine_with_new_facts(server: Harness) -> None:
    client = await server.a_client()
    old = builders.a_machine(gpu="RTX 4090")
    new = old.model_copy(update={"gpus": (old.gpus[0].model_copy(update={"driver_version": "999"}),)})
    for machine in (old, new):
        await client.put_hardware(machine)
    assert await kept(server, client, old) == new


async def test_the_same_hardware_told_twice_at_once_is_stored_once(server: Harness) -> None:
    client = await server.a_client()
    machine = builders.a_machine(gpu="RTX 4090")
    await asyncio.gather(*(client.put_hardware(machine) for _ in range(5)))
    assert await kept(server, client, machine) == machine


# The history


def written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


async def test_the_history_tells_what_a_machine_was_and_until_when(server: Harness) -> None:
    client = await server.a_client()
    first, second, third, fourth = (server.clock.now() + timedelta(seconds=60 * n) for n in range(4))
    before, after = builders.a_machine(gpu="RTX 3090"), builders.a_machine(gpu="RTX 4090")
    for machine in (before, after):
        server.clock.advance(60)
        await client.put_hardware(machine)
    told = await server.get(f"/clients/{client.id}/hardware")
    assert (told["current"]["gpus"][0]["name"], told["fingerprint"]) == ("RTX 4090", after.fingerprint())
    assert [(r["is_current"], r["first_seen_at"], r["replaced_at"]) for r in told["history"]] == [
        (True, written(third), None),
        (False, written(second), written(third)),
        (False, written(first), written(second)),
    ]
    kept_machines = [HardwareSnapshot.model_validate(record["hardware"]) for record in told["history"]]
    assert kept_machines == [after, before, builders.a_machine()]
    server.clock.advance(60)
    await client.put_hardware(before)  # the old card is put back
    history = (await server.get(f"/clients/{client.id}/hardware"))["history"]
    assert [record["is_current"] for record in history] == [True, False, False]
    assert (history[0]["first_seen_at"], history[0]["replaced_at"]) == (written(second), None)
    assert history[1]["replaced_at"] == written(fourth)


async def test_who_told_nothing_has_no_hardware_and_who_is_nobody_is_not_found(server: Harness) -> None:
    body = builders.an_enrolment(await server.a_token(), "silent").model_dump(mode="json")
    (await server.nobody.post(f"{API}/clients", json=body)).raise_for_status()
    assert await server.get("/clients/silent/hardware") == {"current": None, "fingerprint": None, "history": []}
    assert (await server.owner.get(f"{API}/clients/nobody/hardware")).status_code == 404


@pytest.mark.parametrize("version", ["0.0.1", "99.0"])
async def test_a_client_of_another_release_counts_other_parts_in_and_is_believed(server: Harness, version: str) -> None:
    """Else it would be asked for what it has told with every beat, and its results would not find their machine."""
    client = await server.a_client(models=("a",))
    own: dict[str, Any] = {"client_version": version, "hardware_fingerprint": "a" * 64, "models_hash": "b" * 64}
    assert [d.kind for d in (await client.beat(**own)).directives] == ["send_hardware", "send_models"]
    await client.put_hardware(builders.a_machine(gpu="RTX 4090"))
    await client.put_models(builders.a_model("a"))
    assert (await client.beat(**own)).directives == ()
    await server.a_session([client], ["a"])
    spec = await client.claim()
    assert spec is not None
    environment = builders.an_environment(spec, hardware_fingerprint="a" * 64)
    await client.send_samples(spec.job_id, builders.a_sample())
    await client.send_outcome(spec.job_id, builders.an_outcome(spec, 1, environment=environment))
    assert (await server.get(f"/results/{spec.job_id}"))["hardware"]["gpus"][0]["name"] == "RTX 4090"
