from __future__ import annotations

import segno
from flask import Blueprint, flash, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from hub.actions.tell_of_second_factor import tell_of_change
from hub.web import access, landing
from hub.web.branding import branding
from hub.web.factor_forms import AppCodeForm, ConfirmForm
from hub.web.second_factor import Page, ask_if_stale, count_code, own_factors
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.actions.enrol_authenticator import confirm_authenticator, offer_authenticator
from people.actions.remove_second_factor import remove_authenticator
from people.actions.renew_recovery_codes import renew_recovery_codes
from people.permissions import Permission
from people.rules.factors import in_groups, setup_uri
from people.web.guard import current_actor, requires

pages = Blueprint("authenticator", __name__, url_prefix="/account/second-factor")

_SQUARE = 4


@pages.route("/app", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def set_up() -> Page:
    """Show a secret as a picture and as letters, and take it into use once the app's first code is right."""
    if stale := ask_if_stale(url_for(".set_up")):
        return stale
    actor, form, before = current_actor(), AppCodeForm(), own_factors()
    if form.validate_on_submit():
        count_code(actor.id)
        try:
            with ground().work() as work:
                confirm_authenticator(work, actor.id, str(form.code.data))
                tell_of_change(work, actor.id)
                codes = () if before.recovery_codes else renew_recovery_codes(work, actor.id)
        except InvalidInputError as error:
            form.show(error)
        else:
            access.make_strong()
            return _done(codes)
    with ground().work() as work:
        secret = offer_authenticator(work, actor.id)
    page = render_template(
        "second_factor/app.html",
        form=form,
        picture=_picture(setup_uri(secret, actor.name, branding().name)),
        secret=in_groups(secret),
        is_new=before.app_since is None,
    )
    return page, 422 if form.is_submitted() else 200


def _picture(uri: str) -> Markup:
    """Draw what the app scans, without a word of style that our policy would refuse."""
    drawn = segno.make(uri, error="m").svg_inline(scale=_SQUARE, light="#ffffff", svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - the drawing is ours: squares and nothing from outside


def _done(codes: tuple[str, ...]) -> Page:
    if codes:
        return show_codes(codes)
    flash("Your authenticator app is set up.")
    return redirect(landing.wanted() or url_for("second_factor.manage"), code=303)


def show_codes(codes: tuple[str, ...]) -> Page:
    """Show fresh recovery codes, this once: as the answer to the form itself, so that they are kept nowhere."""
    return render_template("second_factor/codes.html", codes=codes, onward=landing.wanted())


@pages.route("/app/remove", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def remove() -> Page:
    """Take the authenticator app out of use."""
    if stale := ask_if_stale(url_for(".remove")):
        return stale
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("second_factor/remove_app.html", form=form, factors=own_factors())
    with ground().work() as work:
        remove_authenticator(work, current_actor().id)
        tell_of_change(work, current_actor().id)
    flash("Your authenticator app is removed.")
    return redirect(url_for("second_factor.manage"), code=303)


@pages.route("/recovery-codes", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def renew_codes() -> Page | Response:
    """Make fresh recovery codes in place of those from before."""
    if not own_factors().has_any:
        return redirect(url_for("second_factor.begin"), code=303)
    if stale := ask_if_stale(url_for(".renew_codes")):
        return stale
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("second_factor/renew_codes.html", form=form, factors=own_factors())
    with ground().work() as work:
        codes = renew_recovery_codes(work, current_actor().id)
    return show_codes(codes)
