from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage
from channels.model import Reason
from channels.reach import reaches
from channels.rules.choose import Wish, choose
from fps.model import FrameworkCard, LotCard
from fps.queries import candidates, framework, frameworks_of, lot, lots
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import organisation
from referrals.messages import ALERT, asked_values
from referrals.model import AgeBand, Gender, Need, NeedArea, Terms
from referrals.model.criteria import Weights
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.queries.courses import standings
from referrals.rules.deadlines import check_deadline, earliest_deadline_day
from referrals.rules.eligibility import Selection, needs_gender, select_recipients
from referrals.rules.identifying import Finding, identifying_text, unconfirmed
from referrals.rules.issuing import Text, fingerprint, frozen_text, gender_to_show
from referrals.tables import ConfirmationRow, ReferralRow


@dataclass(frozen=True)
class DraftPage:
    """A draft as its council sees it, with what the scan found and no person has let stand yet (R31)."""

    id: str
    reference: str
    council_id: str
    author_id: str
    lot: LotCard
    need: Need
    route: Route
    particulars: Particulars
    weights: Weights
    deadline_on: date | None
    release_at: datetime | None
    unconfirmed: tuple[Finding, ...]


@dataclass(frozen=True)
class Preview:
    """Exactly what an issue at `release_at` would be: who is asked, who is not and why, the text and its alert."""

    framework: FrameworkCard
    lot: LotCard
    terms: Terms
    may_buy: bool
    release_at: datetime
    selection: Selection
    text: dict[str, Any]
    earliest_deadline_on: date
    fingerprint: str


def need_of(row: ReferralRow) -> Need:
    """Return what the commissioner wrote."""
    return Need(
        age_band=AgeBand(row.age_band),
        year_group=row.year_group,
        gender=Gender(row.gender) if row.gender else None,
        need_area=NeedArea(row.need_area),
        outcomes=row.outcomes,
        risk_wording=row.risk_wording,
        travel_zone=row.travel_zone,
        starts_from=row.starts_from,
        starts_until=row.starts_until,
        weekly_hours=row.weekly_hours,
    )


def lots_of(session: Session, council_id: str, on: date) -> list[LotCard]:
    """Return the lots through which a council may buy on that day."""
    return lots(session, [card.id for card in frameworks_of(session, council_id, on)], on)


def draft(session: Session, actor: Actor, referral_id: str) -> DraftPage:
    """Return a draft of the actor's council; raises NotFoundError for any other and for one that is issued."""
    row = _draft_row(session, actor, referral_id)
    return DraftPage(
        row.id,
        row.reference,
        row.council_id,
        row.author_id,
        lot(session, row.lot_id),
        need_of(row),
        Route(row.route),
        Particulars.of(row.particulars),
        Weights.of(row.weights),
        row.deadline_on,
        row.release_at,
        unconfirmed_findings(session, row),
    )


def unconfirmed_findings(session: Session, row: ReferralRow) -> tuple[Finding, ...]:
    """Return what may identify somebody in a draft and no person has let stand (R31)."""
    confirmed = session.scalars(select(ConfirmationRow.finding_key).where(ConfirmationRow.referral_id == row.id))
    return unconfirmed(identifying_text(need_of(row).free_text), confirmed)


def draft_preview(session: Session, actor: Actor, referral_id: str, release_at: datetime) -> Preview:
    """Return the preview of a draft of the actor's council; raises NotFoundError for any other."""
    return preview(session, _draft_row(session, actor, referral_id), release_at)


def preview(session: Session, row: ReferralRow, release_at: datetime) -> Preview:
    """Return what issuing a draft for release at `release_at` would freeze (R2, R3, R9)."""
    on = london_date(release_at)
    card = lot(session, row.lot_id, on)
    under = framework(session, card.framework_id)
    found = candidates(session, card.id, on, row.council_id)
    need, route = need_of(row), Route(row.route)
    selection = select_recipients(found, card, need, on)
    text = frozen_text(
        Text(
            row.reference,
            organisation(session, row.council_id).name,
            card.number,
            card.title,
            _shown(need, asks_gender=needs_gender(found)),
            route,
            Weights.of(row.weights) if route.is_competitive else None,
        )
    )
    terms = Terms.of(under.terms)
    return Preview(
        framework=under,
        lot=card,
        terms=terms,
        may_buy=card.is_live(on) and under.id in {one.id for one in frameworks_of(session, row.council_id, on)},
        release_at=release_at,
        selection=selection,
        text=text,
        earliest_deadline_on=earliest_deadline_day(under.regime, release_at, terms),
        fingerprint=fingerprint(
            text,
            [one.setting.id for one in selection.recipients],
            {out.candidate.setting.id: [one.filter for one in out.reasons] for out in selection.excluded},
            {"contract_id": row.contract_id, **Particulars.of(row.particulars).plain()},
        ),
    )


def _shown(need: Need, *, asks_gender: bool) -> Need:
    return Need(**{**vars(need), "gender": gender_to_show(need.gender, registration_asks=asks_gender)})


def alert_channels(session: Session, contact_ids: Collection[str]) -> Mapping[str, str | None]:
    """Return by which channel an alert would go to each person as things stand, None where none can reach them."""
    asked = [NewMessage(type=ALERT, values={}, person_id=contact_id) for contact_id in contact_ids]
    known = reaches(session, asked)
    wish = Wish(solicited=ALERT.policy.solicited)
    chosen = {str(one.person_id): choose(wish, known.of(one)) for one in asked}
    return {contact_id: None if isinstance(way, Reason) else way.channel for contact_id, way in chosen.items()}


def planned_deadline(shown: Preview, day: date) -> datetime:
    """Return the deadline that a day would give; raises InvalidInputError where R14 or R15 does not allow it."""
    return check_deadline(day, shown.framework.regime, shown.release_at, shown.terms)


def alert_values(shown: Preview, deadline_at: datetime, referral_id: str) -> dict[str, object]:
    """Return the values with which the alert of a preview would be written (R30)."""
    return asked_values(shown.text, deadline_at.isoformat(), referral_id)


def _draft_row(session: Session, actor: Actor, referral_id: str) -> ReferralRow:
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_ISSUE):
        raise NotFoundError
    if standings(session, [row])[row.id].issue is not None:
        raise NotFoundError
    return row
