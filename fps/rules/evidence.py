from __future__ import annotations

from datetime import date, timedelta

from fps.model import DocumentKind
from fps.model.evidence import DOCUMENT_STATE_WORDS, DocumentState
from kernel.calendar import add_working_days, next_working_day
from kernel.errors import ConflictError, InvalidInputError

REMINDERS_D = (60, 30, 14, 7, 1)
"""Calendar days before a document's last day on which its provider is reminded (DOMAIN.md 2)."""
MUST_END = frozenset({DocumentKind.INSURANCE})
"""What nobody grants without an end."""
LONGEST_YEARS = 10
LONGEST_REASON = 1000


def check_validity(kind: DocumentKind, valid_from: date | None, valid_until: date | None, today: date) -> None:
    """Raise InvalidInputError for days between which a document cannot hold; both are included."""
    if valid_until is None and kind in MUST_END:
        raise InvalidInputError("valid_until", "Enter the last day of the certificate.")
    if valid_from and valid_until and valid_until < valid_from:
        raise InvalidInputError("valid_until", "The last day is before the first. Check both.")
    if valid_until and valid_until < today:
        raise InvalidInputError("valid_until", "This document has ended already. Upload one that still holds.")
    if valid_until and valid_until.year > today.year + LONGEST_YEARS:
        raise InvalidInputError(
            "valid_until", "The last day is more than {years} years ahead. Check the year.", years=LONGEST_YEARS
        )


def check_is_offered(state: DocumentState) -> None:
    """Raise ConflictError unless a document waits for the lead authority."""
    if state is DocumentState.UNSCANNED:
        raise ConflictError("The file has not been scanned for viruses yet. Try again in a few minutes.")
    if state is not DocumentState.OFFERED:
        raise ConflictError(
            "Nothing more is to be decided on this document: {state}.", state=DOCUMENT_STATE_WORDS[state].lower()
        )


def check_leaves_no_gap(valid_from: date | None, current: tuple[date | None] | None, today: date) -> None:
    """Raise ConflictError for a document that begins later than the one whose place it takes has ended.

    `current` holds the last day of that one; None where there is none, and then a document must have begun.
    """
    if valid_from is None or valid_from <= today:
        return
    if current is None or (current[0] is not None and current[0] < valid_from - timedelta(days=1)):
        raise ConflictError(
            "This document only holds from {begins}. Until then nothing would hold. Accept it on that day, or refuse "
            "it and ask for one that follows on.",
            begins=f"{valid_from.day} {valid_from:%B %Y}",
        )


def check_reason(reason: str) -> str:
    """Return why a document is refused; raises InvalidInputError where nothing is said or too much."""
    said = reason.strip()
    if not said:
        raise InvalidInputError("reason", "Say what is wrong with the document. The provider reads this.")
    if len(said) > LONGEST_REASON:
        raise InvalidInputError("reason", "Say it in {most} characters or fewer.", most=LONGEST_REASON)
    return said


def reminder_due(today: date, valid_until: date) -> int | None:
    """Return the reminder, in days before the end, that a document's provider should have had by today.

    Of several that were missed it is the latest. None before the first of them and after the last day.
    """
    left = (valid_until - today).days
    return min((days for days in REMINDERS_D if days >= left), default=None) if left >= 0 else None


def reminder_window(days: int, today: date) -> tuple[date, date]:
    """Return the first and the last day on which documents end whose reminder of so many days is due today."""
    nearer = max((each for each in REMINDERS_D if each < days), default=-1)
    return today + timedelta(days=nearer + 1), today + timedelta(days=days)


RECHECKED = (
    DocumentKind.DFE_REGISTRATION,
    DocumentKind.OFSTED_REGISTRATION,
    DocumentKind.CHILDRENS_HOME_REGISTRATION,
    DocumentKind.INSURANCE,
)
"""What the lead authority checks anew each year: registrations and insurance (DOMAIN.md 2)."""
CHASERS_WD = (-10, -3, 0, 5)
"""Working days from the due date of a re-check on which whoever has not answered is reminded [own]."""
_LONGEST_RECHECK_D = 366


def check_due_on(due_on: date, today: date) -> None:
    """Raise InvalidInputError for a re-check that nobody could answer in time, or that is due in more than a year."""
    if due_on <= today:
        raise InvalidInputError("due_on", "Enter a day to come, so that providers have time to answer.")
    if (due_on - today).days > _LONGEST_RECHECK_D:
        raise InvalidInputError("due_on", "Enter a day within the next 12 months.")


def chaser_to_send(due_on: date, today: date) -> int | None:
    """Return the latest chaser, in working days from the due date, whose day has come; None before the first.

    A due date that is no working day counts from the next one.
    """
    return max((offset for offset, day in _chasers(due_on) if day <= today), default=None)


def next_chaser_on(due_on: date, after: date) -> date | None:
    """Return the day of the first chaser after a day; None where all are past."""
    return min((day for _, day in _chasers(due_on) if day > after), default=None)


def _chasers(due_on: date) -> list[tuple[int, date]]:
    anchor = next_working_day(due_on)
    return [(offset, add_working_days(anchor, offset)) for offset in CHASERS_WD]
