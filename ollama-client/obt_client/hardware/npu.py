"""Neural processors on Linux: by their numbers on PCI and USB, by the kernel's accelerators, and by platform drivers.

Sources of the numbers: drivers/accel/ivpu and drivers/accel/amdxdna of the kernel, the list of PCI IDs, Intel's udev
rules for the Movidius sticks. `Hexagon` is seen by the remote processor that Qualcomm's kernel boots it as.
"""

from dataclasses import dataclass

from obt_client.hardware.facts import fact, hexadecimal
from obt_client.hardware.host import Host
from obt_client.hardware.pci import PciDevice, read_pci
from obt_core.hardware import Npu

_PCI = {
    ("8086", "7d1d"): ("intel", "Intel AI Boost (Meteor Lake)"),
    ("8086", "ad1d"): ("intel", "Intel AI Boost (Arrow Lake)"),
    ("8086", "643e"): ("intel", "Intel AI Boost (Lunar Lake)"),
    ("8086", "b03e"): ("intel", "Intel AI Boost (Panther Lake)"),
    ("1022", "1502"): ("amd", "AMD XDNA (Ryzen AI, Phoenix)"),
    ("1022", "17f0"): ("amd", "AMD XDNA 2 (Ryzen AI, Strix)"),
    ("1e60", "2864"): ("hailo", "Hailo-8"),
    ("1e60", "45c4"): ("hailo", "Hailo-10H"),
    ("1ac1", "089a"): ("google", "Coral Edge TPU"),
}
_USB = {("03e7", "2150"): "Movidius Myriad 2", ("03e7", "2485"): "Movidius Myriad X"}
_BY_DRIVER = {"intel_vpu": "intel", "amdxdna": "amd", "rocket": "rockchip", "rknpu": "rockchip", "qaic": "qualcomm"}
_NPUS_MAX = 64


@dataclass(frozen=True)
class _Found:
    key: str
    npu: Npu


def read_linux_npus(host: Host) -> list[Npu]:
    """Return the NPUs that the kernel lists; one that two lists name is told once."""
    found = [*_on_pci(host), *_on_usb(host), *_accelerators(host), *_hexagon(host), *_rockchip(host)]
    once = {entry.key: entry.npu for entry in reversed(found)}
    return [once[key] for key in dict.fromkeys(entry.key for entry in found)][:_NPUS_MAX]


def _on_pci(host: Host) -> list[_Found]:
    return [
        _Found(device.address, _npu(device, *_PCI[device.vendor, device.device]))
        for device in read_pci(host)
        if (device.vendor, device.device) in _PCI
    ]


def _npu(device: PciDevice, vendor: str, name: str) -> Npu:
    return Npu(vendor=vendor, name=name, driver=device.driver, pci_id=device.chip)


def _on_usb(host: Host) -> list[_Found]:
    found: list[_Found] = []
    for folder in host.entries("sys/bus/usb/devices"):
        numbers = (hexadecimal(host.read(folder / "idVendor")), hexadecimal(host.read(folder / "idProduct")))
        if (name := _USB.get(numbers)) is not None:  # pyright: ignore[reportArgumentType]
            found.append(_Found(folder.name, Npu(vendor="intel", name=name, driver=host.link_name(folder / "driver"))))
    return found


def _accelerators(host: Host) -> list[_Found]:
    """/sys/class/accel holds what the kernel's accel subsystem drives: also chips newer than the table above."""
    found: list[_Found] = []
    for folder in host.entries("sys/class/accel"):
        driver = host.link_name(folder / "device/driver")
        if driver not in _BY_DRIVER:
            continue
        address = host.link_name(folder / "device") or folder.name
        vendor, device = (hexadecimal(host.read(folder / "device" / name)) for name in ("vendor", "device"))
        pci_id = (
            f"{vendor}:{device}:{hexadecimal(host.read(folder / 'device/revision'), 2) or '00'}" if vendor else None
        )
        npu = Npu(vendor=_BY_DRIVER[driver], name=fact(f"NPU ({driver})"), driver=driver, pci_id=pci_id)
        found.append(_Found(address, npu))
    return found


def _hexagon(host: Host) -> list[_Found]:
    """The compute DSP, `cdsp`, is Hexagon's part that runs neural networks."""
    names = [host.read(folder / "name") for folder in host.entries("sys/class/remoteproc")]
    cores = sum(1 for name in names if name and name.startswith("cdsp"))
    return [_Found(f"cdsp{at}", Npu(vendor="qualcomm", name="Qualcomm Hexagon")) for at in range(min(cores, 8))]


def _rockchip(host: Host) -> list[_Found]:
    """Rockchip's own kernel has a platform driver and no accelerator."""
    devices = [entry.name for entry in host.entries("sys/bus/platform/drivers/RKNPU") if entry.name.endswith(".npu")]
    return [_Found(name, Npu(vendor="rockchip", name="Rockchip NPU", driver="RKNPU")) for name in devices]
