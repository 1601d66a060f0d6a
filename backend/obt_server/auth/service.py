"""Making and checking the credentials of machines: enrolment tokens and keys of clients."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ScalarSelect
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.audit import service as audit
from obt_server.auth import repository
from obt_server.auth.random_secrets import hash_secret, new_secret
from obt_server.auth.schemas import EnrolmentTokenView
from obt_server.auth.tables import ClientKeyRow, EnrolmentTokenRow
from obt_server.db import Database, WhichClient, announce
from obt_server.errors import ConflictError, NotFoundError, NotSignedInError
from obt_server.events import ClientChanged


class TokenInvalidError(NotSignedInError):
    """An enrolment token that is unknown, expired or used up."""

    code = "enrolment_token_invalid"


class NoRotationError(ConflictError):
    """A client asks for another key, and its owner did not."""

    code = "no_rotation"


class KeyRevokedError(NotSignedInError):
    """A key that was good until just now: nothing more is heard on its connection."""

    code = "key_revoked"
    headers: Mapping[str, str] = {"Connection": "close"}

    def __init__(self) -> None:
        super().__init__("This key was revoked. Enrol again: obt-client enrol --again --token TOKEN.")


@dataclass(frozen=True, slots=True)
class KeyState:
    """What is to be said of a client's key: since when another one is wanted, it is good for nothing, it is used."""

    rotation_asked_at: datetime | None = None
    revoked_at: datetime | None = None
    begun_at: datetime | None = None

    def was_used(self, last_seen_at: datetime | None) -> bool:
        """Whether its client, seen last at that moment, has beaten with this key."""
        return last_seen_at is not None and (self.begun_at is None or last_seen_at >= self.begun_at)


async def create_token(
    session: AsyncSession, *, label: str, uses: int, valid_for: timedelta, now: datetime, tags: Sequence[str] = ()
) -> tuple[EnrolmentTokenView, str]:
    """Make an enrolment token. Its text is told here, and never again."""
    token = new_secret("enrol")
    row = EnrolmentTokenRow(
        id=uuid4(),
        token_hash=hash_secret(token),
        label=label,
        tags=list(tags),
        uses_left=uses,
        created_at=now,
        expires_at=now + valid_for,
    )
    session.add(row)
    after = {"label": label, "uses": uses, "tags": row.tags, "expires_at": row.expires_at.isoformat()}
    await audit.note(session, "enrolment_token.created", "enrolment_token", row.id, after=after)
    return EnrolmentTokenView.model_validate(row, from_attributes=True), token


async def list_tokens(session: AsyncSession) -> list[EnrolmentTokenView]:
    """Return all tokens, newest first, without their texts."""
    rows = await repository.list_tokens(session)
    return [EnrolmentTokenView.model_validate(row, from_attributes=True) for row in rows]


async def revoke_token(session: AsyncSession, token_id: UUID) -> None:
    """Make a token useless. Clients that enrolled with it stay."""
    row = await session.get(EnrolmentTokenRow, token_id)
    if row is None:
        raise NotFoundError("There is no such enrolment token.")
    await session.delete(row)
    before = {"label": row.label, "uses_left": row.uses_left}
    await audit.note(session, "enrolment_token.revoked", "enrolment_token", token_id, before=before)


async def use_token(session: AsyncSession, token: str, now: datetime) -> EnrolmentTokenView:
    """Take one use of an enrolment token, and return it; or say why not. Raises TokenInvalidError."""
    row = await repository.use_token(session, hash_secret(token), now)
    if row is None:
        raise TokenInvalidError(
            "This enrolment token is unknown, expired or used up. Make another: obt-server token create."
        )
    return EnrolmentTokenView.model_validate(row, from_attributes=True)


async def check_token_known(session: AsyncSession, token: str) -> None:
    """Refuse a token that was never made, even where no use of it is taken."""
    if not await repository.token_exists(session, hash_secret(token)):
        raise TokenInvalidError("This enrolment token is unknown. Make another: obt-server token create.")


async def issue_key(session: AsyncSession, client_id: str, nonce: str, now: datetime) -> str:
    """Give a client its key, in place of an earlier one. The key is told here, and never again."""
    key = new_secret("client")
    row = ClientKeyRow(
        client_id=client_id,
        key_hash=hash_secret(key),
        next_key_hash=None,
        rotation_asked_at=None,
        nonce_hash=hash_secret(nonce),
        created_at=now,
        revoked_at=None,
    )
    await session.merge(row)
    return key


async def is_same_enrolment(session: AsyncSession, client_id: str, nonce: str) -> bool:
    """Whether the client enrolled with this very nonce: then it is the same machine asking again."""
    row = await session.get(ClientKeyRow, client_id)
    return row is not None and secrets.compare_digest(row.nonce_hash, hash_secret(nonce))


async def client_of_key(db: Database, key: str, now: datetime) -> str | None:
    """Return the client that has this key, None for nobody. The first use of a new key is the end of the old one."""
    key_hash = hash_secret(key)
    async with db.read() as session:
        found = await repository.find_key(session, key_hash)
    if found is None or not found.is_next:
        return None if found is None else found.client_id
    async with db.write() as session:
        begun = await repository.begin_next_key(session, key_hash, now)
        if begun:
            announce(session, ClientChanged(begun))
            await audit.record(session, audit.Actor("client", begun, begun), "client.key_rotated", "client", begun)
        # Of two requests with the new key at once the second finds it begun; or another key took its place.
        return begun or await _client_of_begun_key(session, key_hash)


async def _client_of_begun_key(session: AsyncSession, key_hash: str) -> str | None:
    found = await repository.find_key(session, key_hash)
    return None if found is None or found.is_next else found.client_id


async def key_state(session: AsyncSession, client_id: str) -> KeyState:
    """Return how it stands with a client's key."""
    row = await repository.key_state(session, client_id)
    return KeyState(row.rotation_asked_at, row.revoked_at, row.created_at) if row else KeyState()


def key_hash_question(client_id: WhichClient) -> ScalarSelect[str]:
    """Return the hash of a client's key as such a question."""
    return repository.key_hash_question(client_id)


def key_questions(client_id: WhichClient) -> list[ScalarSelect[datetime | None]]:
    """Return how it stands with a client's key as questions, for a statement that asks others too: the fields."""
    return repository.key_questions(client_id)


async def revoke_key(session: AsyncSession, client_id: str, now: datetime) -> bool:
    """Make a client's key, and the one that comes next, good for nothing; False where they are already.

    The event takes it from where quiet clients are known by it, on every server: the next request with it is refused.
    A held beat is woken by it, and ends.
    """
    is_revoked = await repository.revoke_key(session, client_id, now)
    announce(session, ClientChanged(client_id))
    return is_revoked


async def ask_rotation(session: AsyncSession, client_id: str, now: datetime) -> None:
    """Want a client to take another key: it is told with its next heartbeat. Its old one is good until then."""
    await repository.ask_rotation(session, client_id, now)


async def issue_next_key(session: AsyncSession, client_id: str) -> str:
    """Tell a client its next key, in place of one that it was told and did not use. Raises NoRotationError.

    Only where the owner asked for it: whoever stole a key is not to change the lock.
    """
    key = new_secret("client")
    if not await repository.set_next_key(session, client_id, hash_secret(key)):
        raise NoRotationError("Nobody asked this client to take another key.")
    return key
