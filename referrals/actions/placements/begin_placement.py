from __future__ import annotations

import secrets

from sqlalchemy import select

from fps.queries import settings_by_id
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, NotFoundError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.placements.take_block_place import take_block_place
from referrals.events import PlacementBegun
from referrals.model.awards import AwardCard, Outcome
from referrals.model.routes import Route
from referrals.queries.answers import current_answers
from referrals.rules.opening import open_response
from referrals.rules.placements import kind_of, phase_end
from referrals.tables import ReferralRow
from referrals.tables.placements import PlacementPartRow, PlacementRow

# no vowels, so that no word comes out; nothing that looks like something else
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_REFERENCE_LENGTH = 6


def begin_placement(work: Work, actor: Actor, award: AwardCard) -> str:
    """Begin the placement that a referral was awarded for, and return its id; a second call returns the same (R1).

    One under a contract takes its place in the one that was chosen and approved. Raises ConflictError where no place
    is left there (R6) or nothing was awarded. The caller has locked the referral and checked that the actor may award.
    """
    row = work.session.get(ReferralRow, award.referral_id)
    if row is None:
        raise NotFoundError
    if award.outcome is not Outcome.AWARD:
        raise ConflictError("Nothing was awarded, so no placement begins.")
    begun = work.session.scalar(select(PlacementRow.id).where(PlacementRow.referral_id == row.id))
    if begun is not None:
        return begun
    placement = _placement(work, actor, award, row)
    work.session.add(placement)
    work.session.flush()
    part = _part(work, award, placement, _take_place(work, row))
    _as_offered(work, award, placement, part)
    work.session.add(part)
    work.session.flush()
    audit.record(
        work,
        actor=actor.id,
        action="placements.begin",
        subject=("placement", placement.id),
        details={"referral": row.id, "award": award.id, "route": award.route},
    )
    publish(work, PlacementBegun(placement.id, row.council_id, row.id, award.route))
    return placement.id


def free_reference(work: Work) -> str:
    """Return a reference that tells nothing of learner, number or order, and that no placement has (R30)."""
    while True:
        reference = "P-" + "".join(secrets.choice(_LETTERS) for _ in range(_REFERENCE_LENGTH))
        if work.session.scalar(select(PlacementRow.id).where(PlacementRow.reference == reference)) is None:
            return reference


def _placement(work: Work, actor: Actor, award: AwardCard, row: ReferralRow) -> PlacementRow:
    settings = settings_by_id(work.session, [award.setting_id] if award.setting_id else [])
    setting = settings.get(award.setting_id or "")
    phase_ends_on = phase_end(row.year_group, row.starts_from)
    return PlacementRow(
        id=new_id(),
        reference=free_reference(work),
        council_id=row.council_id,
        kind=kind_of(setting.kind if setting else None),
        route=award.route,
        referral_id=row.id,
        award_id=award.id,
        lot_id=award.lot_id,
        setting_id=award.setting_id,
        provider_id=award.provider_id,
        supplier=award.supplier,
        learner_code="",
        outcomes=row.outcomes,
        starts_on=None,
        ends_on=phase_ends_on,
        phase_ends_on=phase_ends_on,
        council_contact_id=row.author_id,
        provider_contact_id=setting.referral_contact_id if setting else None,
        created_at=work.now,
        created_by=actor.id,
    )


def _part(work: Work, award: AwardCard, placement: PlacementRow, contract_id: str | None) -> PlacementPartRow:
    return PlacementPartRow(
        id=new_id(),
        placement_id=placement.id,
        number=1,
        council_id=placement.council_id,
        provider_id=award.provider_id,
        setting_id=award.setting_id,
        supplier=award.supplier,
        service="The whole placement",
        route=award.route,
        contract_id=contract_id,
        added_at=work.now,
    )


def _as_offered(work: Work, award: AwardCard, placement: PlacementRow, part: PlacementPartRow) -> None:
    """Begin with the first day and the fees of the offer that won; whoever awards has unsealed it (R22)."""
    found = current_answers(work.session, [award.referral_id])
    kept = next((one.kept for one in found if one.kept.recipient_id == award.recipient_id), None)
    if kept is None:
        return
    offer = open_response(kept, work.keys)
    if offer.starts_on and placement.ends_on and offer.starts_on <= placement.ends_on:
        placement.starts_on = offer.starts_on
    if offer.costs and not offer.costs.unsplit:
        part.education, part.care = offer.costs.education, offer.costs.care
        part.therapy, part.transport = offer.costs.therapy, offer.costs.transport


def _take_place(work: Work, row: ReferralRow) -> str | None:
    """Take a place under the contract that was chosen for the referral; return the contract (R6, R8)."""
    if not Route(row.route).has_contract:
        return None
    if row.contract_id is None:
        raise ConflictError("No contract was chosen for this referral.")
    take_block_place(work, row.contract_id, london_date(work.now))
    return row.contract_id
