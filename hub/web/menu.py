from __future__ import annotations

from flask import Flask, g, request, url_for

from channels.queries import count_unread
from hub.web import operations, questions, worries
from hub.web.site import MenuItem, Sandbox, site
from kernel.web import ground
from people.model import Actor
from people.permissions import Permission, may

OWN: tuple[MenuItem, ...] = (
    MenuItem(
        text="Questions",
        endpoint="questions.waiting",
        permission=Permission.QUESTIONS_ANSWER,
        description="Answer what families and providers ask, on the channel they wrote from.",
        waiting=("question to answer", "questions to answer"),
        count=questions.count_waiting,
    ),
    MenuItem(
        text="Worries",
        endpoint="worries.waiting",
        permission=Permission.WORRIES_READ,
        description="Messages with words that may mean somebody is not safe.",
        waiting=("message to read now", "messages to read now"),
        count=worries.count_waiting,
    ),
    MenuItem(
        text="Message history",
        endpoint="history.find",
        permission=Permission.MESSAGES_READ,
        description="See why a message was sent, held or failed, and what happens next.",
    ),
    MenuItem(
        text="Operations",
        endpoint="operations.overview",
        permission=Permission.OPERATIONS,
        description="Work that failed too often and waits for a decision.",
        waiting=("decision to take", "decisions to take"),
        count=operations.count_waiting,
    ),
)


def places(actor: Actor) -> list[MenuItem]:
    """Return the places of the main menu that this person may see."""
    return [item for item in (*site().menu, *OWN) if may(actor, item.permission)]


def _navigation(actor: Actor) -> list[dict[str, object]]:
    here = request.blueprint
    return [
        {
            "text": item.text,
            "href": url_for(item.endpoint),
            "current": request.endpoint == item.endpoint,
            "active": here is not None and item.endpoint.startswith(f"{here}."),
        }
        for item in places(actor)
    ]


def _unread(actor: Actor) -> int:
    with ground().read() as session:
        return count_unread(session, actor.id)


def _of_shell() -> dict[str, object]:
    told = site()
    actor: Actor | None = g.get("actor")
    sandbox_on = told.sandbox is not Sandbox.OFF
    return {
        "product_name": told.product_name,
        "sandbox": told.sandbox.value,
        "sandbox_url": url_for("sandbox.show") if sandbox_on and request.blueprint != "sandbox" else None,
        "actor": actor,
        "navigation": _navigation(actor) if actor else [],
        "unread": _unread(actor) if actor else 0,
    }


def install(app: Flask) -> None:
    """Give the shell's templates the menu, the person signed in and their count of unread messages."""
    app.context_processor(_of_shell)
