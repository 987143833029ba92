from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.actions.tell_of_second_factor import reset_second_factor
from hub.web import access, landing
from hub.web.factor_forms import AppCodeForm, ConfirmForm, RecoveryCodeForm
from hub.web.limits import count_attempt
from hub.web.passkeys import passkeys_work
from hub.web.site import site
from kernel.web import ground
from kernel.work import Work
from people.actions.prove_second_factor import prove_by_app, prove_by_recovery_code
from people.permissions import Permission
from people.queries.directory import managed_profile
from people.queries.factors import Factors, factors_of, identities_of
from people.rules.factors import needs_second_factor
from people.rules.seeing import sight_of
from people.web.guard import current_actor, requires

pages = Blueprint("second_factor", __name__)

FRESH_FOR = timedelta(minutes=5)
"""How long a proof counts for changing the second factor itself: a screen left open must not be enough."""
_PER_PERSON = "5 per 5 minutes"
_PER_DAY = "50 per day"
_WRONG_CODE = "That code is not right, or it was used already. Wait for the next one, then enter it."
_WRONG_RECOVERY_CODE = "That is not one of your recovery codes, or it was used already."
Page = str | Response | tuple[str, int]


def count_code(person_id: str, of: str = "app") -> None:
    """Count a try at a code of a kind; raises TooManyError above 5 in five minutes and 50 a day.

    A million codes, three of them good at any time: at that pace it takes 12 years until a right guess is as likely
    as not, and the log shows every wrong one.
    """
    count_attempt(f"second_factor.{of}", _PER_PERSON, person_id)
    count_attempt(f"second_factor.{of}.day", _PER_DAY, person_id)


def own_factors() -> Factors:
    """Return the second factors of whoever is signed in."""
    with ground().read() as session:
        return factors_of(session, current_actor().id)


def ask_if_stale(back: str) -> Response | None:
    """Lead to the page that asks for a code, then `back`, unless a factor was proved a moment ago or there is none."""
    strong_at = access.current_session().strong_at
    is_fresh = strong_at is not None and ground().clock.now() - strong_at < FRESH_FOR
    if is_fresh or not own_factors().has_any:
        return None
    return redirect(url_for("second_factor.ask", next=back), code=303)


def go_on() -> Response:
    """Lead to where the person was heading before they were asked."""
    return redirect(landing.wanted() or url_for("second_factor.manage"), code=303)


@pages.route("/second-factor", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def ask() -> Page:
    """Ask for a second factor, then lead to where the person was heading."""
    landing.remember(request.args.get("next"))
    factors = own_factors()
    if not factors.has_any:
        return redirect(url_for(".begin"), code=303)
    form = AppCodeForm()
    if factors.app_since is not None and form.validate_on_submit():
        if _proved(prove_by_app, "app", str(form.code.data)):
            access.make_strong()
            return go_on()
        form.show_at(form.code, _WRONG_CODE)
    status = 422 if form.is_submitted() else 200
    return render_template("second_factor/ask.html", form=form, factors=factors, passkeys=passkeys_work()), status


@pages.route("/second-factor/recovery-code", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def recover() -> Page:
    """Take a recovery code in place of app and passkey."""
    form = RecoveryCodeForm()
    if form.validate_on_submit():
        if _proved(prove_by_recovery_code, "recovery_code", str(form.code.data)):
            access.make_strong()
            flash(f"You used a recovery code. You have {own_factors().recovery_codes} left.")
            return redirect(url_for(".manage"), code=303)
        form.show_at(form.code, _WRONG_RECOVERY_CODE)
    return render_template("second_factor/recover.html", form=form), 422 if form.is_submitted() else 200


def _proved(prove: Callable[[Work, str, str], bool], of: str, code: str) -> bool:
    person_id = current_actor().id
    count_code(person_id, of)
    with ground().work() as work:
        return prove(work, person_id, code)


@pages.get("/second-factor/begin")
@requires(Permission.OWN_ACCOUNT)
def begin() -> Page:
    """Say why a second factor is needed, and begin with one."""
    if own_factors().has_any:
        return redirect(url_for(".manage"), code=303)
    must = site().second_factor and needs_second_factor(current_actor())
    return render_template("second_factor/begin.html", must=must, passkeys=passkeys_work())


@pages.get("/second-factor/later")
@requires(Permission.OWN_ACCOUNT)
def later() -> Response:
    """Go on without a second factor, as far as that leads."""
    return redirect(landing.wanted() or url_for("home.start"), code=303)


@pages.get("/account/second-factor")
@requires(Permission.OWN_ACCOUNT)
def manage() -> Page:
    """Show all second factors of whoever is signed in, and how to change them."""
    actor = current_actor()
    with ground().read() as session:
        factors, identities = factors_of(session, actor.id), identities_of(session, actor.id)
    must = site().second_factor and needs_second_factor(actor)
    return render_template(
        "second_factor/manage.html", factors=factors, identities=identities, must=must, passkeys=passkeys_work()
    )


@pages.route("/people/<person_id>/second-factor/reset", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def reset(person_id: str) -> Page:
    """Reset the second factor of somebody whom one manages and who lost it."""
    actor = current_actor()
    with ground().read() as session:
        found = managed_profile(session, sight_of(actor), person_id)
        factors = factors_of(session, person_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        with ground().work() as work:
            reset_second_factor(work, actor, person_id)
        flash("The second factor is reset. We have told the person.")
        return redirect(url_for(".reset", person_id=person_id), code=303)
    is_own = actor.id == person_id
    return render_template("second_factor/reset.html", form=form, person=found, factors=factors, is_own=is_own)
