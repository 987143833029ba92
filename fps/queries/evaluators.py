from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fps.model.rounds import RoundCard
from fps.queries.frameworks import holds_on
from fps.tables import ApplicationRow, EvaluatorRow, MembershipRow
from people.model import PersonCard, Role
from people.queries import persons_with_role


def members_on(session: Session, framework_id: str, on: date) -> set[str]:
    """Return the councils that may buy through a framework on that day."""
    rows = select(MembershipRow.council_id).where(
        MembershipRow.framework_id == framework_id, holds_on(MembershipRow.since, MembershipRow.until, on)
    )
    return set(session.scalars(rows))


def possible_evaluators(session: Session, joined: RoundCard, on: date) -> dict[str, tuple[PersonCard, str]]:
    """Return who may be named to evaluate: people of the lead authority and of member councils, by id, with council.

    Nobody who acts for a provider too: it may be the applicant or its rival, and who has applied is not told here.
    """
    councils = members_on(session, joined.framework_id, on)
    found: dict[str, tuple[PersonCard, str]] = {}
    for role in (Role.COMMISSIONER, Role.LEAD_AUTHORITY):
        allowed = {joined.lead_id} if role is Role.LEAD_AUTHORITY else councils | {joined.lead_id}
        for person in persons_with_role(session, role):
            if person.organisations_as(Role.PROVIDER_USER):
                continue
            here = [place for place in person.organisations_as(role) if place in allowed]
            if here:
                found.setdefault(person.id, (person, here[0]))
    return dict(sorted(found.items(), key=lambda one: (one[1][0].name, one[0])))


def named_evaluators(session: Session, round_id: str) -> list[str]:
    """Return who evaluates applications of a round, without those who have a conflict of interest in all of theirs."""
    rows = (
        select(EvaluatorRow.person_id)
        .join(ApplicationRow, ApplicationRow.id == EvaluatorRow.application_id)
        .where(ApplicationRow.round_id == round_id, func.coalesce(EvaluatorRow.has_conflict, False).is_(False))
    )
    return list(session.scalars(rows.distinct().order_by(EvaluatorRow.person_id)))
