"""One row a client; a heartbeat never adds one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.clients.presence import Presence
from obt_server.db import Base, Document


class ClientRow(Base):
    """A machine that runs our agent.

    `status` holds its last heartbeat, `hardware` its present hardware, `machine` what a list shows of that: lists never
    read the whole of it.
    """

    __tablename__ = "clients"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    client_version: Mapped[str] = mapped_column(String(300))
    protocol_version: Mapped[int] = mapped_column(default=1, server_default="1")
    enrolled_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None] = mapped_column(index=True)
    interval_s: Mapped[float]
    boot_id: Mapped[UUID | None]
    status: Mapped[Document | None]
    hardware: Mapped[Document | None]
    machine: Mapped[Document | None]
    hardware_fingerprint: Mapped[str | None] = mapped_column(String(80))
    models_hash: Mapped[str | None] = mapped_column(String(80))
    model_count: Mapped[int] = mapped_column(default=0)
    offline_since: Mapped[datetime | None]
    presence: Mapped[Presence | None] = mapped_column(String(16))
    """The last one that stands in its history; None before its first heartbeat."""
    archived_at: Mapped[datetime | None]
    is_archived_by_person: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Then it stays archived though it beats."""
    restored_at: Mapped[datetime | None]
    tags: Mapped[list[str]] = mapped_column(JSON, server_default="[]", default=list)
    drained_at: Mapped[datetime | None]
    """Since when it gets no more work, by somebody's wish."""
    clone_seen_at: Mapped[datetime | None]
    """When its key was last used from two boots at once."""
    other_boot_id: Mapped[UUID | None]
    """The boot, beside its own, that its key was used from."""


class PresenceChangeRow(Base):
    """When a client's presence became another one: its history, as far back as the retention goes.

    None: nobody knows, since no server was there to hear it.
    """

    __tablename__ = "presence_changes"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    presence: Mapped[Presence | None] = mapped_column(String(16))
