from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from referrals.model.records import Kept, Record
from referrals.rules.records import record_hash
from referrals.tables import (
    ApprovalRow,
    AwardRow,
    EvaluatorRow,
    FamilyViewRow,
    IssueRow,
    LateAdmissionRow,
    LateNoteRow,
    ModerationRow,
    PreferenceRow,
    ReferralRow,
    ScoreRow,
    SettledScoreRow,
)


@dataclass(frozen=True)
class _Of:
    """A table in which each row is a record: by what it is known, what it says, whom it names, whose it is."""

    row: type[Any]
    key: str
    says: tuple[str, ...]
    people: tuple[str, ...] = ()
    owner: str = ""


_TABLES: Mapping[Record, _Of] = MappingProxyType(
    {
        Record.VERSION: _Of(IssueRow, "id", ("version", "issued_at", "zone", "terms", "reason"), ("issued_by",)),
        Record.APPROVAL: _Of(
            ApprovalRow,
            "id",
            ("kind", "asked_at", "reasons", "fingerprint", "decided_at", "outcome", "words"),
            ("asked_by", "decided_by"),
        ),
        Record.EVALUATOR: _Of(
            EvaluatorRow,
            "referral_id",
            ("named_at", "declared_at", "has_conflict", "finished_at", "reopened_at", "released_at"),
            ("named_by",),
            "person_id",
        ),
        Record.MODERATION: _Of(ModerationRow, "referral_id", ("words", "written_at"), ("written_by",)),
        Record.VIEW: _Of(
            FamilyViewRow, "id", ("way", "heard_on", "words", "preferred_id", "recorded_at"), ("recorded_by",)
        ),
        Record.DUTY: _Of(
            PreferenceRow,
            "id",
            ("kind", "recipient_id", "school", "words", "recorded_at", "withdrawn_at", "withdrawn_why"),
            ("recorded_by", "withdrawn_by"),
        ),
    }
)
_DECIDED = (
    "lot_id",
    "route",
    "outcome",
    "recipient_id",
    "setting_id",
    "provider_id",
    "supplier",
    "next_step",
    "reasons",
    "decided_at",
    "standstill_until",
)
_RESTS_ON = (Record.AGREED, Record.MODERATION, Record.VIEW, Record.DUTY)


def kept(session: Session, referral_id: str, *records: Record) -> list[Kept]:
    """Return the records of a referral as they are stored now; of all kinds where none is named."""
    return [one for record in records or Record for one in _READERS[record](session, referral_id)]


def vouched(
    session: Session, referral_id: str, *records: Record, key: str | None = None, owner: str | None = None
) -> list[dict[str, Any]]:
    """Return the records that a line of the audit log vouches for, in its form; one record or one person's alone."""
    found = kept(session, referral_id, *records)
    return [one.plain for one in found if key in (None, one.key) and owner in (None, one.owner)]


def _rows(of: _Of, record: Record, session: Session, referral_id: str) -> Iterator[Kept]:
    for row in session.scalars(select(of.row).where(of.row.referral_id == referral_id)):
        says = {name: getattr(row, name) for name in of.says}
        people = tuple(getattr(row, name) or "" for name in of.people)
        owner = getattr(row, of.owner) if of.owner else ""
        yield Kept(record, getattr(row, of.key), record_hash(says), people, owner)


def _route(session: Session, referral_id: str) -> Iterator[Kept]:
    row = session.get_one(ReferralRow, referral_id)
    says = [row.route, row.setting_id, row.contract_id, row.particulars, row.weights]
    yield Kept(Record.ROUTE, row.id, record_hash(says), (row.author_id, row.written_by or ""))


def _scores(session: Session, referral_id: str) -> Iterator[Kept]:
    found: dict[tuple[str, str], list[object]] = defaultdict(list)
    rows = select(ScoreRow).where(ScoreRow.referral_id == referral_id).order_by(ScoreRow.criterion)
    for row in session.scalars(rows):
        found[row.recipient_id, row.person_id].append([row.criterion, row.score, row.reason, row.saved_at])
    for (recipient_id, person_id), says in found.items():
        yield Kept(Record.SCORES, recipient_id, record_hash(says), owner=person_id)


def _agreed(session: Session, referral_id: str) -> Iterator[Kept]:
    found: dict[str, list[SettledScoreRow]] = defaultdict(list)
    rows = select(SettledScoreRow).where(SettledScoreRow.referral_id == referral_id)
    for row in session.scalars(rows.order_by(SettledScoreRow.recipient_id, SettledScoreRow.criterion)):
        found[row.recipient_id].append(row)
    for recipient_id, agreed in found.items():
        says = [[one.criterion, one.score, one.reason, one.settled_at] for one in agreed]
        yield Kept(Record.AGREED, recipient_id, record_hash(says), tuple(one.settled_by for one in agreed))


def _late(session: Session, referral_id: str) -> Iterator[Kept]:
    """Tell of each late answer that was let in, and whether all can read why."""
    rows = select(LateAdmissionRow).where(LateAdmissionRow.referral_id == referral_id)
    notes = select(LateNoteRow).where(LateNoteRow.referral_id == referral_id)
    told = {(note.ground, note.shown, note.at) for note in session.scalars(notes)}
    for row in session.scalars(rows.where(LateAdmissionRow.admitted_at.is_not(None))):
        is_told = (row.ground, row.shown, row.admitted_at) in told
        says = [row.ground, row.fault_id, row.shown, row.asked_at, row.admitted_at, is_told]
        yield Kept(Record.LATE, row.late_id, record_hash(says), (row.asked_by, row.admitted_by or ""))


def _decision(session: Session, referral_id: str) -> Iterator[Kept]:
    """Tell of the decision, with all that it rests on."""
    row, referral = _award(session, referral_id), session.get_one(ReferralRow, referral_id)
    if row is None:
        return
    rests_on = sorted((one.record, one.key, one.hash) for one in kept(session, referral_id, *_RESTS_ON))
    says = {name: getattr(row, name) for name in _DECIDED}
    closed = [referral.closed_at, referral.closed_reason]
    people = (row.decided_by, row.approved_by or "", referral.closed_by or "")
    yield Kept(Record.DECISION, row.id, record_hash([says, rests_on, closed]), people)


def _told(session: Session, referral_id: str) -> Iterator[Kept]:
    row = _award(session, referral_id)
    if row is not None and row.told_at is not None:
        yield Kept(Record.TOLD, row.id, record_hash(row.told_at))


def _begun(session: Session, referral_id: str) -> Iterator[Kept]:
    row = _award(session, referral_id)
    if row is not None and row.confirmed_at is not None:
        yield Kept(Record.BEGUN, row.id, record_hash(row.confirmed_at), (row.confirmed_by or "",))


def _award(session: Session, referral_id: str) -> AwardRow | None:
    return session.scalars(select(AwardRow).where(AwardRow.referral_id == referral_id)).first()


_READERS: Mapping[Record, Callable[[Session, str], Iterator[Kept]]] = MappingProxyType(
    {
        **{record: partial(_rows, of, record) for record, of in _TABLES.items()},
        Record.ROUTE: _route,
        Record.SCORES: _scores,
        Record.AGREED: _agreed,
        Record.LATE: _late,
        Record.DECISION: _decision,
        Record.TOLD: _told,
        Record.BEGUN: _begun,
    }
)
