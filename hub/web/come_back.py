"""Families who come back without their link: a code to their own phone or email shows what is open for them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply

from hub.actions.send_way_in import TO_COME_BACK, is_family
from hub.web import asking
from kernel.errors import InvalidInputError, NotFoundError, TooLateError
from kernel.translation import Phrase, say
from kernel.web import ground
from people.actions.issue_grant import spend_grant
from people.actions.open_family_visit import PURPOSE, open_family_visit
from people.model import Grant, PersonCard
from people.queries import contact_point, open_grant, persons_by_address
from people.rules.codes import Refusal
from people.web.guard import public
from surveys.actions.go_on import go_on
from surveys.queries import surveys_for

pages = Blueprint("come_back", __name__)

_VISIT = "family"
_WHY = "families have no account: a code to their own phone or email is the proof"
_BAD = {
    "sms": say("hub.come_back.page", "That is not a phone number. Write it like 07700900982."),
    "email": say("hub.come_back.page", "That is not an email address. Look at every letter again."),
}
_NO_CODE = say("hub.come_back.page", "Write the 6 numbers that we sent you.")
Page = str | Reply | tuple[str, int]


@dataclass(frozen=True)
class Visit:
    """Somebody who proved that a phone or mailbox is theirs, and whom they may be: a phone may be shared."""

    grant: Grant
    people: tuple[PersonCard, ...]

    @property
    def person_ids(self) -> list[str]:
        """The ids of whoever is reached there."""
        return [who.id for who in self.people]


def _page(template: str, error: Phrase | None = None, **values: object) -> Page:
    shown = render_template(f"come_back/{template}.html", error=error, phrase=ground().translations.phrase, **values)
    return shown, 422 if error is not None else 200


@pages.route("/my-answers", methods=["GET", "POST"])
@public(_WHY)
def ask() -> Page:
    """Ask for a phone number, or for an email address; the answer is the same whether we know it or not."""
    channel = "email" if request.args.get("by") == "email" else "sms"
    written = request.form.get("address", "")[:320]
    if request.method == "GET":
        return _page("ask", channel=channel, written="")
    try:
        asking.ask(TO_COME_BACK, channel, written)
    except InvalidInputError:
        return _page("ask", _BAD[channel], channel=channel, written=written)
    return redirect(url_for(".code", by=channel), code=303)


@pages.route("/my-answers/code", methods=["GET", "POST"])
@public(_WHY)
def code() -> Page:
    """Take the code that came."""
    if asking.browser() is None:
        return redirect(url_for(".ask"), code=303)
    channel = "email" if request.args.get("by") == "email" else "sms"
    typed = request.form.get("code", "").strip()[:40]
    if request.method == "GET" or not typed:
        return _page("code", _NO_CODE if request.method == "POST" else None, channel=channel)
    taken = asking.try_code(TO_COME_BACK, typed)
    if isinstance(taken, Refusal):
        return _page("code", taken.sentence, channel=channel)
    with ground().work() as work:
        session[_VISIT] = open_family_visit(work, taken)
    return redirect(url_for(".show"), code=303)


@pages.get("/my-answers/open")
@public(_WHY)
def show() -> Page:
    """Show what somebody was asked: what is open to go on with, and what they have finished."""
    with ground().read() as database:
        visit = _visit(database)
        if visit is None:
            return redirect(url_for(".ask"), code=303)
        own = surveys_for(database, visit.person_ids)
    names = {who.id: who.name for who in visit.people} if len(visit.people) > 1 else {}
    return _page(
        "open",
        names=names,
        waiting=[each for each in own if each.closes_at is not None],
        finished=[each for each in own if each.is_finished],
    )


@pages.post("/my-answers/open/<session_id>")
@public(_WHY)
def continue_one(session_id: str) -> Page:
    """Go on with a survey where it was left."""
    with ground().work() as work:
        visit = _visit(work.session)
        if visit is None:
            return redirect(url_for(".ask"), code=303)
        token = go_on(work, visit.person_ids, session_id)
    return redirect(url_for("surveys.answering.show", token=token), code=303)


@pages.post("/my-answers/close")
@public(_WHY)
def close() -> Page:
    """End the visit, for whoever shares this phone or computer."""
    with ground().work() as work:
        visit = _visit(work.session)
        if visit is not None:
            spend_grant(work, visit.grant.id)
    session.pop(_VISIT, None)
    return _page("closed")


def _visit(database: Session) -> Visit | None:
    """Return the visit that this browser has open, in its person's language."""
    token = session.get(_VISIT)
    if token is None:
        return None
    try:
        grant = open_grant(database, token, PURPOSE, ground().clock.now())
        point = contact_point(database, grant.target)
    except (NotFoundError, TooLateError):
        session.pop(_VISIT)
        return None
    people = tuple(who for who in persons_by_address(database, point.channel, point.address) if is_family(who))
    g.language = next((who.language for who in people), None)
    return Visit(grant, people)
