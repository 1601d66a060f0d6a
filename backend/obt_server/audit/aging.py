"""Deeds that are too old."""

from obt_server.aging import OldRows
from obt_server.audit.tables import AuditRow

DEEDS = OldRows(AuditRow, "at", lambda before: [AuditRow.at < before])
