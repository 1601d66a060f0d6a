"""Throughput against concurrency, where a suite asks the same of ever more requests at once. Pure."""

import json
from collections.abc import Sequence

from obt_core.results import Metric, Summary
from obt_core.suites import Suite, Workload
from obt_server.analysis.schemas import ThroughputPoint

_APART = {"name", "purpose", "concurrency", "samples", "budget_s", "precision"}
"""What workloads of one sweep may have different, beside how many requests they keep under way."""


def throughput(suite: Suite, summary: Summary) -> list[ThroughputPoint]:
    """Return the points of the suite's longest sweep, fewest requests first; none where there is no sweep."""
    found = {one.workload: one for one in summary.workloads}
    return [
        ThroughputPoint(
            workload=workload.name,
            concurrency=workload.concurrency,
            tokens_per_s=told.throughput_tokens_per_s,
            requests_per_s=told.requests_per_s,
            decode=told.metrics.get(Metric.DECODE),
            ttft=told.metrics.get(Metric.TTFT),
        )
        for workload in swept(suite)
        if (told := found.get(workload.name))
    ]


def swept(suite: Suite) -> Sequence[Workload]:
    """Return the workloads of the longest sweep over concurrency."""
    groups = dict[str, dict[int, Workload]]()
    for workload in suite.workloads:
        if workload.arrival is None and not workload.cold:
            alike = json.dumps(workload.model_dump(mode="json", exclude=_APART), sort_keys=True)
            groups.setdefault(alike, {}).setdefault(workload.concurrency, workload)
    longest = max(groups.values(), key=len) if groups else dict[int, Workload]()
    return [longest[concurrency] for concurrency in sorted(longest)] if len(longest) > 1 else []
