"""What a client does with the answer to its heartbeat. Pure: state in, actions out."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from obt_core.heartbeat import (
    AgentState,
    Cancel,
    CancelOperation,
    Directive,
    Operate,
    RotateKey,
    SendHardware,
    SendModels,
    Work,
)

BUSY_INTERVAL_S = 2.0
"""A client that measures beats at least so often: its rate is shown live, and a cancel reaches it."""
GAP_MIN_S = 0.1
"""Between two beats there is at least so much time, whatever happens."""
_HELD_S = 5.0
"""An answer that took so long was held, perhaps for less than was asked: the next beat waits at the server again."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the client stands. `claim_backoff_s` is how long it does not claim yet, since the last claim was empty."""

    interval_s: float
    job_id: UUID | None = None
    operation_id: UUID | None = None
    is_claiming: bool = False
    is_draining: bool = False
    claim_backoff_s: float = 0.0

    @property
    def state(self) -> AgentState:
        """The state that a beat tells. A client that is about to hold a job is not idle any more."""
        if self.is_draining:
            return AgentState.DRAINING
        is_busy = self.job_id or self.operation_id or self.is_claiming
        return AgentState.BUSY if is_busy else AgentState.IDLE

    @property
    def may_claim(self) -> bool:
        """Whether work would be taken now."""
        return self.state is AgentState.IDLE and self.claim_backoff_s <= 0


@dataclass(frozen=True, slots=True)
class Actions:
    """What to do, in the order of the fields; `pause_s` is the time until the next beat, unless there is news."""

    stop_job: bool = False
    stop_operation: bool = False
    send_hardware: bool = False
    send_models: bool = False
    rotate_key: bool = False
    claim: bool = False
    operate: bool = False
    pause_s: float = 0.0


def hold_s(situation: Situation) -> float:
    """Return how long the server may hold the next beat: an idle client waits for work there, others do not wait."""
    return situation.interval_s if situation.may_claim else 0.0


def decide(directives: Sequence[Directive], situation: Situation, elapsed_s: float) -> Actions:
    """Return what to do about an answer that came `elapsed_s` after its beat was sent."""
    kinds = {type(directive) for directive in directives}
    is_asked = SendHardware in kinds or SendModels in kinds
    return Actions(
        stop_job=any(isinstance(one, Cancel) and one.job_id == situation.job_id for one in directives),
        stop_operation=any(
            isinstance(one, CancelOperation) and one.operation_id == situation.operation_id for one in directives
        ),
        send_hardware=SendHardware in kinds,
        send_models=SendModels in kinds,
        rotate_key=RotateKey in kinds,
        claim=Work in kinds and situation.may_claim,
        operate=Operate in kinds and situation.may_claim,
        pause_s=GAP_MIN_S if is_asked else _pause_s(bool(kinds & {Work, Operate}), situation, elapsed_s),
    )


def _pause_s(has_work: bool, situation: Situation, elapsed_s: float) -> float:
    is_busy = situation.job_id or situation.operation_id
    interval_s = min(situation.interval_s, BUSY_INTERVAL_S) if is_busy else situation.interval_s
    rest_s = max(GAP_MIN_S, interval_s - elapsed_s)
    if situation.may_claim and not has_work and elapsed_s >= _HELD_S:
        return GAP_MIN_S
    if not has_work or situation.state is not AgentState.IDLE:
        return rest_s
    # Work that is not taken yet would be said again at once: wait for the claim, or for the end of the back-off.
    return min(situation.interval_s, max(GAP_MIN_S, situation.claim_backoff_s or situation.interval_s))
