from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from kernel import audit
from kernel.errors import InvalidInputError, NotFoundError
from kernel.translation import LOCALES, say
from kernel.work import Work
from people.model import Actor
from people.tables import PersonRow

LONGEST_NAME = 200
_NAMELESS = say("people.name_missing", "Enter a name.")
_TOO_LONG = say("people.name_too_long", "The name is too long: 200 letters at most.")
_HALF = say("people.quiet_half", "Enter both times, or leave both empty.")


@dataclass(frozen=True)
class EditPerson:
    """What a person is called, reads, and when they want quiet; without hours the usual ones hold (V12)."""

    person_id: str
    name: str
    language: str
    quiet_from: time | None = None
    quiet_to: time | None = None


def edit_person(work: Work, actor: Actor, command: EditPerson) -> None:
    """Write what was changed about a person; whoever calls has checked that the actor may.

    Raises InvalidInputError for an empty name, a language that the hub does not speak, half of the quiet hours;
    NotFoundError for somebody unknown.
    """
    row = work.session.get(PersonRow, command.person_id, with_for_update=True)
    if row is None:
        raise NotFoundError
    name = checked_name(command.name)
    if command.language not in LOCALES:
        raise InvalidInputError("language", "The hub does not speak {language} yet.", language=command.language)
    if (command.quiet_from is None) != (command.quiet_to is None):
        raise InvalidInputError("quiet_to", _HALF)
    new = {
        "name": name,
        "language": command.language,
        "quiet_from": command.quiet_from,
        "quiet_to": command.quiet_to,
    }
    changed = sorted(field for field, value in new.items() if getattr(row, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(row, field, new[field])
    audit.record(work, actor=actor.id, action="people.edit", subject=("person", row.id), details={"changed": changed})


def checked_name(written: str) -> str:
    """Return a name with single spaces; raises InvalidInputError for none or an overlong one."""
    name = re.sub(r"\s+", " ", written).strip()
    if not name:
        raise InvalidInputError("name", _NAMELESS)
    if len(name) > LONGEST_NAME:
        raise InvalidInputError("name", _TOO_LONG)
    return name
