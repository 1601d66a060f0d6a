"""One row an operation: the queue, and the record of who asked for what."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_core.operations import OperationStatus
from obt_server.db import Base, Document


class OperationRow(Base):
    """One act on one model of one client. `batch_id` joins those asked for together, `asked_by` tells by whom.

    `content` is the `obt_core.operations.Operation`; `kind` and `model` repeat it, to be searched.
    """

    __tablename__ = "operations"
    __table_args__ = (
        Index("ix_operations_queue", "client_id", "status", "created_at", "position"),
        Index("ix_operations_newest", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(index=True)
    position: Mapped[int]
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"))
    kind: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(300))
    content: Mapped[Document]
    status: Mapped[OperationStatus] = mapped_column(String(16), index=True)
    skip_reason: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[Document | None]
    progress: Mapped[Document | None]
    asked_by: Mapped[str] = mapped_column(String(120))
    cancelled_by: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    lease_expires_at: Mapped[datetime | None]
