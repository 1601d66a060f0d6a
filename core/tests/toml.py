"""A suite written as TOML, to be read back; and suites of every kind to write."""

import json
from typing import Any, cast

from hypothesis import strategies as st

from obt_core.suites import (
    ConstantArrival,
    Limits,
    Metric,
    ModelOptions,
    PoissonArrival,
    Precision,
    ReplayArrival,
    ReplayRequest,
    Suite,
    SyntheticPrompt,
    TextPrompt,
    Workload,
)


def to_toml(suite: Suite) -> str:
    """Write a suite out with all of its defaults."""
    document: dict[str, Any] = suite.model_dump(mode="json", exclude_none=True)
    options, workloads = document.pop("options"), document.pop("workloads")
    tables = [("", document), ("[options]\n", options), *(("[[workloads]]\n", workload) for workload in workloads)]
    return "\n".join(head + "".join(f"{key} = {_value(value)}\n" for key, value in t.items()) for head, t in tables)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return "{ " + ", ".join(f"{key} = {_value(part)}" for key, part in pairs) + " }"
    if isinstance(value, list):
        return "[\n  " + ",\n  ".join(_value(part) for part in cast("list[Any]", value)) + "\n]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


SLUGS = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80)
LABELS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)
PROMPTS = st.builds(TextPrompt, text=TEXTS) | st.builds(SyntheticPrompt, tokens=st.integers(8, 60))
RATES = st.floats(0.001, 1_000)
REQUESTS = st.builds(
    ReplayRequest, at_s=st.floats(0, 100), prompt_tokens=st.integers(8, 40), generate_tokens=st.integers(1, 20)
)
ARRIVALS = st.one_of(
    st.builds(ConstantArrival, rate_per_s=RATES),
    st.builds(PoissonArrival, rate_per_s=RATES),
    st.lists(REQUESTS, min_size=1, max_size=4).map(
        lambda requests: ReplayArrival(requests=tuple(sorted(requests, key=lambda request: request.at_s)))
    ),
)
SHARED: dict[str, st.SearchStrategy[Any]] = {
    "name": SLUGS,
    "purpose": TEXTS,
    "prompt": PROMPTS,
    "generate_tokens": st.integers(1, 4),
    "endpoint": st.sampled_from(["chat", "generate", "openai_chat", "openai_completions"]),
    "num_ctx": st.none() | st.integers(64, 100_000),
    "limits": st.none() | st.builds(Limits, ttft_ms=st.none() | st.floats(1, 1e6), e2e_ms=st.none() | st.just(1e4)),
    "samples": st.integers(6, 10_000),
    "budget_s": st.floats(1, 86_400),
}
PRECISION = st.builds(Precision, metric=st.sampled_from(Metric), within=st.floats(0.001, 0.5), samples_min=st.just(6))
WORKLOADS = st.one_of(
    st.builds(Workload, **SHARED, precision=st.none() | PRECISION, concurrency=st.integers(1, 256)),
    st.builds(Workload, **SHARED, arrival=ARRIVALS, cache=st.sampled_from(["defeat", "reuse"])),
    st.builds(Workload, **SHARED, cold=st.just(True)),
)
SUITES = st.builds(
    Suite,
    name=SLUGS,
    title=LABELS,
    description=TEXTS,
    workloads=st.lists(WORKLOADS, min_size=1, max_size=4, unique_by=lambda workload: workload.name).map(tuple),
    options=st.builds(
        ModelOptions, num_ctx=st.integers(64, 10_000), temperature=st.floats(0, 5), think=st.booleans(), seed=st.just(3)
    ),
    blocks=st.integers(1, 100),
    warmup_max=st.integers(1, 50),
    request_timeout_s=st.floats(1, 86_400),
)
