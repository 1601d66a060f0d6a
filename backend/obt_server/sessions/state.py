"""The state of a session is one function of the states of its jobs."""

from collections.abc import Mapping
from enum import StrEnum

from obt_core.jobs import ACTIVE, ENDED, JobStatus


class SessionState(StrEnum):
    """`partial`: some jobs completed, others failed, were cancelled, skipped or lost."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


def derive(counts: Mapping[JobStatus, int]) -> SessionState:
    """Return the state of a session with so many jobs in each state."""
    present = {status for status, count in counts.items() if count}
    if present & ACTIVE or (JobStatus.QUEUED in present and present & ENDED - {JobStatus.SKIPPED}):
        return SessionState.RUNNING
    if JobStatus.QUEUED in present:
        return SessionState.QUEUED
    if present <= {JobStatus.COMPLETED}:
        return SessionState.COMPLETED
    if JobStatus.COMPLETED in present:
        return SessionState.PARTIAL
    if JobStatus.CANCELLED in present and not present & {JobStatus.FAILED, JobStatus.LOST}:
        return SessionState.CANCELLED
    return SessionState.FAILED
