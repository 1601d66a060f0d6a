"""One row for each model on each client."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.db import Base


class InstalledModelRow(Base):
    """A model as a client's Ollama tells of it."""

    __tablename__ = "installed_models"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    digest: Mapped[str] = mapped_column(String(80), index=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    family: Mapped[str | None] = mapped_column(String(300))
    parameter_size: Mapped[str | None] = mapped_column(String(300))
    parameter_count: Mapped[int | None] = mapped_column(BigInteger)
    quantization: Mapped[str | None] = mapped_column(String(300))
    context_length: Mapped[int | None] = mapped_column(BigInteger)
    capabilities: Mapped[list[str]] = mapped_column(JSON)
    modified_at: Mapped[datetime | None]
    cloud: Mapped[bool]
