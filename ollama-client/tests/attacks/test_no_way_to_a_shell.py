"""What hears the server has no means to start a program or to run text as code: read from the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import obt_client

ROOT = Path(obt_client.__file__).parent
STARTERS = {
    "hardware/tools.py",
    "service/shell.py",
    "service/background.py",
    "service/windows.py",
    "cli/service.py",
    "bench/standin/process.py",
}
"""Who may start programs: what looks at the machine, and what its owner does at the command line."""
MEANS = {"subprocess", "pty", "pexpect", "os.system", "os.popen", "os.execv", "os.execve", "os.spawnv", "os.startfile"}
CODE = {"eval", "exec", "compile", "__import__", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load"}
WORDS = {"obt_core.jobs", "obt_core.operations", "obt_core.suites", "obt_core.heartbeat", "obt_client.server"}


def names_in(path: Path) -> Iterator[str]:
    """Every name that a file imports, and every one it says with its dots."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{one.name}" for one in names)
            case ast.Attribute() | ast.Name():
                yield ast.unparse(node)
            case _:
                pass


def files() -> list[tuple[str, Path]]:
    return [(path.relative_to(ROOT).as_posix(), path) for path in sorted(ROOT.rglob("*.py"))]


def test_only_these_files_start_programs_and_none_of_them_hears_the_server() -> None:
    found = {name: set(names_in(path)) for name, path in files()}
    assert len(found) > 100
    starting = {name for name, said in found.items() if any(one in MEANS or _is_start(one) for one in said)}
    assert starting == STARTERS
    for name in STARTERS:
        assert found[name].isdisjoint(WORDS), name


def _is_start(name: str) -> bool:
    return name.endswith(("create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell"))


def test_nothing_that_is_told_is_run_as_code() -> None:
    for name, path in files():
        said = {one for one in names_in(path) if one in CODE}
        assert not said, name


def test_no_shell_but_the_one_that_removes_the_client_at_its_owners_word() -> None:
    found: set[str] = set()
    for name, path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "shell" and ast.unparse(node.value) != "False":
                found.add(name)
    assert found <= {"service/windows.py"}
