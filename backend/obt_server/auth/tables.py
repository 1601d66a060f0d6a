"""People, and credentials of all kinds. Only hashes are kept.

SHA-256 where the secret is 256 random bits; Argon2id of passwords, which people choose.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from obt_server.auth.roles import Role
from obt_server.db import Base


class EnrolmentTokenRow(Base):
    """Lets machines enrol, so many times, until then."""

    __tablename__ = "enrolment_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    tags: Mapped[list[str]] = mapped_column(JSON, server_default="[]", default=list)
    """Given to each client that enrols with it."""
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
    revoked_at: Mapped[datetime | None]
    """Since when neither key is good for anything."""


class PersonRow(Base):
    """Somebody who signs in. `name_folded` is the name as it is compared, `email` is kept in lower case."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_folded: Mapped[str] = mapped_column(String(180), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id with its parameters; None: signs in by links or by OIDC alone."""
    role: Mapped[Role] = mapped_column(String(16))
    is_disabled: Mapped[bool]
    oidc_subject: Mapped[str | None] = mapped_column(String(600), unique=True)
    """Issuer and subject, with a space between."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    password_changed_at: Mapped[datetime | None]


class SignInLinkRow(Base):
    """A one-time secret: makes the first administrator, signs a person in, or lets them choose another password."""

    __tablename__ = "sign_in_links"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class BrowserSessionRow(Base):
    """A signed-in browser. `address` and `browser` are what it had when it signed in."""

    __tablename__ = "browser_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200))


class ApiKeyRow(Base):
    """A program's key. It may what its `role` may, and never more than the role that its person has now."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(50))
    role: Mapped[Role] = mapped_column(String(16))
    prefix: Mapped[str] = mapped_column(String(16))
    """How the key begins, by which people know it again."""
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInAttemptRow(Base):
    """One guess at a password that was not right, or is being looked at now. `key` says what it counts against."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_of_key", "key", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(64))
