from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, current_app, g, render_template, url_for
from sqlalchemy.orm import Session

from hub.web.dates import age, day, moment
from hub.web.menu import places, unread_count
from hub.web.site import MenuItem, Watch
from kernel.calendar import london_date
from kernel.web import ground
from people.model import Actor
from people.permissions import Permission, may
from people.waiting import Tally, Waiting
from people.web.guard import public

pages = Blueprint("home", __name__)

_DIRECTORY = "fps.directory.index"
_ROUNDS = "fps.joining.index"

_WHEN = {
    "late": ("Due {}", "First due {}"),
    "due": ("Due {}", "Next due {}"),
    "coming": ("{}", "First: {}"),
    "since": ("Has waited {}", "First has waited {}"),
}
"""How the moment of one thing is told, and how that of the first of several."""


@dataclass(frozen=True)
class Line:
    """So many of one kind of thing, the next step as a link, and by when or since when."""

    count: int
    what: str
    href: str
    when: str
    first: date


@dataclass(frozen=True)
class Overview:
    """What the start page says of work: past its time, waiting, and coming by itself; each by its first moment."""

    late: tuple[Line, ...]
    due: tuple[Line, ...]
    coming: tuple[Line, ...]


_MESSAGES = Watch(
    "message to read",
    "messages to read",
    lambda _session, _actor, _now: Waiting(due=unread_count()),
    to="inbox.messages",
    is_since=True,
)


def _when(kind: str, tally: Tally, now: datetime, *, is_since: bool) -> str:
    if tally.first is None:
        return ""
    one, many = _WHEN["since" if is_since and kind != "coming" else kind]
    if not isinstance(tally.first, datetime):
        told = day(tally.first)
    else:
        told = age(tally.first, now) if is_since else moment(tally.first)
    return (one if tally.count == 1 else many).format(told)


def _line(kind: str, tally: Tally, watch: Watch, place: str, now: datetime) -> Line:
    first = tally.first or date.max
    return Line(
        tally.count,
        watch.one if tally.count == 1 else watch.many,
        url_for(watch.to or place, **watch.args),  # type: ignore[arg-type] # names of arguments come from the watch
        _when(kind, tally, now, is_since=watch.is_since),
        london_date(first) if isinstance(first, datetime) else first,
    )


def _overview(session: Session, actor: Actor, items: Iterable[MenuItem], now: datetime) -> Overview:
    found: dict[str, list[Line]] = {"late": [], "due": [], "coming": []}
    watches = [(watch, item.endpoint) for item in items for watch in item.watches]
    if may(actor, Permission.OWN_INBOX):
        watches.append((_MESSAGES, ""))
    for watch, place in watches:
        waiting = watch.look(session, actor, now)
        for kind, lines in found.items():
            tally: Tally = getattr(waiting, kind)
            if tally.count:
                lines.append(_line(kind, tally, watch, place, now))
    return Overview(*(tuple(sorted(lines, key=lambda line: line.first)) for lines in found.values()))


@pages.get("/")
@public("says what this is; shows more only to whoever is signed in")
def start() -> str:
    """Show what waits for the person signed in and what is late, or the way to sign in."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        there = current_app.view_functions
        return render_template("home/welcome.html", has_directory=_DIRECTORY in there, has_rounds=_ROUNDS in there)
    mine = places(actor)
    with ground().read() as session:
        overview = _overview(session, actor, mine, ground().clock.now())
    shown = [(item.text, url_for(item.endpoint), item.description) for item in mine]
    return render_template("home/start.html", overview=overview, places=shown)
