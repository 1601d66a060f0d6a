"""Whole detection on recorded machines: what is expected stands beside each recording."""

from pathlib import Path
from typing import Any

import pytest

from obt_client.cli.machine import parts_of
from obt_client.hardware import detect
from obt_core.hardware import HardwareSnapshot

from .recordings import MACHINES, machine_of, recorded_host, recorded_sources, use_nvml


def assert_holds(found: Any, expected: Any, where: str = "") -> None:
    """Every expected value is found; lists have as many entries, objects may have more."""
    if isinstance(expected, dict):
        for key, value in expected.items():  # pyright: ignore[reportUnknownVariableType]
            assert_holds(found[key], value, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), f"{where}: {found}"  # pyright: ignore[reportUnknownArgumentType]
        for at, value in enumerate(expected):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            assert_holds(found[at], value, f"{where}[{at}]")
    else:
        assert found == expected, where


async def seen(name: str, folder: Path, patch: pytest.MonkeyPatch) -> HardwareSnapshot:
    use_nvml(patch, machine_of(name).get("nvml"))
    return await detect(host=recorded_host(name, folder), sources=recorded_sources(name))


@pytest.mark.parametrize("name", MACHINES)
async def test_a_recorded_machine_is_told_as_it_is(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = await seen(name, tmp_path, monkeypatch)
    notes = [note for note in found.notes if note.source != "disk"]  # the models lie on a disk of this machine
    told = {**found.model_dump(mode="json"), "notes": [note.model_dump() for note in notes]}
    assert_holds(told, machine_of(name)["expected"], name)
    assert HardwareSnapshot.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("name", MACHINES)
async def test_every_machine_is_described_by_its_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await seen(name, tmp_path, monkeypatch)
    lines = "\n".join(fact for part in parts_of(found) for line in part.lines for fact in line)
    assert all(gpu.name in lines for gpu in found.gpus)
    assert all(npu.name in lines for npu in found.npus)
    assert found.cpu
    assert found.cpu.model in lines
    assert "None" not in lines


async def test_machines_differ_by_their_fingerprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prints: dict[str, str] = {}
    for name in MACHINES:
        (tmp_path / name).mkdir()
        prints[name] = (await seen(name, tmp_path / name, monkeypatch)).fingerprint()
    # One is the other in a container that was given no device: the same machine.
    assert prints.pop("container-without-dri") == prints["amd-discrete-and-apu"]
    assert len(set(prints.values())) == len(prints)
