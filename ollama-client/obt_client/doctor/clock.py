"""The clock of this machine: is it kept in step, and does the kernel stamp what it receives."""

import ctypes
import sys

from obt_client.bench.clock_probe import kernel_stamps_arrivals
from obt_client.daemon import in_daemon
from obt_client.doctor.findings import Finding, Topic, ok, warning
from obt_client.doctor.patient import Patient

UNKNOWN_ERROR_US = 16_000_000
"""The kernel's own measure: it lets the possible error grow to this, and then calls the clock unsynchronised."""


class _Timex(ctypes.Structure):
    """The head of `struct timex` of adjtimex(2); the rest is the kernel's to fill."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("rest", ctypes.c_byte * 256),
    )


async def check_clock(_: Patient) -> list[Finding]:
    """Whether something keeps the clock in step; only Linux tells it to everybody."""
    error_us = clock_error_us()
    return [] if error_us is None else [of_error(error_us)]


def clock_error_us() -> int | None:
    """Return how far the clock may be off, by the kernel's account, in µs; None where it is not told.

    Whoever sets the clock (chrony, ntpd, systemd-timesyncd, a host) tells the kernel how exact that is.
    """
    if sys.platform != "linux":
        return None
    told = _Timex(modes=0)
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.byref(told))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else int(told.maxerror)


def of_error(error_us: int) -> Finding:
    """Judge it as systemd does: by the possible error alone."""
    if error_us < UNKNOWN_ERROR_US:
        return ok(Topic.CLOCK, f"A time service keeps it in step, to {max(1, round(error_us / 1e3)):,} ms at worst.")
    told = "No time service keeps it in step: it drifts, and is set in jumps, which spoil the samples under way."
    return warning(Topic.CLOCK, told, "Switch one on: sudo timedatectl set-ntp true (a container: on its host)")


async def check_stamps(_: Patient) -> list[Finding]:
    """Whether the kernel stamps what it receives, tried on a connection to itself."""
    if sys.platform != "linux":
        told = "Taken by this process, directly after each read: only Linux's kernel stamps what it receives."
        return [ok(Topic.STAMPS, told)]
    if await in_daemon(kernel_stamps_arrivals):
        return [ok(Topic.STAMPS, "The kernel stamps what it receives.")]
    told = "The kernel does not stamp what it receives; stamps are then the process's, and a busy machine delays them."
    return [warning(Topic.STAMPS, told, "Run the client outside of the sandbox (gVisor and the like) that it runs in.")]
