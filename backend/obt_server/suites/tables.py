"""Suites that were run; their content never changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.db import Base, Document


class SuiteRow(Base):
    """One version of a suite."""

    __tablename__ = "suites"

    hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    content: Mapped[Document]
    first_used_at: Mapped[datetime]


class SavedSuiteRow(Base):
    """A suite that a person keeps under a name; saved again under it, it is another version."""

    __tablename__ = "saved_suites"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    suite_hash: Mapped[str] = mapped_column(ForeignKey("suites.hash"))
    saved_at: Mapped[datetime]


class SavedPromptRow(Base):
    """A prompt that a person keeps under a name."""

    __tablename__ = "saved_prompts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str]
    purpose: Mapped[str] = mapped_column(String(4_000))
    saved_at: Mapped[datetime]
