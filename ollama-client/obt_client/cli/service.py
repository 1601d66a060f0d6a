"""`obt-client service`: install, start, stop, status, log, uninstall."""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from obt_client.cli.exits import FAILED, INTERRUPTED, failure

if TYPE_CHECKING:
    from obt_client.service.base import Manager
    from obt_client.service.plan import Scope
    from obt_client.service.remove import Removal

T = TypeVar("T")
STOPPED, NOT_INSTALLED = 3, 4
_HELP = """The client as a service of this machine, so that it runs without anybody.

It becomes a unit of systemd, an agent or daemon of launchd, or a scheduled task of Windows; on a Linux without systemd
a plain background process. Settings that are set when it is installed are kept for it.
"""
app = typer.Typer(help=_HELP, no_args_is_help=True, rich_markup_mode=None)

_ScopeFlag = Annotated[
    bool | None,
    typer.Option(
        "--system/--user", help="The machine's service (needs root), or your own. Else: what there is, what you may."
    ),
]


@app.command()
def install(
    system: _ScopeFlag = None,
    server: Annotated[str | None, typer.Option(help="Address of the server, instead of OBT_SERVER_URL.")] = None,
    ollama: Annotated[str | None, typer.Option(help="Where Ollama listens, instead of OBT_OLLAMA_URL.")] = None,
    data_dir: Annotated[str | None, typer.Option(help="Folder of the identity, or OBT_CLIENT_DATA_DIR.")] = None,
) -> None:
    """Install, enable and start it; again: bring it up to date and restart it.

    The machine is enrolled before. All OBT_ settings of the environment are kept, but for the token.
    """
    from obt_client.service import choose
    from obt_client.service.install import install as steps

    scope = _scope(system) or choose.usual_scope()
    given = {"server_url": server, "ollama_url": ollama, "client_data_dir": data_dir}
    _tell(lambda: steps(scope, given))


@app.command()
def uninstall(
    system: _ScopeFlag = None,
    purge: Annotated[bool, typer.Option("--purge", help="Remove identity, samples and the program, too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing, not even for undelivered samples.")] = False,
) -> None:
    """Stop and remove it. Identity and samples stay, unless --purge says otherwise. Twice does no harm."""
    from obt_client.service.remove import look, remove

    removal = _or_fail(lambda: look(_scope(system), purge=purge))
    if purge:
        _confirm(removal, yes=yes)
    _tell(lambda: remove(removal))


def _confirm(removal: "Removal", *, yes: bool) -> None:
    things = list(removal.listed())
    if things:
        typer.echo("This removes for ever:\n" + "\n".join(f"  {thing}" for thing in things))
    left = removal.undelivered
    if not left or yes:
        return
    typer.echo(
        f"The server does not have {left.samples} samples of {left.jobs} jobs that were measured here, and refused "
        f"{left.refused_jobs} jobs. They would be lost.",
        err=True,
    )
    if not typer.confirm("Remove them?"):
        raise failure("Nothing was removed. Without a question: --yes")


@app.command()
def start(system: _ScopeFlag = None) -> None:
    """Start it."""
    from obt_client.service.install import started

    _tell(lambda: started(_installed(system, "start")))


@app.command()
def stop(system: _ScopeFlag = None) -> None:
    """Stop it; a job that runs is ended in good order. It starts again with the machine or the log-in."""

    def steps() -> Iterator[str]:
        manager = _found(system, "stop")
        if manager is None:
            yield "No service is installed."
        else:
            manager.stop()
            yield "Stopped."

    _tell(steps)


@app.command()
def restart(system: _ScopeFlag = None) -> None:
    """Stop it and start it again, with the settings as they are now."""
    from obt_client.service.install import started

    def steps() -> Iterator[str]:
        manager = _installed(system, "restart")
        manager.stop()
        yield from started(manager)

    _tell(steps)


@app.command()
def status(system: _ScopeFlag = None) -> None:
    """Say whether it runs, since when, and where its log is. Status 0: it runs; 3: it does not; 4: not installed."""
    from obt_client.service import choose
    from obt_client.service.status import lines

    _, manager = _or_fail(lambda: choose.found(_scope(system)))
    if manager is None:
        raise failure(f"No service is installed. To install it: {choose.own_name()} service install", NOT_INSTALLED)
    pid = _or_fail(manager.pid)
    _tell(lambda: lines(manager, pid))
    if pid is None:
        raise typer.Exit(STOPPED)


@app.command()
def log(
    system: _ScopeFlag = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="So many of the last lines.")] = 50,
) -> None:
    """Show the end of its log."""
    from obt_client.service import log_file

    where = _or_fail(lambda: _seen(system)).log
    try:
        if where.file is not None:
            path = where.file
            _tell(lambda: log_file.follow(path, lines) if follow else log_file.last_lines(path, lines))
        else:
            _pass_on((*(where.follow if follow else where.show), "--lines", str(lines)))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _pass_on(command: tuple[str, ...]) -> None:
    """Let the system's own program speak."""
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - a fixed list of arguments
    except OSError as error:
        raise failure(f"{command[0]} cannot be run: {error}") from None
    if done.returncode:
        raise typer.Exit(FAILED)


def _scope(system: bool | None) -> "Scope | None":
    from obt_client.service.plan import Scope

    return None if system is None else Scope.SYSTEM if system else Scope.USER


def _found(system: bool | None, command: str) -> "Manager | None":
    from obt_client.service import choose

    scope, manager = choose.found(_scope(system))
    if manager is not None:
        choose.require_rights(scope, command)
    return manager


def _installed(system: bool | None, command: str) -> "Manager":
    return _or_missing(_found(system, command))


def _seen(system: bool | None) -> "Manager":
    from obt_client.service import choose

    return _or_missing(choose.found(_scope(system))[1])


def _or_missing(manager: "Manager | None") -> "Manager":
    from obt_client.service import choose
    from obt_client.service.plan import ServiceError

    if manager is None:
        raise ServiceError(f"No service is installed. To install it: {choose.own_name()} service install")
    return manager


def _tell(steps: "Callable[[], Iterable[str]]") -> None:
    """Say each step as it is done. Raises typer.Exit."""

    def told() -> None:
        for line in steps():
            typer.echo(line)

    _or_fail(told)


def _or_fail(act: "Callable[[], T]") -> T:
    from obt_client.config import SettingsError
    from obt_client.identity import IdentityError
    from obt_client.service.plan import ServiceError

    try:
        return act()
    except (ServiceError, SettingsError, IdentityError) as error:
        raise failure(str(error)) from None
    except OSError as error:
        raise failure(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}") from None
