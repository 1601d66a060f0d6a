"""`obt-client hardware`: a machine as a person reads it, in any width, and as a program does."""

import json
import platform
from pathlib import Path

import psutil
import pytest

from obt_client.cli.hardware import hardware_lines, part_lines
from obt_client.cli.machine import Part, parts_of
from obt_client.config import Settings
from obt_core.hardware import Cpu, DetectionNote, Gpu, GpuVendor, HardwareSnapshot, Memory, NoteCode, Npu
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, MigDevice, Power, PowerSource

from .processes import output, start

_A100 = Gpu(
    vendor=GpuVendor.NVIDIA,
    name="NVIDIA A100-SXM4-40GB",
    memory_bytes=40 * 2**30,
    cores=6912,
    compute_capability="8.0",
    has_tensor_cores=True,
    number_formats=("bf16", "fp16", "int8"),
    pci_address="0000:07:00.0",
    pcie_generation_max=4,
    pcie_width_max=16,
)
_DRIVEN = GpuEnvironment(
    name=_A100.name,
    driver="nvidia",
    driver_version="570.86.10",
    runtime_version="CUDA 12.8",
    firmware_version="92.00.45.00.03",
    power_limit_w=300,
    power_limit_default_w=400,
    power_limit_max_w=450,
    pcie_generation=1,
    pcie_width=16,
    is_ecc_enabled=True,
    is_mig_enabled=True,
    mig_devices=(MigDevice(profile="3g.20gb", memory_bytes=20 * 2**30), MigDevice(profile="1g.5gb")),
)
MACHINE = HardwareSnapshot(
    os="Linux",
    os_version="Debian GNU/Linux 12 (bookworm)",
    arch="x86_64",
    cpu=Cpu(
        model="A Processor", physical_cores=1, logical_cores=32, min_mhz=400, max_mhz=5_700, features=("avx2", "fma")
    ),
    memory_bytes=62 * 2**30,
    memory=Memory(kind="DDR5", speed_mt_per_s=5600, modules=4),
    gpus=(_A100, Gpu(vendor=GpuVendor.APPLE, name="Odd", cores=1, is_integrated=True)),
    npus=(Npu(vendor="intel", name="Intel AI Boost", driver="intel_vpu"),),
    environment=MachineEnvironment(
        kernel="6.1.0",
        virtualization="none",
        container="none",
        power=Power(source=PowerSource.MAINS, governor="performance", is_boost_enabled=False),
        gpus=(_DRIVEN, GpuEnvironment(name="Odd")),
    ),
    notes=(DetectionNote(source="amd", code=NoteCode.PERMISSION_DENIED, detail="properties"),),
)


def settings(**fields: object) -> Settings:
    return Settings(_env_file=None, **fields)  # pyright: ignore[reportCallIssue, reportArgumentType]


def words(columns: int) -> str:
    return " ".join(" ".join(hardware_lines(MACHINE, settings(), columns)).split())


@pytest.mark.parametrize("columns", [40, 60, 80, 160])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    assert max(map(len, hardware_lines(MACHINE, settings(), columns))) <= columns


@pytest.mark.parametrize("columns", [80, 160])
def test_all_that_is_known_is_told_in_words(columns: int) -> None:
    for fact in (
        "Debian GNU/Linux 12 (bookworm)",
        "kernel 6.1.0",
        "the machine itself: no hypervisor, no container",
        "1 core, 32 threads",
        "400 MHz to 5,700 MHz",
        "62.0 GiB, DDR5, 5,600 MT/s, 4 modules",
        "6,912 CUDA cores",
        "compute capability 8.0",
        "tensor cores",
        "multiplies bf16 fp16 int8",
        "driver nvidia 570.86.10",
        "CUDA 12.8",
        "power limit 300 W, by default 400 W, at most 450 W",
        "PCIe 4 x16, link now PCIe 1 x16, at 0000:07:00.0",
        "split by MIG, 3g.20gb (20.0 GiB), 1g.5gb",
        "Intel AI Boost, driver intel_vpu",
        "on mains",
        "governor performance",
        "boost off",
        MACHINE.fingerprint(),
    ):
        assert fact in words(columns), fact


def test_what_is_not_known_comes_with_the_next_step() -> None:
    assert "AMD's GPUs: not to be read by this user (properties)" in words(160)
    assert "usermod -aG render" in words(160)


def test_a_remote_ollama_is_not_mistaken_for_this_machine() -> None:
    remote = settings(ollama_url="http://192.0.2.7:11434", allow_remote_ollama=True)
    text = " ".join(hardware_lines(MACHINE, remote, 160))
    assert "http://192.0.2.7:11434 is on another one" in text
    assert "another one" not in words(160)


def test_facts_are_broken_between_them_and_a_long_one_at_its_blanks() -> None:
    part = Part("Name", (("one fact", "another fact"), ("a very long fact of words",)))
    assert part_lines(part, 32) == [
        "Name         one fact,",
        "             another fact",
        "             a very long fact of",
        "             words",
    ]


def test_what_the_same_can_be_done_about_is_told_together() -> None:
    notes = [DetectionNote(source="amd", code=NoteCode.PERMISSION_DENIED, detail=name) for name in ("one", "two")]
    twice = MACHINE.model_copy(update={"notes": tuple(notes)})
    text = " ".join(hardware_lines(twice, settings(), 160))
    assert "(one)" in text
    assert "(two)" in text
    assert text.count("usermod") == 1


def test_kinds_of_cores_stand_beside_their_sum() -> None:
    cpu = Cpu(model="A Processor", physical_cores=10, logical_cores=16, performance_cores=6, efficiency_cores=4)
    lines = [line for part in parts_of(HardwareSnapshot(cpu=cpu)) for line in part.lines]
    assert ("10 cores (6 fast, 4 efficient)", "16 threads") in lines


def test_a_machine_of_which_nothing_is_known_is_shown_all_the_same() -> None:
    names = [part.name for part in parts_of(HardwareSnapshot())]
    assert names == ["Processor", "Memory", "GPU", "Fingerprint"]


async def test_the_command_shows_this_machine(tmp_path: Path) -> None:
    status, out, err = await output(await start(tmp_path, "hardware", COLUMNS="80"))
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == platform.node()
    assert f"{psutil.cpu_count()} thread" in out


async def test_a_program_reads_the_snapshot_and_its_fingerprint(tmp_path: Path) -> None:
    status, out, err = await output(await start(tmp_path, "hardware", "--json"))
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert HardwareSnapshot.model_validate_json(out).fingerprint() == told["fingerprint"]
    assert told["memory_bytes"] == psutil.virtual_memory().total
