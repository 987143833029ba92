from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from fps.actions.applications.find_application import find_led
from fps.actions.applications.publish_list import list_settings
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.events import ContractRecorded
from fps.model import Status
from fps.model.applications import Outcome
from fps.queries.application_holds import Pair, unsigned
from fps.queries.applications import decisions_of, entry_names
from fps.queries.joined import published_at
from fps.rules.applications import check_contract
from fps.tables import ApplicationRow, ContractRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.uploads import CheckedFile
from kernel.work import Ground, Work
from people.model import Actor


@dataclass(frozen=True)
class RecordContract:
    """The overarching contract as it was signed: by whom on both sides, when, and from which day it counts."""

    application_id: str
    reference: str
    signed_on: date
    effective_on: date
    provider_signatory: str
    authority_signatory: str
    file: CheckedFile


def record_contract(work: Work, actor: Actor, command: RecordContract) -> None:
    """Record that the contract with an admitted provider is signed; its settings are admitted now.

    They become active on the contract's first day, if their documents hold. Who has left a lot since the letters does
    not come back by it. Raises NotFoundError for another authority's application, ConflictError before the letters are
    out, for a second contract and where nobody waits for it any more, InvalidInputError for what cannot be.
    """
    row = find_led(work, actor, command.application_id)
    admitted = _admitted(work, row)
    today = london_date(work.now)
    if row.told_at is None or not admitted:
        raise ConflictError("No setting of this application is admitted by a decision that is out.")
    if work.session.get(ContractRow, row.id) is not None:
        raise ConflictError("The contract of this application is recorded already.")
    check_contract(command.reference, command.signed_on, command.effective_on, row.standstill_until, today)
    waiting = _waiting(work, row, admitted)
    _keep(work, actor, command)
    for setting_id, lot_id in waiting:
        reason = f"Admitted; contract {command.reference.strip()} is signed."
        take_step(work, actor.id, Step(setting_id, lot_id, Status.ADMITTED, reason))
    details = {
        "signed_on": command.signed_on.isoformat(),
        "effective_on": command.effective_on.isoformat(),
        "joined": len(waiting),
        "left": len(admitted) - len(waiting),
    }
    audit.record(work, actor=actor.id, action="fps.record_contract", subject=("application", row.id), details=details)
    publish(work, ContractRecorded(row.id, row.provider_id))
    activate(work, row.id, actor.id)
    if published_at(work.session, row.round_id) is not None:
        list_settings(work, row.round_id)


def _waiting(work: Work, row: ApplicationRow, admitted: Iterable[Pair]) -> list[Pair]:
    """Return who still waits for the contract, each held on its lot until the end of the work."""
    for setting_id, lot_id in admitted:
        standing_of(work, setting_id, lot_id)
    waiting = unsigned(work.session, row)
    if not waiting:
        raise ConflictError("Nobody waits for this contract any more: the settings have left their lots since.")
    return waiting


def _keep(work: Work, actor: Actor, command: RecordContract) -> None:
    work.session.add(
        ContractRow(
            application_id=command.application_id,
            reference=command.reference.strip(),
            signed_on=command.signed_on,
            effective_on=command.effective_on,
            provider_signatory=command.provider_signatory.strip(),
            authority_signatory=command.authority_signatory.strip(),
            file_name=command.file.name,
            file_kind=command.file.kind,
            content=command.file.content,
            recorded_at=work.now,
            recorded_by=actor.id,
            is_active=False,
        )
    )
    work.session.flush()


def activate(work: Work, application_id: str, by: str = audit.SYSTEM) -> None:
    """Let the admitted settings of a contract become active, from its first day on, where their documents hold.

    Those whose documents do not hold yet stay admitted, and are tried again the next day.
    """
    contract = work.session.get_one(ContractRow, application_id, with_for_update=True)
    if contract.is_active or contract.effective_on > london_date(work.now):
        return
    row = work.session.get_one(ApplicationRow, application_id)
    waiting = [_is_waiting(work, by, pair, contract.reference) for pair in _admitted(work, row)]
    contract.is_active = not any(waiting)
    work.session.flush()


def _is_waiting(work: Work, by: str, pair: Pair, reference: str) -> bool:
    setting_id, lot_id = pair
    if standing_of(work, setting_id, lot_id) is not Status.ADMITTED:
        return False
    try:
        take_step(work, by, Step(setting_id, lot_id, Status.ACTIVE, f"Contract {reference} has begun."))
    except ConflictError:
        return True
    return False


def _admitted(work: Work, row: ApplicationRow) -> list[Pair]:
    names = entry_names(work.session, [row.id])
    found = [
        (names[one.entry_id][1], one.lot_id)
        for one in decisions_of(work.session, row.id)
        if one.outcome is Outcome.ADMIT
    ]
    return sorted((setting_id, lot_id) for setting_id, lot_id in found if setting_id)


def activate_contracts(ground: Ground, slot: datetime) -> None:
    """Let the settings of every contract that has begun become active, contract by contract."""
    due = select(ContractRow.application_id).where(
        ContractRow.effective_on <= london_date(slot), ContractRow.is_active.is_(False)
    )
    with ground.read() as session:
        found = session.scalars(due.order_by(ContractRow.effective_on, ContractRow.application_id)).all()
    for application_id in found:
        with ground.work() as work:
            activate(work, application_id)
