from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fps.queries import framework, lot
from kernel.errors import NotFoundError
from kernel.finding import holds
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.placement_reviews import Review, ReviewKind, ReviewOutcome, ReviewTerms
from referrals.model.placements import Basis, EndReason, Fees, Part, PlacementCard, PlacementKind, PlacementState
from referrals.model.routes import Route
from referrals.queries.supplying import supplied_by
from referrals.tables.contracts import ContractRow
from referrals.tables.placements import PlacementPartRow, PlacementReviewRow, PlacementRow


@dataclass(frozen=True)
class WantedPlacements:
    """What narrows a list of placements; nothing where they are empty."""

    words: str = ""
    state: PlacementState | None = None
    kind: PlacementKind | None = None


@dataclass(frozen=True)
class PlacementLine:
    """A placement in a list, with the day of its next review."""

    card: PlacementCard
    next_review_on: date | None


def count_placements(session: Session, actor: Actor, today: date, wanted: WantedPlacements | None = None) -> int:
    """Count the placements of the actor's councils, or those of them that are wanted."""
    found = _found(_of_councils(actor), today, wanted)
    return session.scalar(select(func.count()).select_from(PlacementRow).where(*found)) or 0


def placements_of(
    session: Session,
    actor: Actor,
    today: date,
    wanted: WantedPlacements | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[PlacementLine]:
    """Return the placements of the actor's councils, or those wanted, the newest first; all of them or a page."""
    return _lines(session, _found(_of_councils(actor), today, wanted), offset, limit)


def placement(session: Session, actor: Actor, placement_id: str) -> PlacementCard:
    """Return a placement of the actor's council, with parts and reviews; raises NotFoundError for any other."""
    row = session.get(PlacementRow, placement_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.PLACEMENTS_MANAGE):
        raise NotFoundError
    return full_card(session, row)


def placement_of_referral(session: Session, referral_id: str) -> PlacementCard | None:
    """Return the placement that came of a referral. Who may know of it is the caller's matter."""
    row = session.scalars(select(PlacementRow).where(PlacementRow.referral_id == referral_id)).first()
    return full_card(session, row) if row else None


def count_own_placements(session: Session, actor: Actor, today: date, wanted: WantedPlacements | None = None) -> int:
    """Count the placements to which the actor's providers supply something."""
    found = _found_own(actor, today, wanted)
    return session.scalar(select(func.count()).select_from(PlacementRow).where(*found)) or 0


def own_placements(
    session: Session,
    actor: Actor,
    today: date,
    wanted: WantedPlacements | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> list[PlacementLine]:
    """Return the placements to which the actor's providers supply something, the newest first."""
    lines = _lines(session, _found_own(actor, today, wanted), offset, limit)
    return [PlacementLine(replace(line.card, learner_code=""), line.next_review_on) for line in lines]


def own_placement(session: Session, actor: Actor, placement_id: str) -> PlacementCard:
    """Return a placement as a supplier reads it: its own parts, and no learner code.

    Raises NotFoundError for one to which it supplies nothing, or out of which it was taken.
    """
    providers = organisations_with(actor, Permission.PLACEMENTS_OWN)
    row = session.get(PlacementRow, placement_id)
    card = full_card(session, row) if row else None
    if card is None:
        raise NotFoundError
    parts = tuple(part for part in card.parts if part.provider_id in providers and card.is_supplied(part))
    if not parts:
        raise NotFoundError
    return replace(card, learner_code="", supplier=parts[0].supplier, parts=parts, end_words=None)


def full_card(session: Session, row: PlacementRow) -> PlacementCard:
    """Return a placement with its parts and reviews."""
    parts = session.execute(
        select(PlacementPartRow, ContractRow.reference)
        .outerjoin(ContractRow, ContractRow.id == PlacementPartRow.contract_id)
        .where(PlacementPartRow.placement_id == row.id)
        .order_by(PlacementPartRow.number)
    ).all()
    reviews = session.scalars(
        select(PlacementReviewRow)
        .where(PlacementReviewRow.placement_id == row.id)
        .order_by(PlacementReviewRow.due_on, PlacementReviewRow.id)
    )
    ends_on = framework(session, lot(session, row.lot_id).framework_id).ends_on if row.lot_id else None
    return replace(
        _card(row),
        framework_ends_on=ends_on,
        parts=tuple(_part(part, contract) for part, contract in parts),
        reviews=tuple(review_card(review) for review in reviews),
    )


def review_terms(session: Session, lot_id: str | None) -> ReviewTerms:
    """Return how often placements through a lot's framework are reviewed; the defaults off the framework."""
    return ReviewTerms.of(framework(session, lot(session, lot_id).framework_id).terms if lot_id else {})


def review_card(row: PlacementReviewRow) -> Review:
    """Return a review as other rooms read it."""
    return Review(
        row.id,
        row.placement_id,
        ReviewKind(row.kind),
        row.due_on,
        row.changed_at,
        row.sequence,
        row.held_on,
        ReviewOutcome(row.outcome) if row.outcome else None,
        row.words,
        row.hours_in_school,
        row.return_on,
        row.cancelled_at,
    )


def _lines(
    session: Session, found: Sequence[ColumnElement[bool]], offset: int, limit: int | None
) -> list[PlacementLine]:
    rows = session.scalars(
        select(PlacementRow)
        .where(*found)
        .order_by(PlacementRow.created_at.desc(), PlacementRow.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    due = _next_reviews(session, [row.id for row in rows])
    return [PlacementLine(_card(row), due.get(row.id)) for row in rows]


def _next_reviews(session: Session, placement_ids: Sequence[str]) -> dict[str, date]:
    found: dict[str, list[date]] = defaultdict(list)
    rows = session.execute(
        select(PlacementReviewRow.placement_id, PlacementReviewRow.due_on).where(
            PlacementReviewRow.placement_id.in_(placement_ids),
            PlacementReviewRow.held_on.is_(None),
            PlacementReviewRow.cancelled_at.is_(None),
        )
    )
    for placement_id, due_on in rows:
        found[placement_id].append(due_on)
    return {placement_id: min(days) for placement_id, days in found.items()}


def _of_councils(actor: Actor) -> ColumnElement[bool]:
    return PlacementRow.council_id.in_(organisations_with(actor, Permission.PLACEMENTS_MANAGE))


def _found_own(actor: Actor, today: date, wanted: WantedPlacements | None) -> list[ColumnElement[bool]]:
    """Look for words in a provider's own parts alone: a hit would tell who the others are."""
    providers = organisations_with(actor, Permission.PLACEMENTS_OWN)
    found = [supplied_by(providers), *_narrowed(today, wanted)]
    if wanted and wanted.words.strip():
        words = wanted.words.strip()
        named = supplied_by(providers, holds(PlacementPartRow.supplier, words))
        found.append(or_(holds(PlacementRow.reference, words), named))
    return found


def _found(whose: ColumnElement[bool], today: date, wanted: WantedPlacements | None) -> list[ColumnElement[bool]]:
    found = [whose, *_narrowed(today, wanted)]
    if wanted and wanted.words.strip():
        words = wanted.words.strip()
        found.append(or_(holds(PlacementRow.reference, words), holds(PlacementRow.supplier, words)))
    return found


def _narrowed(today: date, wanted: WantedPlacements | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted is None:
        return conditions
    if wanted.state:
        conditions.append(_is_in(wanted.state, today))
    if wanted.kind:
        conditions.append(PlacementRow.kind == wanted.kind)
    return conditions


def _is_in(state: PlacementState, today: date) -> ColumnElement[bool]:
    """Say in SQL what PlacementCard.state says of one that was read."""
    runs = PlacementRow.ended_on.is_(None)
    is_agreed = and_(runs, PlacementRow.signed_on.is_not(None), PlacementRow.starts_on.is_not(None))
    return {
        PlacementState.ENDED: PlacementRow.ended_on.is_not(None),
        PlacementState.DRAFT: and_(runs, or_(PlacementRow.signed_on.is_(None), PlacementRow.starts_on.is_(None))),
        PlacementState.SIGNED: and_(is_agreed, PlacementRow.starts_on > today),
        PlacementState.RUNNING: and_(is_agreed, PlacementRow.starts_on <= today),
    }[state]


def _card(row: PlacementRow) -> PlacementCard:
    return PlacementCard(
        id=row.id,
        reference=row.reference,
        council_id=row.council_id,
        kind=PlacementKind(row.kind),
        route=Route(row.route),
        referral_id=row.referral_id,
        award_id=row.award_id,
        lot_id=row.lot_id,
        setting_id=row.setting_id,
        provider_id=row.provider_id,
        supplier=row.supplier,
        learner_code=row.learner_code,
        basis=Basis(row.basis) if row.basis else None,
        outcomes=row.outcomes,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        phase_ends_on=row.phase_ends_on,
        council_contact_id=row.council_contact_id,
        provider_contact_id=row.provider_contact_id,
        created_at=row.created_at,
        signed_on=row.signed_on,
        ended_on=row.ended_on,
        end_reason=EndReason(row.end_reason) if row.end_reason else None,
        end_words=row.end_words,
        edition=row.edition,
        framework_ends_on=None,
    )


def _part(row: PlacementPartRow, contract: str | None) -> Part:
    return Part(
        id=row.id,
        number=row.number,
        provider_id=row.provider_id,
        setting_id=row.setting_id,
        supplier=row.supplier,
        service=row.service,
        route=Route(row.route),
        contract=contract,
        bought_under=row.bought_under,
        minutes_a_week=row.minutes_a_week,
        weeks_a_year=row.weeks_a_year,
        fees=Fees(row.education, row.care, row.therapy, row.transport),
        ended_on=row.ended_on,
    )
