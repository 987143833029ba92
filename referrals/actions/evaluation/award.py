from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from referrals.actions.approvals.ask_approval import AskApproval, ask_approval
from referrals.actions.evaluation.find_evaluated import find_open
from referrals.actions.evaluation.tell_outcome import tell_outcome
from referrals.actions.find_referral import find_referral
from referrals.actions.placements.begin_placement import begin_placement
from referrals.events import ReferralAwarded
from referrals.model.approvals import ApprovalKind
from referrals.model.awards import AwardCard, Outcome
from referrals.model.particulars import Particulars
from referrals.model.records import Record
from referrals.model.routes import Route
from referrals.queries.approvals import approval
from referrals.queries.awards import award_card, award_mark, award_of, evaluated, panel_of
from referrals.queries.conflicts import check_free
from referrals.queries.courses import Standing
from referrals.queries.evaluations import preference_of
from referrals.queries.records import vouched
from referrals.rules.awarding import check_award, check_lawful, check_seen, check_supplier, standstill_end
from referrals.rules.evaluating import check_reason
from referrals.rules.records import KEPT
from referrals.tables import AwardRow, RecipientRow, ReferralRow


@dataclass(frozen=True)
class AwardReferral:
    """Who is awarded, and why. `recipient_id` is None off the framework, where the supplier stands in the referral.

    `seen` is the mark of the offers that the person has looked at, empty off the framework where there are none.
    """

    referral_id: str
    recipient_id: str | None
    reasons: str
    seen: str = ""


def award_referral(work: Work, actor: Actor, command: AwardReferral) -> AwardCard:
    """Award a referral: record the decision, tell all who were asked at once, and begin the placement (R24 to R27).

    Where the framework has a panel, its approval of exactly this must stand. With a standstill the placement waits
    for confirm_award; where nobody competed nobody waits for one, and a place under a contract is taken at once (R6).
    Raises NotFoundError for another council's, ConflictError while something is missing, once it is decided and where
    an offer is not the one that was looked at, InvalidInputError for an offer that does not rank first or without
    reasons.
    """
    row, standing = find_open(work, actor, command.referral_id)
    winner = _checked(work, actor, row, standing, command)
    days = standing.terms.standstill_days if standing.route.is_competitive else 0
    award = _decide(work, actor, row, command, (winner, standstill_end(work.now, days)))
    tell_outcome(work, actor.id, award, standing)
    if award.standstill_until is None:
        _begin(work, actor, award)
    work.session.flush()
    return award_card(award)


def ask_award_approval(work: Work, actor: Actor, command: AwardReferral) -> str:
    """Ask for the approval that the framework's panel must give before an award; return the question's id.

    Raises as award_referral does, and ConflictError where the framework has no panel.
    """
    row, standing = find_open(work, actor, command.referral_id)
    winner = _checked(work, actor, row, standing, command)
    if panel_of(work.session, row) is None:
        raise ConflictError("No panel approves awards of this framework. You can award it.")
    asked = AskApproval(row.id, ApprovalKind.AWARD, command.reasons.strip(), _mark(work, row, winner, command))
    return ask_approval(work, actor, asked)


def confirm_award(work: Work, actor: Actor, referral_id: str) -> str:
    """Begin the placement once the standstill is over, and return its id (R27).

    Raises NotFoundError for another council's, ForbiddenError for whoever has a conflict of interest (R25),
    ConflictError before the end of the standstill or where there is nothing to begin; a second press returns the same
    placement.
    """
    row = find_referral(work, actor, referral_id)
    check_free(work.session, actor, row.id)
    found = award_of(work.session, row.id)
    award = work.session.get(AwardRow, found.id, with_for_update=True, populate_existing=True) if found else None
    if award is None or award.outcome != Outcome.AWARD:
        raise ConflictError("Nothing was awarded, so no placement begins.")
    if award.standstill_until is not None and work.now < award.standstill_until:
        raise ConflictError("The standstill is not over yet. The placement begins after it.")
    return _begin(work, actor, award)


def _checked(
    work: Work, actor: Actor, row: ReferralRow, standing: Standing, command: AwardReferral
) -> RecipientRow | None:
    """Return who wins, None off the framework; raises as award_referral does."""
    check_reason("reasons", command.reasons)
    if standing.route is Route.OFF_FRAMEWORK_SPOT:
        check_supplier(Particulars.of(row.particulars).supplier, preference_of(work.session, row.id))
        return None
    found = evaluated(work.session, actor, row.id, standing, work.keys)
    if not found.offers:
        raise ConflictError("Nobody has offered a place. End the referral without an award, and say what follows.")
    if standing.route.is_competitive:
        check_award(command.recipient_id, found)
    else:
        check_lawful(command.recipient_id, found)
    check_seen(command.seen, found)
    return work.session.get(RecipientRow, command.recipient_id)


def _approver(work: Work, row: ReferralRow, winner: RecipientRow | None, command: AwardReferral) -> str | None:
    """Return who approved exactly this for the framework's panel, None where it has none.

    Raises ConflictError where nobody did, InvalidInputError for other reasons than those that were approved.
    """
    panel = panel_of(work.session, row)
    if panel is None:
        return None
    found = approval(work.session, row.id, ApprovalKind.AWARD, _mark(work, row, winner, command))
    if found is None or not found.is_approved:
        raise ConflictError("This award must be approved first: {panel}.", panel=panel)
    if found.reasons != command.reasons.strip():
        raise InvalidInputError("reasons", "Award it for the reasons that were approved, word for word.")
    return found.decided_by


def _mark(work: Work, row: ReferralRow, winner: RecipientRow | None, command: AwardReferral) -> str:
    return award_mark(work.session, row.id, winner.id if winner else "", command.seen)


def _decide(
    work: Work,
    actor: Actor,
    row: ReferralRow,
    command: AwardReferral,
    found: tuple[RecipientRow | None, datetime | None],
) -> AwardRow:
    """Keep the decision: who wins, None off the framework, and until when everybody waits."""
    winner, standstill_until = found
    award = AwardRow(
        id=new_id(),
        referral_id=row.id,
        council_id=row.council_id,
        lot_id=row.lot_id,
        route=row.route,
        outcome=Outcome.AWARD,
        recipient_id=winner.id if winner else None,
        setting_id=winner.setting_id if winner else None,
        provider_id=winner.provider_id if winner else None,
        supplier=winner.setting_name if winner else Particulars.of(row.particulars).supplier_words,
        reasons=command.reasons.strip(),
        decided_by=actor.id,
        decided_at=work.now,
        approved_by=_approver(work, row, winner, command),
        standstill_until=standstill_until,
    )
    work.session.add(award)
    row.closed_at, row.closed_by, row.closed_reason = work.now, actor.id, award.reasons
    work.session.flush()
    details = {
        "award_id": award.id,
        "recipient_id": award.recipient_id,
        "route": row.route,
        KEPT: vouched(work.session, row.id, Record.DECISION),
    }
    audit.record(work, actor=actor.id, action="referrals.award", subject=("referral", row.id), details=details)
    publish(work, ReferralAwarded(row.id, row.council_id, award.id, Outcome.AWARD, row.route))
    return award


def _begin(work: Work, actor: Actor, award: AwardRow) -> str:
    if award.confirmed_at is None:
        award.confirmed_at, award.confirmed_by = work.now, actor.id
        work.session.flush()
        audit.record(
            work,
            actor=actor.id,
            action="referrals.confirm_award",
            subject=("referral", award.referral_id),
            details={"award_id": award.id, KEPT: vouched(work.session, award.referral_id, Record.BEGUN)},
        )
    return begin_placement(work, actor, award_card(award))
