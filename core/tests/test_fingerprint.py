"""A fingerprint hangs on the physical parts, and on nothing else: shown for any machine."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obt_core.hardware import (
    Cpu,
    DetectionNote,
    DiskKind,
    Gpu,
    GpuVendor,
    HardwareSnapshot,
    Memory,
    ModelDisk,
    Npu,
    installed_bytes,
)
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, MigDevice, Power, PowerSource

GIB = 2**30
FIRST_RELEASE = "a6d531f13341a1a2a29080011515769302ba0b548046c0fa1a21942a60466718"
"""The fingerprint of golden/hardware.json as the first release computed it."""

names = st.text("abcXYZ 0123", min_size=1, max_size=12)
gpus = st.builds(
    Gpu,
    vendor=st.sampled_from(GpuVendor),
    name=names,
    memory_bytes=st.none() | st.integers(GIB, 200 * GIB),
    pci_id=st.none() | st.sampled_from(["1002:744c:cc", "8086:56a0:08"]),
    is_integrated=st.none() | st.booleans(),
    cores=st.none() | st.integers(1, 100),
)
npus = st.builds(Npu, vendor=st.just("amd"), name=names)
powers = st.builds(Power, source=st.none() | st.sampled_from(PowerSource), governor=st.none() | names)
gpu_environments = st.builds(
    GpuEnvironment,
    name=names,
    driver_version=st.none() | names,
    power_limit_w=st.none() | st.floats(1, 1000),
    pcie_generation=st.none() | st.integers(1, 7),
    is_mig_enabled=st.none() | st.booleans(),
    mig_devices=st.lists(st.builds(MigDevice, profile=names), max_size=2).map(tuple),
)
environments = st.builds(
    MachineEnvironment,
    kernel=st.none() | names,
    power=st.none() | powers,
    cpu_mhz=st.none() | st.floats(1, 6000),
    model_disk_free_bytes=st.none() | st.integers(0, 2**40),
    virtualization=st.none() | names,
    gpus=st.lists(gpu_environments, max_size=3).map(tuple),
)
cpus = st.builds(Cpu, model=names, physical_cores=st.none() | st.integers(1, 64), logical_cores=st.integers(1, 128))
machines = st.builds(
    HardwareSnapshot,
    arch=st.sampled_from(["x86_64", "aarch64"]),
    cpu=st.none() | cpus,
    memory_bytes=st.none() | st.integers(GIB, 4096 * GIB),
    memory=st.just(Memory()),
    gpus=st.lists(gpus, max_size=4).map(tuple),
    npus=st.lists(npus, max_size=2).map(tuple),
    environment=st.none() | environments,
)


@given(machines, environments, st.randoms())
def test_order_and_environment_are_no_part_of_the_machine(
    machine: HardwareSnapshot, environment: MachineEnvironment, random: Any
) -> None:
    shuffled = list(machine.gpus)
    random.shuffle(shuffled)
    changed = machine.model_copy(
        update={
            "os": "Other",
            "os_version": "7",
            "environment": environment,
            "gpus": tuple(gpu.model_copy(update={"driver_version": "999"}) for gpu in shuffled),
            "model_disk": ModelDisk(kind=DiskKind.HDD),
            "notes": (DetectionNote(source="nvidia", code="timed_out"),),
        }
    )
    assert changed.fingerprint() == machine.fingerprint()
    assert HardwareSnapshot.model_validate_json(machine.model_dump_json()).fingerprint() == machine.fingerprint()


@given(machines, gpus, npus)
def test_a_chip_more_or_twice_the_memory_is_another_machine(machine: HardwareSnapshot, gpu: Gpu, npu: Npu) -> None:
    cpu = Cpu(model="another processor", logical_cores=3)
    changes: list[dict[str, Any]] = [
        {"gpus": (*machine.gpus, gpu)},
        {"npus": (*machine.npus, npu)},
        {"arch": "riscv64"},
        {"cpu": cpu},
        {"memory_bytes": machine.memory_bytes and machine.memory_bytes * 2},
    ]
    for change in changes:
        is_changed = change != {"memory_bytes": None}
        assert (machine.model_copy(update=change).fingerprint() != machine.fingerprint()) == is_changed


@pytest.mark.parametrize("installed_gib", [4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 768, 1024])
@pytest.mark.parametrize("kept", [0.001, 0.01, 0.025, 0.04])
def test_what_the_firmware_keeps_does_not_change_the_memory(installed_gib: int, kept: float) -> None:
    assert installed_bytes(int(installed_gib * GIB * (1 - kept))) == installed_gib * GIB


@given(st.integers(1, 2**50))
def test_memory_is_raised_by_an_eighth_at_most(usable: int) -> None:
    assert usable <= installed_bytes(usable) <= usable * 9 / 8 + 1


def a_machine_with_an_apu(carved_gib: int, driver: str = "amdgpu") -> HardwareSnapshot:
    apu = Gpu(vendor=GpuVendor.AMD, name="Strix Halo", memory_bytes=carved_gib * GIB, is_integrated=True)
    settings = GpuEnvironment(name="Strix Halo", driver=driver, memory_carved_out_bytes=carved_gib * GIB)
    return HardwareSnapshot(
        memory_bytes=(128 - carved_gib) * GIB - GIB,
        memory=Memory(),
        gpus=(apu,),
        environment=MachineEnvironment(gpus=(settings,)),
    )


def test_what_the_firmware_carves_out_for_a_shared_gpu_is_a_setting() -> None:
    assert a_machine_with_an_apu(1).fingerprint() == a_machine_with_an_apu(96).fingerprint()


def test_a_chip_has_many_names_but_one_number_and_nvidia_names_it_once() -> None:
    def machine(vendor: GpuVendor, name: str, pci_id: str) -> HardwareSnapshot:
        return HardwareSnapshot(gpus=(Gpu(vendor=vendor, name=name, pci_id=pci_id),))

    amd = [machine(GpuVendor.AMD, name, "1002:744c:c8") for name in ("Navi 31", "Radeon RX 7900 XTX")]
    assert amd[0].fingerprint() == amd[1].fingerprint()
    nvidia = [machine(GpuVendor.NVIDIA, "RTX 4090", pci_id) for pci_id in ("10de:2684", "10de:2684:a1")]
    assert nvidia[0].fingerprint() == nvidia[1].fingerprint()
    chips = [machine(GpuVendor.APPLE, "Apple M3", "").gpus[0].model_copy(update={"cores": n}) for n in (8, 10)]
    assert len({HardwareSnapshot(gpus=(chip,)).fingerprint() for chip in chips}) == 2


def test_a_snapshot_of_the_first_release_keeps_its_fingerprint() -> None:
    text = (Path(__file__).parent / "golden" / "hardware.json").read_text("utf-8")
    assert HardwareSnapshot.model_validate_json(text).fingerprint() == FIRST_RELEASE
