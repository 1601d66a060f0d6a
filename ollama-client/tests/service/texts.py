"""Plans whose text is looked at."""

from pathlib import PurePosixPath
from typing import Any

from obt_client.service.plan import Plan, Scope

ODD = """/srv/Zoë "O'Neil" 100% $HOME ${X} [x] ユーザ"""


def a_plan(scope: Scope = Scope.USER, **fields: Any) -> Plan:
    """A service with usual paths."""
    told: dict[str, Any] = {
        "data_dir": PurePosixPath("/var/lib/obt-client"),
        "config_dir": PurePosixPath("/etc/obt-client"),
        "settings": {"OBT_CLIENT_DATA_DIR": "/var/lib/obt-client", "OBT_SERVER_URL": "https://obt.example.org"},
        "python": "/opt/obt-client/venv/bin/python",
    }
    return Plan(scope, **{**told, **fields})


def an_odd_plan(scope: Scope = Scope.USER) -> Plan:
    """A service whose every path has all that one may stumble over."""
    odd = PurePosixPath(ODD)
    return a_plan(scope, data_dir=odd / "data", config_dir=odd / "config", python=f"{ODD}/bin/python")
