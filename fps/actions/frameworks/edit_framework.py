from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from fps.actions.frameworks.hold_framework import Noted, hold_framework, note_change
from fps.model.frameworks import ChangeKind
from fps.rules.frameworks import check_words
from fps.tables import FrameworkRow
from kernel.errors import InvalidInputError
from kernel.work import Work
from people.model import Actor

LONGEST_NAME, LONGEST_PANEL, LONGEST_REFERENCE = 200, 100, 64


@dataclass(frozen=True)
class Facts:
    """What is said of a framework: its name, its references, and the panel that approves placements, if any."""

    name: str
    contract: str = ""
    ocid: str = ""
    notices: tuple[str, ...] = ()
    approval_panel: str = ""


def edit_framework(work: Work, actor: Actor, framework_id: str, edition: int, facts: Facts) -> None:
    """Change what is said of a framework.

    Raises as hold_framework does, and InvalidInputError for a name that is empty or another framework's.
    """
    row = hold_framework(work, actor, framework_id, edition)
    facts = checked_facts(work, facts, framework_id)
    new = columns_of(facts)
    changed = sorted(name for name, value in new.items() if getattr(row, name) != value)
    for name, value in new.items():
        setattr(row, name, value)
    note_change(work, actor, framework_id, Noted(ChangeKind.EDITED, details={"changed": changed}))


def checked_facts(work: Work, facts: Facts, framework_id: str | None = None) -> Facts:
    """Return the facts without needless blanks; raises InvalidInputError for what cannot be."""
    name = check_words("name", "a name", facts.name, LONGEST_NAME)
    alike = select(FrameworkRow.id).where(func.lower(FrameworkRow.name) == name.lower())
    if work.session.scalar(alike.where(FrameworkRow.id != (framework_id or ""))) is not None:
        raise InvalidInputError("name", "There is a framework of this name. Give this one another.")
    notices = (_reference("notices", notice) for notice in facts.notices if notice.strip())
    return Facts(
        name,
        _reference("contract", facts.contract),
        _reference("ocid", facts.ocid),
        tuple(dict.fromkeys(notices)),
        check_words("approval_panel", "a panel", facts.approval_panel, LONGEST_PANEL)
        if facts.approval_panel.strip()
        else "",
    )


def columns_of(facts: Facts) -> dict[str, object]:
    """Return checked facts as the columns of a framework hold them."""
    return {
        "name": facts.name,
        "contract": facts.contract or None,
        "ocid": facts.ocid or None,
        "notices": list(facts.notices),
        "approval_panel": facts.approval_panel or None,
    }


def _reference(field: str, words: str) -> str:
    return check_words(field, "a reference", words, LONGEST_REFERENCE) if words.strip() else ""
