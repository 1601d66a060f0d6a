"""Operations that ended long ago."""

from obt_core.operations import ENDED
from obt_server.aging import OldRows
from obt_server.operations.tables import OperationRow

OPERATIONS = OldRows(
    OperationRow,
    "created_at",
    lambda before: [OperationRow.created_at < before, OperationRow.status.in_(ENDED)],
    version=("status",),
)
