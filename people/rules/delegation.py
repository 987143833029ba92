"""Acting for somebody who is away: what it opens, and what nobody can hand over. Docs: docs/people.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kernel.errors import InvalidInputError
from people.model import Role, RoleIn
from people.permissions import PERMISSIONS, Permission

NEVER_DELEGATED = frozenset({Role.ADMINISTRATOR, Role.FAMILY, Role.YOUNG_PERSON})
"""Who governs access does it themselves, or a second administrator does; a family's voice is its own."""

LONGEST = timedelta(days=92)

_SELF = "Choose somebody else: you cannot act for yourself."
_STRANGER = "Choose a colleague who has a role in the same organisation."
_NOTHING = "You have no role there that somebody else could take on."
_BACKWARDS = "The last day must not be before the first."
_PAST = "The last day must not be in the past."
_TOO_LONG = "Choose 3 months at most. You can name somebody again after that."
_OVERLAP = "You have already named somebody there for some of these days. End that first."
_AWAY = "They are away themselves for some of these days. Choose somebody else."


@dataclass(frozen=True)
class Span:
    """When a delegation runs: from `starts_at` on, until just before `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: Span) -> bool:
        """Tell whether two have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Handover:
    """What a person wants to hand over, with what the rule must know; the roles are their holders' own."""

    organisation_id: str
    span: Span
    person_id: str
    delegate_id: str
    roles: tuple[RoleIn, ...]
    delegate_roles: tuple[RoleIn, ...]
    own_spans: tuple[Span, ...] = ()
    delegate_away: tuple[Span, ...] = ()


def check_handover(wanted: Handover, now: datetime) -> None:
    """Refuse what is no delegation; raises InvalidInputError at the field that it is about."""
    _check_persons(wanted)
    span = wanted.span
    if span.ends_at <= span.starts_at:
        raise InvalidInputError("ends_on", _BACKWARDS)
    if span.ends_at <= now:
        raise InvalidInputError("ends_on", _PAST)
    if span.ends_at - span.starts_at > LONGEST:
        raise InvalidInputError("ends_on", _TOO_LONG)
    if any(span.meets(other) for other in wanted.own_spans):
        raise InvalidInputError("starts_on", _OVERLAP)
    if any(span.meets(other) for other in wanted.delegate_away):
        raise InvalidInputError("delegate", _AWAY)


def _check_persons(wanted: Handover) -> None:
    if wanted.delegate_id == wanted.person_id:
        raise InvalidInputError("delegate", _SELF)
    if not any(_works_in(held, wanted.organisation_id) for held in wanted.delegate_roles):
        raise InvalidInputError("delegate", _STRANGER)
    if not handed_over(wanted.roles, wanted.delegate_roles, wanted.organisation_id, wanted.person_id):
        raise InvalidInputError("delegate", _NOTHING)


def _works_in(held: RoleIn, organisation_id: str) -> bool:
    return held.organisation_id == organisation_id and held.role not in {Role.FAMILY, Role.YOUNG_PERSON}


def handed_over(
    roles: Iterable[RoleIn], delegate_roles: Iterable[RoleIn], organisation_id: str, person_id: str
) -> tuple[RoleIn, ...]:
    """Return the roles that a delegate holds for the absent person in one organisation.

    Never more than the absent person's own there, never one that was itself handed over (no chains), never one that
    cannot be delegated, and nothing to somebody who does not work there any more.
    """
    if not any(_works_in(held, organisation_id) and held.on_behalf_of is None for held in delegate_roles):
        return ()
    return tuple(
        replace(held, on_behalf_of=person_id)
        for held in roles
        if held.organisation_id == organisation_id and held.on_behalf_of is None and held.role not in NEVER_DELEGATED
    )


def acting_for(roles: Iterable[RoleIn], permission: Permission) -> tuple[str, ...]:
    """Return for whom somebody may be acting when they use a permission.

    Those through whom alone they hold it in an organisation; where their own role carries it too, they act for
    themselves.
    """
    carrying = [held for held in roles if permission in PERMISSIONS[held.role]]
    own = {held.organisation_id for held in carrying if held.on_behalf_of is None}
    return tuple(
        dict.fromkeys(
            held.on_behalf_of for held in carrying if held.on_behalf_of is not None and held.organisation_id not in own
        )
    )
