from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fps.model import NewLot, Regime
from fps.tables import FrameworkRow, LotRow, MembershipRow
from kernel import audit
from kernel.errors import ForbiddenError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role


@dataclass(frozen=True)
class OpenFramework:
    """A framework to be put on the register, with its lots and the councils that may buy.

    `members` are (council, first day, last day or None), both days included.
    `terms` holds what the framework sets differently from the defaults of [own] rules, by name.
    """

    name: str
    regime: Regime
    lead_id: str
    starts_on: date
    ends_on: date
    lots: tuple[NewLot, ...]
    members: tuple[tuple[str, date, date | None], ...]
    terms: Mapping[str, int] = field(default_factory=dict)


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
        )
    )
    work.session.flush()
    work.session.add_all(
        LotRow(
            id=new_id(),
            framework_id=framework_id,
            number=lot.number,
            name=lot.name,
            required_documents=list(lot.required_documents),
        )
        for lot in command.lots
    )
    work.session.add_all(
        MembershipRow(framework_id=framework_id, council_id=council_id, since=since, until=until)
        for council_id, since, until in command.members
    )
    audit.record(work, actor=actor.id, action="fps.open_framework", subject=("framework", framework_id))
    return framework_id
