"""What an administrator asks of the audit log, and gets."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from obt_core.wire import WireModel
from obt_server.paging import Moment

Sought = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


class AuditFilter(BaseModel):
    """Which deeds. What is left out lets all pass."""

    model_config = ConfigDict(frozen=True)

    actor: Sought | None = Field(default=None, description="Part of the name of who did it.")
    action: Sought | None = Field(default=None, description="What was done, or how its name begins: `client.`.")
    subject: Sought | None = Field(default=None, description="Part of what it was done to.")
    begin: Moment | None = Field(default=None, alias="from", description="Done then or later.")
    end: Moment | None = Field(default=None, alias="to", description="Done before.")


class AuditWish(AuditFilter):
    """Which page of them."""

    after: str | None = Field(
        default=None, max_length=18, pattern=r"^[0-9]{1,18}$", description="`next` of the page before."
    )
    limit: int = Field(default=100, ge=1, le=500, description="Rows a page.")


class AuditEntry(WireModel):
    """One deed. `actor_id` is the ID of the person or of the client; names are as they were then."""

    id: int
    at: datetime
    actor_kind: str
    actor: str
    actor_id: str | None
    address: str | None
    action: str
    subject_kind: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditPage(WireModel):
    """Deeds, newest first. `kept_days`: older ones are forgotten; None: none is."""

    entries: list[AuditEntry]
    kept_days: float | None
    next: str | None
