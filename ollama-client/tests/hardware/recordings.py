"""Recorded machines: trees of files, outputs of tools, answers of NVIDIA's library. fixtures/README.md has the form."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pynvml as _pynvml  # pyright: ignore[reportMissingTypeStubs]

from obt_client.hardware import Source, nvidia, sources_of
from obt_client.hardware.host import Host
from obt_client.hardware.tools import ToolReply

pynvml: Any = _pynvml
FIXTURES = Path(__file__).parent / "fixtures"
MACHINES = sorted(file.parent.name for file in FIXTURES.glob("*/machine.json"))
CPUINFO = "fpu avx2 fma f16c"


def machine_of(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / name / "machine.json").read_text("utf-8"))


def unpack(text: str, root: Path) -> Path:
    """Build the tree: `path = content`, `path += one more line`, `path -> target of a link`."""
    for line in text.splitlines():
        name, kind, content = _parts(line)
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "->":
            path.symlink_to(content)
        else:
            with path.open("a" if kind == "+=" else "w", encoding="utf-8") as file:
                file.write(content + ("\n" if kind == "+=" else ""))
    return root


def _parts(line: str) -> tuple[str, str, str]:
    for kind in (" -> ", " += ", " = "):
        name, found, content = line.partition(kind)
        if found and " " not in name:
            return name, kind.strip(), content
    return line.removesuffix(" ="), "=", ""


def recorded_tools(name: str) -> Callable[[Sequence[str], float], ToolReply]:
    """Answer as the tools of the machine did: the longest recorded beginning of the command counts."""
    files: dict[str, str] = machine_of(name).get("tools", {})

    def run(arguments: Sequence[str], limit_s: float) -> ToolReply:
        told = max((key for key in files if " ".join(arguments).startswith(key)), key=len, default=None)
        if told is None:
            return ToolReply(is_missing=True)
        return ToolReply((FIXTURES / name / files[told]).read_text("utf-8"))

    return run


def recorded_host(name: str, folder: Path) -> Host:
    machine, tree = machine_of(name), FIXTURES / name / "tree.txt"
    root = unpack(tree.read_text("utf-8") if tree.exists() else "", folder)
    home = folder / "home"
    home.mkdir()
    run = recorded_tools(name)
    return Host(root=root, system=machine["system"], arch=machine["arch"], environ={}, home=home, run=run)


def recorded_sources(name: str) -> dict[str, Source]:
    """All sources of the machine's system, but those that ask the system of this process and not the host's."""
    machine = machine_of(name)
    sources = sources_of(machine["system"])
    del sources["library_cpu"]
    return {**sources, "memory_bytes": lambda _: machine["memory_bytes"]}


class RecordedNvml:
    """NVIDIA's library as it answered on a machine; what was not recorded is not supported there."""

    def __init__(self, told: dict[str, Any] | None) -> None:
        self._told = told

    def __getattr__(self, name: str) -> Any:
        if name.startswith("NVML"):
            return getattr(pynvml, name)
        return partial(self._answer, name)

    def _answer(self, name: str, *arguments: Any) -> Any:
        if self._told is None:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)
        special: dict[str, Callable[..., Any]] = {
            "nvmlInit": lambda: None,
            "nvmlShutdown": lambda: None,
            "nvmlDeviceGetCount": lambda: len(self._told["devices"]) if self._told else 0,
            "nvmlDeviceGetHandleByIndex": self._device,
            "nvmlDeviceGetMaxMigDeviceCount": _mig_slots,
            "nvmlDeviceGetMigDeviceHandleByIndex": _mig_device,
        }
        if name in special:
            return special[name](*arguments)
        answer: Any = _known((arguments[0] if arguments else self._told).get(name))
        is_structure = isinstance(answer, dict)
        return SimpleNamespace(**answer) if is_structure else answer

    def _device(self, index: int) -> Any:
        device: dict[str, Any] = self._told["devices"][index] if self._told else {}
        if device.get("lost"):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return device


def _mig_slots(device: dict[str, Any]) -> int:
    return len(device.get("mig", []))


def _mig_device(device: dict[str, Any], slot: int) -> Any:
    return _known(device["mig"][slot])


def _known(answer: Any) -> Any:
    if answer is None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
    return answer


def use_nvml(patch: Any, told: dict[str, Any] | None) -> None:
    patch.setattr(nvidia, "nvml", RecordedNvml(told))
