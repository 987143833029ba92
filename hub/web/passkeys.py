from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as Answer

from hub.passkey_answers import (
    PasskeyRefusedError,
    RelyingParty,
    answer_options,
    credential_in,
    relying_party,
    verified_count,
)
from hub.web import access, landing
from hub.web.limits import count_attempt
from hub.web.site import site
from kernel.errors import ForbiddenError, NotFoundError, TooLateError
from kernel.web import ground
from people.actions.hold_ceremony import begin_ceremony, end_ceremony
from people.actions.keep_passkey import use_passkey
from people.permissions import Permission
from people.queries.factors import StoredPasskey, passkey_by_credential, passkeys_of
from people.web.guard import current_actor, public, requires

log = logging.getLogger(__name__)
pages = Blueprint("passkeys", __name__)

ENTER, PROVE, ADD = "passkey.enter", "passkey.prove", "passkey.add"
_CHALLENGE = "passkey"
_BYTES = 32
_PER_CLIENT = "600 per 15 minutes"
"""A whole council may share one address."""
_REFUSED = "That passkey did not work here. Try again, or choose another way."


def party() -> RelyingParty:
    """Return for whom passkeys are made; raises NotFoundError where browsers make none for this address."""
    found = relying_party(ground().base_url, site().branding.name)
    if found is None:
        raise NotFoundError
    return found


def passkeys_work() -> bool:
    """Tell whether browsers make passkeys for the hub's public address."""
    return relying_party(ground().base_url, site().branding.name) is not None


pages.add_app_template_global(passkeys_work)


def begin(purpose: str, person_id: str | None) -> str:
    """Return a fresh challenge for this browser."""
    challenge = secrets.token_urlsafe(_BYTES)
    with ground().work() as work:
        begin_ceremony(work, purpose, challenge, person_id)
    session[_CHALLENGE] = challenge
    return challenge


def take_challenge(purpose: str, person_id: str | None) -> str:
    """Return this browser's challenge, once; raises TooLateError if it has none of this purpose and person."""
    challenge = str(session.pop(_CHALLENGE, ""))
    with ground().work() as work:
        end_ceremony(work, purpose, challenge, person_id)
    return challenge


def as_json(options: str) -> Response:
    """Return options as they are for the page's script."""
    return current_app.response_class(options, mimetype="application/json", headers={"Cache-Control": "no-store"})


@pages.post("/sign-in/passkey/options")
@public("whoever signs in is not signed in yet")
def enter_options() -> Response:
    """Return what a browser needs to sign in with any passkey that it knows for us."""
    count_attempt("passkey.client", _PER_CLIENT, request.remote_addr or "")
    return as_json(answer_options(party(), (), begin(ENTER, None)))


@pages.post("/sign-in/passkey")
@public("the passkey itself is the proof")
def enter() -> Answer:
    """Sign in whoever a passkey belongs to; that is strong, because their device asked who they are."""
    count_attempt("passkey.client", _PER_CLIENT, request.remote_addr or "")
    try:
        passkey = _proved(ENTER, None)
        wanted = landing.wanted()
        access.sign_in(passkey.person_id, "passkey", is_strong=True)
    except (PasskeyRefusedError, NotFoundError, TooLateError, ForbiddenError) as error:
        return _refused(error, "sign_in.ask")
    return landing.lead_on(passkey.person_id, wanted, is_strong=True)


@pages.post("/second-factor/passkey/options")
@requires(Permission.OWN_ACCOUNT)
def prove_options() -> Response:
    """Return what a browser needs to prove who is signed in with one of their own passkeys."""
    actor = current_actor()
    return as_json(answer_options(party(), _own(actor.id), begin(PROVE, actor.id)))


@pages.post("/second-factor/passkey")
@requires(Permission.OWN_ACCOUNT)
def prove() -> Answer:
    """Take a passkey as the second factor of whoever is signed in."""
    try:
        _proved(PROVE, current_actor().id)
    except (PasskeyRefusedError, NotFoundError, TooLateError, ForbiddenError) as error:
        return _refused(error, "second_factor.ask")
    access.make_strong()
    return redirect(landing.wanted() or url_for("second_factor.manage"), code=303)


def _own(person_id: str) -> Sequence[StoredPasskey]:
    with ground().read() as database:
        found = passkeys_of(database, person_id)
    if not found:
        raise NotFoundError
    return found


def _proved(purpose: str, person_id: str | None) -> StoredPasskey:
    """Return the passkey that the request's answer was made with; with a person given it must be theirs."""
    challenge = take_challenge(purpose, person_id)
    answer = request.form.get("answer", "")
    with ground().read() as database:
        passkey = passkey_by_credential(database, credential_in(answer))
    if person_id is not None and passkey.person_id != person_id:
        raise PasskeyRefusedError("somebody else's passkey")
    count = verified_count(party(), answer, challenge, passkey)
    with ground().work() as work:
        use_passkey(work, passkey.id, passkey.sign_count, count)
    return passkey


def _refused(error: Exception, endpoint: str) -> Answer:
    log.warning("passkey refused", extra={"why": f"{type(error).__name__}: {error}"})
    flash(_REFUSED, "problem")
    return redirect(url_for(endpoint), code=303)
