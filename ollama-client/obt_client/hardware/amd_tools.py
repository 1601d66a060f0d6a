"""AMD GPUs, as AMD's own library (amdsmi) tells of them, else `amd-smi`, else `rocm-smi`: the first that answers."""

import importlib
import re
from collections.abc import Callable, Iterable
from typing import Any

from obt_client.hardware.facts import (
    count,
    hexadecimal,
    json_of,
    number,
    pci_address,
    pcie_generation,
    pcie_width,
    rows,
    size_bytes,
    size_with_unit,
    some_fact,
    table,
)
from obt_client.hardware.gpus import GPUS_MAX, FoundGpu
from obt_client.hardware.host import Host
from obt_core.hardware import Gpu, GpuVendor, NoteCode
from obt_core.machine_environment import GpuEnvironment

SOURCE = "amd-tools"
_ROCM_SMI = ("--showproductname", "--showmeminfo", "vram", "--showbus", "--showmaxpower", "--showvbios", "--showid")


def read_amd_library(_: Host) -> list[FoundGpu]:
    """Return what the Python module of ROCm tells, where it is installed: its answers have the shape of `amd-smi`'s."""
    try:
        amdsmi = importlib.import_module("amdsmi")
    except Exception:  # noqa: BLE001 - a module whose library does not fit raises what it likes, KeyError among it
        return []
    amdsmi.amdsmi_init()
    try:
        return gpus_of_amd_smi([_row(amdsmi, handle) for handle in amdsmi.amdsmi_get_processor_handles()])
    finally:
        amdsmi.amdsmi_shut_down()


def _row(amdsmi: Any, handle: Any) -> dict[str, object]:
    vram = table(_ask(amdsmi, "amdsmi_get_gpu_vram_info", handle))
    pcie = table(table(_ask(amdsmi, "amdsmi_get_pcie_info", handle)).get("pcie_static"))
    driver = table(_ask(amdsmi, "amdsmi_get_gpu_driver_info", handle))
    return {
        "asic": _ask(amdsmi, "amdsmi_get_gpu_asic_info", handle),
        "bus": {
            "bdf": _ask(amdsmi, "amdsmi_get_gpu_device_bdf", handle),
            "max_pcie_width": pcie.get("max_pcie_width"),
            "max_pcie_speed": (number(pcie.get("max_pcie_speed")) or 0) / 1000,  # in MT/s here
        },
        "vram": {"size": {"value": vram.get("vram_size"), "unit": "MB"}},
        "driver": {"name": driver.get("driver_name"), "version": driver.get("driver_version")},
        "limit": _limits(table(_ask(amdsmi, "amdsmi_get_power_cap_info", handle))),
    }


def _limits(told: dict[str, object]) -> dict[str, object]:
    """The library tells microwatts since ROCm 6; no GPU draws 100 kW, so what is larger is microwatts."""
    watts = {name: number(value, 1, 1e12) for name, value in told.items()}
    fixed = {name: value / 1e6 if value and value > 100_000 else value for name, value in watts.items()}
    return {"socket_power": fixed.get("power_cap"), "max_power": fixed.get("max_power_cap")}


def _ask(amdsmi: Any, question: str, handle: Any) -> object:
    """Return the library's answer, None where it has none: releases differ in what they can be asked."""
    try:
        ask: Callable[[Any], object] = getattr(amdsmi, question)
        return ask(handle)
    except Exception:  # noqa: BLE001 - its exceptions are its own; the other questions stand
        return None


def read_amd_tools(host: Host) -> list[FoundGpu]:
    """Return what `amd-smi` prints, else what `rocm-smi` prints."""
    if text := host.tool(SOURCE, "amd-smi", "static", "--json"):
        if found := parse_amd_smi(text):
            return found
        host.note(SOURCE, NoteCode.UNREADABLE, "amd-smi")
    if text := host.tool(SOURCE, "rocm-smi", *_ROCM_SMI, "--json"):
        if found := parse_rocm_smi(text):
            return found
        host.note(SOURCE, NoteCode.UNREADABLE, "rocm-smi")
    return []


