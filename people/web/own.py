"""One's own details: what I am called, how I am reached."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.queries.consent import consents_of
from people.queries.directory import profile
from people.web.contacts import Page, adding, changing, confirming, consenting
from people.web.guard import current_actor, requires
from people.web.profile import edit_form, save_edit
from people.web.seeing import sight
from people.web.words import BASES, CHANNELS, LANGUAGES, ROLES

pages = Blueprint("own", __name__)


@pages.get("/account/details")
@requires(Permission.OWN_ACCOUNT)
def show() -> str:
    """Show one's own details."""
    me = current_actor().id
    with ground().read() as session:
        found, consents = profile(session, sight(), me), consents_of(session, me)
    return render_template(
        "people/own.html",
        person=found,
        consents=consents,
        role_words=ROLES,
        language=LANGUAGES.get(found.language, found.language),
        channels=CHANNELS,
        bases=BASES,
    )


@pages.route("/account/details/edit", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def edit() -> Page:
    """Change one's own name, language and quiet hours."""
    me = current_actor().id
    with ground().read() as session:
        found = profile(session, sight(), me)
    form = edit_form(found)
    if form.validate_on_submit():
        try:
            save_edit(form, me)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The changes are saved.")
            return redirect(url_for(".show"), code=303)
    page = render_template("people/edit.html", form=form, person=found, back=url_for(".show"))
    return page, 422 if form.is_submitted() else 200


def _confirm_at(point_id: str) -> str:
    return url_for(".confirm", point_id=point_id)


@pages.route("/account/details/contacts/add", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def add() -> Page:
    """Add a way to reach me."""
    return adding(current_actor().id, "you", url_for(".show"), _confirm_at)


@pages.route("/account/details/contacts/<point_id>/replace", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def replace(point_id: str) -> Page:
    """Change an address: the new one is proved by a code first, and the old one is told."""
    return adding(current_actor().id, "you", url_for(".show"), _confirm_at, replaces=point_id)


@pages.route("/account/details/contacts/<point_id>/confirm", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def confirm(point_id: str) -> Page:
    """Enter the code that came."""
    resend = url_for(".change", point_id=point_id, verb="resend")
    return confirming(current_actor().id, point_id, url_for(".show"), resend)


@pages.post("/account/details/contacts/<point_id>/<verb>")
@requires(Permission.OWN_ACCOUNT)
def change(point_id: str, verb: str) -> Reply:
    """Send another code, put first, or take away."""
    return changing(current_actor().id, point_id, verb, url_for(".show"), url_for(".confirm", point_id=point_id))


@pages.post("/account/details/consent/<channel>/<verb>")
@requires(Permission.OWN_ACCOUNT)
def consent(channel: str, verb: str) -> Reply:
    """Say whether I may be written to unasked on a channel."""
    return consenting(current_actor().id, channel, verb, url_for(".show"))
