from __future__ import annotations

from datetime import date

from kernel.errors import ConflictError, NotFoundError
from kernel.work import Work
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


def _lock(work: Work, contract_id: str) -> ContractRow:
    row = work.session.get(ContractRow, contract_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    return row
