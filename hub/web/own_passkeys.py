from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from hub.actions.tell_of_second_factor import tell_of_change
from hub.passkey_answers import PasskeyRefusedError, registration_options, verified_passkey
from hub.web import access
from hub.web.authenticator import show_codes
from hub.web.factor_forms import ConfirmForm
from hub.web.passkeys import ADD, as_json, begin, party, passkeys_work, take_challenge
from hub.web.second_factor import Page, ask_if_stale, go_on, own_factors
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TooLateError
from kernel.web import ground
from people.actions.keep_passkey import add_passkey
from people.actions.remove_second_factor import remove_passkey
from people.actions.renew_recovery_codes import renew_recovery_codes
from people.permissions import Permission
from people.queries.factors import passkeys_of
from people.web.guard import current_actor, requires

pages = Blueprint("own_passkeys", __name__, url_prefix="/account/passkeys")

_PLAIN_NAME = "Passkey"


@pages.get("/new")
@requires(Permission.OWN_ACCOUNT)
def new() -> Page:
    """Offer to make a passkey on this device."""
    if not passkeys_work():
        raise NotFoundError
    return ask_if_stale(url_for(".new")) or render_template("second_factor/new_passkey.html")


@pages.post("/options")
@requires(Permission.OWN_ACCOUNT)
def options() -> Response:
    """Return what a browser needs to make a passkey."""
    if ask_if_stale(url_for(".new")):
        raise ForbiddenError("Load the page again and prove first that it is you.")
    actor = current_actor()
    with ground().read() as session:
        kept = passkeys_of(session, actor.id)
    return as_json(registration_options(party(), actor, kept, begin(ADD, actor.id)))


@pages.post("/new")
@requires(Permission.OWN_ACCOUNT)
def add() -> Page:
    """Keep the passkey that the browser made."""
    if stale := ask_if_stale(url_for(".new")):
        return stale
    actor, had_codes = current_actor(), own_factors().recovery_codes
    name = request.form.get("name", "").strip() or _PLAIN_NAME
    try:
        challenge = take_challenge(ADD, actor.id)
        made = verified_passkey(party(), request.form.get("answer", ""), challenge, name)
        with ground().work() as work:
            add_passkey(work, actor.id, made)
            tell_of_change(work, actor.id)
            codes = () if had_codes else renew_recovery_codes(work, actor.id)
    except (PasskeyRefusedError, TooLateError):
        return _again("The passkey could not be set up. Try again.", 400)
    except (InvalidInputError, ConflictError) as error:
        return _again(str(error), error.status)
    access.make_strong()
    if codes:
        return show_codes(codes)
    flash("Your passkey is set up.")
    return go_on()


def _again(problem: str, status: int) -> tuple[str, int]:
    return render_template("second_factor/new_passkey.html", problem=problem), status


@pages.route("/<passkey_id>/remove", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def remove(passkey_id: str) -> Page:
    """Take one of one's passkeys out of use."""
    if stale := ask_if_stale(url_for(".remove", passkey_id=passkey_id)):
        return stale
    factors = own_factors()
    passkey = next((found for found in factors.passkeys if found.id == passkey_id), None)
    if passkey is None:
        raise NotFoundError
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("second_factor/remove_passkey.html", form=form, passkey=passkey, factors=factors)
    with ground().work() as work:
        remove_passkey(work, current_actor().id, passkey_id)
        tell_of_change(work, current_actor().id)
    flash("The passkey is removed.")
    return redirect(url_for("second_factor.manage"), code=303)
