"""The hardware of clients, with its history."""

import asyncio

from backend.tests import builders
from backend.tests.harness import AClient, Harness
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
