from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fps.actions.frameworks.write_lot import write_lot
from fps.model import NewLot, Regime
from fps.tables import ExtensionOptionRow, FrameworkRow, FrameworkUserRow, MembershipRow
from kernel import audit
from kernel.errors import ForbiddenError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role


@dataclass(frozen=True)
class OpenFramework:
    """A framework to be put on the register, with its lots and the councils that may buy.

    `members` are (council, first day, last day or None), both days included; `extensions` (months, note), in the order
    of the contract; `users` who may buy besides the councils. `terms` holds what the framework sets differently from
    the defaults of [own] rules, by name.
    """

    name: str
    regime: Regime
    lead_id: str
    starts_on: date
    ends_on: date
    lots: tuple[NewLot, ...]
    members: tuple[tuple[str, date, date | None], ...]
    terms: Mapping[str, int] = field(default_factory=dict)
    contract: str | None = None
    ocid: str | None = None
    notices: tuple[str, ...] = ()
    approval_panel: str | None = None
    extensions: tuple[tuple[int, str], ...] = ()
    users: tuple[str, ...] = ()


def open_framework(work: Work, actor: Actor, command: OpenFramework) -> str:
    """Put a framework on the register and return its id; raises ForbiddenError for any but its lead authority."""
    if not actor.has(Role.LEAD_AUTHORITY, command.lead_id):
        raise ForbiddenError
    framework_id = new_id()
    work.session.add(
        FrameworkRow(
            id=framework_id,
            name=command.name,
            regime=command.regime,
            lead_id=command.lead_id,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            terms=dict(command.terms),
            contract=command.contract,
            ocid=command.ocid,
            notices=list(command.notices),
            approval_panel=command.approval_panel,
        )
    )
    work.session.flush()
    _add_lots(work, framework_id, command)
    _add_who_may_buy(work, framework_id, command)
    audit.record(work, actor=actor.id, action="fps.open_framework", subject=("framework", framework_id))
    return framework_id


def _add_lots(work: Work, framework_id: str, command: OpenFramework) -> None:
    """Add the lots, the oldest first, so that each finds the one whose place it takes."""
    ended: list[tuple[date, int, str]] = []
    for new in sorted(command.lots, key=lambda lot: lot.since or command.starts_on):
        since = new.since or command.starts_on
        before = [lot_id for until, number, lot_id in ended if until < since and number == new.replaces]
        lot_id = write_lot(work, framework_id, new, since, before[-1] if before else None)
        if new.until is not None:
            ended.append((new.until, new.number, lot_id))


def _add_who_may_buy(work: Work, framework_id: str, command: OpenFramework) -> None:
    work.session.add_all(
        MembershipRow(framework_id=framework_id, council_id=council_id, since=since, until=until)
        for council_id, since, until in command.members
    )
    work.session.add_all(
        FrameworkUserRow(id=new_id(), framework_id=framework_id, name=name, since=command.starts_on)
        for name in command.users
    )
    work.session.add_all(
        ExtensionOptionRow(id=new_id(), framework_id=framework_id, number=number, months=months, note=note)
        for number, (months, note) in enumerate(command.extensions, start=1)
    )
