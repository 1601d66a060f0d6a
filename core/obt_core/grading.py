"""Whether a result may be compared with others: one judgement for the server and the command line."""

from obt_core.jobs import JobOutcome, OutcomeStatus
from obt_core.results import Grade, Summary


def grade(outcome: JobOutcome, summary: Summary, stored: int) -> tuple[Grade, list[str]]:
    """Grade what can be judged from the outcome alone; the reasons are codes.

    `stored` is how many samples there are, `outcome.sample_count` how many there should be.
    """
    if outcome.status is not OutcomeStatus.COMPLETED:
        return Grade.INVALID, [outcome.error.code if outcome.error else str(outcome.status)]
    if not any(workload.counted for workload in summary.workloads):
        return Grade.INVALID, ["no_sample_counted"]
    reasons = ["samples_left_out"] if any(w.counted < w.taken for w in summary.workloads) else []
    if stored < outcome.sample_count:
        reasons.append("samples_missing")
    if outcome.environment and outcome.environment.other_models_loaded:
        reasons.append("other_models_loaded")
    return (Grade.DISTURBED, reasons) if reasons else (Grade.CLEAN, [])
