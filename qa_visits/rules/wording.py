from __future__ import annotations

from datetime import UTC, date, datetime, time

from kernel.errors import InvalidInputError
from qa_visits.model import Span

_NOON = 12


def day_label(day: date) -> str:
    """Write a day for staff: Wednesday 9 December 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def time_label(at: time) -> str:
    """Write a London clock time as the GOV.UK style does: 9:30am, 3pm, midday."""
    if at == time(_NOON):
        return "midday"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % _NOON or _NOON}{minutes}{'am' if at.hour < _NOON else 'pm'}"


def write_span(span: Span) -> str:
    """Write days as the form of term dates takes them: 2 11 2026 to 18 12 2026, or a single day."""
    first, last = (f"{day.day} {day.month} {day.year}" for day in (span.first, span.last))
    return first if first == last else f"{first} to {last}"


def read_spans(field: str, text: str) -> tuple[Span, ...]:
    """Read days, one span a line, as `write_span` writes them.

    Raises InvalidInputError for the field, naming the line that cannot be read.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(sorted((_read_span(field, line) for line in lines), key=lambda span: span.first))


def _read_span(field: str, line: str) -> Span:
    first, _, last = line.partition(" to ")
    try:
        days = [
            datetime.strptime(part.strip(), "%d %m %Y").replace(tzinfo=UTC).date() for part in (first, last or first)
        ]
    except ValueError as error:
        raise InvalidInputError(field, "We cannot read the line “{line}”.", line=line) from error
    return Span(*days)
