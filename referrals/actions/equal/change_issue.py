from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import insert_ignore
from kernel.work import Work
from people.model import Actor
from referrals.actions.equal.post_version import Change, post_version
from referrals.actions.find_referral import find_referral, standing_of
from referrals.messages.equal import CHANGED, MOVED
from referrals.model import Need
from referrals.rules.changing import changed_text, check_reason
from referrals.rules.deadlines import deadline_on
from referrals.rules.drafting import check_need
from referrals.rules.identifying import Finding, identifying_text, unconfirmed
from referrals.rules.issuing import thaw
from referrals.tables import ConfirmationRow, ReferralRow


@dataclass(frozen=True)
class Wording:
    """What may change in an issued referral: nothing that decides who is asked (age, gender, need, lot)."""

    outcomes: str
    risk_wording: str
    travel_zone: str
    starts_from: date
    starts_until: date

    def of(self, need: Need) -> Need:
        """Return a need with these words in place of its own."""
        return replace(need, **vars(self))


@dataclass(frozen=True)
class ChangeIssue:
    """A change for all who were asked. `version` is the one that its author looked at.

    `confirmed` are the keys of findings of the scan that a person let stand (R31).
    """

    referral_id: str
    version: int
    wording: Wording
    deadline_on: date
    reason: str
    confirmed: Collection[str] = ()


def change_issue(work: Work, actor: Actor, command: ChangeIssue) -> str:
    """Issue a new version of a referral to all who were asked (R10); return the issue's id.

    Raises NotFoundError for another council's, ConflictError once the deadline has passed or where a colleague has
    changed it meanwhile, InvalidInputError for what the text lacks or may tell, and for deadline and reason.
    """
    row = find_referral(work, actor, command.referral_id)
    standing = standing_of(work, row)
    issue = standing.issue
    if issue is None:
        raise ConflictError("This referral has not been issued yet. Change the draft.")
    if issue.version != command.version:
        raise ConflictError("A colleague has changed this referral meanwhile. Look at it again, then change it.")
    need = command.wording.of(thaw(issue.text).need)
    check_need(need)
    check_reason(command.reason)
    text = changed_text(issue.text, need)
    deadline_at = deadline_on(command.deadline_on, standing.terms)
    if text == issue.text and deadline_at == issue.deadline_at:
        raise InvalidInputError("outcomes", "Nothing is different yet. Change the wording or the deadline.")
    _let_stand(work, actor, row, command, need)
    message = MOVED if text == issue.text else CHANGED
    return post_version(work, actor.id, row, Change(text, deadline_at, command.reason, message)).id


def findings_of(session: Session, referral_id: str, free_text: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what in these words may identify somebody and nobody has let stand for this referral yet (R31)."""
    known = select(ConfirmationRow.finding_key).where(ConfirmationRow.referral_id == referral_id)
    return unconfirmed(identifying_text(free_text), session.scalars(known))


def _let_stand(work: Work, actor: Actor, row: ReferralRow, command: ChangeIssue, need: Need) -> None:
    found = findings_of(work.session, row.id, {**need.free_text, "reason": command.reason})
    if unconfirmed(found, command.confirmed):
        raise InvalidInputError(
            "confirmed", "Say of each finding that it tells nobody who the learner is, or take it out of the text."
        )
    if not found:
        return
    rows = [{"referral_id": row.id, "finding_key": one.key, "person_id": actor.id, "at": work.now} for one in found]
    insert_ignore(work.session, ConfirmationRow, rows)
    details = {"confirmed": [{"key": one.key, "mark": one.mark.name} for one in found]}
    audit.record(
        work, actor=actor.id, action="referrals.confirm_wording", subject=("referral", row.id), details=details
    )
