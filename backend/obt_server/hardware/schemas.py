"""The hardware of a client as a browser sees it."""

from datetime import datetime

from obt_core.hardware import HardwareSnapshot
from obt_core.wire import WireModel


class HardwareRecord(WireModel):
    """What a client's machine was, from `first_seen_at` on, as it was told last.

    `replaced_at` is when the client told of other hardware; None for what it has now, and for what is only known of a
    run that was measured without a server.
    """

    fingerprint: str
    is_current: bool
    first_seen_at: datetime
    replaced_at: datetime | None
    hardware: HardwareSnapshot


class ClientHardware(WireModel):
    """What a client's machine is, None where it has not told, and what it was: the present one first, then newest."""

    current: HardwareSnapshot | None
    fingerprint: str | None
    history: list[HardwareRecord]
