from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.evaluation.find_evaluated import find_evaluated, find_open
from referrals.model.evaluation import PreferenceKind, ViewWay
from referrals.model.records import Record
from referrals.queries.evaluations import preference_of
from referrals.queries.records import vouched
from referrals.rules.evaluating import check_reason
from referrals.rules.records import KEPT
from referrals.tables import FamilyViewRow, PreferenceRow, RecipientRow

_LONGEST_SCHOOL = 200


@dataclass(frozen=True)
class RecordView:
    """What the family and the learner say, or that they were asked and said nothing.

    `preferred_id` is the recipient whom they would choose, None for no wish.
    """

    referral_id: str
    way: ViewWay
    heard_on: date | None
    words: str
    preferred_id: str | None = None


@dataclass(frozen=True)
class RecordPreference:
    """A setting that law puts first: one that was asked (`recipient_id`), or another by its name (`school`)."""

    referral_id: str
    kind: PreferenceKind
    recipient_id: str | None
    school: str
    words: str


def record_family_view(work: Work, actor: Actor, command: RecordView) -> None:
    """Record the family's and the learner's view beside what stands; the latest counts (R24).

    Raises as find_open does, InvalidInputError for a day that is missing or ahead, for a record that says too little
    or for a setting that was not asked.
    """
    row, _standing = find_open(work, actor, command.referral_id)
    if command.heard_on is None:
        raise InvalidInputError("heard_on", "Enter the day on which you asked them.")
    if command.heard_on > london_date(work.now):
        raise InvalidInputError("heard_on", "This day has not come yet.")
    said = check_reason("words", command.words)
    if command.preferred_id is not None:
        _check_asked(work, row.id, "preferred", command.preferred_id)
    view = FamilyViewRow(
        id=new_id(),
        referral_id=row.id,
        way=command.way,
        heard_on=command.heard_on,
        words=said,
        preferred_id=command.preferred_id,
        recorded_by=actor.id,
        recorded_at=work.now,
    )
    work.session.add(view)
    work.session.flush()
    details = {
        "view_id": view.id,
        "way": command.way,
        "preferred_id": command.preferred_id,
        KEPT: vouched(work.session, row.id, Record.VIEW, key=view.id),
    }
    audit.record(
        work, actor=actor.id, action="referrals.record_family_view", subject=("referral", row.id), details=details
    )


def record_preference(work: Work, actor: Actor, command: RecordPreference) -> None:
    """Record that law puts a setting first: while that stands, no other offer can be awarded (R26).

    Raises as find_evaluated does, ConflictError while another stands, InvalidInputError without a setting or reasons.
    """
    row, _standing = find_evaluated(work, actor, command.referral_id)
    school = " ".join(command.school.split())
    if command.recipient_id is not None:
        school = _check_asked(work, row.id, "setting", command.recipient_id)
    if not school or len(school) > _LONGEST_SCHOOL:
        raise InvalidInputError("school", "Enter the name of the setting, in {most} characters.", most=_LONGEST_SCHOOL)
    said = check_reason("words", command.words)
    if preference_of(work.session, row.id) is not None:
        raise ConflictError("A duty or an order is recorded already. Withdraw it before you record another.")
    preference = PreferenceRow(
        id=new_id(),
        referral_id=row.id,
        kind=command.kind,
        recipient_id=command.recipient_id,
        school=school,
        words=said,
        recorded_by=actor.id,
        recorded_at=work.now,
    )
    work.session.add(preference)
    work.session.flush()
    details = {
        "preference_id": preference.id,
        "kind": command.kind,
        "recipient_id": command.recipient_id,
        KEPT: vouched(work.session, row.id, Record.DUTY, key=preference.id),
    }
    audit.record(
        work, actor=actor.id, action="referrals.record_preference", subject=("referral", row.id), details=details
    )


def withdraw_preference(work: Work, actor: Actor, referral_id: str, words: str) -> None:
    """Record why the duty or the order stands no more; the first record stays (R26).

    Raises as find_evaluated does, ConflictError where none stands, InvalidInputError without reasons.
    """
    row, _standing = find_evaluated(work, actor, referral_id)
    standing = select(PreferenceRow).where(PreferenceRow.referral_id == row.id, PreferenceRow.withdrawn_at.is_(None))
    preference = work.session.scalars(standing.with_for_update()).first()
    if preference is None:
        raise ConflictError("No duty or order is recorded.")
    preference.withdrawn_why = check_reason("words", words)
    preference.withdrawn_by, preference.withdrawn_at = actor.id, work.now
    work.session.flush()
    stood = vouched(work.session, row.id, Record.DUTY, key=preference.id)
    details = {"preference_id": preference.id, KEPT: stood}
    audit.record(
        work, actor=actor.id, action="referrals.withdraw_preference", subject=("referral", row.id), details=details
    )


def _check_asked(work: Work, referral_id: str, field: str, recipient_id: str) -> str:
    """Return the name of a setting that was asked; raises InvalidInputError for any other."""
    asked = work.session.get(RecipientRow, recipient_id)
    if asked is None or asked.referral_id != referral_id:
        raise InvalidInputError(field, "Choose one of the settings that were asked.")
    return asked.setting_name
