"""Who may say that somebody has left, and take it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kernel.errors import ConflictError, ForbiddenError, NotFoundError
from people.model import Role

_ITSELF = "You cannot say of yourself that you have left. Ask another administrator."
_ELSEWHERE = (
    "They also have a role where you do not manage people. End their roles with you; an administrator there can do "
    "the same, and whoever has no role left can no longer sign in."
)
_LAST = "This is the last administrator there. Give the role to somebody else first, so that people can be managed."


@dataclass(frozen=True)
class HeldRole:
    """A role of the person who leaves: whether the actor may end it, and who holds it there."""

    role: Role
    is_theirs_to_end: bool
    holders: Collection[str]


def check_leaving(actor_id: str, person_id: str, held: Iterable[HeldRole]) -> None:
    """Refuse to end all of a person's access where the actor does not manage all of it.

    Raises NotFoundError where they manage none of it, ConflictError where they manage some or where nobody would be
    left to manage people, ForbiddenError for oneself.
    """
    roles = list(held)
    if not any(role.is_theirs_to_end for role in roles):
        raise NotFoundError
    if actor_id == person_id:
        raise ForbiddenError(_ITSELF)
    if not all(role.is_theirs_to_end for role in roles):
        raise ConflictError(_ELSEWHERE)
    if any(role.role is Role.ADMINISTRATOR and set(role.holders) == {person_id} for role in roles):
        raise ConflictError(_LAST)
