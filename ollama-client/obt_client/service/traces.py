"""What a client has left on a machine: read here, removed in `remove.py`. Nothing of anybody else's is named."""

import sys
from dataclasses import dataclass
from pathlib import Path

from obt_client.service.plan import NAME, Plan

MARKER = ".obt-install"
_MARKER_HEAD = "obt-install 1"
_LINK_BYTES_MAX = 1024
_OURS = (
    "identity.json",
    "client.lock",
    "calibration.json",
    "outbox",
    "operations",
    "dead-letter",
    "service.json",
    "task.xml",
)
_OUR_DRAFTS = (".identity.json.*", ".calibration.json.*", ".service.json.*", "service.log*")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What the server does not have yet."""

    jobs: int
    samples: int
    refused_jobs: int
    """Jobs that it refused for good."""

    def __bool__(self) -> bool:
        return bool(self.jobs or self.refused_jobs)


@dataclass(frozen=True, slots=True)
class Environment:
    """The private environment that the install script made, and what it made elsewhere for it."""

    folder: Path
    links: tuple[Path, ...]
    made: tuple[Path, ...]
    """Folders that were not there before, the deepest first: they go if they are empty."""


def data_of(data_dir: Path) -> list[Path]:
    """Return what a client writes into its data directory, as far as it is there."""
    named = [data_dir / name for name in _OURS]
    drafts = [path for pattern in _OUR_DRAFTS for path in sorted(data_dir.glob(pattern))]
    return [path for path in (*named, *drafts) if path.exists()]


def undelivered_in(data_dir: Path) -> Undelivered:
    """Count jobs and samples that are here only."""
    outbox = _folders(data_dir / "outbox")
    samples = sum(_count_lines(folder / "samples.ndjson") for folder in outbox)
    return Undelivered(len(outbox), samples, len(_folders(data_dir / "dead-letter")))


def _folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []


def _count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def environment(prefix: Path = Path(sys.prefix)) -> Environment | None:
    """Return the environment that this program runs in, if the install script made it: its marker says so."""
    marker = prefix / MARKER
    if not marker.is_file():
        return None
    head, *lines = marker.read_text("utf-8").splitlines() or [""]
    if head.strip() != _MARKER_HEAD:
        return None
    pairs = [line.partition("=")[::2] for line in lines]
    links = [Path(value.strip()) for key, value in pairs if key == "link"]
    made = [Path(value.strip()) for key, value in pairs if key == "made"]
    return Environment(prefix, tuple(link for link in links if _leads_into(link, prefix)), tuple(made))


def _leads_into(link: Path, prefix: Path) -> bool:
    """A link may have been given to something else since: then it is no longer ours."""
    if link.is_symlink():
        return prefix.resolve() in link.resolve().parents or prefix in link.readlink().parents
    is_script = link.suffix.lower() in {".cmd", ".bat"} and link.is_file() and link.stat().st_size <= _LINK_BYTES_MAX
    return is_script and str(prefix) in link.read_text("utf-8", errors="replace")


def folders_of(plan: Plan, found: Environment | None) -> list[Path]:
    """Return the folders that are to go if nothing is left in them, the deepest first."""
    home = [found.folder.parent] if found and found.folder.parent.name == NAME else []
    return list(dict.fromkeys((plan.data_dir, plan.config_dir, *home, *(found.made if found else ()))))
