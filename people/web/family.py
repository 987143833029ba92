"""A family's own page, by their link: language, ways to reach them, quiet hours, stop and start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TooManyError
from kernel.translation import LOCALES, Phrase, say
from kernel.web import ground
from people.actions.ask_code import ask_code
from people.actions.change_contact_points import add_contact_point, prefer_contact_point, remove_contact_point
from people.actions.confirm_code import confirm_code
from people.actions.edit_person import EditPerson, edit_person
from people.actions.mark_opt_out import start_on_page, stop_on_page
from people.actions.send_details_link import PURPOSE, check_no_account, send_details_link
from people.model import ContactPoint, PersonCard
from people.permissions import Permission
from people.queries import contact_points, open_grant, person
from people.queries.directory import quiet_hours_of
from people.rules.showing import masked
from people.web.contacts import reachable
from people.web.guard import current_actor, public, requires
from people.web.people_forms import HOURS, read_hour, write_hour

pages = Blueprint("family", __name__)

LASTS = timedelta(days=30)
_WHY = "the link is the proof: it went to the person's own phone or email"
_BAD_PHONE = say("people.page.bad_phone", "That is not a phone number. Write it like 07700900982.")
_BAD_EMAIL = say("people.page.bad_email", "That is not an email address. Look at every letter again.")
_NO_CODE = say("people.page.no_code", "Write the 6 numbers that we sent you.")
Page = str | Reply | tuple[str, int]


@dataclass(frozen=True)
class Visit:
    """Somebody at their own details."""

    token: str
    who: PersonCard
    points: tuple[ContactPoint, ...]

    @property
    def home(self) -> str:
        """Return the address of the page itself."""
        return url_for("people.family.show", token=self.token)

    def point(self, point_id: str) -> ContactPoint:
        """Return one of the person's own contact points; raises NotFoundError."""
        found = next((point for point in self.points if point.id == point_id), None)
        if found is None:
            raise NotFoundError
        return found


def _visit(token: str) -> Visit:
    with ground().read() as session:
        grant = open_grant(session, token, PURPOSE, ground().clock.now())
        who = person(session, grant.target)
        g.language = who.language
        g.branded_as = who.roles[0].organisation_id if who.roles else None
        check_no_account(who)
        return Visit(token, who, tuple(contact_points(session, who.id)))


def _page(template: str, visit: Visit, error: Phrase | str | None = None, **values: object) -> Page:
    shown = render_template(
        f"people/family/{template}.html",
        visit=visit,
        error=error,
        phrase=ground().translations.phrase,
        masked=masked,
        **values,
    )
    return shown, 422 if error is not None else 200


@pages.get("/my-details/<token>")
@public(_WHY)
def show(token: str) -> Page:
    """Show what the hub knows of how a person wants to be reached."""
    visit = _visit(token)
    with ground().read() as session:
        quiet = quiet_hours_of(session, visit.who.id)
    known = [point for point in visit.points if point.channel in {"sms", "email"}]
    stopped = bool(known) and all(point.opted_out_at is not None for point in known)
    return _page("details", visit, points=known, quiet=quiet, is_stopped=stopped)


@pages.route("/my-details/<token>/language", methods=["GET", "POST"])
@public(_WHY)
def language(token: str) -> Page:
    """Choose the language of messages."""
    visit = _visit(token)
    chosen = request.form.get("language")
    if request.method == "GET" or chosen not in LOCALES:
        return _page("language", visit, chosen=visit.who.language)
    _edit(visit, language=str(chosen))
    return redirect(url_for(".show", token=token, lang=chosen), code=303)


@pages.route("/my-details/<token>/quiet-hours", methods=["GET", "POST"])
@public(_WHY)
def quiet(token: str) -> Page:
    """Choose when no messages come."""
    visit = _visit(token)
    hours = {value for value, _ in HOURS} | {""}
    start, end = request.form.get("from", ""), request.form.get("to", "")
    if request.method == "POST" and {start, end} <= hours:
        try:
            _edit(visit, quiet=(start, end))
        except InvalidInputError as error:
            return _page("quiet", visit, error.sentence, hours=[value for value, _ in HOURS], start=start, end=end)
        return redirect(visit.home, code=303)
    with ground().read() as session:
        known = quiet_hours_of(session, visit.who.id)
    start, end = write_hour(known[0]), write_hour(known[1])
    return _page("quiet", visit, hours=[value for value, _ in HOURS], start=start, end=end)


