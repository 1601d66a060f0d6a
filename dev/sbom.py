"""What a release is made of, as CycloneDX documents: one for the server's wheel, one for the client's, from the locks.

Runs in the virtual environment, which holds the library that writes them; `dev.release` calls it.
"""

# The classes of cyclonedx are made by a decorator that tells no types.
# pyright: basic, reportCallIssue=false, reportArgumentType=false, reportAttributeAccessIssue=false

import hashlib
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from uuid import UUID

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from dev.locks import CLIENT_LOCK, SERVER_LOCK
from dev.paths import FRONTEND, ROOT
from dev.sbom_npm import dashboard
from dev.wheels import WHEELS

PROJECTS = {"obt-core": "core", "obt-server": "backend", "obt-client": "ollama-client"}
SUFFIX = ".cdx.json"
VERSION = SchemaVersion.V1_6


def write(folder: Path, made_at: datetime) -> None:
    """Write the documents beside the wheels in `folder`. `made_at` is the moment that they name."""
    wheels = {parse_wheel_filename(wheel.name)[0]: wheel for wheel in folder.glob("*.whl")}
    core = component_of(wheels["obt-core"])
    for name, lock in (("obt-server", SERVER_LOCK), ("obt-client", CLIENT_LOCK)):
        bom = Bom(serial_number=_serial(wheels[name]))
        bom.metadata = BomMetaData(component=component_of(wheels[name], ComponentType.APPLICATION), timestamp=made_at)
        add_python(bom, [core, *pinned(lock)])
        if name == "obt-server":
            add_contents(bom)
        target = folder / f"{'-'.join(wheels[name].name.split('-')[:2])}{SUFFIX}"
        make_outputter(bom, OutputFormat.JSON, VERSION).output_to_file(str(target), allow_overwrite=True, indent=1)


def add_python(bom: Bom, parts: Iterable[Component]) -> None:
    """Add Python packages, with who needs whom: known of those installed here, so not of what is for other systems."""
    known = {part.name: part for part in parts}
    root = bom.metadata.component
    bom.components.update(known.values())
    for part in (*([root] if root else []), *known.values()):
        bom.register_dependency(part, [known[name] for name in sorted(_needs(part.name) & known.keys())])


def add_contents(bom: Bom) -> None:
    """Add what the server's wheel carries: the dashboard, and the wheels that it hands to machines."""
    bundle = dashboard(FRONTEND)
    handed_out = [
        component_of(wheel) for wheel in sorted(WHEELS.glob("*.whl")) if not wheel.name.startswith("obt_core")
    ]
    bom.components.update([*bundle.components, *handed_out])
    if root := bom.metadata.component:
        bom.register_dependency(root, [bundle.root, *handed_out])
    for part, needed in bundle.edges:
        bom.register_dependency(part, needed)


def pinned(lock: Path) -> Iterator[Component]:
    """Yield the packages that a lock pins, those for other systems too."""
    for line in lock.read_text("utf-8").splitlines():
        if line[:1].isalnum():
            wanted = Requirement(line.removesuffix(" \\"))
            yield _python(canonicalize_name(wanted.name), str(wanted.specifier).removeprefix("=="))


def component_of(wheel: Path, kind: ComponentType = ComponentType.LIBRARY) -> Component:
    """Return the component that a wheel is, with the hash of its file."""
    name, version, _, _ = parse_wheel_filename(wheel.name)
    part = _python(name, str(version), kind)
    part.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(wheel.read_bytes()).hexdigest()))
    return part


def _python(name: str, version: str, kind: ComponentType = ComponentType.LIBRARY) -> Component:
    purl = PackageURL("pypi", name=name, version=version)
    return Component(name=name, version=version, type=kind, purl=purl, bom_ref=str(purl))


def _needs(name: str) -> set[str]:
    try:
        lines = _own(name) if name in PROJECTS else requires(name)
    except PackageNotFoundError:
        return set()
    return {str(canonicalize_name(Requirement(line).name)) for line in lines or ()} - {name}


def _own(name: str) -> list[str]:
    """Return what a package of this workspace needs now: what is installed may be of yesterday."""
    return tomllib.loads((ROOT / PROJECTS[name] / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]


def _serial(wheel: Path) -> UUID:
    """Return the document's number: another one for another wheel, the same for the same."""
    return UUID(bytes=hashlib.sha256(wheel.read_bytes()).digest()[:16], version=4)


if __name__ == "__main__":
    write(Path(sys.argv[1]), datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC))
