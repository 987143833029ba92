from __future__ import annotations

from dataclasses import dataclass, replace

from fps.queries import settings_by_id
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft
from referrals.model.particulars import DirectAwardReason, Particulars
from referrals.model.routes import Route
from referrals.queries.chosen import live_contract
from referrals.rules.routes import check_particulars
from referrals.tables import ReferralRow


@dataclass(frozen=True)
class ChooseRoute:
    """The route of a draft and what it demands; what another route demands is left out of what is kept.

    `setting_id` is for a direct award, `contract_id` for a block call-down or an existing contract.
    """

    referral_id: str
    route: Route
    setting_id: str | None = None
    contract_id: str | None = None
    reason_code: DirectAwardReason | None = None
    reasons: str = ""
    evidence: str = ""
    rule_reference: str = ""
    supplier: str = ""
    supplier_number: str = ""


def choose_route(work: Work, actor: Actor, command: ChooseRoute) -> None:
    """Say by which route a draft goes out, with all that the route demands (R1, R5 to R8).

    Raises NotFoundError for another council's, ConflictError once it is issued, InvalidInputError for what is missing.
    """
    row = find_draft(work, actor, command.referral_id)
    given = _particulars(row, command)
    check_particulars(command.route, given)
    row.route = command.route
    row.setting_id = _setting(work, command)
    row.contract_id = command.contract_id if command.route.has_contract else None
    _check_contract(work, row)
    row.particulars = given.plain()
    row.written_by = actor.id
    work.session.flush()
    details = {
        "route": command.route,
        "setting_id": row.setting_id,
        "contract_id": row.contract_id,
        "reason_code": given.reason_code,
        "rule_reference": given.rule_reference or None,
    }
    audit.record(work, actor=actor.id, action="referrals.choose_route", subject=("referral", row.id), details=details)


def _particulars(row: ReferralRow, command: ChooseRoute) -> Particulars:
    kept = Particulars.of(row.particulars)
    blank = Particulars(
        is_protected=kept.is_protected, override_reason=kept.override_reason, short_reason=kept.short_reason
    )
    if command.route is Route.DIRECT_AWARD:
        return replace(
            blank,
            reason_code=command.reason_code,
            reasons=command.reasons.strip(),
            evidence=command.evidence.strip(),
        )
    if command.route is Route.OFF_FRAMEWORK_SPOT:
        return replace(
            blank,
            rule_reference=command.rule_reference.strip(),
            supplier=command.supplier.strip(),
            supplier_number=command.supplier_number.strip(),
        )
    return blank


def _setting(work: Work, command: ChooseRoute) -> str | None:
    if command.route is not Route.DIRECT_AWARD:
        return None
    if not settings_by_id(work.session, [command.setting_id or ""]):
        raise InvalidInputError("setting_id", "Choose the setting that you want to ask.")
    return command.setting_id


def _check_contract(work: Work, row: ReferralRow) -> None:
    if not Route(row.route).has_contract:
        return
    taken = live_contract(work.session, row, london_date(work.now))
    if taken is None:
        raise InvalidInputError("contract_id", "Choose a contract that runs today and covers this lot.")
    if taken.places_left is not None and taken.places_left <= 0:
        raise InvalidInputError(
            "contract_id", "No place is left in this contract. Choose another one or another route."
        )
    row.setting_id = taken.setting_id
