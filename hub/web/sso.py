from __future__ import annotations

import logging

from flask import Blueprint, Flask, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from hub.identity_providers import IdentityProvider
from hub.web import access, landing
from hub.web.issuer_client import IssuerAwayError, IssuerClient, SignInRefusedError, subject_of
from hub.web.limits import count_attempt
from hub.web.site import Site
from kernel.errors import NotFoundError, TooLateError
from kernel.web import ground
from kernel.work import Ground
from people.actions.hold_ceremony import begin_ceremony, end_ceremony
from people.actions.recognise_identity import recognise_identity
from people.rules.identity import Identity, believed_email, is_multi_factor
from people.web.guard import public

log = logging.getLogger(__name__)
pages = Blueprint("sso", __name__)

_EXTENSION = "sso"
_PROVIDER = "sso"
_PER_CLIENT = "600 per 15 minutes"
"""A whole council may share one address."""
_CANCELLED = "access_denied"


def _client(name: str) -> IssuerClient:
    found: dict[str, IssuerClient] = current_app.extensions[_EXTENSION]
    if name not in found:
        raise NotFoundError
    return found[name]


def _purpose(name: str) -> str:
    return f"sso.{name}"


@pages.app_template_global()
def identity_providers() -> list[IdentityProvider]:
    """Return the identity providers whose people sign in here, for the page of signing in."""
    found: dict[str, IssuerClient] = current_app.extensions[_EXTENSION]
    return [client.provider for client in found.values()]


@pages.get("/sign-in/with/<name>")
@public("whoever signs in is not signed in yet")
def begin(name: str) -> Response | tuple[str, int]:
    """Lead to the identity provider's own page of signing in."""
    client = _client(name)
    count_attempt("sso.client", _PER_CLIENT, request.remote_addr or "")
    try:
        url, state = client.begin(f"{ground().base_url}{url_for('.back', name=name)}")
    except IssuerAwayError as error:
        return _away(client, error)
    with ground().work() as work:
        begin_ceremony(work, _purpose(name), state)
    return redirect(url, code=303)


@pages.get("/sign-in/with/<name>/back")
@public("the answer of the identity provider is the proof")
def back(name: str) -> Response | tuple[str, int]:
    """Take the identity provider's answer, and sign in whoever it names if they have an account here."""
    client = _client(name)
    count_attempt("sso.client", _PER_CLIENT, request.remote_addr or "")
    try:
        claims = _claims(client)
        identity = Identity(
            client.provider.issuer, subject_of(client.provider, claims), believed_email(claims, client.provider.trust)
        )
    except IssuerAwayError as error:
        return _away(client, error)
    except (SignInRefusedError, TooLateError) as error:
        return _refused(client, error)
    with ground().work() as work:
        person_id = recognise_identity(work, identity).person_id
    if person_id is None:
        return render_template("sso/unknown.html", provider=client.provider), 403
    return _enter(client.provider, person_id, is_strong=is_multi_factor(claims, client.provider.strong))


def _claims(client: IssuerClient) -> dict[str, object]:
    """Return what the issuer says of the person; a state is taken once, whatever comes of it."""
    state = request.args.get("state", "")
    with ground().work() as work:
        end_ceremony(work, _purpose(client.name), state)
    if "error" in request.args:
        raise SignInRefusedError("the issuer answered with an error")
    return client.finish()


def _enter(provider: IdentityProvider, person_id: str, *, is_strong: bool) -> Response | tuple[str, int]:
    wanted = landing.wanted()
    try:
        access.sign_in(person_id, "sso", is_strong=is_strong)
    except NotFoundError:
        return render_template("sso/unknown.html", provider=provider), 403
    session[_PROVIDER] = provider.name
    return landing.lead_on(person_id, wanted, is_strong=is_strong)


def _away(client: IssuerClient, error: IssuerAwayError) -> tuple[str, int]:
    log.warning("identity provider away", extra={"provider": client.name, "why": str(error)})
    return render_template("sso/away.html", provider=client.provider), 503


def _refused(client: IssuerClient, error: SignInRefusedError | TooLateError) -> tuple[str, int]:
    log.warning("single sign-on refused", extra={"provider": client.name, "why": str(error)})
    was_cancelled = request.args.get("error") == _CANCELLED
    return render_template("sso/refused.html", provider=client.provider, was_cancelled=was_cancelled), 400


def way_out() -> str:
    """Return where to go after signing out; to be asked while the session is still there."""
    name = session.get(_PROVIDER)
    if name in current_app.extensions[_EXTENSION]:
        return url_for("sso.signed_out", name=name)
    return url_for("sign_in.ask")


@pages.get("/signed-out/<name>")
@public("whoever signed out is not signed in any more")
def signed_out(name: str) -> str:
    """Say that the hub's session is over, and offer to sign out at the identity provider too.

    That is a link and not a redirect: a shared computer needs it, and at one's own desk it would end the whole
    working day's sign-in.
    """
    client = _client(name)
    try:
        leaving = client.sign_out_url(f"{ground().base_url}{url_for('sign_in.ask')}")
    except IssuerAwayError:
        leaving = None
    return render_template("sso/signed_out.html", provider=client.provider, leaving=leaving)


def install(app: Flask, ground: Ground, told: Site) -> None:
    """Keep a client for each identity provider with the application; nobody is called before somebody signs in."""
    app.extensions[_EXTENSION] = {
        provider.name: IssuerClient(provider, ground.clock) for provider in told.identity_providers
    }
