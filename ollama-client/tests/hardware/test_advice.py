"""What could not be learnt comes with what to do about it."""

from pathlib import Path

import pytest

from obt_client.hardware import detect
from obt_client.hardware.advice import advice, is_harmless, unlearnt, words_of
from obt_core.hardware import DetectionNote, HardwareSnapshot, Memory, NoteCode

from .recordings import machine_of, recorded_host, recorded_sources, use_nvml


@pytest.mark.parametrize("code", list(NoteCode))
@pytest.mark.parametrize("in_container", [False, True])
def test_every_code_has_words_and_a_next_step(code: NoteCode, in_container: bool) -> None:
    note = DetectionNote(source="some-source", code=code, detail="a detail")
    assert words_of(note).startswith("some-source: ")
    assert words_of(note).endswith(" (a detail)")
    assert advice(note, in_container=in_container).endswith(".")


def test_a_code_of_a_newer_release_is_told_as_it_is() -> None:
    note = DetectionNote(source="pci", code="on_fire")
    assert words_of(note) == "GPU on the bus: on fire"
    assert advice(note, in_container=False)


@pytest.mark.parametrize(
    ("source", "code", "in_container", "step"),
    [
        ("amd", NoteCode.PERMISSION_DENIED, False, "usermod -aG render,video"),
        ("amd", NoteCode.NOT_ACCESSIBLE, True, "--device /dev/kfd"),
        ("pci", NoteCode.NOT_ACCESSIBLE, False, "ls -l /dev/dri"),
        ("nvidia", NoteCode.NOT_ACCESSIBLE, True, "--gpus all"),
        ("windows", NoteCode.DRIVER_MISSING, False, "pywin32"),
        ("pci", NoteCode.DRIVER_MISSING, False, "driver"),
        ("nvidia", NoteCode.FAILED, False, "nvidia-smi"),
    ],
)
def test_the_step_is_that_of_the_source(source: str, code: NoteCode, in_container: bool, step: str) -> None:
    assert step in advice(DetectionNote(source=source, code=code), in_container=in_container)


def test_a_driver_that_was_updated_while_it_ran_asks_for_a_restart() -> None:
    note = DetectionNote(source="nvidia", code=NoteCode.FAILED, detail="Driver/library version mismatch")
    assert "restart" in advice(note, in_container=False)


async def test_a_container_without_devices_says_how_to_give_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "container-without-dri"
    use_nvml(monkeypatch, machine_of(name).get("nvml"))
    found = await detect(host=recorded_host(name, tmp_path), sources=recorded_sources(name))
    told = {one.what: one.todo for one in unlearnt(found)}
    assert "--device /dev/kfd" in told["AMD's GPUs: there, but not for this process (/dev/kfd)"]
    node = "0000:03:00.0: /dev/dri/renderD128"
    assert "--device /dev/dri" in told[f"GPU on the bus: there, but not for this process ({node})"]


def test_what_no_source_told_is_named() -> None:
    bare = HardwareSnapshot(os="Linux", memory_bytes=2**30, memory=Memory())
    assert [one.what for one in unlearnt(bare)] == [
        "type and speed of the memory are not told",
        "the processor's highest frequency is not told",
        "no GPU was found",
        "how it is powered and governed is not told",
    ]


def test_only_what_nobody_can_help_is_harmless() -> None:
    assert is_harmless(DetectionNote(source="disk", code=NoteCode.FAILED))
    assert not is_harmless(DetectionNote(source="nvidia", code=NoteCode.FAILED))
