"""Suites that were run; their content never changes."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.db import Base, Document


class SuiteRow(Base):
    """One version of a suite."""

    __tablename__ = "suites"

    hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    content: Mapped[Document]
    first_used_at: Mapped[datetime]
