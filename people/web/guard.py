from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from flask import g

from people.api_scopes import ApiScope
from people.model import Actor
from people.permissions import STRONG, Permission
from people.queries.api_tokens import ApiTokenCard

View = TypeVar("View", bound=Callable[..., object])
_DECLARED = "hub_access"
_MOST_BYTES = "hub_most_bytes"
_MOST_PRESSES = "hub_most_presses"


class SignInRequiredError(Exception):
    """Nobody is signed in; the shell answers it with the way to sign in."""


class SecondFactorRequiredError(Exception):
    """What is asked for needs a second factor; the shell answers it with the way to prove one."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare that a view asks for a permission. Stands below the route decorator; the shell enforces it."""

    def declare(view: View) -> View:
        setattr(view, _DECLARED, permission)
        return view

    return declare


def public(reason: str) -> Callable[[View], View]:
    """Declare that a view is open to anybody, and why."""

    def declare(view: View) -> View:
        setattr(view, _DECLARED, reason)
        return view

    return declare


def api(scope: ApiScope) -> Callable[[View], View]:
    """Declare that a view asks for a token of the API with a scope.

    The shell lets such a view in by its token alone: it reads no cookie, keeps no session and asks for no form token.
    """

    def declare(view: View) -> View:
        setattr(view, _DECLARED, scope)
        return view

    return declare


def takes_body(most_bytes: int) -> Callable[[View], View]:
    """Declare that a view takes a larger body than a form has, for a file; the shell lets it in up to there."""

    def declare(view: View) -> View:
        setattr(view, _MOST_BYTES, most_bytes)
        return view

    return declare


def limited(limit: str) -> Callable[[View], View]:
    """Declare how often one browser's address may send a form to a view, such as "20 per 1 hour"; the shell counts."""

    def declare(view: View) -> View:
        setattr(view, _MOST_PRESSES, limit)
        return view

    return declare


def limit_of(view: Callable[..., object]) -> str | None:
    """Return how often a form may be sent to a view, None where nobody counts."""
    return cast("str | None", getattr(view, _MOST_PRESSES, None))


def most_bytes_of(view: Callable[..., object]) -> int | None:
    """Return how large a body a view takes, None where it is as for any form."""
    return cast("int | None", getattr(view, _MOST_BYTES, None))


def declared_access(view: Callable[..., object]) -> Permission | ApiScope | str | None:
    """Return what a view declares: a permission, a scope, a reason for being public, or None for nothing."""
    return cast("Permission | ApiScope | str | None", getattr(view, _DECLARED, None))


class TokenRequiredError(Exception):
    """What is asked for needs a token of the API that holds; the shell says so in the API's own form."""


def current_token() -> ApiTokenCard:
    """Return the token with which the API is asked; raises TokenRequiredError where there is none."""
    token: ApiTokenCard | None = g.get("api_token")
    if token is None:
        raise TokenRequiredError
    return token


def current_actor() -> Actor:
    """Return who is signed in; raises SignInRequiredError when nobody is."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise SignInRequiredError
    return actor


def check_strength(permissions: Iterable[Permission]) -> None:
    """Let only a session that has proved a second factor go on, where one of the permissions asks for one.

    For what hands permissions on; what uses them says `requires`. Raises SecondFactorRequiredError.
    """
    if not g.get("is_proved", False) and not STRONG.isdisjoint(permissions):
        raise SecondFactorRequiredError
