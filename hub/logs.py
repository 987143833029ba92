from __future__ import annotations

import logging
import re
import sys
import traceback

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

_PERSONAL = (
    (re.compile(r"(?<!\w)\+?\d[\d\s().-]{8,}\d(?!\w)"), "[number]"),
    (re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+"), "[address]"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"), "[postcode]"),
)
_KEPT = frozenset({"timestamp", "level", "logger"})


def redact(text: str) -> str:
    """Return the text with whatever looks like a phone number, an email address or a postcode taken out."""
    for pattern, mark in _PERSONAL:
        text = pattern.sub(mark, text)
    return text


def _redact_all(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Take personal data out of a whole line: the last net under code that logs ids only."""
    return {
        name: redact(value) if isinstance(value, str) and name not in _KEPT else value for name, value in line.items()
    }


def _what_went_wrong(exc_info: ExcInfo) -> str:
    """Tell an error and what led to it by place and kind. Its own words may hold what somebody wrote: never those."""
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\ncaused by\n".join(told)


def prepare_logs(level: str) -> None:
    """Send every log line, ours and the libraries', to standard error as one JSON object."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_what_went_wrong),
        _redact_all,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every request that waits a moment
    for chatty in ("rq.worker", "slack_sdk", "slack_bolt", "twilio", "urllib3", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
