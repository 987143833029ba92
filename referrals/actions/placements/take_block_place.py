from __future__ import annotations

from datetime import date

from sqlalchemy import select

from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
from referrals.model.contracts import ContractKind
from referrals.queries.contracts import cards
from referrals.tables.contracts import ContractRow


def take_block_place(work: Work, contract_id: str, on: date) -> int | None:
    """Take a place under a contract from a day on; return how many are left, None where they are not counted (R6).

    The contract is locked until the commit, so that of two who want the last place one gets it. Raises NotFoundError,
    and ConflictError where the contract does not hold on that day or no place is left.
    """
    row = _lock(work, contract_id)
    card = cards(work.session, [row])[0]
    if not card.is_live(on):
        raise ConflictError("Contract {reference} does not hold on that day.", reference=row.reference)
    if card.places_left == 0:
        raise ConflictError(
            "No place is left under contract {reference}. Choose another contract or another route.",
            reference=row.reference,
        )
    row.taken += 1
    work.session.flush()
    return None if row.places is None else row.places - row.taken


def give_back_place(work: Work, contract_id: str) -> None:
    """Let the next learner have a place that is free again. Once for each place taken: the caller sees to it."""
    _lock(work, contract_id).taken -= 1
    work.session.flush()


def find_free_place(work: Work, council_id: str, kind: ContractKind, setting_id: str, lot_id: str, on: date) -> str:
    """Return the oldest of a council's contracts with a setting that has a place, or does not count them.

    Locks them in order of id, as does everybody who takes one. Raises ConflictError where there is none.
    """
    rows = work.session.scalars(
        select(ContractRow)
        .where(ContractRow.council_id == council_id, ContractRow.kind == kind, ContractRow.setting_id == setting_id)
        .order_by(ContractRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    live = [card for card in cards(work.session, rows) if card.is_live(on) and card.lot_id in (None, lot_id)]
    free = [card for card in live if card.places_left != 0]
    if not free:
        raise ConflictError("No contract of this kind with the setting has a place left on that day.")
    return min(free, key=lambda card: (card.since, card.id)).id


def _lock(work: Work, contract_id: str) -> ContractRow:
    row = work.session.get(ContractRow, contract_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    return row
