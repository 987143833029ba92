from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fps.queries import frameworks_of, lot, setting
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.contracts import ContractKind
from referrals.tables.contracts import ContractRow

_LONGEST_REFERENCE, _MOST_PLACES = 40, 999
_TAKEN = "Your council has a contract with this reference already. Enter another reference."


@dataclass(frozen=True)
class WrittenContract:
    """What can be changed of a contract: its reference, its last day, and how many places it has."""

    reference: str
    until: date | None
    places: int | None


@dataclass(frozen=True)
class RecordContract:
    """A contract of a council with a setting; without a lot it holds for every lot."""

    council_id: str
    kind: ContractKind
    setting_id: str
    lot_id: str | None
    since: date
    written: WrittenContract


def record_contract(work: Work, actor: Actor, command: RecordContract) -> str:
    """Record a block contract (R6) or an existing contract (R8); return its id.

    Raises ForbiddenError for another council, NotFoundError for an unknown setting or lot, ConflictError for a
    reference that the council has already, InvalidInputError.
    """
    if command.council_id not in organisations_with(actor, Permission.PLACEMENTS_MANAGE):
        raise ForbiddenError
    if command.lot_id is not None:
        _check_lot(work, command)
    row = ContractRow(
        id=new_id(),
        council_id=command.council_id,
        kind=command.kind,
        setting_id=command.setting_id,
        provider_id=setting(work.session, command.setting_id).provider_id,
        lot_id=command.lot_id,
        since=command.since,
        taken=0,
        recorded_at=work.now,
        recorded_by=actor.id,
    )
    with _one_reference(work):
        _write(work, row, command.written)
        work.session.add(row)
    _tell(work, actor, "contracts.record", row)
    return row.id


def change_contract(work: Work, actor: Actor, contract_id: str, written: WrittenContract) -> None:
    """Change a contract; never to fewer places than learners hold (R6).

    Raises NotFoundError for another council's, ConflictError for a reference that the council has already,
    InvalidInputError.
    """
    row = work.session.get(ContractRow, contract_id, with_for_update=True, populate_existing=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.PLACEMENTS_MANAGE):
        raise NotFoundError
    with _one_reference(work):
        _write(work, row, written)
    _tell(work, actor, "contracts.change", row)


@contextmanager
def _one_reference(work: Work) -> Iterator[None]:
    """Raise ConflictError where a colleague has just taken the same reference."""
    try:
        with work.session.begin_nested():
            yield
    except IntegrityError:
        raise ConflictError(_TAKEN) from None


def _check_lot(work: Work, command: RecordContract) -> None:
    frameworks = frameworks_of(work.session, command.council_id, london_date(work.now))
    if lot(work.session, command.lot_id or "").framework_id not in {each.id for each in frameworks}:
        raise InvalidInputError("lot", "Your council cannot buy through this lot today. Choose another.")


def _write(work: Work, row: ContractRow, written: WrittenContract) -> None:
    reference = written.reference.strip()
    if not reference or len(reference) > _LONGEST_REFERENCE:
        raise InvalidInputError(
            "reference",
            "Enter the contract's reference, with at most {count} characters.",
            count=_LONGEST_REFERENCE,
        )
    if written.until is not None and written.until < row.since:
        raise InvalidInputError("until", "The last day must not be before the first.")
    if row.kind == ContractKind.BLOCK and written.places is None:
        raise InvalidInputError("places", "Enter how many places the block contract has.")
    if written.places is not None and not max(1, row.taken) <= written.places <= _MOST_PLACES:
        raise InvalidInputError(
            "places",
            "Enter a number of places from {least} to {most}. {taken} are held by learners now.",
            least=max(1, row.taken),
            most=_MOST_PLACES,
            taken=row.taken,
        )
    same = select(ContractRow.id).where(
        ContractRow.council_id == row.council_id, ContractRow.reference == reference, ContractRow.id != row.id
    )
    with work.session.no_autoflush:
        if work.session.scalar(same) is not None:
            raise ConflictError(_TAKEN)
    row.reference, row.until, row.places = reference, written.until, written.places


def _tell(work: Work, actor: Actor, action: str, row: ContractRow) -> None:
    details = {
        "kind": row.kind,
        "setting": row.setting_id,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "places": row.places,
    }
    audit.record(work, actor=actor.id, action=action, subject=("contract", row.id), details=details)
