"""Ways to reach a person: the same pages for one's own (/account/details) and for those whom one manages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply

from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooManyError
from kernel.web import ground
from people.actions.ask_code import ask_code
from people.actions.change_consent import give_consent, withdraw_consent
from people.actions.change_contact_points import add_contact_point, prefer_contact_point, remove_contact_point
from people.actions.confirm_code import confirm_code
from people.model import ContactPoint
from people.permissions import Permission
from people.queries import contact_point
from people.queries.directory import Profile, managed_profile
from people.web.contact_forms import AddressForm, CodeForm
from people.web.guard import current_actor, requires
from people.web.seeing import sight
from people.web.words import CHANNELS

pages = Blueprint("contacts", __name__)

Page = str | Reply | tuple[str, int]


def reachable(session: Session, person_id: str) -> tuple[Profile, tuple[ContactPoint, ...]]:
    """Return a person whose contact points may be changed by whoever is signed in, and these; raises NotFoundError."""
    found = managed_profile(session, sight(), person_id)
    if found.points is None:
        raise NotFoundError
    return found, found.points


def _check(person_id: str, *, to_add: bool = False) -> Profile:
    """Return whom one manages; to add an address or enter its code, they must not have an account of their own."""
    with ground().read() as session:
        found = reachable(session, person_id)[0]
    if to_add and not found.may_add_contacts:
        raise NotFoundError
    return found


def _home(person_id: str) -> str:
    return url_for("people.profile.show", person_id=person_id)


@pages.route("/people/<person_id>/contacts/add", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def add(person_id: str) -> Page:
    """Add a way to reach a person; a code goes there."""
    found = _check(person_id, to_add=True)
    return adding(
        person_id,
        found.name,
        _home(person_id),
        lambda point_id: url_for(".confirm", person_id=person_id, point_id=point_id),
    )


@pages.route("/people/<person_id>/contacts/<point_id>/confirm", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def confirm(person_id: str, point_id: str) -> Page:
    """Enter the code that went to a person."""
    _check(person_id, to_add=True)
    resend = url_for(".change", person_id=person_id, point_id=point_id, verb="resend")
    return confirming(person_id, point_id, _home(person_id), resend)


@pages.post("/people/<person_id>/contacts/<point_id>/<verb>")
@requires(Permission.PEOPLE_READ)
def change(person_id: str, point_id: str, verb: str) -> Reply:
    """Send another code, put first, or take away."""
    _check(person_id, to_add=verb == "resend")
    there = url_for(".confirm", person_id=person_id, point_id=point_id)
    return changing(person_id, point_id, verb, _home(person_id), there)


@pages.post("/people/<person_id>/consent/<channel>/<verb>")
@requires(Permission.PEOPLE_READ)
def consent(person_id: str, channel: str, verb: str) -> Reply:
    """Note that somebody agreed to be written to unasked, or does not any more."""
    _check(person_id)
    return consenting(person_id, channel, verb, _home(person_id))


def adding(person_id: str, name: str, home: str, confirm_at: Callable[[str], str], replaces: str | None = None) -> Page:
    """Show the form for a new contact point and add it; `confirm_at` says where its code is entered."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                point_id = add_contact_point(
                    work, current_actor(), person_id, form.channel.data, form.address.data, replaces_id=replaces
                )
        except InvalidInputError as error:
            form.show(error)
        except (TooManyError, ConflictError) as error:
            form.show_at(form.address, str(error))
        else:
            return redirect(confirm_at(point_id), code=303)
    page = render_template("people/add_contact.html", form=form, name=name, home=home, is_change=bool(replaces))
    return page, 422 if form.is_submitted() else 200


def confirming(person_id: str, point_id: str, home: str, resend: str) -> Page:
    """Show the form for a code and take it."""
    with ground().read() as session:
        point = _point_of(session, person_id, point_id)
    form = CodeForm()
    if form.validate_on_submit():
        with ground().work() as work:
            refusal = confirm_code(work, current_actor().id, point_id, str(form.code.data))
        if refusal is None:
            flash("The code was right. Messages can go there now.")
            return redirect(home, code=303)
        form.show_at(form.code, refusal.sentence.text)
    page = render_template(
        "people/confirm_code.html",
        form=form,
        point=point,
        home=home,
        resend=resend,
        channel=CHANNELS[point.channel],
    )
    return page, 422 if form.is_submitted() else 200


def changing(person_id: str, point_id: str, verb: str, home: str, confirm_at: str) -> Reply:
    """Do to a contact point what a button says."""
    actor = current_actor()
    with ground().read() as session:
        _point_of(session, person_id, point_id)
    try:
        with ground().work() as work:
            if verb == "resend":
                ask_code(work, actor.id, point_id)
            elif verb == "prefer":
                prefer_contact_point(work, actor, person_id, point_id)
            elif verb == "remove":
                remove_contact_point(work, actor, person_id, point_id)
            else:
                raise NotFoundError
    except (ConflictError, TooManyError) as error:
        flash(str(error), "refused")
        return redirect(home, code=303)
    flash({"resend": "Another code is on its way.", "prefer": "Saved.", "remove": "Removed."}[verb])
    return redirect(confirm_at if verb == "resend" else home, code=303)


def consenting(person_id: str, channel: str, verb: str, home: str) -> Reply:
    """Give or withdraw consent for a channel."""
    if channel not in CHANNELS or verb not in {"give", "withdraw"}:
        raise NotFoundError
    actor = current_actor()
    with ground().work() as work:
        if verb == "give":
            give_consent(work, actor.id, person_id, channel, "consent")
        else:
            withdraw_consent(work, actor.id, person_id, channel)
    flash("Saved.")
    return redirect(home, code=303)


def _point_of(session: Session, person_id: str, point_id: str) -> ContactPoint:
    found = contact_point(session, point_id)
    if found.person_id != person_id:
        raise NotFoundError
    return found
