"""Referrals for case systems of councils."""

from __future__ import annotations

from hub.web.api import referral_models as models
from hub.web.api.operations import Asking
from hub.web.api.parameters import Nothing, Paged
from hub.web.api.register import next_page
from kernel.work import Work
from people.queries.api_tokens import ApiTokenCard
from referrals.actions.draft_for_program import draft_for_program
from referrals.model import Need
from referrals.model.webhooks import EventType
from referrals.queries.systems import StatusCard, decision_on, status_of, statuses_after
from referrals.queries.webhooks import events_after


def create_draft(work: Work, token: ApiTokenCard, sent: models.NewDraft) -> models.Referral:
    """Begin a draft, and return how it stands."""
    need = Need(
        age_band=sent.age_band,
        year_group=sent.year_group,
        gender=sent.gender,
        need_area=sent.need_area,
        outcomes=sent.outcomes,
        risk_wording=sent.risk_wording,
        travel_zone=sent.travel_zone,
        starts_from=sent.starts_from,
        starts_until=sent.starts_until,
        weekly_hours=sent.weekly_hours,
    )
    referral_id = draft_for_program(work, token, sent.lot_id, need, is_protected=sent.is_protected)
    return _referral(status_of(work.session, token.organisation_id, referral_id, work.now))


def path_of(made: models.Referral) -> str:
    """Return where a referral is read."""
    return f"/referrals/{made.id}"


def referrals(asking: Asking, wanted: Paged) -> models.ReferralList:
    """Return a page of the referrals of the token's council."""
    council_id = asking.token.organisation_id
    found = statuses_after(asking.session, council_id, asking.now, wanted.after, wanted.limit)
    further = next_page("/referrals", wanted, [card.id for card in found])
    return models.ReferralList(items=[_referral(card) for card in found], next=further)


def one_referral(asking: Asking, _wanted: Nothing) -> models.Referral:
    """Return how one referral of the token's council stands."""
    return _referral(status_of(asking.session, asking.token.organisation_id, asking.ids["referral_id"], asking.now))


def award(asking: Asking, _wanted: Nothing) -> models.Award:
    """Return what was decided on a referral of the token's council."""
    card, placement_id = decision_on(asking.session, asking.token.organisation_id, asking.ids["referral_id"])
    return models.Award(
        id=card.id,
        referral_id=card.referral_id,
        route=card.route,
        outcome=card.outcome,
        setting_id=card.setting_id,
        supplier=card.supplier,
        next_step=card.next_step,
        decided_at=card.decided_at,
        told_at=card.told_at,
        standstill_until=card.standstill_until,
        confirmed_at=card.confirmed_at,
        placement_id=placement_id,
    )


def facts(asking: Asking, wanted: Paged) -> models.EventList:
    """Return a page of what the systems of the token's council were told, or would have been."""
    council_id = asking.token.organisation_id
    found = events_after(asking.session, council_id, asking.now, wanted.after, wanted.limit)
    return models.EventList(
        items=[
            models.Event(
                id=card.id,
                type=EventType(card.type),
                created_at=card.at,
                council_id=card.council_id,
                data=card.data,
            )
            for card in found
        ],
        next=next_page("/events", wanted, [card.id for card in found]),
    )


def _referral(card: StatusCard) -> models.Referral:
    return models.Referral(
        id=card.id,
        reference=card.reference,
        lot_id=card.lot_id,
        route=card.route,
        status=card.phase,
        created_at=card.created_at,
        version=card.version,
        release_at=card.release_at,
        deadline_at=card.deadline_at,
        asked=card.counts.asked,
        answered=card.counts.answered,
        is_decided=card.is_decided,
        closed_at=card.closed_at,
    )
