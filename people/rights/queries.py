from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from kernel.errors import ConflictError, NotFoundError
from people.councils import LEAD_AUTHORITY
from people.model import PersonCard
from people.queries import council_by_code, council_of, persons
from people.rights.model import (
    AuditCheck,
    CameBy,
    Identity,
    LeaveOut,
    Outcome,
    Pause,
    PauseReason,
    RecordDecision,
    RequestCard,
    RequestKind,
    RequestStep,
    RetentionRun,
)
from people.tables import (
    AuditCheckRow,
    OrganisationRow,
    PastRoleRow,
    PersonRow,
    PurposeRow,
    RestrictionRow,
    RetentionRunRow,
    RightsDecisionRow,
    RightsPauseRow,
    RightsRequestRow,
    RightsStepRow,
    RoleRow,
)

_FOUND_AT_MOST = 20


def records_of(session: Session, person_id: str) -> tuple[str, ...]:
    """Return the ids under which a person is kept: their own and those of records that were merged into it."""
    merged = select(PersonRow.id).where(PersonRow.merged_into_id == person_id).order_by(PersonRow.id)
    return (person_id, *session.scalars(merged))


def councils_of_person(session: Session, person_id: str) -> frozenset[str]:
    """Return the councils in whose area a person has or had a role; none for providers' users and strangers."""
    return frozenset(area for area in _areas_of(session, person_id) if area is not None)


def councils_to_ask(session: Session, person_id: str) -> frozenset[str]:
    """Return the councils without which nobody erases a person: theirs, and maybe the lead authority.

    It answers for whoever has or had a role with a provider, on which every council relies, or has none anywhere.
    Raises ConflictError where the lead authority is to be asked and is not registered.
    """
    areas = _areas_of(session, person_id)
    theirs = frozenset(area for area in areas if area is not None)
    if areas and theirs == areas:
        return theirs
    try:
        lead = council_by_code(session, LEAD_AUTHORITY).id
    except NotFoundError:
        raise ConflictError("The lead authority must agree to this, and it is not registered here.") from None
    return theirs | {lead}


def _areas_of(session: Session, person_id: str) -> frozenset[str | None]:
    """Return the councils of all roles that a person has or had; None among them for a role with a provider."""
    ids = records_of(session, person_id)
    held = select(RoleRow.organisation_id).where(RoleRow.person_id.in_(ids))
    past = select(PastRoleRow.organisation_id).where(PastRoleRow.person_id.in_(ids))
    organisation_ids = {*session.scalars(held), *session.scalars(past)}
    found = (council_of(session, organisation_id) for organisation_id in organisation_ids)
    return frozenset(council.id if council is not None else None for council in found)


def is_within(session: Session, person_id: str, council_ids: Collection[str]) -> bool:
    """Tell whether a person is for one of these councils to answer for: theirs, or no council's at all.

    For somebody who works in a council and with a provider the lead authority answers too.
    """
    theirs = councils_of_person(session, person_id)
    if not theirs or theirs.intersection(council_ids):
        return True
    return not councils_to_ask(session, person_id).isdisjoint(council_ids)


def persons_named(session: Session, name: str) -> list[PersonCard]:
    """Return persons whose name holds these words, whatever the case; at most 20."""
    wanted = func.lower(PersonRow.name).contains(name.strip().lower(), autoescape=True)
    ids = select(PersonRow.id).where(wanted, PersonRow.merged_into_id.is_(None)).order_by(PersonRow.name, PersonRow.id)
    found = list(session.scalars(ids.limit(_FOUND_AT_MOST)))
    cards = persons(session, found)
    return [cards[person_id] for person_id in found]


def request_card(row: RightsRequestRow, pauses: Iterable[RightsPauseRow]) -> RequestCard:
    """Return a row as the card that travels."""
    return RequestCard(
        id=row.id,
        council_id=row.council_id,
        kind=RequestKind(row.kind),
        person_id=row.person_id,
        requester=row.requester,
        reach=row.reach,
        words=row.words,
        came_by=CameBy(row.came_by),
        received_on=row.received_on,
        logged_at=row.logged_at,
        handler_id=row.handler_id,
        identity=Identity(row.identity) if row.identity else None,
        identity_on=row.identity_on,
        extended_on=row.extended_on,
        acknowledged_on=row.acknowledged_on,
        due_on=row.due_on,
        pauses=tuple(Pause(PauseReason(pause.why), pause.since, pause.until) for pause in pauses),
        reviewed_at=row.reviewed_at,
        reviewed_digest=row.reviewed_digest,
        ended_at=row.ended_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        erased=row.erased,
    )


def _cards(session: Session, wanted: Select[RightsRequestRow]) -> list[RequestCard]:
    rows = session.scalars(wanted).all()
    pauses: dict[str, list[RightsPauseRow]] = defaultdict(list)
    found = select(RightsPauseRow).where(RightsPauseRow.request_id.in_([row.id for row in rows]))
    for pause in session.scalars(found.order_by(RightsPauseRow.since, RightsPauseRow.id)):
        pauses[pause.request_id].append(pause)
    return [request_card(row, pauses[row.id]) for row in rows]


def _narrowed(council_ids: Collection[str], kind: str, *, is_open: bool) -> list[ColumnElement[bool]]:
    ended = RightsRequestRow.ended_at
    told: list[ColumnElement[bool]] = [
        RightsRequestRow.council_id.in_(list(council_ids)),
        ended.is_(None) if is_open else ended.is_not(None),
    ]
    if kind:
        told.append(RightsRequestRow.kind == kind)
    return told


