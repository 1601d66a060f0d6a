"""Logs on standard error: lines for people, or JSON for programs."""

import logging
import sys
from typing import Literal

import structlog

from obt_core.one_line import one_line


def configure(level: Literal["debug", "info", "warning", "error"], style: Literal["text", "json"]) -> None:
    """Set the log up; what libraries say goes the same way from warnings on."""
    render: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if style == "json"
        else [_in_sight, _for_people()]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_InSight())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _for_people() -> structlog.dev.ConsoleRenderer:
    """Tracebacks as Python writes them: what variables held can be secret, and takes a minute to print."""
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def _in_sight(_logger: object, _method: str, said: structlog.types.EventDict) -> structlog.types.EventDict:
    """What a server and an Ollama say are others' words: none of them makes a line that looks like ours."""
    return {name: one_line(value) if isinstance(value, str) else value for name, value in said.items()}


class _InSight(logging.Formatter):
    """The same for what libraries say; a traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - its name there
        return one_line(super().formatMessage(record))


class Reported:
    """Says a state once, when it changes: an outage of an hour is two lines. `event` names what it is about."""

    def __init__(self, event: str, first: str) -> None:
        self._log = structlog.get_logger()
        self._event = event
        self.state = first

    def change(self, state: str, *, bad: bool, **facts: object) -> bool:
        """Tell the state; whether it was news. `bad` states are warnings."""
        if state == self.state:
            return False
        self.state = state
        (self._log.warning if bad else self._log.info)(f"{self._event}_{state}", **facts)
        return True
