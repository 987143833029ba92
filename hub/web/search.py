from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from hub.web.access import current_session
from hub.web.site import Search, site
from kernel.web import ground
from people.permissions import STRONG, Permission, may
from people.web.guard import current_actor, requires

pages = Blueprint("search", __name__)

SHORTEST, LONGEST = 2, 100
_OF_EACH = 10
_WORDS = "searched"


@dataclass(frozen=True)
class Hit:
    """One thing found, with its address."""

    text: str
    detail: str
    href: str


@dataclass(frozen=True)
class Hits:
    """What was found of one kind; `is_cut` says that there may be more."""

    title: str
    hits: tuple[Hit, ...]
    is_cut: bool


def _words_of(written: str) -> str:
    """Return what is looked for: one line, without what cannot be seen, and not too long."""
    written = written[: 4 * LONGEST]
    return " ".join("".join(letter if letter.isprintable() else " " for letter in written).split())[:LONGEST]


def _open_to(search: Search) -> bool:
    """Tell whether this session may look there: the permission, and the second factor where it needs one."""
    if not may(current_actor(), search.permission) or search.endpoint not in current_app.view_functions:
        return False
    return search.permission not in STRONG or not site().second_factor or current_session().is_strong


def _found(words: str) -> list[Hits]:
    actor, now = current_actor(), ground().clock.now()
    hits: list[Hits] = []
    with ground().read() as database:
        for search in filter(_open_to, site().searches):
            found = search.find(database, actor, words, _OF_EACH + 1, now)
            if found:
                shown = [
                    Hit(one.text, one.detail, url_for(search.endpoint, **{search.argument: one.id}))  # type: ignore[arg-type] # the argument's name comes from the search
                    for one in found[:_OF_EACH]
                ]
                hits.append(Hits(search.title, tuple(shown), len(found) > _OF_EACH))
    return hits


@pages.post("/search")
@requires(Permission.OWN_ACCOUNT)
def ask() -> Response:
    """Keep what is looked for with the session and show what is found: names stand in no address."""
    session[_WORDS] = _words_of(request.form.get("q", ""))
    return redirect(url_for(".find"), code=303)


@pages.get("/search")
@requires(Permission.OWN_ACCOUNT)
def find() -> str:
    """Look for the words last asked for in everything that this person may read, grouped by what it is."""
    words: str = session.get(_WORDS, "")
    is_short = len(words) < SHORTEST
    looked_in = [search.title for search in site().searches if may(current_actor(), search.permission)]
    return render_template(
        "search/found.html",
        words=words,
        is_short=is_short,
        found=[] if is_short else _found(words),
        looked_in=looked_in,
        shortest=SHORTEST,
        longest=LONGEST,
    )