def count_requests(session: Session, council_ids: Collection[str], kind: str = "", *, is_open: bool = True) -> int:
    """Count the requests of these councils."""
    counted = select(func.count()).select_from(RightsRequestRow)
    return session.scalar(counted.where(*_narrowed(council_ids, kind, is_open=is_open))) or 0


def requests_of(
    session: Session,
    council_ids: Collection[str],
    kind: str = "",
    *,
    is_open: bool = True,
    skip: int = 0,
    limit: int = 50,
) -> list[RequestCard]:
    """Return the requests of these councils: open ones with the soonest due first, closed ones the latest first."""
    wanted = select(RightsRequestRow).where(*_narrowed(council_ids, kind, is_open=is_open))
    if is_open:
        wanted = wanted.order_by(RightsRequestRow.due_on.is_(None), RightsRequestRow.due_on, RightsRequestRow.id)
    else:
        wanted = wanted.order_by(RightsRequestRow.ended_at.desc(), RightsRequestRow.id)
    return _cards(session, wanted.offset(skip).limit(limit))


def requests_to_remind(session: Session, until: date) -> list[RequestCard]:
    """Return the open requests, of all councils, that are due until a day."""
    wanted = select(RightsRequestRow).where(RightsRequestRow.ended_at.is_(None), RightsRequestRow.due_on <= until)
    return _cards(session, wanted.order_by(RightsRequestRow.due_on, RightsRequestRow.id))


def request(session: Session, request_id: str, council_ids: Collection[str]) -> RequestCard:
    """Return one request; raises NotFoundError, also for another council's."""
    found = _cards(session, select(RightsRequestRow).where(RightsRequestRow.id == request_id))
    if not found or found[0].council_id not in council_ids:
        raise NotFoundError
    return found[0]


def open_requests_about(session: Session, person_id: str) -> list[RequestCard]:
    """Return the open requests about a person, whatever the council."""
    wanted = select(RightsRequestRow).where(
        RightsRequestRow.person_id == person_id, RightsRequestRow.ended_at.is_(None)
    )
    return _cards(session, wanted.order_by(RightsRequestRow.id))


def steps_of(session: Session, request_id: str) -> list[RequestStep]:
    """Return what happened to a request, the latest first."""
    rows = select(RightsStepRow).where(RightsStepRow.request_id == request_id).order_by(RightsStepRow.seq.desc())
    return [RequestStep(row.at, row.actor_id, row.what, row.note) for row in session.scalars(rows)]


def decisions_on(session: Session, request_id: str) -> dict[str, RecordDecision]:
    """Return what was decided about single records, by their key."""
    rows = session.scalars(select(RightsDecisionRow).where(RightsDecisionRow.request_id == request_id))
    return {row.record_key: RecordDecision(row.is_released, LeaveOut(row.reason)) for row in rows}


def has_stated_purpose(session: Session, actor_id: str, subject: tuple[str, str], now: datetime) -> bool:
    """Tell whether an actor has said why they open this subject, and that still holds (DOMAIN.md 1.3)."""
    kind, subject_id = subject
    found = select(PurposeRow.id).where(
        PurposeRow.actor_id == actor_id,
        PurposeRow.subject_kind == kind,
        PurposeRow.subject_id == subject_id,
        PurposeRow.ends_at > now,
    )
    return session.scalars(found.limit(1)).first() is not None


def is_restricted(session: Session, person_id: str) -> bool:
    """Tell whether nothing unasked may be sent to a person."""
    found = select(RestrictionRow.id).where(RestrictionRow.person_id == person_id, RestrictionRow.ended_at.is_(None))
    return session.scalars(found.limit(1)).first() is not None


def persons_held() -> Select[str | None]:
    """Return the query for persons whose records no sweep may touch: a request about them is under way."""
    about = select(RightsRequestRow.person_id).where(RightsRequestRow.ended_at.is_(None))
    return about.where(RightsRequestRow.person_id.is_not(None))


def retention_runs(session: Session, *, limit: int = 50) -> list[RetentionRun]:
    """Return the latest runs of the retention schedule."""
    rows = select(RetentionRunRow).order_by(RetentionRunRow.at.desc(), RetentionRunRow.id.desc()).limit(limit)
    return [
        RetentionRun(row.id, row.at, row.run_by, row.is_dry, row.counts, row.ended_at) for row in session.scalars(rows)
    ]


def last_audit_check(session: Session, *, whole: bool = False) -> AuditCheck | None:
    """Return the latest walk along the log's chain; `whole`: the latest that found it whole."""
    rows = select(AuditCheckRow).order_by(AuditCheckRow.at.desc(), AuditCheckRow.id.desc()).limit(1)
    if whole:
        rows = rows.where(AuditCheckRow.broken_at.is_(None))
    row = session.scalars(rows).first()
    return AuditCheck(row.at, row.checked_by, row.entries, row.head, row.broken_at, row.reason) if row else None


def persons_in(organisation_ids: Collection[str], *, with_forums: bool = False) -> Select[str]:
    """Return the query for the ids of persons who have or had a role in one of these organisations.

    `with_forums`: or in the forum of one of them, families included.
    """
    places = select(OrganisationRow.id).where(OrganisationRow.id.in_(list(organisation_ids)))
    if with_forums:
        forums = select(OrganisationRow.id).where(OrganisationRow.council_id.in_(list(organisation_ids)))
        places = select(places.union(forums).subquery().c.id)
    held = select(RoleRow.person_id).where(RoleRow.organisation_id.in_(places))
    past = select(PastRoleRow.person_id).where(PastRoleRow.organisation_id.in_(places))
    return select(PersonRow.id).where(or_(PersonRow.id.in_(held), PersonRow.id.in_(past)))
