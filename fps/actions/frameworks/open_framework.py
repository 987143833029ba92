from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fps.actions.frameworks.change_members import LONGEST_USER, existence
from fps.actions.frameworks.edit_framework import Facts, checked_facts, columns_of
from fps.actions.frameworks.hold_framework import Noted, note_change
from fps.actions.frameworks.write_lot import write_lot
from fps.model import NewLot, Regime
from fps.model.frameworks import ChangeKind, Days
from fps.queries.frameworks import all_lots, framework_card
from fps.rules.frameworks import (
    check_kinds,
    check_lot_days,
    check_membership,
    check_months,
    check_number,
    check_term,
    check_words,
)
from fps.tables import ExtensionOptionRow, FrameworkRow, FrameworkUserRow, MembershipRow
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
    """Put a framework on the register and return its id.

    Raises ForbiddenError for any but its lead authority, InvalidInputError for a name that is taken, for days that
    cannot be, and for lots or members that contradict each other.
    """
    if not actor.has(Role.LEAD_AUTHORITY, command.lead_id):
        raise ForbiddenError
    check_term(command.starts_on, command.ends_on)
    facts = checked_facts(
        work,
        Facts(
            command.name,
            command.contract or "",
            command.ocid or "",
            command.notices,
            command.approval_panel or "",
        ),
    )
    row = FrameworkRow(
        id=new_id(),
        regime=command.regime,
        lead_id=command.lead_id,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        terms=dict(command.terms),
        edition=1,
        **columns_of(facts),
    )
    work.session.add(row)
    work.session.flush()
    _add_lots(work, row, command)
    _add_members(work, row, command)
    _add_users_and_options(work, row, command)
    note_change(work, actor, row.id, Noted(ChangeKind.OPENED))
    return row.id


def _add_lots(work: Work, row: FrameworkRow, command: OpenFramework) -> None:
    """Add the lots, the oldest first, so that each finds the one whose place it takes."""
    ended: list[tuple[date, int, str]] = []
    for new in sorted(command.lots, key=lambda lot: lot.since or command.starts_on):
        since = new.since or command.starts_on
        days = Days(since, new.until)
        check_lot_days(framework_card(row), days)
        check_number(new.number, days, all_lots(work.session, row.id))
        check_kinds(new.kinds)
        before = [lot_id for until, number, lot_id in ended if until < since and number == new.replaces]
        lot_id = write_lot(work, row.id, new, since, before[-1] if before else None)
        if new.until is not None:
            ended.append((new.until, new.number, lot_id))


def _add_members(work: Work, row: FrameworkRow, command: OpenFramework) -> None:
    held: dict[str, list[Days]] = {}
    for council_id, since, until in command.members:
        days, before = Days(since, until), held.setdefault(council_id, [])
        check_membership(framework_card(row), existence(work, council_id), days, before)
        before.append(days)
        work.session.add(MembershipRow(framework_id=row.id, council_id=council_id, since=since, until=until))


def _add_users_and_options(work: Work, row: FrameworkRow, command: OpenFramework) -> None:
    for name in dict.fromkeys(command.users):
        checked = check_words("users", "who may use the framework", name, LONGEST_USER)
        work.session.add(FrameworkUserRow(id=new_id(), framework_id=row.id, name=checked, since=row.starts_on))
    for number, (months, note) in enumerate(command.extensions, start=1):
        check_months(months)
        option = ExtensionOptionRow(id=new_id(), framework_id=row.id, number=number, months=months, note=note)
        work.session.add(option)
    work.session.flush()
