"""Whether a client's release can run a suite, and what is said where it cannot. Pure."""

from dataclasses import dataclass

from obt_core.jobs import JobError
from obt_core.suites import Suite
from obt_core.wire import PROTOCOL_VERSION
from obt_server import __version__
from obt_server.clients.versions import Release, VersionState, how_to_upgrade
from obt_server.jobs.schemas import SkipReason
from obt_server.suites.protocol import needs_protocol


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a job is not given to a client, for programs and in a sentence that says what to do."""

    reason: SkipReason
    error: JobError


def refusal(suite: Suite, client: Release, operating_system: str) -> Refusal | None:
    """Return why this client cannot run this suite, None where it can."""
    needed = needs_protocol(suite)
    if client.state is VersionState.TOO_NEW:
        return _refusal(
            SkipReason.SERVER_OUTDATED,
            f"The client ({client.version}) needs a server of protocol {client.server_protocol_min} at least; this one"
            f" ({__version__}) speaks {PROTOCOL_VERSION}. Upgrade this server.",
        )
    if client.state is VersionState.TOO_OLD or client.protocol < needed.since:
        return _refusal(
            SkipReason.CLIENT_OUTDATED,
            f"The client ({client.version}) speaks protocol {client.protocol}; this suite needs"
            f" {needed.since} ({needed.name}). {how_to_upgrade(operating_system)}",
        )
    return None


def _refusal(reason: SkipReason, message: str) -> Refusal:
    return Refusal(reason, JobError(code=reason, message=message))
