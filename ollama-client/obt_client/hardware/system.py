"""The operating system, and whether it runs in a virtual machine or a container."""

import platform
import re
from dataclasses import dataclass

from obt_client.hardware.facts import fact, some_fact
from obt_client.hardware.host import Host

SOURCE = "system"


@dataclass(frozen=True)
class FoundSystem:
    """The operating system as it names itself."""

    os: str
    os_version: str
    kernel: str | None = None
    distribution: str | None = None
    distribution_version: str | None = None


@dataclass(frozen=True)
class FoundBoundary:
    """What stands between this process and the metal: a hypervisor, a container; `none` where neither was seen."""

    virtualization: str | None = None
    container: str | None = None


def read_system(host: Host) -> FoundSystem:
    """Return the name and version of the system; a Linux without os-release is told by its kernel."""
    if host.system != "Linux":
        version = platform.mac_ver()[0] if host.system == "Darwin" else platform.version()
        return FoundSystem(host.system, fact(version), kernel=some_fact(platform.release()))
    kernel = some_fact(host.read("proc/sys/kernel/osrelease") or "")
    told = parse_os_release(host.read("etc/os-release") or host.read("usr/lib/os-release") or "")
    return FoundSystem(
        host.system,
        told.get("PRETTY_NAME") or kernel or "",
        kernel,
        told.get("ID"),
        told.get("VERSION_ID"),
    )


def parse_os_release(text: str) -> dict[str, str]:
    """Read os-release(5): a variable a line, its value perhaps quoted."""
    found: dict[str, str] = {}
    for line in text.splitlines()[:500]:
        key, equals, value = line.strip().partition("=")
        bare = some_fact(re.sub(r"\\(.)", r"\1", value.strip("\"'")))
        if equals and key.isidentifier() and bare:
            found.setdefault(key, bare)
    return found


def read_boundary(host: Host) -> FoundBoundary:
    """Return hypervisor and container of a Linux: systemd's word where it is there, else the kernel's traces."""
    if host.system != "Linux":
        return FoundBoundary()
    return FoundBoundary(_virtualization(host), _container(host))


def _virtualization(host: Host) -> str | None:
    if "microsoft" in (host.read("proc/sys/kernel/osrelease") or "").lower():
        return "wsl"
    told = parse_detect_virt(_detect(host, "--vm"))
    traced = _traced_hypervisor(host)
    return traced if told in {None, "none"} and traced else told or traced or "none"


def _detect(host: Host, kind: str) -> str:
    """`systemd-detect-virt` ends with 1 where it finds nothing, and says `none`: that is no trouble."""
    before = list(host.notes)
    text = host.tool(SOURCE, "systemd-detect-virt", kind) or ""
    if text == "none":
        host.notes[:] = before
    return text


def parse_detect_virt(text: str) -> str | None:
    """Return the one word that `systemd-detect-virt` prints: an identifier of its table, or `none`."""
    word = text.strip()
    return word if re.fullmatch(r"[a-z][a-z0-9-]{1,30}", word, re.ASCII) else None


_BY_DMI = (
    ("kvm", "kvm"),
    ("qemu", "qemu"),
    ("vmware", "vmware"),
    ("virtualbox", "oracle"),
    ("innotek", "oracle"),
    ("xen", "xen"),
    ("amazon ec2", "amazon"),
    ("google compute engine", "google"),
    ("parallels", "parallels"),
    ("microsoft corporation virtual machine", "microsoft"),
    ("apple virtualization", "apple"),
    ("bochs", "bochs"),
)
"""What the firmware of virtual machines calls itself: systemd-detect-virt(1) reads the same."""


def _traced_hypervisor(host: Host) -> str | None:
    dmi = " ".join(host.read(f"sys/class/dmi/id/{name}") or "" for name in ("sys_vendor", "product_name")).lower()
    named = next((name for part, name in _BY_DMI if part in dmi), None)
    # The bare-metal instances of a cloud carry its name too; the processor's flag is what tells them apart.
    flags = re.search(r"^flags\s*:.*\bhypervisor\b", host.read("proc/cpuinfo") or "", re.MULTILINE)
    if named in {"amazon", "google"} and host.arch in {"x86_64", "AMD64"} and not flags:
        return None
    hypervisor = some_fact(host.read("sys/hypervisor/type") or "")
    return named or hypervisor or ("unknown-hypervisor" if flags else None)


_BY_CGROUP = (
    ("kubepods", "kubernetes"),
    ("libpod", "podman"),
    ("docker", "docker"),
    ("lxc", "lxc"),
    ("containerd", "containerd"),
    ("machine.slice/systemd-nspawn", "systemd-nspawn"),
)


def _container(host: Host) -> str | None:
    if host.environ.get("KUBERNETES_SERVICE_HOST"):
        return "kubernetes"
    if host.path("run/.containerenv").exists():
        return "podman"
    traced = _traced_container(host)
    if traced:
        return traced
    told = parse_detect_virt(_detect(host, "--container"))
    return "none" if told in {None, "wsl"} else told


def _traced_container(host: Host) -> str | None:
    if named := some_fact(host.environ.get("container")):
        return named
    groups = f"{host.read('proc/1/cgroup') or ''}\n{host.read('proc/self/cgroup') or ''}".lower()
    if named := next((name for part, name in _BY_CGROUP if part in groups), None):
        return named
    return "docker" if host.path(".dockerenv").exists() else None
