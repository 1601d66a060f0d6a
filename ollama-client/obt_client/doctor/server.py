"""The OBT server: is this client enrolled, does the server answer, is the key good, do the clocks agree."""

from urllib.parse import urlsplit

from obt_client.address import is_this_machine
from obt_client.doctor.findings import Finding, Topic, ok, problem, warning
from obt_client.doctor.patient import Patient
from obt_client.identity import Identity, IdentityError
from obt_client.server import Look, RefusedError, Server, ServerError, open_session
from obt_client.trust import trust_of
from obt_core import __version__

CLOCK_APART_S = 2.5
"""From where on two clocks are said to differ, by more than the 2 s that the server warns of too: half a second is what
the server's clock is read wrong by. Moments in one series would be told in the wrong order."""
_ENROL = "Make a token on the server (obt-server token create), then: obt-client enrol --server URL --token TOKEN"


async def check_enrolment(patient: Patient) -> list[Finding]:
    """Whether this machine is a client, and of the server that is meant."""
    try:
        identity = await patient.identity()
    except IdentityError as error:
        return [problem(Topic.ENROLMENT, str(error), _ENROL)]
    if identity is None:
        told = "This machine is not enrolled: obt-client bench works, and no server knows of it."
        return [warning(Topic.ENROLMENT, told, _ENROL)]
    if patient.server_url(identity) != identity.server_url:
        told = f"It enrolled at {identity.server_url}, and OBT_SERVER_URL says {patient.settings.server_url}."
        todo = "Unset OBT_SERVER_URL, or enrol there: obt-client enrol --again --server URL --token TOKEN"
        return [warning(Topic.ENROLMENT, told, todo)]
    return [ok(Topic.ENROLMENT, f"Enrolled as {identity.client_id} ({identity.name}) at {identity.server_url}.")]


async def _identity(patient: Patient) -> Identity | None:
    try:
        return await patient.identity()
    except IdentityError:
        return None  # said by `check_enrolment`


async def check_server(patient: Patient) -> list[Finding]:
    """Whether it answers as an OBT server, in which version, and whether the way to it is private."""
    identity = await _identity(patient)
    url = patient.server_url(identity)
    try:
        look = await _look(url, patient, identity)
    except RefusedError as error:
        return [problem(Topic.SERVER, f"{url} refuses: {error}.", _todo_of(error))]
    except ServerError as error:
        is_needed = identity is not None or patient.is_server_chosen
        judge, told = (problem if is_needed else warning), f"{str(error).rstrip('.')}."
        aside = "" if is_needed else " Without a server, obt-client bench is all there is."
        return [judge(Topic.SERVER, told + aside, "Start it (obt-server serve), or set OBT_SERVER_URL.")]
    return [of_version(look.version, url), *of_way(url)]


def _todo_of(error: RefusedError) -> str:
    if error.code == "foreign_host":
        return "Tell the server, on its machine, the name by which it is called: OBT_ALLOWED_HOSTS=NAME."
    return "Look into the server's log."


async def _look(url: str, patient: Patient, identity: Identity | None) -> Look:
    async with open_session(trust_of(patient.settings, identity)) as session:
        return await Server(url, session).look(patient.answer_s)


def of_version(version: str, url: str) -> Finding:
    """Judge the server's version by this client's."""
    told = f"Version {version} at {url}."
    if version == __version__:
        return ok(Topic.SERVER, told)
    return warning(Topic.SERVER, f"{told} This client is {__version__}.", "Update the older of the two.")


def of_way(url: str) -> list[Finding]:
    """Judge the way to the server: a key that crosses a network in the clear is anybody's."""
    if urlsplit(url).scheme == "https" or is_this_machine(url):
        return []
    told = "The way to it is not encrypted: this client's key can be read on the network."
    return [
        warning(
            Topic.SERVER,
            told,
            "Give the server a certificate (OBT_TLS_CERT) or a proxy with TLS, and use its https:// address.",
        )
    ]


async def check_key(patient: Patient) -> list[Finding]:
    """Whether the server takes this client's key. It is asked what changes nothing, and is no heartbeat."""
    identity = await _identity(patient)
    if identity is None:
        return []
    try:
        async with open_session(trust_of(patient.settings, identity)) as session:
            server = Server(patient.server_url(identity), session, client_id=identity.client_id, **identity.keys())
            is_known = await server.knows_key(patient.answer_s)
    except ServerError:
        return []  # said by `check_server`
    if is_known:
        return [ok(Topic.KEY, "The server takes this client's key.")]
    todo = "Enrol again: obt-client enrol --again --token TOKEN (on the server: obt-server token create)"
    return [problem(Topic.KEY, "The server does not know this client's key.", todo)]


async def check_server_clock(patient: Patient) -> list[Finding]:
    """How far the two clocks are apart."""
    try:
        identity = await _identity(patient)
        look = await _look(patient.server_url(identity), patient, identity)
    except ServerError:
        return []
    return [] if look.clock_ahead_s is None else [of_clock(look.clock_ahead_s)]


def of_clock(ahead_s: float) -> Finding:
    """Judge by how many seconds the server's clock is ahead of this one; it is told to the second."""
    if abs(ahead_s) <= CLOCK_APART_S:
        return ok(Topic.SERVER_CLOCK, "It agrees with this machine's, to a second or two.")
    which = "ahead of" if ahead_s > 0 else "behind"
    told = f"It is {_span(abs(ahead_s))} {which} this machine's: results are told at the wrong time."
    return warning(Topic.SERVER_CLOCK, told, "Have both set by a time service: sudo timedatectl set-ntp true")


def _span(seconds: float) -> str:
    """Seconds in the unit that reads best."""
    for limit, unit, length in ((120, "seconds", 1), (7_200, "minutes", 60), (172_800, "hours", 3_600)):
        if seconds < limit:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 86_400:.0f} days"
