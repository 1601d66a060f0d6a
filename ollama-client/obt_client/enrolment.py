"""How this machine becomes a client of the server, once."""

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, stop_never

from obt_client.agent.retries import report, wait_for_server
from obt_client.config import Settings
from obt_client.identity import (
    Identity,
    IdentityError,
    forget_identity,
    prepare_identity,
    read_identity,
    write_identity,
)
from obt_client.logs import Reported
from obt_client.server import BusyError, RefusedError, Server, ServerError, UnreachableError, open_session
from obt_client.trust import trust_of
from obt_core import __version__
from obt_core.enrolment import EnrolmentReply, EnrolmentRequest
from obt_core.wire import PROTOCOL_VERSION

log = structlog.get_logger()
_ATTEMPTS = 3
_HOW = (
    "Make an enrolment token on the server with `obt-server token create`, then: "
    "obt-client enrol --server {url} --token TOKEN   (or set OBT_ENROL_TOKEN and run `obt-client run`)"
)


async def enrolled_identity(settings: Settings) -> Identity:
    """Return this client's identity, enrolling first where there is a token. Raises IdentityError.

    A server that is away is waited for.
    """
    identity = read_identity(settings.data_dir)
    if identity and identity.key:
        return identity
    if settings.enrol_token is None:
        raise IdentityError("This machine is not enrolled yet. " + _HOW.format(url=settings.server_url))
    return await enrol(settings, patiently=True)


async def enrol(settings: Settings, *, patiently: bool = False, again: bool = False) -> Identity:
    """Enrol this machine and keep its key; `again` gives up an earlier identity. Raises IdentityError.

    A server that does not answer is asked a few times, or, `patiently`, until it does.
    """
    if settings.enrol_token is None:
        raise IdentityError("An enrolment token is needed. " + _HOW.format(url=settings.server_url))
    known = read_identity(settings.data_dir)
    if known and known.key and not again:
        raise IdentityError(
            f"This machine is enrolled already, as {known.client_id} at {known.server_url}. To give that up: --again"
        )
    if known and known.key:
        forget_identity(settings.data_dir)
    identity = prepare_identity(settings)
    reply = await _asked(settings, identity, settings.enrol_token.get_secret_value(), patiently=patiently)
    told = {"client_id": reply.client_id, "name": reply.name, "key": reply.key}
    identity = identity.model_copy(update={**told, "heartbeat_interval_s": reply.heartbeat_interval_s})
    write_identity(settings.data_dir, identity)
    log.info("enrolled", client_id=identity.client_id, url=identity.server_url)
    return identity


async def _asked(settings: Settings, identity: Identity, token: str, *, patiently: bool) -> EnrolmentReply:
    try:
        request = EnrolmentRequest(
            token=token,
            client_id=identity.client_id,
            name=identity.name,
            nonce=identity.nonce,
            protocol_version=PROTOCOL_VERSION,
            client_version=__version__,
        )
    except ValueError:
        raise IdentityError("That is no enrolment token: 8 to 200 letters, digits, '-' and '_'.") from None
    link = Reported("server", "")
    retrying = AsyncRetrying(
        retry=retry_if_exception_type((UnreachableError, BusyError)),
        wait=wait_for_server,
        stop=stop_never if patiently else stop_after_attempt(_ATTEMPTS),
        before_sleep=lambda retry: _report(link, retry.outcome and retry.outcome.exception(), identity.server_url),
        reraise=True,
    )
    try:
        async with open_session(trust_of(settings, identity)) as session:
            return await retrying(Server(identity.server_url, session).enrol, request)
    except RefusedError as error:
        if error.code == "client_exists":
            forget_identity(settings.data_dir)  # that ID is somebody else's
        raise IdentityError(f"The server at {identity.server_url} refused to enrol this machine: {error}") from None
    except ServerError as error:
        raise IdentityError(f"Not enrolled yet: {error}. Is OBT_SERVER_URL right, and the server running?") from None


def _report(link: Reported, error: BaseException | None, url: str) -> None:
    if isinstance(error, ServerError):
        report(link, error, url)
