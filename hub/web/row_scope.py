from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, g, request

from kernel import scope
from people.model import Actor, Role
from people.permissions import Permission, may
from people.queries.api_tokens import ApiTokenCard

WHOLE_HUB: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.OPERATIONS: "work that failed may be anybody's, and who runs the hub decides about it",
        Permission.RETENTION_RUN: "what is kept and for how long is the same for all",
    }
)
"""Permissions whose pages are about every organisation's rows, and why."""
SHOWS_OWN = frozenset({"home.start"})
"""Pages that are open to anybody and show more to whoever is signed in: the rows that are theirs."""
_ASKED_NOT_ACTING = (Role.FAMILY, Role.YOUNG_PERSON)


def scope_of(actor: Actor) -> scope.Scope:
    """Return whose rows a person may touch: those of the organisations for which they act, and their own.

    Families and young people are asked by an organisation and do not act for it.
    """
    acting = (held.organisation_id for held in actor.roles if held.role not in _ASKED_NOT_ACTING)
    return scope.Scope(actor.id, tuple(dict.fromkeys(acting)), is_operator=may(actor, Permission.OPERATIONS))


def enter(access: Permission | str) -> None:
    """Keep a request of somebody signed in to their rows, in the database itself.

    A page that asks for no permission proves itself by its link, or signs people in: it is the system's own.
    """
    actor: Actor | None = g.get("actor")
    is_own = access not in WHOLE_HUB if isinstance(access, Permission) else request.endpoint in SHOWS_OWN
    scope.enter(scope_of(actor) if actor is not None and is_own else None)


def enter_token(token: ApiTokenCard) -> None:
    """Keep a request of a program to the rows of its organisation; a token acts for that one alone and is no person."""
    scope.enter(scope.Scope(token.id, (token.organisation_id,)))


def _leave(_error: BaseException | None) -> None:
    scope.enter(None)


def install(app: Flask) -> None:
    """Leave the scope when a request is over: its thread answers somebody else next."""
    app.teardown_request(_leave)
