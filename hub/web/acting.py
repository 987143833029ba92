from __future__ import annotations

from flask import Flask, g

from kernel.web import ground
from kernel.work import act_for
from people.model import Actor
from people.permissions import Permission
from people.queries import persons
from people.rules.delegation import acting_for


def enter(access: Permission | str) -> None:
    """Let the log name the absent colleagues for whom a request may be made, beside whoever makes it."""
    actor: Actor | None = g.get("actor")
    absent: tuple[str, ...] = ()
    if actor is not None and isinstance(access, Permission):
        absent = acting_for(actor.roles, access)
    act_for(absent)


def _leave(_error: BaseException | None) -> None:
    act_for(())


def _names() -> dict[str, object]:
    """Return for whom whoever is signed in may act, by name, for the line at the top of each page."""
    actor: Actor | None = g.get("actor")
    ids = {held.on_behalf_of for held in actor.roles if held.on_behalf_of} if actor is not None else set()
    if not ids:
        return {"acting_for": []}
    with ground().read() as session:
        return {"acting_for": sorted(card.name for card in persons(session, ids).values())}


def install(app: Flask) -> None:
    """Show on every page for whom one acts, and forget it when a request is over."""
    app.context_processor(_names)
    app.teardown_request(_leave)
