"""The deadlines of referrals as a calendar that programs subscribe to, by a link that its owner can take back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from kernel.errors import NotFoundError
from kernel.web import ground
from people.actions.issue_grant import token_of
from people.permissions import Permission, may
from people.queries import open_grant, person
from people.queries.kept_links import kept_link
from people.web.guard import current_actor, public, requires
from referrals.actions.answers.keep_calendar import PURPOSE, close_calendar, open_calendar
from referrals.queries.providers import invitations_of
from referrals.rules.deadline_calendar import Deadline, calendar_of

pages = Blueprint("answer_calendar", __name__)

_MOST = 500


@pages.get("/referrals/calendar")
@requires(Permission.REFERRALS_ANSWER)
def link() -> str:
    """Show the link to the calendar of the deadlines."""
    with ground().read() as session:
        kept = kept_link(session, current_actor().id, PURPOSE, ground().clock.now())
    address = f"{ground().base_url}/calendars/referrals/{token_of(ground().keys, kept.id)}.ics" if kept else None
    return render_template("referrals/answers/calendar.html", kept=kept, address=address)


@pages.post("/referrals/calendar/make")
@requires(Permission.REFERRALS_ANSWER)
def make() -> Reply:
    """Make a new link; the one before stops working."""
    with ground().work() as work:
        open_calendar(work, current_actor())
    flash("The link is made. Programs that read an older one get nothing more.")
    return redirect(url_for(".link"), code=303)


@pages.post("/referrals/calendar/take-back")
@requires(Permission.REFERRALS_ANSWER)
def take_back() -> Reply:
    """Take the link back."""
    with ground().work() as work:
        if close_calendar(work, current_actor()):
            flash("The link is taken back. Programs that read it get nothing more.")
    return redirect(url_for(".link"), code=303)


@pages.get("/calendars/referrals/<token>.ics")
@public("calendar programs cannot sign in: the link shows one person's deadlines until it is taken back")
def feed(token: str) -> Response:
    """Hand out the deadlines of the referrals that the owner of the link can open now."""
    now = ground().clock.now()
    with ground().read() as session:
        reader = person(session, open_grant(session, token, PURPOSE, now).target)
        if not may(reader, Permission.REFERRALS_ANSWER):
            raise NotFoundError
        found = invitations_of(session, reader, now, limit=_MOST)
    deadlines = [
        Deadline(
            one.referral_id,
            one.text.reference,
            one.text.area or one.text.council_name,
            one.deadline_at,
            one.version,
            one.issued_at,
            one.is_withdrawn,
        )
        for one in found
    ]
    headers = {"Content-Disposition": 'inline; filename="referrals.ics"', "Cache-Control": "private, no-store"}
    return Response(calendar_of(deadlines, ground().base_url), mimetype="text/calendar", headers=headers)
