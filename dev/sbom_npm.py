"""The dashboard's share of a release's documents: what pnpm's lock pins, and which of it a browser may load.

Runs in the virtual environment, as `dev.sbom` does.
"""

# The classes of cyclonedx are made by a decorator that tells no types.
# pyright: basic, reportCallIssue=false, reportArgumentType=false, reportAttributeAccessIssue=false

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from packageurl import PackageURL

BUNDLED = ("@sveltejs/kit", "svelte", "tailwindcss")
"""Build tools by the manifest, but with a runtime or a style sheet of theirs in the bundle."""


@dataclass(frozen=True)
class Dashboard:
    """The built dashboard, the packages of its lock, and which of them needs which others directly."""

    root: Component
    components: list[Component]
    edges: list[tuple[Component, list[Component]]]


def dashboard(folder: Path) -> Dashboard:
    """Read the manifest and the lock in `folder`. What only builds or tests has the scope `excluded`."""
    manifest = json.loads((folder / "package.json").read_text("utf-8"))
    lock = yaml.safe_load((folder / "pnpm-lock.yaml").read_text("utf-8"))
    needs = _needs(lock)
    first = _direct(lock)
    shipped = _reached(first, needs)
    parts = {key: _component(key, pinned, key in shipped) for key, pinned in lock["packages"].items()}
    root = Component(name=manifest["name"], version=manifest["version"], type=ComponentType.APPLICATION,
                     bom_ref=manifest["name"])  # fmt: skip
    edges = [(root, [parts[key] for key in first]), *((parts[key], [parts[to] for to in needs[key]]) for key in parts)]
    return Dashboard(root, [root, *parts.values()], edges)


def _direct(lock: dict[str, Any]) -> list[str]:
    own = lock["importers"]["."]
    wanted = {**own["dependencies"], **{name: own["devDependencies"][name] for name in BUNDLED}}
    return sorted(_key(name, pinned["version"]) for name, pinned in wanted.items())


def _needs(lock: dict[str, Any]) -> dict[str, list[str]]:
    """Return what each package needs. What it wants to find beside it (its peers) is not its own need."""
    needs: dict[str, set[str]] = {key: set() for key in lock["packages"]}
    for long_key, found in lock["snapshots"].items():
        key = long_key.split("(")[0]
        peers = lock["packages"][key].get("peerDependencies", {})
        wanted = {**found.get("dependencies", {}), **found.get("optionalDependencies", {})}
        needs[key] |= {_key(name, version) for name, version in wanted.items() if name not in peers}
    return {key: sorted(wanted & needs.keys()) for key, wanted in needs.items()}


def _reached(first: Iterable[str], needs: dict[str, list[str]]) -> set[str]:
    reached, waiting = set[str](), list(first)
    while waiting:
        key = waiting.pop()
        waiting += [] if key in reached else needs[key]
        reached.add(key)
    return reached


def _key(name: str, version: str) -> str:
    """Return the key under which a lock's `packages` has it. An alias has the other package's name in its version."""
    bare = version.split("(", maxsplit=1)[0]
    return bare if "@" in bare[1:] else f"{name}@{bare}"


def _component(key: str, pinned: dict[str, Any], shipped: bool) -> Component:
    full_name, _, version = key.rpartition("@")
    scope, _, name = full_name.rpartition("/")
    purl = PackageURL("npm", namespace=scope or None, name=name, version=version)
    algorithm, _, digest = pinned["resolution"]["integrity"].partition("-")
    sha = HashType(alg=HashAlgorithm(f"SHA-{algorithm.removeprefix('sha')}"), content=base64.b64decode(digest).hex())
    return Component(
        name=name, group=scope or None, version=version, purl=purl, bom_ref=str(purl), hashes=[sha],
        type=ComponentType.LIBRARY, scope=ComponentScope.REQUIRED if shipped else ComponentScope.EXCLUDED,
    )  # fmt: skip
