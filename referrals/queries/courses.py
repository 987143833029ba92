from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from referrals.model import Phase, Terms
from referrals.model.routes import Route
from referrals.rules.standing import Course, can_open, phase
from referrals.tables import IssueRow, ReferralRow, UnsealRow


@dataclass(frozen=True)
class Standing:
    """What has happened to a referral so far, and the terms that hold for it. `issue` stays in this package."""

    course: Course
    terms: Terms
    issue: IssueRow | None

    @property
    def route(self) -> Route:
        """The route by which the place is bought (R1)."""
        return self.course.route

    def phase(self, now: datetime) -> Phase:
        """Return where the referral stands at `now`."""
        return phase(self.course, self.terms, now)

    @property
    def is_opened(self) -> bool:
        """Whether the council may read answers; until then it sees how many there are, not whose (R21)."""
        return can_open(self.course, self.terms)


def is_opened(session: Session, referral_id: str) -> bool:
    """Tell whether the council that placed a referral may read its answers (R21); False for an unknown one."""
    row = session.get(ReferralRow, referral_id)
    return row is not None and standings(session, [row])[row.id].is_opened


def standings(session: Session, rows: Sequence[ReferralRow]) -> dict[str, Standing]:
    """Return how referrals stand, by id, in two queries however many they are."""
    ids = [row.id for row in rows]
    issues: dict[str, IssueRow] = {}
    for issue in session.scalars(select(IssueRow).where(IssueRow.referral_id.in_(ids)).order_by(IssueRow.version)):
        issues[issue.referral_id] = issue
    unsealers: dict[str, set[str]] = defaultdict(set)
    for half in session.scalars(select(UnsealRow).where(UnsealRow.referral_id.in_(ids))):
        unsealers[half.referral_id].add(half.person_id)
    return {row.id: _standing(row, issues.get(row.id), unsealers[row.id]) for row in rows}


def _standing(row: ReferralRow, issue: IssueRow | None, unsealers: set[str]) -> Standing:
    course = Course(
        issue.release_at if issue else None,
        issue.deadline_at if issue else None,
        frozenset(unsealers),
        row.closed_at,
        Route(row.route),
    )
    return Standing(course, Terms.of(issue.terms if issue else {}), issue)
