"""Every parser, given anything: it never raises, and what it yields fits the wire and is within reason."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from obt_client.hardware import (
    amd,
    amd_tools,
    apple,
    cpu,
    disk,
    facts,
    intel,
    memory,
    pci,
    power,
    system,
    windows_facts,
)
from obt_client.hardware.features import features
from obt_client.hardware.gpus import FoundGpu, join
from obt_core.hardware import Cpu, Gpu, GpuVendor
from obt_core.machine_environment import GpuEnvironment

from .recordings import FIXTURES

PARSERS: list[Callable[[str], Any]] = [
    amd.parse_kfd_properties,
    amd_tools.parse_amd_smi,
    amd_tools.parse_rocm_smi,
    apple.parse_displays,
    lambda text: apple.parse_memory(text, True),
    lambda text: apple.cpu_of_sysctl(apple.parse_sysctl(text)),
    lambda text: apple.neural_engine(apple.parse_sysctl(text)),
    cpu.parse_proc_cpuinfo,
    disk.parse_diskutil,
    disk.parse_mountinfo,
    intel.parse_device_numbers,
    intel.parse_xpu_smi,
    memory.parse_udev_dmi,
    lambda text: pci.parse_pci_ids(text, {("1002", "744c")}),
    lambda text: power.parse_pmset(text, text),
    power.parse_power_scheme,
    system.parse_detect_virt,
    system.parse_os_release,
    facts.json_of,
    facts.pci_address,
    facts.size_with_unit,
    facts.pcie_generation,
]
RECORDED = [file.read_text("utf-8") for file in sorted(FIXTURES.rglob("*.*")) if file.suffix != ".md"]
TEXTS = st.text() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["asic", "bus", "vram", "size", "value", "unit", "card0", "gpu_data", "limit", "market_name"]
            )
            | st.sampled_from(["SPDisplaysDataType", "_name", "sppci_cores", "device_list", "device_id", "device_name"])
            | st.sampled_from(["VRAM Total Memory (B)", "Card Series", "pci_bdf_address", "memory_physical_size_byte"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
).map(json.dumps)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A real output, cut off or with something foreign in the middle."""
    text = draw(st.sampled_from(RECORDED))
    at, until = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return draw(st.sampled_from([text[:at], text[at:], text[:at] + draw(st.text(max_size=9)) + text[until:]]))


@given(TEXTS | damaged())
def test_no_text_makes_a_parser_raise_or_tell_nonsense(text: str) -> None:
    for parse in PARSERS:
        assert_sane(parse(text))


def assert_sane(found: Any) -> None:
    """Models were validated when they were made: their limits hold also after they are written and read."""
    if isinstance(found, BaseModel):
        assert type(found).model_validate_json(found.model_dump_json()) == found
    elif isinstance(found, FoundGpu):
        assert_sane(found.gpu)
        assert_sane(found.environment)
        assert found.gpu.name
    elif isinstance(found, list):
        for one in found:  # pyright: ignore[reportUnknownVariableType]
            assert_sane(one)


Values = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.binary(max_size=9) | st.floats()
NAMES = ("Name", "PNPDeviceID", "DriverVersion", "AdapterRAM", "DriverDesc", "MatchingDeviceId", "PNPClass")
MORE = ("HardwareInformation.qwMemorySize", "Capacity", "SMBIOSMemoryType", "Speed", "DeviceId", "MediaType", "Size")


@given(st.lists(st.dictionaries(st.sampled_from(NAMES + MORE), Values), max_size=4))
def test_no_answer_of_windows_makes_the_client_raise(rows: list[dict[str, Any]]) -> None:
    assert_sane(windows_facts.gpus_of_wmi(rows, rows))
    assert_sane(windows_facts.npus_of_wmi(rows))
    assert_sane(windows_facts.memory_of_wmi(rows))
    assert_sane(windows_facts.disk_of_wmi("C", rows, rows))


@given(st.text())
def test_whatever_a_machine_tells_fits_the_wire(text: str) -> None:
    assert Cpu(model=facts.fact(text), logical_cores=1).model == facts.fact(text)


@pytest.mark.parametrize(
    ("told", "size"),
    [("24560 MB", 24560 * 2**20), ({"value": 16, "unit": "GB"}, 2**34), ("N/A", None), ("-3 MB", None), ("0", None)],
)
def test_sizes_with_units(told: object, size: int | None) -> None:
    assert facts.size_with_unit(told) == size


@pytest.mark.parametrize(
    ("version", "name"), [(90010, "gfx90a"), (110000, "gfx1100"), (90402, "gfx942"), (120001, "gfx1201"), (0, None)]
)
def test_the_kernel_s_number_of_an_instruction_set(version: int, name: str | None) -> None:
    assert amd.gfx_name(version) == name


def test_instruction_sets_have_one_name_each() -> None:
    assert features(["AVX1.0", "avx", "asimddp", "sse4.1", "sse4_1", "nonsense"]) == (
        "avx",
        "dotprod",
        "sse4_1",
    )


def a_gpu(name: str, address: str | None = None, vendor: GpuVendor = GpuVendor.AMD) -> FoundGpu:
    return FoundGpu(Gpu(vendor=vendor, name=name, pci_address=address), GpuEnvironment(name=name))


def test_what_two_sources_tell_is_joined_by_address_else_by_equal_counts() -> None:
    base = [a_gpu("one", "0000:01:00.0"), a_gpu("two", "0000:02:00.0")]
    names = [found.gpu.name for found in join(base, [a_gpu("better", "0000:02:00.0")])]
    assert names == ["one", "better"]
    assert [found.gpu.name for found in join(base, [a_gpu("a"), a_gpu("b")])] == ["a", "b"]
    assert [found.gpu.name for found in join(base, [a_gpu("a")])] == ["one", "two"]
    assert len(join(base, [a_gpu("new", "0000:03:00.0")])) == 3
    assert len(join(base, [a_gpu("other", None, GpuVendor.INTEL)])) == 3


def test_firmware_that_knows_no_ddr5_says_so_and_is_not_repeated() -> None:
    text = "\n".join(
        f"E:MEMORY_DEVICE_0_{line}" for line in ("SIZE=17179869184", "TYPE=<OUT OF SPEC>", "SPEED_MTS=5600")
    )
    found = memory.parse_udev_dmi(text)
    assert (found.kind, found.speed_mt_per_s, found.modules) == (None, 5600, 1)
