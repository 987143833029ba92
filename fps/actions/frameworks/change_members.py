from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fps.actions.frameworks.hold_framework import Noted, hold_framework, note_change
from fps.model.frameworks import ChangeKind, Days, Existence
from fps.queries.frameworks import framework_card
from fps.rules.frameworks import check_membership, check_membership_end, check_words
from fps.tables import FrameworkUserRow, MembershipRow
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, OrganisationKind
from people.queries.places import lifetime

LONGEST_USER = 200


@dataclass(frozen=True)
class Membership:
    """A council, and the days on which it may buy through a framework."""

    framework_id: str
    edition: int
    council_id: str
    since: date
    until: date | None = None


def add_member(work: Work, actor: Actor, new: Membership) -> None:
    """Let a council buy through a framework (C2).

    Raises as hold_framework does, and InvalidInputError for days outside the framework's term or the council's own,
    or on which it is a member already.
    """
    row = hold_framework(work, actor, new.framework_id, new.edition)
    days = Days(new.since, new.until)
    held = [Days(one.since, one.until) for one in _memberships(work, row.id, new.council_id)]
    check_membership(framework_card(row), existence(work, new.council_id), days, held)
    work.session.add(MembershipRow(framework_id=row.id, council_id=new.council_id, since=new.since, until=new.until))
    details = {"council_id": new.council_id, "since": new.since.isoformat(), "until": _iso(new.until)}
    note_change(work, actor, row.id, Noted(ChangeKind.MEMBER_ADDED, details=details))


def end_member(work: Work, actor: Actor, ending: Membership) -> None:
    """Set the last day of the membership that began on `since`; what was bought until then stays.

    Raises as hold_framework does, NotFoundError for no such membership, ConflictError for one that has a last day,
    InvalidInputError for a day before its first or after the council's own last.
    """
    row = hold_framework(work, actor, ending.framework_id, ending.edition)
    found = [one for one in _memberships(work, row.id, ending.council_id) if one.since == ending.since]
    if not found:
        raise NotFoundError
    if ending.until is None:
        raise InvalidInputError("until", "Enter the last day of the membership.")
    if found[0].until is not None:
        raise ConflictError("This membership has a last day already: {day:%d %B %Y}.", day=found[0].until)
    check_membership_end(existence(work, ending.council_id), Days(ending.since, ending.until))
    found[0].until = ending.until
    details = {"council_id": ending.council_id, "until": _iso(ending.until)}
    note_change(work, actor, row.id, Noted(ChangeKind.MEMBER_ENDED, details=details))


def add_user(work: Work, actor: Actor, framework_id: str, edition: int, name: str, since: date) -> None:
    """Let somebody besides the councils buy through a framework, the schools of the council, say.

    Raises as hold_framework does, and InvalidInputError for a name that is there already.
    """
    row = hold_framework(work, actor, framework_id, edition)
    name = check_words("name", "who may use the framework", name, LONGEST_USER)
    if not row.starts_on <= since <= row.ends_on:
        raise InvalidInputError("since", "Enter a day on which the framework runs.")
    there = select(FrameworkUserRow).where(FrameworkUserRow.framework_id == row.id)
    for one in work.session.scalars(there):
        if one.name.casefold() == name.casefold() and Days(one.since, one.until).meet(Days(since)):
            raise InvalidInputError("name", "{name} may use the framework already.", name=one.name)
    user_id = new_id()
    work.session.add(FrameworkUserRow(id=user_id, framework_id=row.id, name=name, since=since))
    details = {"user_id": user_id, "since": since.isoformat()}
    note_change(work, actor, row.id, Noted(ChangeKind.USER_ADDED, details=details))


def end_user(work: Work, actor: Actor, framework_id: str, edition: int, user_id: str, until: date) -> None:
    """Set the last day on which somebody besides the councils may buy.

    Raises as hold_framework does, NotFoundError for nobody of that id, ConflictError where a last day is set.
    """
    row = hold_framework(work, actor, framework_id, edition)
    user = work.session.get(FrameworkUserRow, user_id)
    if user is None or user.framework_id != row.id:
        raise NotFoundError
    if user.until is not None:
        raise ConflictError("{name} has a last day already: {day:%d %B %Y}.", name=user.name, day=user.until)
    check_membership_end(Existence(user.name), Days(user.since, until))
    user.until = until
    details = {"user_id": user_id, "until": until.isoformat()}
    note_change(work, actor, row.id, Noted(ChangeKind.USER_ENDED, details=details))


def existence(work: Work, council_id: str) -> Existence:
    """Return when a council has been there; raises NotFoundError for what is no council."""
    found = lifetime(work.session, council_id)
    if found.kind is not OrganisationKind.COUNCIL:
        raise NotFoundError
    return Existence(found.name, found.started_on, found.ended_on, found.successors)


def _memberships(work: Work, framework_id: str, council_id: str) -> list[MembershipRow]:
    row = MembershipRow
    return list(work.session.scalars(select(row).where(row.framework_id == framework_id, row.council_id == council_id)))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
