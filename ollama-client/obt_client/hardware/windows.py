"""Windows: asks WMI (through `wmi` and pywin32) and the registry; what follows from the answers is in windows_facts.

Verified from documentation only: no Windows was at hand. DirectML is an interface that any GPU with DirectX 12
offers; it is no device, and nothing is detected for it.
"""

import importlib
import sys
from typing import Any

from obt_client.hardware.disk import SOURCE as DISK
from obt_client.hardware.disk import FoundDisk, existing_parent, free_bytes, models_folder
from obt_client.hardware.gpus import FoundGpu
from obt_client.hardware.host import Host
from obt_client.hardware.windows_facts import Row, disk_of_wmi, gpus_of_wmi, memory_of_wmi, npus_of_wmi
from obt_core.hardware import Memory, NoteCode, Npu

SOURCE = "windows"
_DISPLAY_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
_ADAPTER_VALUES = ("DriverDesc", "MatchingDeviceId", "HardwareInformation.qwMemorySize")


def query(host: Host, question: str, *names: str, namespace: str = "root/cimv2") -> list[Row]:
    """Ask WMI, in this thread: COM is set up and left for each question. Trouble is noted and nothing returned."""
    if sys.platform != "win32":
        return []
    try:
        com, wmi = importlib.import_module("pythoncom"), importlib.import_module("wmi")
    except ImportError as error:
        host.note(SOURCE, NoteCode.DRIVER_MISSING, str(error))
        return []
    com.CoInitialize()
    try:
        return [_row(found, names) for found in wmi.WMI(namespace=namespace).query(question)]
    except Exception as error:  # noqa: BLE001 - wmi.x_wmi and pywintypes.com_error exist on Windows only
        host.note(SOURCE, NoteCode.FAILED, f"{question}: {error}")
        return []
    finally:
        com.CoUninitialize()


def _row(found: Any, names: tuple[str, ...]) -> Row:
    return {name: getattr(found, name, None) for name in names}


def _ask(host: Host, table: str, *names: str, where: str = "", namespace: str = "root/cimv2") -> list[Row]:
    return query(host, f"SELECT {', '.join(names)} FROM {table}{where}", *names, namespace=namespace)  # noqa: S608 - fixed names


def read_windows_gpus(host: Host) -> list[FoundGpu]:
    """Return the GPUs that Windows has drivers for."""
    names = ("Name", "PNPDeviceID", "DriverVersion", "AdapterRAM")
    return gpus_of_wmi(_ask(host, "Win32_VideoController", *names), read_adapters())


def read_adapters() -> list[Row]:
    """Return the display adapters of the registry, whose subkeys are `0000`, `0001`, ..."""
    if sys.platform != "win32":
        return []
    import winreg  # noqa: PLC0415 - exists on Windows only

    found: list[Row] = []
    for number in range(64):
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{_DISPLAY_CLASS}\{number:04}") as key:
                found.append({name: _value(winreg, key, name) for name in _ADAPTER_VALUES})
        except OSError:
            continue
    return found


def _value(winreg: Any, key: Any, name: str) -> object:
    try:
        return winreg.QueryValueEx(key, name)[0]
    except OSError:
        return None


def read_windows_memory(host: Host) -> Memory:
    """Return the memory modules."""
    return memory_of_wmi(
        _ask(host, "Win32_PhysicalMemory", "Capacity", "SMBIOSMemoryType", "ConfiguredClockSpeed", "Speed")
    )


def read_windows_npus(host: Host) -> list[Npu]:
    """Return the NPUs that Windows has drivers for."""
    where = " WHERE PNPClass = 'ComputeAccelerator' OR PNPClass = 'System'"
    return npus_of_wmi(_ask(host, "Win32_PnPEntity", "Name", "PNPClass", "PNPDeviceID", "Service", where=where))


def read_windows_disk(host: Host) -> FoundDisk:
    """Return the disk under the models' folder."""
    folder, storage = existing_parent(models_folder(host)), "root/Microsoft/Windows/Storage"
    partitions = _ask(host, "MSFT_Partition", "DriveLetter", "DiskNumber", namespace=storage)
    disks = _ask(host, "MSFT_PhysicalDisk", "DeviceId", "MediaType", "BusType", "Size", namespace=storage)
    if not disks:
        host.note(DISK, NoteCode.FAILED, "no physical disk told")
    return FoundDisk(disk_of_wmi(folder.drive[:1], partitions, disks), free_bytes(folder))
