"""One row for each hardware that a client ever had."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.db import Base, Document


class HardwareRow(Base):
    """A client's hardware from some moment on, `replaced_at` another; None: it is its present one, or an upload's."""

    __tablename__ = "hardware"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(80), primary_key=True)
    snapshot: Mapped[Document]
    first_seen_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
