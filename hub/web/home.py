from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, g, render_template, url_for
from sqlalchemy.orm import Session

from hub.web.menu import places
from hub.web.site import MenuItem
from kernel.web import ground
from people.model import Actor
from people.web.guard import public

pages = Blueprint("home", __name__)


@dataclass(frozen=True)
class Place:
    """A place of the start page; `waiting` says how much waits there, empty where nothing is counted."""

    text: str
    href: str
    description: str
    count: int | None
    waiting: str


def _place(session: Session, actor: Actor, item: MenuItem) -> Place:
    if item.count is None or item.waiting is None:
        return Place(item.text, url_for(item.endpoint), item.description, None, "")
    count = item.count(session, actor, ground().clock.now())
    one, many = item.waiting
    return Place(item.text, url_for(item.endpoint), item.description, count, one if count == 1 else many)


@pages.get("/")
@public("says what this is; shows more only to whoever is signed in")
def start() -> str:
    """Show what waits for the person signed in, or the way to sign in."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return render_template("home/welcome.html")
    with ground().read() as session:
        shown = [_place(session, actor, item) for item in places(actor)]
    return render_template(
        "home/start.html",
        waiting=[place for place in shown if place.count],
        others=[place for place in shown if not place.count],
    )
