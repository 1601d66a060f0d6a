"""Requests as Ollama's endpoints take them, with every option set.

Ollama's API documentation ("Generate a completion", "Generate a chat completion") and its "OpenAI compatibility".
"""

from obt_core.suites import ModelOptions, Workload

THINKING = "thinking"
PATHS = {
    "chat": "/api/chat",
    "generate": "/api/generate",
    "openai_chat": "/v1/chat/completions",
    "openai_completions": "/v1/completions",
}


def request_body(
    model: str,
    prompt: str,
    workload: Workload,
    options: ModelOptions,
    *,
    tokens: int,
    context: int | None,
    can_think: bool,
) -> dict[str, object]:
    """The body of a request that generates so many tokens, `context` being its num_ctx.

    `think` is set only where the model knows it: Ollama refuses it elsewhere. The OpenAI-compatible endpoints take
    neither num_ctx nor think nor keep_alive.
    """
    said: dict[str, object] = {"prompt": prompt}
    if workload.endpoint in {"chat", "openai_chat"}:
        said = {"messages": [{"role": "user", "content": prompt}]}
    if workload.endpoint in {"openai_chat", "openai_completions"}:
        return {"model": model, **said, **_openai(options, tokens)}
    return {
        "model": model,
        **said,
        "stream": True,
        "keep_alive": options.keep_alive_s,
        "options": {
            "num_ctx": context,
            "num_predict": tokens,
            "seed": options.seed,
            "temperature": options.temperature,
        },
        **({"think": options.think} if can_think else {}),
    }


def _openai(options: ModelOptions, tokens: int) -> dict[str, object]:
    return {
        "max_tokens": tokens,
        "temperature": options.temperature,
        "seed": options.seed,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
