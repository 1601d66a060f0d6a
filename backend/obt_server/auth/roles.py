"""Who there is, and the one table of who may do what."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    """What a route lets one do."""

    SIGN_IN = "sign_in"
    ENROL = "enrol"
    ACT_AS_CLIENT = "act_as_client"
    READ = "read"
    OBSERVE = "observe"
    """Metrics of the server. Guests have no business with them."""
    OPERATE = "operate"
    """Benchmarks, operations, saved suites; names, tags and draining of clients."""
    ADMINISTER = "administer"
    """People, API keys of others, enrolment tokens, keys and archival of clients, the audit log."""
    OWN_ACCOUNT = "own_account"
    """One's own sessions, password and API keys: of a person in a browser, never of a program with a key."""


class Role(StrEnum):
    """What a person, or a program with a person's key, is for."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


class Kind(StrEnum):
    """Who somebody is: a person's role, or none."""

    ANONYMOUS = "anonymous"
    CLIENT = "client"
    GUEST = "guest"
    """Nobody known, where a setting lets anybody read."""
    SCRAPER = "scraper"
    """A program that shows the token of the settings: it reads metrics and nothing else."""
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


OPEN = frozenset({Permission.SIGN_IN, Permission.ENROL})
_VIEW = OPEN | {Permission.READ, Permission.OBSERVE, Permission.OWN_ACCOUNT}
_OPERATE = _VIEW | {Permission.OPERATE}
GRANTS: dict[Kind, frozenset[Permission]] = {
    Kind.ANONYMOUS: OPEN,
    Kind.CLIENT: OPEN | {Permission.ACT_AS_CLIENT},
    Kind.GUEST: OPEN | {Permission.READ},
    Kind.SCRAPER: OPEN | {Permission.OBSERVE},
    Kind.VIEWER: _VIEW,
    Kind.OPERATOR: _OPERATE,
    Kind.ADMINISTRATOR: _OPERATE | {Permission.ADMINISTER},
}
NEVER_BY_KEY = frozenset({Permission.OWN_ACCOUNT})
"""What no API key grants: whoever found one is not to make another, or to end its owner's sessions."""
_ORDER = (Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR)


def lesser(one: Role, other: Role) -> Role:
    """Return the role of the two that may less."""
    return min(one, other, key=_ORDER.index)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sent a request. `client_id` is set for clients alone, `person_id` for people and for programs with a key.

    `key_id` tells a program from a browser, which has a `session_id`. `name` is the person's; of a program, the key's
    name follows.
    """

    kind: Kind
    client_id: str | None = None
    person_id: UUID | None = None
    key_id: UUID | None = None
    session_id: UUID | None = None
    name: str | None = None

    @property
    def label(self) -> str:
        """How a record names who it was: up to 120 characters."""
        return self.client_id or self.name or str(self.kind)

    @property
    def person(self) -> str:
        """Who it is for whoever counts people, whatever they sign in with: up to 120 characters."""
        return str(self.person_id) if self.person_id else self.label

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the table grants."""
        granted = GRANTS[self.kind]
        return granted if self.key_id is None else granted - NEVER_BY_KEY

    def may(self, permission: Permission) -> bool:
        """Look the permission up in the table."""
        return permission in self.permissions


ANONYMOUS = Identity(Kind.ANONYMOUS)
SCRAPER = Identity(Kind.SCRAPER)
GUEST = Identity(Kind.GUEST)
