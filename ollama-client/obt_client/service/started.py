"""The process of a service that no systemd runs: `python -m obt_client.service.started FILE_OF_SETTINGS`.

launchd and Windows' task scheduler read no file of settings, and the latter keeps no log. So it reads its settings,
says everything into its log, leaves a record of which process it is, and then is `obt-client run`.
"""

import os
import sys
from pathlib import Path

from obt_client.service import env_file, record
from obt_client.service.plan import DATA_DIR_VARIABLE, Plan, Scope

_LOG_BYTES_MAX = 5_000_000
"""A longer log is set aside at a start, and the one before it forgotten."""


def main() -> None:
    """Be the service until told to end."""
    path = Path(sys.argv[1])
    plan = _plan(path)
    _take_settings(plan)
    _log_into(plan.log_file)
    record.write(plan.record_file)
    try:
        _run()
    finally:
        record.erase(plan.record_file)


def _plan(path: Path) -> Plan:
    settings = env_file.read(path)
    if settings is None or DATA_DIR_VARIABLE not in settings:
        sys.exit(f"{path} is missing, or does not name {DATA_DIR_VARIABLE}. Again: obt-client service install")
    return Plan(Scope.USER, Path(settings[DATA_DIR_VARIABLE]), path.parent, settings)


def _take_settings(plan: Plan) -> None:
    """The file is all there is: what stood in the environment of whoever started it does not come along."""
    for name in [name for name in os.environ if name.startswith("OBT_")]:
        del os.environ[name]
    os.environ.update(plan.settings)


def _log_into(path: Path) -> None:
    if path.exists() and path.stat().st_size > _LOG_BYTES_MAX:
        path.replace(path.with_name(f"{path.name}.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    # Without a console Windows gives a process no streams at all: they are made anew, not kept.
    sys.stdout = sys.stderr = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace", buffering=1)


def _run() -> None:
    from obt_client.__main__ import app  # noqa: PLC0415  after the settings, which its help would read

    app(["run"], prog_name="obt-client")


if __name__ == "__main__":
    main()
