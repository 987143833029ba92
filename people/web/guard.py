from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from flask import g

from people.model import Actor
from people.permissions import STRONG, Permission

View = TypeVar("View", bound=Callable[..., object])
_DECLARED = "hub_access"
_MOST_BYTES = "hub_most_bytes"


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


def takes_body(most_bytes: int) -> Callable[[View], View]:
    """Declare that a view takes a larger body than a form has, for a file; the shell lets it in up to there."""

    def declare(view: View) -> View:
        setattr(view, _MOST_BYTES, most_bytes)
        return view

    return declare


def most_bytes_of(view: Callable[..., object]) -> int | None:
    """Return how large a body a view takes, None where it is as for any form."""
    return cast("int | None", getattr(view, _MOST_BYTES, None))


def declared_access(view: Callable[..., object]) -> Permission | str | None:
    """Return what a view declares: a permission, a reason for being public, or None for nothing."""
    return cast("Permission | str | None", getattr(view, _DECLARED, None))


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
