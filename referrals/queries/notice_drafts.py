"""What a notice would tell of its awards as things stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model import FrameworkCard, LotCard, SettingCard
from fps.queries import framework, lots_by_id, settings_by_id
from kernel.keys import Keys
from people.model import OrganisationCard
from people.queries import organisations_by_id
from referrals.model.criteria import Weights
from referrals.model.evaluation import OFFERS
from referrals.model.notices import AwardToTell, Named, NoticeDuty
from referrals.model.routes import Route
from referrals.queries.answers import current_answers
from referrals.queries.notices import prefix_or_placeholder
from referrals.rules.open_contracting import Publisher, release_package
from referrals.rules.opening import open_response
from referrals.tables import (
    AwardRow,
    IssueRow,
    PlacementPartRow,
    PlacementRow,
    ReferralRow,
)


@dataclass(frozen=True)
class _Known:
    """Everything that several awards refer to, each read once."""

    referrals: Mapping[str, ReferralRow]
    issues: Mapping[str, IssueRow]
    placements: Mapping[str, PlacementRow]
    yearly: Mapping[str, int]
    organisations: Mapping[str, OrganisationCard]
    settings: Mapping[str, SettingCard]
    lots: Mapping[str, LotCard]
    frameworks: Mapping[str, FrameworkCard]
    tenders: Mapping[str, int]


@dataclass(frozen=True)
class Desk:
    """What drafting stands on: the keys of the answers, the hub's address, and the time."""

    keys: Keys
    base_url: str
    now: datetime


def drafted(session: Session, duty: NoticeDuty, desk: Desk) -> dict[str, Any]:
    """Return the draft of a notice as it would be now: a release package of the Open Contracting Data Standard."""
    publisher = Publisher(
        _named(organisations_by_id(session, {duty.council_id})[duty.council_id]),
        f"{desk.base_url}/commissioning/notices/{duty.key}/draft.json",
        prefix_or_placeholder(session, duty.council_id),
    )
    return release_package(publisher, awards_to_tell(session, duty.award_ids, desk.keys), desk.now)


def awards_to_tell(session: Session, award_ids: Iterable[str], keys: Keys) -> list[AwardToTell]:
    """Return what a notice tells of awards, in a number of statements that does not grow with them.

    Whose they are is the caller's matter. Answers are opened to count the offers: an award comes after the unsealing.
    """
    rows = session.scalars(select(AwardRow).where(AwardRow.id.in_(list(award_ids))).order_by(AwardRow.id)).all()
    known = _known(session, rows, keys)
    return [_to_tell(row, known) for row in rows]


def _known(session: Session, rows: Sequence[AwardRow], keys: Keys) -> _Known:
    referral_ids = [row.referral_id for row in rows]
    own = select(ReferralRow).where(ReferralRow.id.in_(referral_ids))
    issued = select(IssueRow).where(IssueRow.referral_id.in_(referral_ids)).order_by(IssueRow.version)
    placed = select(PlacementRow).where(PlacementRow.award_id.in_([row.id for row in rows]))
    placements = {str(row.award_id): row for row in session.scalars(placed)}
    lots = lots_by_id(session, {row.lot_id for row in rows})
    organisations = {row.council_id for row in rows} | {row.provider_id for row in rows if row.provider_id}
    return _Known(
        referrals={row.id: row for row in session.scalars(own)},
        issues={row.referral_id: row for row in session.scalars(issued)},
        placements=placements,
        yearly=_yearly(session, [row.id for row in placements.values()]),
        organisations=organisations_by_id(session, organisations),
        settings=settings_by_id(session, {row.setting_id for row in rows if row.setting_id}),
        lots=lots,
        frameworks={key: framework(session, key) for key in {lot.framework_id for lot in lots.values()}},
        tenders=_tenders(session, referral_ids, keys),
    )


def _tenders(session: Session, referral_ids: Sequence[str], keys: Keys) -> Mapping[str, int]:
    """Return how many settings offered a place, by referral."""
    current = current_answers(session, referral_ids)
    return Counter(one.referral_id for one in current if open_response(one.kept, keys).kind in OFFERS)


def _yearly(session: Session, placement_ids: Sequence[str]) -> Mapping[str, int]:
    """Return the fees of what was awarded, by placement: its first part, which stays. Others were bought besides."""
    part = PlacementPartRow
    rows = select(part.placement_id, part.education, part.care, part.therapy, part.transport).where(
        part.placement_id.in_(placement_ids), part.number == 1
    )
    return {placement_id: sum(fee or 0 for fee in fees) for placement_id, *fees in session.execute(rows)}


def _to_tell(row: AwardRow, known: _Known) -> AwardToTell:
    lot, issue, placement = known.lots[row.lot_id], known.issues.get(row.referral_id), known.placements.get(row.id)
    route = Route(row.route)
    under = known.frameworks[lot.framework_id]
    setting = known.settings.get(row.setting_id or "")
    provider = known.organisations.get(row.provider_id or "")
    return AwardToTell(
        award_id=row.id,
        reference=known.referrals[row.referral_id].reference,
        route=route,
        lot=lot.title if route.is_on_framework else None,
        framework=under.name if route.is_on_framework else None,
        framework_ocid=under.ocid if route.is_on_framework else None,
        buyer=_named(known.organisations[row.council_id]),
        supplier=_named(provider) if provider else Named(row.supplier, f"supplier-{row.id}"),
        setting=Named(setting.name, setting.id, "GB-EDU", setting.urn) if setting else None,
        released_at=issue.release_at if issue else None,
        deadline_at=issue.deadline_at if issue else None,
        tenders=known.tenders.get(row.referral_id, 0),
        weights=_weights(issue),
        decided_at=row.decided_at,
        placement=placement.reference if placement else None,
        starts_on=placement.starts_on if placement else None,
        ends_on=placement.ends_on if placement else None,
        signed_on=placement.signed_on if placement else None,
        ended_on=placement.ended_on if placement else None,
        yearly=known.yearly.get(placement.id) if placement else None,
    )


def _weights(issue: IssueRow | None) -> tuple[tuple[str, int], ...]:
    if issue is None:
        return ()
    return tuple((criterion.words, points) for criterion, points in Weights.of(issue.text.get("weights")))


def _named(card: OrganisationCard) -> Named:
    """Name an organisation; a council by its code of the Office for National Statistics, which has no list's scheme."""
    return Named(card.name, card.id, "XI-GSS" if card.code else None, card.code)
