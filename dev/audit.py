"""`make audit`: the known vulnerabilities of all that the locks pin, as the package registries' own services know them.

They change without the code, and cannot be asked without network: so this is no part of `make check`. Standard library
only.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.bootstrap import DEV, LOCKS, ensure_venv
from dev.node import Node, ensure_frontend
from dev.paths import FRONTEND, LOCAL, LOGS, ROOT, venv_program
from dev.program import run_main
from dev.shell import CommandFailed, run, tail
from dev.steps import Step, run_steps
from dev.trouble import Trouble

NONE_FOUND, FOUND, NOT_AUDITED = 0, 1, 2
"""Exit statuses. What could not be asked is neither clean nor vulnerable, and never passes for clean."""
PYTHON_LOCKS = (LOCKS[DEV], *sorted((ROOT / "dev").glob("*.lock")))
"""The developers' lock holds all that the others hold, in the same versions; beside it, the wheels of the tools."""


class NotAudited(Trouble):
    """The service gave no answer about all of the packages."""


@dataclass(frozen=True)
class Finding:
    """A known vulnerability of a package that a lock pins."""

    package: str
    version: str
    advisory: str
    fixed_in: str
    """Versions without it; empty where there is none."""

    def __str__(self) -> str:
        return f"{self.package} {self.version}: {self.advisory}, fixed in {self.fixed_in or 'no version yet'}"


def python_findings(locks: Sequence[Path] = PYTHON_LOCKS, *service: str) -> list[Finding]:
    """Ask about each Python package that is for this system. `service` are options of pip-audit that name another one.

    Raises NotAudited. `--strict`, since pip-audit otherwise calls what it could not look up free of vulnerabilities.
    """
    requirements = [part for lock in locks for part in ("-r", str(lock))]
    options = ("--strict", "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    cache = ("--cache-dir", str(LOCAL / "pip-audit"))
    told = _json_of([venv_program("pip-audit"), *options, *cache, *service, *requirements], "pip-audit", "--output")
    return [
        Finding(package["name"], package["version"], found["id"], ", ".join(found["fix_versions"]))
        for package in told["dependencies"]
        for found in package["vulns"]
    ]


def frontend_findings(node: Node, folder: Path = FRONTEND, env: Mapping[str, str] | None = None) -> list[Finding]:
    """Ask about each package of the dashboard, those that only build and test it too. Raises NotAudited."""
    log = LOGS / "pnpm-audit.log"
    with suppress(CommandFailed):  # its status tells of vulnerabilities and of an error alike; what it wrote, which
        run(node.pnpm("audit", "--json"), cwd=folder, env={**node.env(), **(env or {})}, log=log)
    told = _read(log)
    if "advisories" not in told:
        raise NotAudited(f"pnpm audit got no answer: {told.get('error', {}).get('message', tail(log))}")
    return list(_of_pnpm(told["advisories"]))


def _of_pnpm(advisories: dict[str, Any]) -> Iterator[Finding]:
    for one in advisories.values():
        advisory = one.get("github_advisory_id") or one["url"]
        for place in one["findings"]:
            yield Finding(one["module_name"], place["version"], advisory, one.get("patched_versions") or "")


def _json_of(command: Sequence[str], name: str, output: str) -> Any:
    log = LOGS / f"{name}.log"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        with suppress(CommandFailed):  # as above
            run([*command, output, report], log=log)
        if told := _read(report):
            return told
    raise NotAudited(f"{name} got no answer about all packages:", tail(log, 3))


def _read(file: Path) -> dict[str, Any]:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, json.JSONDecodeError):
        return {}


def tell(name: str, ask: Callable[[], list[Finding]]) -> int:
    """Print what was found; return the status that stands for it."""
    try:
        found = ask()
    except NotAudited as trouble:
        print(f"{name}: not audited. {trouble}")
        return NOT_AUDITED
    print(f"{name}: " + ("no known vulnerability" if not found else f"{len(found)} known vulnerabilities"))
    for finding in found:
        print(f"  {finding}")
    return FOUND if found else NONE_FOUND


def verdict(statuses: Sequence[int]) -> int:
    """Return one status of several: a vulnerability before an unanswered question before none."""
    return next((status for status in (FOUND, NOT_AUDITED) if status in statuses), NONE_FOUND)


def main() -> int:
    """Audit what is installed from Python's index and from npm's."""
    nodes: list[Node] = []
    run_steps(
        [
            Step("Python environment", lambda step: ensure_venv(DEV, step.say)),
            Step("Frontend's packages", lambda step: nodes.append(ensure_frontend(step.say))),
        ]
    )
    asked = (("Python packages", python_findings), ("Dashboard's packages", lambda: frontend_findings(nodes[0])))
    return verdict([tell(name, ask) for name, ask in asked])


if __name__ == "__main__":
    run_main(main)
