from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from fps.actions.frameworks.hold_framework import Noted, hold_framework, note_change
from fps.model.frameworks import ChangeKind
from fps.queries.frameworks import framework_card
from fps.rules.frameworks import check_correction, check_extension, check_months, check_reason
from fps.tables import ExtensionOptionRow
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor

_LONGEST_NOTE = 200


@dataclass(frozen=True)
class NewEnd:
    """The last day of a framework from now on, and why; it is settled by people and never worked out (C7)."""

    framework_id: str
    edition: int
    ends_on: date
    reason: str


def take_extension(work: Work, actor: Actor, option_id: str, new: NewEnd) -> None:
    """Extend a framework under one of the options of its contract, which is then used up (C7).

    Raises as hold_framework does, ConflictError for an option that was taken, InvalidInputError for a day that is
    no later than the last one so far or for no reason.
    """
    row = hold_framework(work, actor, new.framework_id, new.edition)
    option = _open_option(work, row.id, option_id)
    check_extension(row.ends_on, new.ends_on)
    reason = check_reason(new.reason)
    details = _moved(row.ends_on, new.ends_on) | {"option": option.number}
    row.ends_on, option.taken_on = new.ends_on, london_date(work.now)
    note_change(work, actor, row.id, Noted(ChangeKind.EXTENDED, details=details, reason=reason))


def correct_end(work: Work, actor: Actor, new: NewEnd) -> None:
    """Correct a last day that was recorded wrongly; no option is used up.

    Raises as hold_framework does, and InvalidInputError for the same day, one before the start, or no reason.
    """
    row = hold_framework(work, actor, new.framework_id, new.edition)
    check_correction(framework_card(row), new.ends_on)
    reason = check_reason(new.reason)
    details = _moved(row.ends_on, new.ends_on)
    row.ends_on = new.ends_on
    note_change(work, actor, row.id, Noted(ChangeKind.END_CORRECTED, details=details, reason=reason))


def add_option(work: Work, actor: Actor, framework_id: str, edition: int, months: int, note: str) -> None:
    """Add an extension option of the contract; raises as hold_framework does, InvalidInputError for its months."""
    row = hold_framework(work, actor, framework_id, edition)
    check_months(months)
    note = " ".join(note.split())
    if len(note) > _LONGEST_NOTE:
        raise InvalidInputError("note", "It can have up to {most} characters.", most=_LONGEST_NOTE)
    last = select(func.max(ExtensionOptionRow.number)).where(ExtensionOptionRow.framework_id == row.id)
    number = (work.session.scalar(last) or 0) + 1
    work.session.add(ExtensionOptionRow(id=new_id(), framework_id=row.id, number=number, months=months, note=note))
    details = {"option": number, "months": months}
    note_change(work, actor, row.id, Noted(ChangeKind.OPTION_ADDED, details=details))


def remove_option(work: Work, actor: Actor, framework_id: str, edition: int, option_id: str) -> None:
    """Remove an extension option that was recorded wrongly.

    Raises as hold_framework does, NotFoundError for none of its options, ConflictError for one that was taken.
    """
    row = hold_framework(work, actor, framework_id, edition)
    option = _open_option(work, row.id, option_id)
    details = {"option": option.number, "months": option.months}
    work.session.delete(option)
    note_change(work, actor, row.id, Noted(ChangeKind.OPTION_REMOVED, details=details))


def _open_option(work: Work, framework_id: str, option_id: str) -> ExtensionOptionRow:
    """Return an option of the framework's; raises NotFoundError for none, ConflictError for one that was taken."""
    option = work.session.get(ExtensionOptionRow, option_id)
    if option is None or option.framework_id != framework_id:
        raise NotFoundError
    if option.taken_on is not None:
        raise ConflictError("This option was taken on {day:%d %B %Y}. Choose another.", day=option.taken_on)
    return option


def _moved(before: date, after: date) -> dict[str, object]:
    return {"before": before.isoformat(), "after": after.isoformat()}
