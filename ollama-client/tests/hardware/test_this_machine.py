"""Detection on the machine that the tests run on, and with sources in trouble."""

import os
import platform
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from structlog.testing import capture_logs

from obt_client.hardware import LIMIT_S, Host, Source, detect, nvidia, sources_of
from obt_client.hardware.tools import ToolReply, run_tool
from obt_core.hardware import NoteCode
from obt_core.machine_environment import Power

from .recordings import recorded_host, recorded_sources, use_nvml

TOOLS = ("amd-smi", "rocm-smi", "xpu-smi", "systemd-detect-virt")
MAC_TOOLS = ("sysctl", "system_profiler", "diskutil", "pmset")


async def test_this_machine_is_told_as_the_system_knows_it() -> None:
    found = await detect(limit_s=60)
    assert found.known
    assert (found.os, found.arch) == (platform.system(), platform.machine())
    assert found.os_version
    assert found.memory_bytes == psutil.virtual_memory().total
    assert found.cpu is not None
    assert found.cpu.logical_cores == psutil.cpu_count()
    assert found.cpu.model.strip()
    assert found.environment is not None
    assert found.environment.kernel
    assert found.environment.model_disk_free_bytes
    assert found.fingerprint() == (await detect(limit_s=60)).fingerprint()


def test_gpus_are_told_whole_or_not_at_all() -> None:
    assert all(found.gpu.name and found.environment.driver_version for found in nvidia.read_nvidia(Host()))


async def test_a_source_that_never_answers_holds_nobody_up() -> None:
    released = threading.Event()

    def never(_: Host) -> None:
        released.wait(60)

    def memory(_: Host) -> int:
        return 2**30

    sources: dict[str, Source] = {"nvidia": never, "memory_bytes": memory}
    with capture_logs() as logs:
        found = await detect(limit_s=0.3, sources=sources)
    released.set()
    assert found.gpus == ()
    assert found.memory_bytes == 2**30
    assert [log["event"] for log in logs if log.get("source") == "nvidia"] == ["hardware_source_slow"]
    assert [(note.source, note.code) for note in found.notes] == [("nvidia", NoteCode.TIMED_OUT)]


async def test_a_source_that_fails_leaves_its_part_unknown() -> None:
    def broken(_: Host) -> int:
        raise RuntimeError("the driver is in trouble\nreally")

    found = await detect(sources={**sources_of("Linux"), "memory_bytes": broken}, limit_s=60)
    assert found.memory_bytes is None
    assert found.memory is None
    assert found.cpu is not None
    notes = {note.source: note for note in found.notes}
    assert notes["memory-bytes"].detail == "RuntimeError: the driver is in trouble really"


def put_tools(folder: Path, script: str, names: tuple[str, ...] = TOOLS) -> None:
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)


@pytest.mark.skipif(platform.system() == "Windows", reason="the tools are shell scripts")
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("sleep 10", NoteCode.TIMED_OUT),
        ("sleep 10 & exec 1>&1; wait", NoteCode.TIMED_OUT),
        ("exit 3", NoteCode.FAILED),
        ("echo 'Permission denied' >&2; exit 1", NoteCode.FAILED),
        ("exit 0", NoteCode.UNREADABLE),
        ("echo 'Kein Gerät gefunden: Zugriff verweigert'", NoteCode.UNREADABLE),
        ('echo \'{"card0": {"Card Series": "Rad\'', NoteCode.UNREADABLE),
    ],
)
async def test_tools_in_trouble_cost_no_more_than_their_part(
    script: str, code: NoteCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real processes, of which some would take 10 s: what sysfs tells is there within the limit."""
    (tmp_path / "bin").mkdir()
    put_tools(tmp_path / "bin", script)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    use_nvml(monkeypatch, None)
    host = recorded_host("amd-discrete-and-apu", tmp_path)
    host.run = run_tool
    found = await detect(host=host, sources=recorded_sources("amd-discrete-and-apu"))
    assert LIMIT_S < 5
    assert [gpu.compute_capability for gpu in found.gpus] == ["gfx1100", "gfx1036"]
    assert found.gpus[0].memory_bytes == 21458059264
    assert ("amd-tools", code) in [(note.source, note.code) for note in found.notes]


@pytest.mark.skipif(platform.system() == "Windows", reason="the tools are shell scripts")
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("sleep 10", NoteCode.TIMED_OUT),
        ("exit 1", NoteCode.FAILED),
        ("exit 0", NoteCode.UNREADABLE),
        ("echo 'Zugriff verweigert'", None),
        ('echo \'{"SPDisplaysDataType": [{"_name": "App\'', None),
    ],
)
async def test_a_mac_whose_tools_are_in_trouble_is_told_as_far_as_it_is_known(
    script: str, code: NoteCode | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real processes in place of a Mac's tools; what they print makes nothing up."""
    (tmp_path / "bin").mkdir()
    put_tools(tmp_path / "bin", script, MAC_TOOLS)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    use_nvml(monkeypatch, None)
    host = recorded_host("apple-m3-pro", tmp_path)
    host.run = run_tool
    found = await detect(host=host, sources=recorded_sources("apple-m3-pro"))
    assert (found.os, found.arch, found.memory_bytes) == ("Darwin", "arm64", 19_327_352_832)
    assert (found.gpus, found.npus) == ((), ())
    assert found.environment
    assert found.environment.power == Power()
    noted = {note.detail: note.code for note in found.notes}
    assert code is None or {noted.get(tool) for tool in MAC_TOOLS} == {code}


@pytest.mark.skipif(platform.system() == "Windows", reason="Windows has no modes")
async def test_files_that_may_not_be_read_are_told_and_cost_no_more_than_their_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For real: as root this test becomes somebody else while it looks."""
    use_nvml(monkeypatch, None)
    with as_a_user(), TemporaryDirectory() as name:
        host = recorded_host("amd-discrete-and-apu", Path(name))
        forbid(Path(name), "sys/class/kfd/kfd/topology/nodes/*/properties")
        found = await detect(host=host, sources=recorded_sources("amd-discrete-and-apu"))
    assert ("amd", NoteCode.PERMISSION_DENIED, "properties") in [(n.source, n.code, n.detail) for n in found.notes]
    assert [gpu.memory_bytes for gpu in found.gpus] == [21458059264, 536870912]


def forbid(root: Path, pattern: str) -> None:
    for file in root.glob(pattern):
        file.chmod(0)


@contextmanager
def as_a_user() -> Generator[None]:
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.skipif(platform.system() == "Windows", reason="the tools are shell scripts")
def test_what_a_tool_prints_without_end_is_cut_and_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_tools(tmp_path, "yes")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert run_tool(["amd-smi"], 60) == ToolReply(trouble=NoteCode.FAILED)
    assert run_tool(["no-such-tool-at-all"], 1).is_missing
    (tmp_path / "amd-smi").write_bytes(b"\x7fELF nonsense")
    assert run_tool(["amd-smi"], 5).trouble == NoteCode.FAILED


@pytest.mark.skipif(platform.system() == "Windows", reason="the tools are shell scripts")
def test_a_tool_speaks_english_and_its_arguments_are_no_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_tools(tmp_path, 'echo "$LC_ALL $1"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert run_tool(["amd-smi", "; touch $(echo x)"], 30).text == "C ; touch $(echo x)\n"
