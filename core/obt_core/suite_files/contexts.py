"""Whether a suite's requests fit into the context that they are given, as far as their lengths are known."""

from collections.abc import Iterator

from obt_core.suites import ReplayArrival, Suite, SyntheticPrompt, Workload


def beyond_context(suite: Suite) -> Iterator[tuple[int, str]]:
    """Yield the index of each workload whose longest request is more than its context holds, and a sentence."""
    for number, workload in enumerate(suite.workloads):
        prompt, generated = _longest(workload)
        context = workload.num_ctx or suite.options.num_ctx
        if prompt + generated > context:
            yield number, f"{prompt} prompt tokens and {generated} generated do not fit a num_ctx of {context}"


def context_tokens(suite: Suite) -> int:
    """Return the largest context that any of a suite's workloads asks for, in tokens."""
    return max(workload.num_ctx or suite.options.num_ctx for workload in suite.workloads)


def _longest(workload: Workload) -> tuple[int, int]:
    """Tokens of the longest request as far as known: prompt and generated. A text's are not."""
    if isinstance(workload.arrival, ReplayArrival):
        longest = max(workload.arrival.requests, key=lambda request: request.prompt_tokens + request.generate_tokens)
        return longest.prompt_tokens, longest.generate_tokens
    prompt = workload.prompt.tokens if isinstance(workload.prompt, SyntheticPrompt) else 0
    return prompt, workload.generate_tokens
