from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from sqlalchemy import select

from fps.queries import frameworks_of, lot
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ForbiddenError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.actions.find_referral import find_draft, note_writer
from referrals.model import Need
from referrals.model.particulars import Particulars
from referrals.rules.drafting import check_need
from referrals.tables import ReferralRow

# no vowels, so that no word comes out; nothing that looks like something else
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_REFERENCE_LENGTH = 6


@dataclass(frozen=True)
class Draft:
    """What a commissioner of a council writes for a lot.

    `is_protected`: the learner has an EHC plan or is looked after; no provider reads it (R40).
    """

    council_id: str
    lot_id: str
    need: Need
    is_protected: bool = False


def draft_referral(work: Work, actor: Actor, draft: Draft) -> str:
    """Begin a referral and return its id.

    Raises ForbiddenError for another council, InvalidInputError for a lot through which the council cannot buy or
    for what the draft lacks.
    """
    _check(work, actor, draft)
    referral_id = new_id()
    row = ReferralRow(
        id=referral_id,
        reference=free_reference(work),
        council_id=draft.council_id,
        author_id=actor.id,
        created_at=work.now,
    )
    _write(row, draft)
    work.session.add(row)
    work.session.flush()
    audit.record(work, actor=actor.id, action="referrals.draft", subject=("referral", referral_id))
    return referral_id


def edit_draft(work: Work, actor: Actor, referral_id: str, draft: Draft) -> None:
    """Change a draft; what was confirmed of its wording holds where the words stayed.

    Raises as draft_referral does, NotFoundError for another council's and ConflictError for one that is issued.
    """
    row = find_draft(work, actor, referral_id)
    _check(work, actor, draft)
    if draft.council_id != row.council_id:
        raise ForbiddenError
    _write(row, draft)
    note_writer(row, actor)
    audit.record(work, actor=actor.id, action="referrals.edit_draft", subject=("referral", referral_id))


def _check(work: Work, actor: Actor, draft: Draft) -> None:
    if draft.council_id not in organisations_with(actor, Permission.REFERRALS_ISSUE):
        raise ForbiddenError
    today = london_date(work.now)
    frameworks = frameworks_of(work.session, draft.council_id, today)
    card = lot(work.session, draft.lot_id)
    if not card.is_live(today) or card.framework_id not in {framework.id for framework in frameworks}:
        raise InvalidInputError("lot", "Your council cannot buy through this lot today. Choose another.")
    check_need(draft.need)


def _write(row: ReferralRow, draft: Draft) -> None:
    need = draft.need
    row.lot_id = draft.lot_id
    row.age_band, row.year_group, row.gender = need.age_band, need.year_group, need.gender
    row.need_area = need.need_area
    row.outcomes = need.outcomes.strip()
    row.risk_wording = need.risk_wording.strip()
    row.travel_zone = need.travel_zone.strip()
    row.starts_from, row.starts_until = need.starts_from, need.starts_until
    row.weekly_hours = need.weekly_hours
    row.particulars = replace(Particulars.of(row.particulars), is_protected=draft.is_protected).plain()


def free_reference(work: Work) -> str:
    """Return a reference that tells nothing of learner, number or order, and that no referral has (R30)."""
    while True:
        reference = "R-" + "".join(secrets.choice(_LETTERS) for _ in range(_REFERENCE_LENGTH))
        if work.session.scalar(select(ReferralRow.id).where(ReferralRow.reference == reference)) is None:
            return reference
