"""Stands in for loginctl: lingering is a file, as it is in truth."""

import sys

from .processes import STATE, record_call

match record_call("loginctl"):
    case ["show-user", _, "--property=Linger"]:
        sys.stdout.write(f"Linger={'yes' if (STATE / 'linger').exists() else 'no'}\n")
    case ["--no-ask-password", "enable-linger", _]:
        if (STATE / "may-not-linger").exists():
            sys.exit("Could not enable linger: Interactive authentication required.")
        (STATE / "linger").touch()
    case _:
        sys.exit("unknown")
