from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.model import Subject
from channels.queries import sends_about
from kernel import audit
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import persons
from people.rights.queries import last_audit_check
from referrals.messages.equal import ANSWERED
from referrals.model.proof import BY_PROVIDERS, Chain, Evidence, Line, Proof, StoredAnswer, StoredIssue
from referrals.model.records import Kept, Record
from referrals.queries.courses import is_opened
from referrals.queries.evaluations import evaluators_of
from referrals.queries.fairness import TO_ALL
from referrals.queries.providers import hearers_of
from referrals.queries.records import kept
from referrals.rules.evaluating import standing
from referrals.rules.issuing import issue_hash
from referrals.rules.proving import check_all
from referrals.rules.questions import answer_hash
from referrals.rules.records import KEPT
from referrals.rules.sealing import checksum
from referrals.tables import (
    ExclusionRow,
    HandoverRow,
    IssueRow,
    LateResponseRow,
    QuestionRow,
    RecipientRow,
    ReferralRow,
    ResponseRow,
    UnsealRow,
)

_ALL_LINES = 1_000_000


def proof_by_reference(session: Session, reference: str, now: datetime) -> Proof:
    """Rebuild a referral from the whole audit log, walked line by line; raises NotFoundError for an unknown reference.

    For whoever runs the hub: it asks for no person.
    """
    row = session.scalars(select(ReferralRow).where(ReferralRow.reference == reference.strip().upper())).first()
    if row is None:
        raise NotFoundError
    verdict = audit.verify(session)
    found = f"{verdict.entries} lines hold" if verdict.broken_at is None else f"{verdict.reason} ({verdict.broken_at})"
    return _proof(session, row, Chain(verdict.broken_at is None, found, verdict.head), now)


def proof_for(session: Session, actor: Actor, referral_id: str, now: datetime) -> Proof:
    """Rebuild a referral of the actor's council from its own lines of the log; raises NotFoundError for any other.

    Of the chain as a whole it tells what the last walk found: a page does not walk millions of lines. Until the answers
    may be read, what providers did is told without whose setting it was (R21).
    """
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    entries = audit.lines_about(session, ("referral", row.id), limit=_ALL_LINES)
    broken = [entry.seq for entry in entries if not audit.content_holds(entry)]
    last = last_audit_check(session, whole=True)
    found = f"{len(entries)} lines about this referral hold" if not broken else f"line {broken[-1]} was changed"
    is_whole = last is None or last.broken_at is None
    proof = _proof(
        session, row, Chain(not broken and is_whole, found, last.head if last else ""), now, _hidden(session, row.id)
    )
    return proof if is_opened(session, row.id) else replace(proof, lines=tuple(map(_unnamed, proof.lines)))


def _unnamed(line: Line) -> Line:
    return replace(line, details={}) if line.action in BY_PROVIDERS else line


def _proof(
    session: Session, row: ReferralRow, chain: Chain, now: datetime, hidden: frozenset[Record] = frozenset()
) -> Proof:
    evidence = _evidence(session, row, hidden)
    return Proof(row.reference, now, chain, check_all(evidence, ANSWERED.key), evidence.lines)


def _hidden(session: Session, referral_id: str) -> frozenset[Record]:
    """Return what the database keeps from whoever reads a page: colleagues' scores until all are in (R25)."""
    is_scoring = any(one.finished_at is None for one in standing(evaluators_of(session, referral_id)))
    return frozenset({Record.SCORES}) if is_scoring else frozenset()


def _same(session: Session, lines: Iterable[Line], records: Iterable[Kept]) -> dict[str, str]:
    """Return whom each account that is named was found to be, since accounts can be merged."""
    named = {line.actor for line in lines} | {each for one in records for each in (one.owner, *one.people)}
    named |= {each for line in lines for one in line.details.get(KEPT, ()) for each in (one["owner"], *one["people"])}
    return {person_id: card.id for person_id, card in persons(session, named - {""}).items()}


