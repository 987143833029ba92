from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.model import Actor
from people.queries import persons
from referrals.model.approvals import ApprovalKind
from referrals.model.packs import Facts
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.queries.approvals import approvals_of
from referrals.queries.councils import own_referral
from referrals.tables import ContractRow, ReferralRow


def route_facts(session: Session, actor: Actor, referral_id: str) -> Facts:
    """Return by which route a referral of the actor's council went, with all that the route demanded (R5 to R8, R40).

    Raises NotFoundError for any other.
    """
    row, _standing = own_referral(session, actor, referral_id)
    approved = _approved(session, actor, row.id)
    given, facts = Particulars.of(row.particulars), [("Route", Route(row.route).words)]
    facts += _of_the_route(session, row, given)
    if ApprovalKind.DIRECT_AWARD in approved:
        facts.append(("Direct award approved by", approved[ApprovalKind.DIRECT_AWARD]))
    facts += _allowed("Why it went out although not registered", given.override_reason, approved, _OVERRIDE)
    facts += _allowed("Why providers got less time", given.short_reason, approved, _SHORT)
    return tuple(facts)


_OVERRIDE = (ApprovalKind.AP_OVERRIDE, "Registration override approved by")
_SHORT = (ApprovalKind.SHORT_DEADLINE, "Shorter deadline approved by")


def _of_the_route(session: Session, row: ReferralRow, given: Particulars) -> Iterator[tuple[str, str]]:
    if given.reason_code is not None:
        yield "Why this setting alone", given.reason_code.words
        yield "Reasons", given.reasons
        yield "Evidence", given.evidence
    if given.rule_reference:
        yield "Contract procedure rule", given.rule_reference
        yield "Supplier", given.supplier_words
    reference = select(ContractRow.reference).where(ContractRow.id == row.contract_id)
    contract = session.scalar(reference) if row.contract_id else None
    if contract is not None:
        yield "Contract", contract


def _allowed(
    name: str, why: str, approved: dict[ApprovalKind, str], by: tuple[ApprovalKind, str]
) -> Iterator[tuple[str, str]]:
    if why:
        kind, title = by
        yield name, why
        if kind in approved:
            yield title, approved[kind]


def _approved(session: Session, actor: Actor, referral_id: str) -> dict[ApprovalKind, str]:
    """Return who last approved what, by name."""
    found = {one.kind: one.decided_by or "" for one in approvals_of(session, actor, referral_id) if one.is_approved}
    names = {person_id: card.name for person_id, card in persons(session, set(found.values())).items()}
    return {kind: names.get(person_id, "Somebody who has left") for kind, person_id in found.items()}
