"""Credentials. Only hashes are kept: SHA-256, since every secret here is 256 random bits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.db import Base


class EnrolmentTokenRow(Base):
    """Lets machines enrol, so many times, until then."""

    __tablename__ = "enrolment_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    uses_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ClientKeyRow(Base):
    """The key of one client. `nonce_hash` recognizes the same enrolment when it is sent again."""

    __tablename__ = "client_keys"

    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    next_key_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    """Of a key that was told and not used yet; its first use makes it the key."""
    rotation_asked_at: Mapped[datetime | None]
    """Since when the owner wants the client to take another key."""
    nonce_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class SignInLinkRow(Base):
    """A one-time secret that becomes a browser session."""

    __tablename__ = "sign_in_links"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class BrowserSessionRow(Base):
    """A signed-in browser."""

    __tablename__ = "browser_sessions"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