def parse_amd_smi(text: str) -> list[FoundGpu]:
    """Read `amd-smi static --json`: a list of GPUs, since ROCm 6.4 under `gpu_data`."""
    value = json_of(text)
    data = table(value).get("gpu_data")
    return gpus_of_amd_smi(rows(data if isinstance(data, list) else value))  # pyright: ignore[reportUnknownArgumentType]


def gpus_of_amd_smi(told: Iterable[dict[str, object]]) -> list[FoundGpu]:
    """Return the GPUs of `amd-smi`'s rows; a row that names none is passed over."""
    return [found for row in told if (found := _gpu_of_row(row))][:GPUS_MAX]


def _gpu_of_row(row: dict[str, object]) -> FoundGpu | None:
    asic, bus, driver = table(row.get("asic")), table(row.get("bus")), table(row.get("driver"))
    device, name = hexadecimal(asic.get("device_id")), some_fact(asic.get("market_name"))
    if name is None and device is None:
        return None
    gpu = Gpu(
        vendor=GpuVendor.AMD,
        name=name or f"AMD GPU 1002:{device}",
        memory_bytes=size_with_unit(table(row.get("vram")).get("size")),
        driver_version=some_fact(driver.get("version")),
        pci_id=_chip(device, hexadecimal(asic.get("rev_id"), 2)),
        pci_address=pci_address(bus.get("bdf")),
        cores=count(asic.get("num_compute_units"), 1, 100_000),
        compute_capability=_gfx(asic.get("target_graphics_version")),
        pcie_generation_max=pcie_generation(bus.get("max_pcie_speed")),
        pcie_width_max=pcie_width(bus.get("max_pcie_width")),
    )
    return FoundGpu(gpu, _environment_of_row(row, gpu, some_fact(driver.get("name"))))


def _environment_of_row(row: dict[str, object], gpu: Gpu, driver: str | None) -> GpuEnvironment:
    limit = table(row.get("limit"))
    limit = {**limit, **table(limit.get("ppt0"))}  # ROCm 7 has a set of limits for each sensor
    firmware = table(row.get("vbios")) or table(row.get("ifwi"))
    return GpuEnvironment(
        name=gpu.name,
        driver=driver,
        driver_version=gpu.driver_version,
        firmware_version=some_fact(firmware.get("version")),
        power_limit_w=number(limit.get("socket_power") or limit.get("socket_power_limit"), 1, 100_000),
        power_limit_max_w=number(limit.get("max_power") or limit.get("max_power_limit"), 1, 100_000),
    )


def parse_rocm_smi(text: str) -> list[FoundGpu]:
    """Read `rocm-smi --json`: an object a card, and `system`. Releases write the keys in different case."""
    cards = sorted(
        ((key, table(value)) for key, value in table(json_of(text)).items() if re.fullmatch(r"card\d{1,3}", key)),
        key=lambda item: int(item[0][4:]),
    )
    return [found for _, card in cards if (found := _gpu_of_card(card))][:GPUS_MAX]


def _gpu_of_card(card: dict[str, object]) -> FoundGpu | None:
    device = hexadecimal(card.get("device id")) or hexadecimal(card.get("card model"))
    name = some_fact(card.get("card series")) or some_fact(card.get("device name"))
    if name is None and device is None:
        return None
    gpu = Gpu(
        vendor=GpuVendor.AMD,
        name=name or f"AMD GPU 1002:{device}",
        memory_bytes=size_bytes(card.get("vram total memory (b)")),
        pci_id=_chip(device, hexadecimal(card.get("device rev"), 2)),
        pci_address=pci_address(card.get("pci bus")),
        compute_capability=_gfx(card.get("gfx version")),
    )
    environment = GpuEnvironment(
        name=gpu.name,
        firmware_version=some_fact(card.get("vbios version")),
        power_limit_w=number(card.get("max graphics package power (w)"), 1, 100_000),
    )
    return FoundGpu(gpu, environment)


def _chip(device: str | None, revision: str | None) -> str | None:
    return f"1002:{device}:{revision or '00'}" if device else None


def _gfx(told: object) -> str | None:
    """Only a true name counts: ROCm 6.0's rocm-smi wrote `gfx9010` for gfx90a."""
    text = some_fact(told) or ""
    return text if re.fullmatch(r"gfx(?:[1-9]\d?[0-9a-f]{2})", text, re.ASCII) and text != "gfx9010" else None
