from __future__ import annotations

import re
from dataclasses import dataclass

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.translation import LOCALES
from kernel.work import Work
from people.actions.find_request import find_request, note_step
from people.model import Actor
from people.rights.model import RequestKind
from people.tables import PersonRow

_LONGEST_NAME = 200


@dataclass(frozen=True)
class Correction:
    """What is right. Addresses are corrected on the person's page, where a code proves them."""

    name: str
    language: str


def rectify_person(work: Work, actor: Actor, request_id: str, correction: Correction) -> tuple[str, ...]:
    """Correct what a request says is wrong; return which fields changed.

    The log tells which fields they were, not what stood there. Raises ConflictError until somebody has made
    sure who asks, InvalidInputError for what cannot be.
    """
    row = find_request(work, actor, request_id)
    if row.kind != RequestKind.RECTIFICATION or row.person_id is None or row.identity is None:
        raise ConflictError("Say first whom it is about and how you made sure who asks.")
    name = re.sub(r"\s+", " ", correction.name).strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidInputError("name", "Enter the name, in at most {most} characters.", most=_LONGEST_NAME)
    if correction.language not in LOCALES:
        raise InvalidInputError("language", "The hub does not speak {language} yet.", language=correction.language)
    person = work.session.get_one(PersonRow, row.person_id)
    wanted = {"name": name, "language": correction.language}
    changed = tuple(field for field, value in wanted.items() if getattr(person, field) != value)
    for field in changed:
        setattr(person, field, wanted[field])
    details = {"fields": list(changed)}
    audit.record(work, actor=actor.id, action="people.rectify", subject=("person", person.id), details=details)
    note_step(work, row, actor.id, "rectified", ", ".join(changed))
    return changed
