"""One row a session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.db import Base


class SessionRow(Base):
    """A suite, models and clients, asked for at one moment."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_newest", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    suite_name: Mapped[str] = mapped_column(String(64))
    suite_hash: Mapped[str] = mapped_column(ForeignKey("suites.hash"))
    created_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    """When it is to begin; None: at once."""
    asked_by: Mapped[str | None] = mapped_column(String(120))
    """None: from before this was kept, or by a client that uploaded what it had measured."""
