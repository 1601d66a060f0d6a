"""Structured logs: lines for people, or JSON for programs, on standard error."""

import logging
import sys
from collections import Counter
from typing import Literal

import structlog

from obt_core.one_line import one_line

lines: Counter[str] = Counter()
"""How many lines of each level this process has logged."""


def configure(level: Literal["debug", "info", "warning", "error"], style: Literal["text", "json"]) -> None:
    """Set up structlog, and let the standard library's loggers (uvicorn, alembic) go the same way."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _count,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    render: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if style == "json"
        else [_in_sight, _for_people()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for noisy in ("alembic", "uvicorn.access", "uvicorn.error", "aiosqlite", "obt_server.pool"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()]))


def _count(_logger: object, _method: str, said: structlog.types.EventDict) -> structlog.types.EventDict:
    lines[str(said.get("level", "info"))] += 1
    return said


def _for_people() -> structlog.dev.ConsoleRenderer:
    """Tracebacks as Python writes them: what variables held can be secret, and takes a minute to print."""
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def _in_sight(_logger: object, _method: str, said: structlog.types.EventDict) -> structlog.types.EventDict:
    """Names, addresses and complaints are others' words: none of them makes a line that looks like ours."""
    return {name: one_line(value) if isinstance(value, str) else value for name, value in said.items()}
