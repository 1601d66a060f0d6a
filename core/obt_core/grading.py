"""Whether a result may be compared with others: one judgement for the server and the command line."""

from obt_core.jobs import JobOutcome, OutcomeStatus
from obt_core.results import Grade, Summary, WorkloadSummary


def grade(outcome: JobOutcome, summary: Summary, stored: int) -> tuple[Grade, list[str]]:
    """Grade by the outcome and the summary; the reasons are codes.

    `stored` is how many samples there are, `outcome.sample_count` how many there should be.
    """
    if outcome.status is not OutcomeStatus.COMPLETED:
        return Grade.INVALID, [outcome.error.code if outcome.error else str(outcome.status)]
    if not any(workload.counted for workload in summary.workloads):
        return Grade.INVALID, ["no_sample_counted"]
    conditions = outcome.environment.conditions if outcome.environment else ()
    invalid = [condition.code for condition in conditions if condition.weight is Grade.INVALID]
    reasons = ["samples_left_out"] if any(_lacks_samples(workload) for workload in summary.workloads) else []
    disturbances = sorted({flag for w in summary.workloads if w.counts_disturbed for flag in w.disturbed_by})
    reasons += ["machine_not_quiet", *disturbances] if disturbances else []
    if stored < outcome.sample_count:
        reasons.append("samples_missing")
    if outcome.environment and outcome.environment.other_models_loaded:
        reasons.append("other_models_loaded")
    reasons += [condition.code for condition in conditions if condition.weight is Grade.DISTURBED]
    if invalid:
        return Grade.INVALID, [*invalid, *reasons]
    return (Grade.DISTURBED, list(dict.fromkeys(reasons))) if reasons else (Grade.CLEAN, [])


def _lacks_samples(workload: WorkloadSummary) -> bool:
    """Whether samples were left out for other reasons than a machine that was not quiet: those are replaced."""
    replaced = 0 if workload.counts_disturbed else workload.disturbed
    return workload.counted < workload.taken - replaced
