"""What browsers send and get about people: signing in, their sessions, their API keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from obt_core.wire import WireModel
from obt_server.auth.roles import Kind, Permission, Role
from obt_server.auth.schemas import RequestModel

PASSWORD_MIN, PASSWORD_MAX = 10, 256

PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f@]*$")
]
"""A name to sign in with. No @, so that no name is another one's address."""
Email = Annotated[
    str, StringConstraints(min_length=3, max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$"), AfterValidator(str.lower)
]
KeyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=r"^[^\x00-\x1f\x7f]*$")
]
LinkSecret = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
NewPassword = Annotated[str, StringConstraints(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]
"""Its rules beyond the length are in `passwords`."""
TypedPassword = Annotated[str, StringConstraints(min_length=1, max_length=PASSWORD_MAX)]


class AuthState(WireModel):
    """What the page that signs in needs to know before anybody is."""

    needs_setup: bool
    has_oidc: bool
    guest_view: bool


class Setup(RequestModel):
    """The first administrator. `secret` is what the server printed when it started: the part after `#setup=`."""

    secret: LinkSecret
    name: PersonName
    email: Email | None = None
    password: NewPassword


class SignIn(RequestModel):
    """A person's name or e-mail address, and their password."""

    name_or_email: str = Field(min_length=1, max_length=254)
    password: TypedPassword


class SignInLink(RequestModel):
    """The secret of a sign-in link: the part after its #."""

    secret: LinkSecret


class Reset(RequestModel):
    """The secret of a reset link, the part after `#reset=`, and the password to have from now on."""

    secret: LinkSecret
    password: NewPassword


class PasswordChange(RequestModel):
    """One's present password, None where one has none, and the next."""

    current: TypedPassword | None = None
    new: NewPassword


class Me(WireModel):
    """Who is signed in, and what they may do. `role`, `name` and `person_id` are None for guests and clients."""

    kind: Kind
    role: Role | None
    name: str | None
    person_id: UUID | None
    permissions: list[Permission]


class BrowserSessionView(WireModel):
    """One browser in which one is signed in. `address` and `browser` are those it had when it signed in."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    browser: str
    is_current: bool


class BrowserSessions(WireModel):
    """All of one's own, the last seen first."""

    sessions: list[BrowserSessionView]


class PersonView(WireModel):
    """Somebody who may sign in. `last_seen_at`: None before the first time."""

    id: UUID
    name: str
    email: str | None
    role: Role
    is_disabled: bool
    has_password: bool
    has_oidc: bool
    created_at: datetime
    last_seen_at: datetime | None


class People(WireModel):
    """Everybody, by name."""

    people: list[PersonView]


class NewPerson(RequestModel):
    """Somebody who is to sign in. They choose their password by the link that is answered."""

    name: PersonName
    email: Email | None = None
    role: Role = Role.VIEWER


class PersonChange(RequestModel):
    """What is to be another way; what is left out stays. An `email` of null takes it away."""

    name: PersonName | None = None
    email: Email | None = None
    role: Role | None = None
    is_disabled: bool | None = None


class ResetLink(WireModel):
    """A one-time link by which a person chooses a password, and the moment until which it is good."""

    link: str
    expires_at: datetime


class CreatedPerson(PersonView):
    """A new person, with the one-time link by which they choose their password, and until when it is good."""

    link: str
    link_expires_at: datetime


class NewApiKey(RequestModel):
    """A key for a program. It may what its role may, and never more than its person now."""

    name: KeyName
    role: Role = Role.VIEWER
    expires_in_days: float | None = Field(default=90, gt=0, le=3_650, description="null: never.")


class ApiKeyView(WireModel):
    """A key without its text: `prefix` is how it begins. `role` is what it was made for."""

    id: UUID
    person_id: UUID
    person_name: str
    name: str
    role: Role
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class CreatedApiKey(ApiKeyView):
    """A key with its text, told this once."""

    key: str


class ApiKeys(WireModel):
    """Keys, newest first."""

    keys: list[ApiKeyView]
