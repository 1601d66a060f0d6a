"""Windows, from recorded rows of WMI and values of the registry."""

import json
from typing import Any

import pytest

from obt_client.hardware.gpus import FoundGpu
from obt_client.hardware.power import parse_power_scheme
from obt_client.hardware.windows_facts import disk_of_wmi, gpus_of_wmi, memory_of_wmi, npus_of_wmi, qword
from obt_core.hardware import DiskKind, GpuVendor, Memory, ModelDisk

from .recordings import FIXTURES


def rows(name: str) -> dict[str, list[dict[str, Any]]]:
    return json.loads((FIXTURES / "windows" / f"{name}.json").read_text("utf-8"))


def gpus(name: str) -> list[FoundGpu]:
    told = rows(name)
    return gpus_of_wmi(told["controllers"], told["adapters"])


def test_a_laptop_with_three_gpus_and_an_npu() -> None:
    integrated, discrete, amd = gpus("core-ultra-rtx")
    assert (integrated.gpu.vendor, integrated.gpu.is_integrated, integrated.gpu.memory_bytes) == ("intel", True, None)
    assert (discrete.gpu.name, discrete.gpu.is_integrated) == ("NVIDIA GeForce RTX 4090 Laptop GPU", False)
    assert discrete.gpu.memory_bytes == 17_171_480_576  # of the registry: AdapterRAM says 4 GiB
    assert discrete.gpu.pci_id == "10de:2757:a1"
    assert (amd.gpu.is_integrated, amd.environment.memory_carved_out_bytes) == (True, 512 * 2**20)
    (npu,) = npus_of_wmi(rows("core-ultra-rtx")["entities"])
    assert (npu.vendor, npu.name, npu.pci_id) == ("intel", "Intel(R) AI Boost", "8086:7d1d:04")
    memory = memory_of_wmi(rows("core-ultra-rtx")["modules"])
    assert memory == Memory(kind="DDR5", speed_mt_per_s=5200, modules=2)


def test_a_snapdragon_with_its_npu() -> None:
    (gpu,) = gpus("snapdragon-npu")
    assert (gpu.gpu.vendor, gpu.gpu.is_integrated, gpu.gpu.memory_bytes) == (GpuVendor.QUALCOMM, True, None)
    (npu,) = npus_of_wmi(rows("snapdragon-npu")["entities"])
    assert (npu.vendor, npu.driver) == ("qualcomm", "qcnspmcdm8380")
    assert memory_of_wmi(rows("snapdragon-npu")["modules"]) == Memory(kind="LPDDR5", speed_mt_per_s=8448, modules=4)


@pytest.mark.parametrize(
    ("adapter_ram", "told"), [(2**32 - 1, None), (4_293_918_720, None), (-1_073_741_824, 3 * 2**30)]
)
def test_32_bits_of_memory_are_believed_only_where_they_are_not_full(adapter_ram: int, told: int | None) -> None:
    controller = {"Name": "NVIDIA GeForce GT 1030", "PNPDeviceID": "PCI\\VEN_10DE&DEV_1D01", "AdapterRAM": adapter_ram}
    (found,) = gpus_of_wmi([controller], [])
    assert found.gpu.memory_bytes == told


def test_a_registry_value_of_bytes_is_a_number() -> None:
    assert qword((6 * 2**30).to_bytes(8, "little")) == 6 * 2**30
    assert qword(b"abc") is None


def test_equal_cards_take_each_a_value() -> None:
    card = {"Name": "AMD Radeon RX 7900 XTX", "PNPDeviceID": "PCI\\VEN_1002&DEV_744C&REV_C8\\1"}
    adapter = {"DriverDesc": card["Name"], "MatchingDeviceId": "PCI\\VEN_1002&DEV_744C"}
    adapters = [{**adapter, "HardwareInformation.qwMemorySize": 24 * 2**30} for _ in range(2)]
    assert [found.gpu.memory_bytes for found in gpus_of_wmi([card, card], adapters)] == [24 * 2**30] * 2


@pytest.mark.parametrize(
    ("disk", "kind"),
    [
        ({"MediaType": 4, "BusType": 17}, DiskKind.NVME),
        ({"MediaType": 4, "BusType": 11}, DiskKind.SSD),
        ({"MediaType": 3, "BusType": 11}, DiskKind.HDD),
        ({"MediaType": 0, "BusType": 7}, None),
    ],
)
def test_the_disk_of_a_drive(disk: dict[str, int], kind: DiskKind | None) -> None:
    partitions = [{"DriveLetter": 0, "DiskNumber": 0}, {"DriveLetter": ord("C"), "DiskNumber": 1}]
    disks = [{"DeviceId": "0", "MediaType": 3}, {"DeviceId": "1", "Size": "1000204886016", **disk}]
    assert disk_of_wmi("c", partitions, disks) == ModelDisk(kind=kind, size_bytes=1_000_204_886_016)
    assert disk_of_wmi("d", partitions, disks) == ModelDisk()


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("Power Scheme GUID: 381b4222-f694-41f0-9685-ff5bb260df2e  (Balanced)", "balanced"),
        ("GUID des Energieschemas: 8C5E7FDA-E8BF-4A96-9A85-A6E23A8C635C  (Höchstleistung)", "high_performance"),
        ("电源方案 GUID: 12345678-1234-1234-1234-123456789abc  (x)", "12345678-1234-1234-1234-123456789abc"),
        ("Zugriff verweigert", None),
    ],
)
def test_a_power_plan_in_any_language(text: str, plan: str | None) -> None:
    assert parse_power_scheme(text) == plan
