from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from hub.actions.send_sign_in_link import PURPOSE, send_sign_in_link
from hub.actions.spend_sign_in_link import spend_sign_in_link
from hub.web import access, landing, sso
from hub.web.limits import count_attempt
from kernel.errors import InvalidInputError, NotFoundError, TooLateError
from kernel.web import ground
from people.queries import open_grant, person
from people.web.forms import PageForm
from people.web.guard import public

pages = Blueprint("sign_in", __name__)

_PER_ADDRESS = "5 per 15 minutes"
_PER_CLIENT = "30 per 15 minutes"


class EmailForm(PageForm):
    """Asks for the email address to which the link goes."""

    address = StringField(
        "Your email address",
        description="We will send you a link. It works once, for 15 minutes.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your email address"), Length(max=320)],
    )


@pages.route("/sign-in", methods=["GET", "POST"])
@public("whoever signs in is not signed in yet")
def ask() -> str | Response | tuple[str, int]:
    """Ask for an email address and send a one-time link there; the answer is the same for any address."""
    form = EmailForm()
    landing.remember(request.args.get("next"))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("sign_in/ask.html", form=form), status
    address = str(form.address.data)
    count_attempt("sign_in.client", _PER_CLIENT, request.remote_addr or "")
    count_attempt("sign_in.address", _PER_ADDRESS, address.strip().lower())
    try:
        with ground().work() as work:
            send_sign_in_link(work, address)
    except InvalidInputError as error:
        form.show(error)
        return render_template("sign_in/ask.html", form=form), error.status
    return redirect(url_for(".sent"), code=303)


@pages.get("/sign-in/sent")
@public("whoever signs in is not signed in yet")
def sent() -> str:
    """Say that a link is on its way, if there is an account."""
    return render_template("sign_in/sent.html")


@pages.get("/sign-in/<token>")
@public("the link itself is the proof")
def confirm(token: str) -> str | tuple[str, int]:
    """Show a button that spends the link: mail scanners and previews fetch links, and must not use them up."""
    with ground().read() as database:
        try:
            grant = open_grant(database, token, PURPOSE, ground().clock.now())
        except (NotFoundError, TooLateError) as error:
            return _link_is_over(error)
        name = person(database, grant.target).name
    return render_template("sign_in/link.html", token=token, name=name)


@pages.post("/sign-in/<token>")
@public("the link itself is the proof")
def enter(token: str) -> Response | tuple[str, int]:
    """Spend the link, begin the session and go where the person was heading."""
    count_attempt("sign_in.link", _PER_CLIENT, request.remote_addr or "")
    try:
        with ground().work() as work:
            person_id = spend_sign_in_link(work, token)
    except (NotFoundError, TooLateError) as error:
        return _link_is_over(error)
    wanted = landing.wanted()
    access.sign_in(person_id)
    return landing.lead_on(person_id, wanted, is_strong=False)


def _link_is_over(error: NotFoundError | TooLateError) -> tuple[str, int]:
    return render_template("sign_in/over.html", sentence=str(error)), error.status


@pages.post("/sign-out")
@public("signing out twice does no harm")
def sign_out() -> Response:
    """End the session."""
    out = sso.way_out()
    access.sign_out()
    flash("You have signed out.")
    return redirect(out, code=303)
