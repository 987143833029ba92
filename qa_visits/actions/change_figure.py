from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kernel.audit import record
from kernel.errors import ForbiddenError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, may
from qa_visits.model import VisitSettings
from qa_visits.rules.figures import with_figures
from qa_visits.tables import FigureRow


@dataclass(frozen=True)
class ChangeFigure:
    """A new value for one of the figures of DOMAIN.md 4, under its name in rules/figures.py."""

    name: str
    value: Any


def change_figure(work: Work, actor: Actor, command: ChangeFigure) -> None:
    """Change a figure for the whole hub from now on.

    Reminders already set keep their day until the next one is reckoned. Raises ForbiddenError for anybody without
    the run of the hub, NotFoundError for an unknown name, InvalidInputError for a value out of bounds.
    """
    if not may(actor, Permission.OPERATIONS):
        raise ForbiddenError
    with_figures(VisitSettings(), {command.name: command.value})
    work.session.merge(FigureRow(name=command.name, value=command.value, changed_at=work.now, changed_by=actor.id))
    record(
        work,
        actor=actor.id,
        action="qa_visits.change_figure",
        subject=("figure", command.name),
        details={"value": command.value},
    )