def _evidence(session: Session, row: ReferralRow, hidden: frozenset[Record]) -> Evidence:
    asked = select(RecipientRow.id, RecipientRow.setting_id).where(RecipientRow.referral_id == row.id)
    recipients = dict(session.execute(asked).all())
    left_out = session.scalars(select(ExclusionRow).where(ExclusionRow.referral_id == row.id))
    halves = select(UnsealRow.person_id, UnsealRow.at).where(UnsealRow.referral_id == row.id)
    lines, records = _lines(session, row.id), tuple(kept(session, row.id))
    return Evidence(
        lines=lines,
        issues=_issues(session, row.id, recipients),
        recipients=recipients,
        excluded={one.setting_id: tuple(key for key, _ in one.reasons) for one in left_out},
        answers=_answers(session, row.id),
        late=_late(session, row.id),
        unsealers=dict(session.execute(halves).all()),
        questions=_questions(session, row.id),
        sends=tuple(sends_about(session, Subject("referral", row.id), TO_ALL)),
        heard_by=_heard_by(session, row.id),
        records=records,
        same=_same(session, lines, records),
        hidden=hidden,
    )


def _heard_by(session: Session, referral_id: str) -> dict[str, tuple[str, ...]]:
    """Return who hears for each recipient, or did: whoever gave the request away, or left since, had been told."""
    found = {key: set(people) for key, people in hearers_of(session, referral_id).items()}
    contacts = select(RecipientRow.id, RecipientRow.contact_id)
    handed = select(RecipientRow.id, HandoverRow.to_id).join(HandoverRow, HandoverRow.recipient_id == RecipientRow.id)
    for rows in (contacts, handed):
        for recipient_id, person_id in session.execute(rows.where(RecipientRow.referral_id == referral_id)):
            found[recipient_id].add(person_id)
    return {key: tuple(sorted(people)) for key, people in found.items()}


def _lines(session: Session, referral_id: str) -> tuple[Line, ...]:
    entries = audit.lines_about(session, ("referral", referral_id), limit=_ALL_LINES)
    return tuple(
        Line(one.seq, one.at, one.actor, one.action, json.loads(one.details or "{}")) for one in reversed(entries)
    )


def _issues(session: Session, referral_id: str, recipients: Mapping[str, str]) -> tuple[StoredIssue, ...]:
    rows = session.scalars(select(IssueRow).where(IssueRow.referral_id == referral_id).order_by(IssueRow.version))
    return tuple(
        StoredIssue(
            one.id,
            one.version,
            one.issued_at,
            one.release_at,
            one.deadline_at,
            one.hash,
            issue_hash(one.text, one.release_at, one.deadline_at, recipients.values()),
        )
        for one in rows
    )


def _answers(session: Session, referral_id: str) -> tuple[StoredAnswer, ...]:
    rows = select(ResponseRow).join(RecipientRow, RecipientRow.id == ResponseRow.recipient_id)
    rows = rows.where(RecipientRow.referral_id == referral_id).order_by(ResponseRow.received_at)
    return tuple(
        StoredAnswer(one.recipient_id, one.number, one.received_at, one.checksum, checksum(one.sealed))
        for one in session.scalars(rows)
    )


def _late(session: Session, referral_id: str) -> tuple[StoredAnswer, ...]:
    rows = select(LateResponseRow).join(RecipientRow, RecipientRow.id == LateResponseRow.recipient_id)
    rows = rows.where(RecipientRow.referral_id == referral_id).order_by(LateResponseRow.received_at)
    return tuple(
        StoredAnswer(one.recipient_id, None, one.received_at, one.checksum, checksum(one.sealed))
        for one in session.scalars(rows)
    )


def _questions(session: Session, referral_id: str) -> dict[str, tuple[str, str]]:
    rows = select(QuestionRow).where(QuestionRow.referral_id == referral_id, QuestionRow.answered_at.is_not(None))
    return {
        one.id: (one.hash or "", answer_hash(one.number or 0, one.shown or "", one.answer or ""))
        for one in session.scalars(rows)
    }
