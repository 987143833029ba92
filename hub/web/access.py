from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from hub.web import acting as standing_in
from hub.web import row_scope
from hub.web.api import entry
from hub.web.browsers import browser_in_words
from hub.web.programs import is_api
from hub.web.site import site
from kernel.errors import ForbiddenError
from kernel.web import ground
from kernel.work import Work
from people.actions import keep_session
from people.actions.begin_session import begin_session
from people.actions.end_sessions import SIGNED_OUT, end_session
from people.api_scopes import ApiScope
from people.model import SessionCard
from people.permissions import STRONG, Permission, may
from people.queries.delegation import acting
from people.queries.sessions import session_by_token
from people.web.guard import SecondFactorRequiredError, SignInRequiredError, current_actor, declared_access

TOKEN = "session"  # noqa: S105 - the name under which the browser's cookie holds its token
_STATIC = "static"
_REPLACED = "replaced"
_ENDED = "You were signed out: this browser was not used for a while, or was signed out elsewhere."


def undeclared_views(app: Flask) -> list[str]:
    """Return the endpoints whose view says neither what it requires nor why it is public."""
    return sorted(name for name, view in app.view_functions.items() if name != _STATIC and not declared_access(view))


def sign_in(person_id: str, means: str = "link", *, is_strong: bool = False) -> None:
    """Begin a session for a person; whatever the browser held before is gone, the choice of language too.

    Raises NotFoundError for somebody who has left.
    """
    browser = browser_in_words(request.user_agent.string)
    with ground().work() as work:
        _end_current(work, _REPLACED)
        token = begin_session(
            work, person_id, means, is_strong=is_strong, browser=browser, limits=site().session_limits
        )
    session.clear()
    session[TOKEN] = token
    session.permanent = True


def make_strong() -> None:
    """Note that the person signed in has proved a second factor; the browser gets a new token."""
    with ground().work() as work:
        session[TOKEN] = keep_session.make_strong(work, current_session().id)


def sign_out() -> None:
    """End the session, here and in the database."""
    with ground().work() as work:
        _end_current(work, SIGNED_OUT)
    session.clear()


def current_session() -> SessionCard:
    """Return the session of whoever is signed in; raises SignInRequiredError when nobody is."""
    card: SessionCard | None = g.get("session_card")
    if card is None:
        raise SignInRequiredError
    return card


def _end_current(work: Work, why: str) -> None:
    card: SessionCard | None = g.get("session_card")
    if card is not None:
        end_session(work, card.id, why)


def local_path(target: str | None) -> str | None:
    """Return `target` if it is a path of this site, else None: a link must not lead a reader elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(letter) < ord(" ") or letter == "\\" for letter in target):
        return None
    return target


def _recognise() -> None:
    """Find out whose browser this is, and note now and then that it is in use."""
    g.actor = g.session_card = None
    g.is_proved = False
    token, now = session.get(TOKEN), ground().clock.now()
    if token is None:
        return
    with ground().read() as database:
        found = session_by_token(database, token, now)
        if found is None:
            session.pop(TOKEN)
            g.has_ended = True
            return
        g.session_card, g.actor = found[0], acting(database, found[1], now)
    g.is_proved = g.session_card.is_strong or not site().second_factor
    limits = site().session_limits
    if keep_session.is_due(g.session_card, limits, now):
        with ground().work() as work:
            keep_session.note_use(work, g.session_card.id, limits)


def _let_in() -> Response | None:
    """Refuse a view that does not declare its access, and whoever does not hold what it declares."""
    if request.endpoint == _STATIC or (request.endpoint is None and is_api()):
        return None
    access = _declared() if request.endpoint is not None else None
    if isinstance(access, ApiScope):
        entry.let_in(access)
        return None
    _recognise()
    if access is None:
        return None
    row_scope.enter(access)
    standing_in.enter(access)
    return _ask_for_more(access) if isinstance(access, Permission) else None


def _declared() -> Permission | ApiScope | str:
    access = declared_access(current_app.view_functions[request.endpoint or ""])
    if access is None:
        message = f"the view {request.endpoint} declares neither a permission nor why it is public"
        raise RuntimeError(message)
    return access


def _ask_for_more(permission: Permission) -> Response | None:
    """Refuse whoever lacks the permission; ask for the second factor where it needs one."""
    if not may(current_actor(), permission):
        raise ForbiddenError
    if permission in STRONG and not g.is_proved:
        return _ask_for_factor()
    return None


def _ask_for_factor(_error: SecondFactorRequiredError | None = None) -> Response:
    return redirect(url_for("second_factor.ask", next=_wanted()), code=303)


def _wanted() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _ask_to_sign_in(_error: SignInRequiredError) -> Response:
    if g.get("has_ended"):
        flash(_ENDED)
    return redirect(url_for("sign_in.ask", next=_wanted()), code=303)


def install(app: Flask) -> None:
    """Enforce what views declare, before each of them runs."""
    app.before_request(_let_in)
    entry.install(app)
    row_scope.install(app)
    standing_in.install(app)
    app.register_error_handler(SignInRequiredError, _ask_to_sign_in)
    app.register_error_handler(SecondFactorRequiredError, _ask_for_factor)
