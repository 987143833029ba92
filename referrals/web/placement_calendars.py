"""The dates of placements as a calendar that programs subscribe to, by a link that its owner can take back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.web import ground
from people.actions.issue_grant import token_of
from people.model import Actor
from people.permissions import Permission, may
from people.queries import open_grant, person
from people.queries.kept_links import kept_link
from people.web.guard import current_actor, public, requires
from referrals.actions.placements.keep_calendar import PURPOSE, close_calendar, open_calendar
from referrals.queries.placement_dates import dates_of
from referrals.rules.placement_calendar import calendar_of

pages = Blueprint("placement_calendars", __name__)


@pages.get("/commissioning/placements/calendar")
@requires(Permission.PLACEMENTS_MANAGE)
def council() -> str:
    """Show the link to the calendar of one's council's placements."""
    return _page("referrals.placements.index")


@pages.get("/placements/calendar")
@requires(Permission.PLACEMENTS_OWN)
def provider() -> str:
    """Show the link to the calendar of the placements that one's provider supplies."""
    return _page("referrals.own_placements.index")


@pages.post("/commissioning/placements/calendar/<verb>")
@requires(Permission.PLACEMENTS_MANAGE)
def change_council(verb: str) -> Reply:
    """Make a link, or take it back."""
    return _change(verb, ".council")


@pages.post("/placements/calendar/<verb>")
@requires(Permission.PLACEMENTS_OWN)
def change_provider(verb: str) -> Reply:
    """Make a link, or take it back."""
    return _change(verb, ".provider")


@pages.get("/calendars/placements/<token>.ics")
@public("calendar programs cannot sign in: the link shows the dates of one person's placements until it is taken back")
def feed(token: str) -> Response:
    """Hand out the dates of the placements that the owner of the link may read now."""
    now = ground().clock.now()
    with ground().read() as session:
        reader = person(session, open_grant(session, token, PURPOSE, now).target)
        if not _reads_any(reader):
            raise NotFoundError
        dates = dates_of(session, reader, london_date(now))
    headers = {"Content-Disposition": 'inline; filename="placements.ics"', "Cache-Control": "private, no-store"}
    return Response(calendar_of(dates, ground().base_url), mimetype="text/calendar", headers=headers)


def _reads_any(reader: Actor) -> bool:
    return may(reader, Permission.PLACEMENTS_MANAGE) or may(reader, Permission.PLACEMENTS_OWN)


def _page(back: str) -> str:
    with ground().read() as session:
        kept = kept_link(session, current_actor().id, PURPOSE, ground().clock.now())
    address = f"{ground().base_url}/calendars/placements/{token_of(ground().keys, kept.id)}.ics" if kept else None
    change = ".change_council" if back == "referrals.placements.index" else ".change_provider"
    return render_template("referrals/placements/calendar.html", kept=kept, address=address, back=back, change=change)


def _change(verb: str, page: str) -> Reply:
    if verb not in ("open", "close"):
        raise NotFoundError
    with ground().work() as work:
        if verb == "open":
            open_calendar(work, current_actor())
            flash("The link is made. Programs that read an older one get nothing more.")
        elif close_calendar(work, current_actor()):
            flash("The link is taken back. Programs that read it get nothing more.")
    return redirect(url_for(page), code=303)
