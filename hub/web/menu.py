from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

from channels.waiting import unread
from hub.web import operations, questions, rights, worries
from hub.web.site import Group, MenuItem, Sandbox, Watch, site
from kernel.web import ground
from people.model import Actor
from people.permissions import Permission, may
from people.waiting import Tally
from referrals.queries.webhooks import parked_waiting

_FITS_IN_A_ROW = 6
_ACCOUNT = (
    ("Your account", "account.show"),
    ("Your details", "people.own.show"),
    ("Second factor", "second_factor.manage"),
    ("When you are away", "delegation.mine"),
)

OWN: tuple[MenuItem, ...] = (
    MenuItem(
        "Questions",
        "questions.waiting",
        Permission.QUESTIONS_ANSWER,
        "Answer what families and providers ask, on the channel they wrote from.",
        Group.FAMILIES,
        (Watch("question to answer", "questions to answer", questions.waiting_here, is_since=True),),
    ),
    MenuItem(
        "Worries",
        "worries.waiting",
        Permission.WORRIES_READ,
        "Messages with words that may mean somebody is not safe.",
        Group.FAMILIES,
        (Watch("message to read now", "messages to read now", worries.waiting_here, is_since=True),),
    ),
    MenuItem(
        "Message history",
        "history.find",
        Permission.MESSAGES_READ,
        "See why a message was sent, held or failed, and what happens next.",
    ),
    MenuItem(
        "Rights requests",
        "rights.index",
        Permission.RIGHTS_HANDLE,
        "Answer people who ask what is held about them, or to correct or erase it.",
        Group.PEOPLE,
        (Watch("request to answer", "requests to answer", rights.waiting_here),),
    ),
    MenuItem(
        "Retention",
        "retention.show",
        Permission.RETENTION_RUN,
        "See how long what is kept, and what will go next.",
    ),
    MenuItem("Audit log", "audit_log.show", Permission.AUDIT_READ, "See who did what, and that nobody changed it."),
    MenuItem(
        "Administration",
        "administration.overview",
        Permission.ADMINISTER,
        "Check the channels, see the messages, look after councils.",
        watches=(
            Watch(
                "webhook that a system did not take",
                "webhooks that a system did not take",
                parked_waiting,
                to="webhooks.every",
                is_since=True,
            ),
        ),
    ),
    MenuItem(
        "Operations",
        "operations.overview",
        Permission.OPERATIONS,
        "Work that failed too often and waits for a decision.",
        watches=(
            Watch("decision to take", "decisions to take", operations.parked_work, is_since=True),
            Watch(
                "message that reached nobody", "messages that reached nobody", operations.failed_lately, is_since=True
            ),
        ),
    ),
)


def places(actor: Actor) -> list[MenuItem]:
    """Return the places of the main menu that this person may see."""
    return [item for item in (*site().menu, *OWN) if may(actor, item.permission)]


@dataclass(frozen=True)
class Entry:
    """One link of the main menu."""

    text: str
    href: str
    is_current: bool
    is_active: bool


@dataclass(frozen=True)
class Part:
    """One part of the main menu, with the links in it."""

    text: str
    entries: tuple[Entry, ...]

    @property
    def is_active(self) -> bool:
        """Tell whether the page at hand belongs to it."""
        return any(entry.is_active for entry in self.entries)


def _navigation(actor: Actor) -> list[Part]:
    """Return the main menu in its parts; a part in which a person has no place is left out."""
    here = request.blueprint
    entries: dict[Group, list[Entry]] = {group: [] for group in Group}
    for item in places(actor):
        is_active = here is not None and item.endpoint.startswith(f"{here}.")
        current = request.endpoint == item.endpoint
        entries[item.group].append(Entry(item.text, url_for(item.endpoint), current, is_active))
    return [Part(group, tuple(found)) for group, found in entries.items() if found]


def unread_count() -> Tally:
    """Count what the person signed in has not read; once a request."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return Tally()
    if "unread" not in g:
        with ground().read() as session:
            g.unread = unread(session, actor.id)
    counted: Tally = g.unread
    return counted


def _account() -> list[Entry]:
    """Return the links of the person's own menu."""
    known = current_app.view_functions
    return [
        Entry(text, url_for(endpoint), request.endpoint == endpoint, request.endpoint == endpoint)
        for text, endpoint in _ACCOUNT
        if endpoint in known
    ]


def _of_shell() -> dict[str, object]:
    told = site()
    actor: Actor | None = g.get("actor")
    sandbox_on = told.sandbox is not Sandbox.OFF
    navigation = _navigation(actor) if actor else []
    return {
        "sandbox": told.sandbox.value,
        "sandbox_url": url_for("sandbox.show") if sandbox_on and request.blueprint != "sandbox" else None,
        "actor": actor,
        "navigation": navigation,
        "is_menu_long": sum(len(part.entries) for part in navigation) > _FITS_IN_A_ROW,
        "account": _account() if actor else [],
        "unread": unread_count().count,
        "may_search": actor is not None and may(actor, Permission.OWN_ACCOUNT),
    }


def install(app: Flask) -> None:
    """Give the shell's templates the menu, the person signed in and their count of unread messages."""
    app.context_processor(_of_shell)
