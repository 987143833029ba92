"""What a second person must look at before a draft goes out, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kernel.calendar import london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import persons
from people.waiting import Waiting, count_waiting
from referrals.model.approvals import OF_A_DRAFT, ApprovalCard, ApprovalKind
from referrals.model.routes import Route
from referrals.queries.approvals import approval, approval_by_id, card
from referrals.queries.conflicts import check_free, conflicts_of
from referrals.queries.drafts import draft_row
from referrals.queries.previews import Preview, preview
from referrals.rules.approving import plan_fingerprint
from referrals.tables import ApprovalRow, ReferralRow


@dataclass(frozen=True)
class LookLine:
    """One thing that needs approval, and the latest question about exactly this; None where nobody was asked."""

    kind: ApprovalKind
    card: ApprovalCard | None
    asked_by: str = ""
    decided_by: str = ""


@dataclass(frozen=True)
class Looks:
    """A draft as it would go out by its plan, and what a second person says to exactly that."""

    shown: Preview
    deadline_on: date
    release_at: datetime | None
    fingerprint: str
    lines: tuple[LookLine, ...]

    @property
    def is_approved(self) -> bool:
        """Whether nothing waits for a second person."""
        return all(line.card is not None and line.card.is_approved for line in self.lines)

    @property
    def is_asked(self) -> bool:
        """Whether a second person has been asked and has not decided."""
        return any(line.card is not None and line.card.is_open for line in self.lines)

    @property
    def refused(self) -> LookLine | None:
        """The decision that sent it back, if one did."""
        found = (
            line for line in self.lines if line.card is not None and line.card.outcome and not line.card.is_approved
        )
        return next(found, None)

    def reasons(self, kind: ApprovalKind) -> str:
        """Return what the author says to a thing that needs approval."""
        given = self.shown.particulars
        return {
            ApprovalKind.DIRECT_AWARD: given.reasons,
            ApprovalKind.SHORT_DEADLINE: given.short_reason,
            ApprovalKind.AP_OVERRIDE: given.override_reason,
        }.get(kind, "")


@dataclass(frozen=True)
class ToApprove:
    """Something that waits for a second person of the council, or waited for one."""

    card: ApprovalCard
    reference: str
    asked_by: str
    author_id: str

    def may_be_decided_by(self, person_id: str) -> bool:
        """Tell whether this person is a second one, and nobody has decided."""
        return self.card.is_open and person_id not in {self.card.asked_by, self.author_id}


def looks_of(session: Session, row: ReferralRow, now: datetime) -> Looks | None:
    """Return how a draft would go out by its plan and what was said to it; None while it has no deadline.

    Where nobody is asked there is no deadline, and today stands in its place (R7).
    """
    deadline_on = row.deadline_on if Route(row.route).asks_provider else london_date(row.created_at)
    release_at = row.release_at if Route(row.route).asks_provider else None
    if deadline_on is None:
        return None
    shown = preview(session, row, release_at or now)
    exactly = plan_fingerprint(shown.fingerprint, deadline_on, release_at)
    cards = {kind: approval(session, row.id, kind, exactly) for kind in shown.needs(deadline_on)}
    known = persons(session, {who for one in cards.values() if one for who in (one.asked_by, one.decided_by) if who})
    names = {person_id: person.name for person_id, person in known.items()}
    lines = tuple(
        LookLine(kind, one, names.get(one.asked_by, ""), names.get(one.decided_by or "", ""))
        if one
        else LookLine(kind, None)
        for kind, one in cards.items()
    )
    return Looks(shown, deadline_on, release_at, exactly, lines)


def planned_looks(session: Session, actor: Actor, referral_id: str, now: datetime) -> Looks | None:
    """Return the same of a draft of the actor's council; raises NotFoundError for any other."""
    return looks_of(session, draft_row(session, actor, referral_id), now)


def to_approve(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count what waits for this person's decision on a colleague's referral."""
    return count_waiting(session, ApprovalRow.asked_at, *_waits(actor))


def approvals_waiting(session: Session, actor: Actor, *, offset: int = 0, limit: int | None = None) -> list[ToApprove]:
    """Return what this person may decide as the second one, the oldest first; all of it or a page."""
    rows = session.execute(
        select(ApprovalRow, ReferralRow.reference, ReferralRow.author_id)
        .where(*_waits(actor))
        .order_by(ApprovalRow.asked_at, ApprovalRow.id)
        .offset(offset)
        .limit(limit)
    ).all()
    names = persons(session, {row.asked_by for row, _, _ in rows})
    return [ToApprove(card(row), reference, names[row.asked_by].name, author) for row, reference, author in rows]


def asked_approval(session: Session, actor: Actor, approval_id: str) -> ToApprove:
    """Return what was asked of the actor's council.

    Raises NotFoundError for anybody else's, ForbiddenError for whoever has a conflict of interest: the reasons tell of
    the answers (R25).
    """
    asked = approval_by_id(session, actor, approval_id)
    check_free(session, actor, asked.referral_id)
    columns = select(ReferralRow.reference, ReferralRow.author_id).where(ReferralRow.id == asked.referral_id)
    reference, author_id = session.execute(columns).one()
    return ToApprove(asked, reference, persons(session, [asked.asked_by])[asked.asked_by].name, author_id)


def count_to_approve(session: Session, actor: Actor) -> int:
    """Count what this person may decide as the second one."""
    return session.scalar(select(func.count(ApprovalRow.id)).where(*_waits(actor))) or 0


def _waits(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        ReferralRow.id == ApprovalRow.referral_id,
        ApprovalRow.decided_at.is_(None),
        ApprovalRow.council_id.in_(organisations_with(actor, Permission.REFERRALS_ISSUE)),
        ApprovalRow.asked_by != actor.id,
        ReferralRow.author_id != actor.id,
        or_(ApprovalRow.kind.not_in(OF_A_DRAFT), func.coalesce(ReferralRow.written_by, "") != actor.id),
        ReferralRow.id.not_in(conflicts_of(actor.id)),
    )
