from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Protocol

from sqlalchemy.orm import Session

from channels.rules.choose import Reach
from people.model import ContactPoint
from people.queries import contact_facts

NOBODY = Reach((), frozenset())


class Addressed(Protocol):
    """Anything that names a person or a contact point."""

    @property
    def person_id(self) -> str | None: ...  # noqa: D102 - its name says it
    @property
    def contact_point_id(self) -> str | None: ...  # noqa: D102 - its name says it


@dataclass(frozen=True)
class Reaches:
    """How each person of a batch can be reached, with language and quiet hours, read in one go."""

    persons: Mapping[str, Reach]
    points: Mapping[str, ContactPoint]
    languages: Mapping[str, str]
    quiet: Mapping[str, tuple[time | None, time | None]]
    is_postgresql: bool

    def of(self, message: Addressed) -> Reach:
        """Return how the person of a message, or its lone contact point, can be reached."""
        if message.person_id is not None:
            return self.persons.get(message.person_id, NOBODY)
        point = self.points.get(message.contact_point_id or "")
        return Reach((point,), frozenset({point.channel})) if point else NOBODY


def reaches(session: Session, messages: Sequence[Addressed]) -> Reaches:
    """Read the contact points, consents, languages and quiet hours of a batch's persons."""
    facts = contact_facts(
        session,
        person_ids=_distinct(message.person_id for message in messages),
        contact_point_ids=_distinct(message.contact_point_id for message in messages if message.person_id is None),
    )
    by_person: dict[str, list[ContactPoint]] = defaultdict(list)
    for point in facts.points:
        if point.person_id is not None:
            by_person[point.person_id].append(point)
    return Reaches(
        persons={
            person_id: Reach(points, facts.consents.get(person_id, frozenset()))
            for person_id, points in by_person.items()
        },
        points={point.id: point for point in facts.points},
        languages=facts.languages,
        quiet=facts.quiet,
        is_postgresql=session.get_bind().dialect.name == "postgresql",
    )


def _distinct(values: Iterable[str | None]) -> list[str]:
    return list({value for value in values if value is not None})
