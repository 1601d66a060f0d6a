"""What browsers send and get about credentials of machines."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from obt_core.wire import Label, WireModel
from obt_server.auth.tags import Tags


class RequestModel(BaseModel):
    """A body that a person's program sends: an unknown field is a mistake, and is said."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class NewEnrolmentToken(RequestModel):
    """How many machines may enrol with the token, and until when. `tags` are given to each of them."""

    label: Label = "made in the dashboard"
    uses: int = Field(default=1, ge=1, le=10_000)
    expires_in_hours: float = Field(default=24, gt=0, le=24 * 365)
    tags: Tags = Field(default_factory=list)


class EnrolmentTokenView(WireModel):
    """A token without its text."""

    id: UUID
    label: str
    tags: list[str]
    uses_left: int
    created_at: datetime
    expires_at: datetime


class CreatedEnrolmentToken(EnrolmentTokenView):
    """A token with its text, told this once."""

    token: str


class EnrolmentTokens(WireModel):
    """All tokens, newest first."""

    tokens: list[EnrolmentTokenView]
