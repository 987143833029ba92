from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from hub.actions.send_way_in import TO_SIGN_IN
from hub.web import access, asking, landing, sso
from hub.web.limits import count_attempt
from kernel.errors import InvalidInputError, NotFoundError, TooLateError
from kernel.web import ground
from people.actions.take_way_in import take_link
from people.queries import person
from people.queries.ways_in import way_in
from people.rules.codes import Refusal
from people.web.forms import PageForm
from people.web.guard import public

pages = Blueprint("sign_in", __name__)

_EMAIL = "email"
_LINKS_PER_CLIENT = "30 per 15 minutes"
_PUBLIC = public("whoever signs in is not signed in yet")
_LEFT = "This account is closed. If that is wrong, ask an administrator of your organisation."


class EmailForm(PageForm):
    """Asks for the email address to which the link goes."""

    address = StringField(
        "Your email address",
        description="We will send you a link and a code. They work once, for 15 minutes.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your email address"), Length(max=320)],
    )


@pages.route("/sign-in", methods=["GET", "POST"])
@_PUBLIC
def ask() -> str | Response | tuple[str, int]:
    """Ask for an email address and send a one-time link there; the answer is the same for any address."""
    form = EmailForm()
    landing.remember(request.args.get("next"))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("sign_in/ask.html", form=form), status
    try:
        asking.ask(TO_SIGN_IN, _EMAIL, str(form.address.data))
    except InvalidInputError as error:
        form.show(error)
        return render_template("sign_in/ask.html", form=form), error.status
    return redirect(url_for(".sent"), code=303)


@pages.route("/sign-in/sent", methods=["GET", "POST"])
@_PUBLIC
def sent() -> str | Response | tuple[str, int]:
    """Say that a link is on its way, if there is an account, and take the code from the same email."""
    if asking.browser() is None:
        return redirect(url_for(".ask"), code=303)
    form = asking.CodeForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("sign_in/sent.html", form=form), status
    taken = asking.try_code(TO_SIGN_IN, str(form.code.data))
    if isinstance(taken, Refusal):
        form.show_at(form.code, taken.sentence.text)
        return render_template("sign_in/sent.html", form=form), 422
    return _enter(taken.person_id, "code")


@pages.get("/sign-in/<token>")
@public("the link itself is the proof, in the browser that asked for it")
def confirm(token: str) -> str | tuple[str, int]:
    """Show a button that spends the link: mail scanners and previews fetch links, and must not use them up."""
    with ground().read() as database:
        try:
            found = way_in(database, TO_SIGN_IN, asking.browser(), token, ground().clock.now())
        except (NotFoundError, TooLateError) as error:
            return _over(str(error), error.status)
        if not found.is_here:
            return render_template("sign_in/elsewhere.html")
        name = person(database, found.person_id).name
    return render_template("sign_in/link.html", token=token, name=name)


@pages.post("/sign-in/<token>")
@public("the link itself is the proof, in the browser that asked for it")
def enter(token: str) -> str | Response | tuple[str, int]:
    """Spend the link, begin the session and go where the person was heading."""
    count_attempt("sign_in.link", _LINKS_PER_CLIENT, request.remote_addr or "")
    try:
        with ground().work() as work:
            taken = take_link(work, TO_SIGN_IN, asking.browser(), token)
    except (NotFoundError, TooLateError) as error:
        return _over(str(error), error.status)
    if taken is None:
        return render_template("sign_in/elsewhere.html"), 403
    return _enter(taken.person_id, "link")


def _enter(person_id: str, means: str) -> Response | tuple[str, int]:
    wanted = landing.wanted()
    try:
        access.sign_in(person_id, means)
    except NotFoundError:
        return _over(_LEFT, 403)
    return landing.lead_on(person_id, wanted, is_strong=False)


def _over(sentence: str, status: int) -> tuple[str, int]:
    return render_template("sign_in/over.html", sentence=sentence), status


@pages.post("/sign-out")
@public("signing out twice does no harm")
def sign_out() -> Response:
    """End the session."""
    out = sso.way_out()
    access.sign_out()
    flash("You have signed out.")
    return redirect(out, code=303)
