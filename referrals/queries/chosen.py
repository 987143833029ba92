"""The one setting of a route without a competition, and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from fps.model import Candidate, LotCard, SettingCard
from fps.queries import candidates, lot, settings_by_id
from fps.queries.candidates import held_by
from people.model import Actor
from referrals.model.contracts import ContractCard, ContractKind
from referrals.model.routes import Route
from referrals.queries.contracts import contracts_for
from referrals.queries.drafts import draft_row, need_of
from referrals.rules.eligibility import Reason, Selection, reasons_against
from referrals.rules.routes import against
from referrals.tables import ReferralRow

CONTRACTS = {Route.BLOCK_CALLDOWN: ContractKind.BLOCK, Route.EXISTING_CONTRACT: ContractKind.EXISTING}
"""Of which kind the contract is that a route calls off."""
_NOBODY = Selection((), ())


@dataclass(frozen=True)
class Chosen:
    """Who alone is asked; nobody where the route asks all or none, or where something stands against it."""

    selection: Selection = _NOBODY
    faults: tuple[str, ...] = ()


def chosen_of(session: Session, row: ReferralRow, card: LotCard, found: Iterable[Candidate], on: date) -> Chosen:
    """Return the setting that a draft would ask alone on a day, with every reason against it (R5, R6, R8)."""
    route = Route(row.route)
    if route.is_competitive or not route.asks_provider:
        return Chosen()
    setting_id, faults = row.setting_id, []
    if route.has_contract:
        taken = live_contract(session, row, on)
        setting_id, faults = (taken.setting_id if taken else None), _contract_faults(route, taken)
    candidate = _candidate(session, setting_id, found) if setting_id else None
    if candidate is None:
        return Chosen(faults=tuple(faults) or ("Choose the setting that you want to ask.",))
    reasons = against(route, reasons_against(candidate, card, need_of(row), on))
    faults += [f"{candidate.setting.name}: {reason.words}" for reason in reasons]
    return Chosen(_NOBODY if faults else Selection((candidate,), ()), tuple(faults))


def live_contract(session: Session, row: ReferralRow, on: date) -> ContractCard | None:
    """Return the contract that a draft calls a place off, if it holds on a day and is for the draft's lot."""
    kind = CONTRACTS[Route(row.route)]
    found = contracts_for(session, row.council_id, kind, on, row.lot_id)
    return next((contract for contract in found if contract.id == row.contract_id), None)


def _contract_faults(route: Route, taken: ContractCard | None) -> list[str]:
    if taken is None:
        return ["Choose a contract that runs on the release day and covers this lot."]
    if route is Route.BLOCK_CALLDOWN and taken.places_left is not None and taken.places_left <= 0:
        return ["No place is left in this block contract."]
    return []


def _candidate(session: Session, setting_id: str, found: Iterable[Candidate]) -> Candidate | None:
    """Return the setting as the lot has it, or as the register does where it is on no lot of the framework (R8)."""
    known = next((one for one in found if one.setting.id == setting_id), None)
    card = settings_by_id(session, [setting_id]).get(setting_id)
    if known or card is None:
        return known
    return Candidate(card, None, held_by(session, setting_id))


@dataclass(frozen=True)
class Choice:
    """A setting that a direct award could ask, or the first reason why it could not."""

    setting: SettingCard
    against: str | None


def choosable(session: Session, actor: Actor, referral_id: str, on: date, words: str = "") -> list[Choice]:
    """Return the settings on the lot of a draft, by name, or those with words in it (R5); raises as `draft` does."""
    row = draft_row(session, actor, referral_id)
    card, need, wanted = lot(session, row.lot_id, on), need_of(row), words.strip().casefold()
    found = [
        one
        for one in candidates(session, card.id, on, row.council_id)
        if one.status is not None and wanted in one.setting.name.casefold()
    ]
    return [Choice(one.setting, _first(reasons_against(one, card, need, on))) for one in found]


def _first(reasons: tuple[Reason, ...]) -> str | None:
    return reasons[0].words if reasons else None
