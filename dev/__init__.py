"""What `make` runs. This line of defence stands first: it must be readable by any Python there is."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a bare machine may well have an older one
    sys.exit(
        "OBT needs Python 3.11 or later; this is Python %d.%d (%s).\n"  # noqa: UP031 - f-strings are newer than some
        "  Install a newer one, then: make PYTHON=/path/to/python3.11 ..." % (*sys.version_info[:2], sys.executable)
    )