def _edit(visit: Visit, *, language: str | None = None, quiet: tuple[str, str] | None = None) -> None:
    with ground().work() as work:
        kept = quiet_hours_of(work.session, visit.who.id)
        start, end = (read_hour(quiet[0]), read_hour(quiet[1])) if quiet else kept
        name = visit.who.name or "-"
        edit_person(work, visit.who, EditPerson(visit.who.id, name, language or visit.who.language, start, end))


@pages.route("/my-details/<token>/add", methods=["GET", "POST"])
@public(_WHY)
def add(token: str) -> Page:
    """Add a phone number or an email address; a code goes there."""
    visit = _visit(token)
    channel = "email" if request.args.get("by") == "email" else "sms"
    written = request.form.get("address", "")[:320]
    if request.method == "GET":
        return _page("add", visit, channel=channel, written="")
    try:
        with ground().work() as work:
            point_id = add_contact_point(work, visit.who, visit.who.id, channel, written)
    except InvalidInputError as error:
        bad = _BAD_EMAIL if channel == "email" else _BAD_PHONE
        sentence = error.sentence if isinstance(error.sentence, Phrase) else bad
        return _page("add", visit, sentence, channel=channel, written=written)
    except (TooManyError, ConflictError) as error:
        return _page("add", visit, error.sentence, channel=channel, written=written)
    return redirect(url_for(".code", token=token, point_id=point_id), code=303)


@pages.route("/my-details/<token>/<point_id>/code", methods=["GET", "POST"])
@public(_WHY)
def code(token: str, point_id: str) -> Page:
    """Enter the code that came."""
    visit = _visit(token)
    point = visit.point(point_id)
    if request.method == "GET":
        return _page("code", visit, point=point)
    typed = request.form.get("code", "")[:40]
    if not typed.strip():
        return _page("code", visit, _NO_CODE, point=point)
    with ground().work() as work:
        refusal = confirm_code(work, visit.who.id, point_id, typed)
    if refusal is not None:
        return _page("code", visit, refusal.sentence, point=point)
    return redirect(visit.home, code=303)


@pages.post("/my-details/<token>/<point_id>/<verb>")
@public(_WHY)
def change(token: str, point_id: str, verb: str) -> Page:
    """Send another code, put first, or take away."""
    visit = _visit(token)
    point = visit.point(point_id)
    try:
        with ground().work() as work:
            if verb == "resend":
                ask_code(work, visit.who.id, point.id)
            elif verb == "prefer":
                prefer_contact_point(work, visit.who, visit.who.id, point.id)
            elif verb == "remove":
                remove_contact_point(work, visit.who, visit.who.id, point.id)
            else:
                raise NotFoundError
    except (ConflictError, TooManyError) as error:
        return _page("refused", visit, error.sentence)
    there = url_for(".code", token=token, point_id=point_id) if verb == "resend" else visit.home
    return redirect(there, code=303)


@pages.post("/my-details/<token>/messages/<wish>")
@public(_WHY)
def messages(token: str, wish: str) -> Reply:
    """Stop all messages, or let them come again (V12); the words STOP and START do so for a whole phone."""
    visit = _visit(token)
    if wish not in {"stop", "start"} or not visit.points:
        raise NotFoundError
    with ground().work() as work:
        (stop_on_page if wish == "stop" else start_on_page)(work, visit.who.id)
    return redirect(visit.home, code=303)


@pages.post("/people/<person_id>/details-link")
@requires(Permission.PEOPLE_MANAGE)
def send(person_id: str) -> Reply:
    """Send a family a link to their own details."""
    with ground().read() as session:
        reachable(session, person_id)
    try:
        with ground().work() as work:
            send_details_link(work, current_actor().id, person_id, lasts=LASTS)
    except TooManyError as error:
        flash(str(error), "refused")
    except ForbiddenError:
        flash("They have an account, and change this there.", "refused")
    else:
        flash("The link is on its way to them. It works for 30 days.")
    return redirect(url_for("people.profile.show", person_id=person_id), code=303)
