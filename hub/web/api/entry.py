"""How a program is let in: by its token alone."""

from __future__ import annotations

from flask import Flask, g, request
from werkzeug.wrappers import Response

from hub.web import row_scope
from hub.web.limits import count_attempt
from hub.web.problems import Problem, page
from hub.web.programs import MissingScopeError, is_api
from hub.web.site import site
from kernel.web import ground
from people.actions.note_api_use import note_api_use
from people.api_scopes import ApiScope
from people.queries.api_tokens import ApiTokenCard, token_of
from people.rules.api_tokens import is_use_due
from people.web.guard import TokenRequiredError

_REALM = 'Bearer realm="Co-production Hub API"'
_WRONG_PER_ADDRESS = "100 per 15 minutes"
_HOW_TO_ASK = (
    "Send a token that holds: Authorization: Bearer, then the token. An administrator of your council makes one."
)


def let_in(scope: ApiScope) -> None:
    """Let a request in that shows a token with the scope, and keep it to the rows of the token's organisation.

    Raises TokenRequiredError for a token that is missing, unknown, at its end or revoked, MissingScopeError for one
    that may not ask for this or not yet, TooManyError for one that asks too often.
    """
    now = ground().clock.now()
    token = _shown()
    count_attempt("api", f"{site().api_per_minute} per minute", token.id)
    if scope not in token.open_scopes:
        raise MissingScopeError(scope, is_asked=scope in token.scopes)
    if is_use_due(token.last_used_at, now):
        with ground().work() as work:
            note_api_use(work, token.id)
    g.api_token = token
    row_scope.enter_token(token)


def _shown() -> ApiTokenCard:
    shown = request.authorization
    if shown is not None and shown.type == "bearer" and shown.token:
        with ground().read() as session:
            token = token_of(session, shown.token, ground().clock.now())
        if token is not None:
            return token
        count_attempt("api.unknown", _WRONG_PER_ADDRESS, request.remote_addr or "")
    raise TokenRequiredError


def _ask_for_token(_error: TokenRequiredError) -> Response:
    answer = page(Problem(401, _HOW_TO_ASK))
    is_wrong = request.authorization is not None
    answer.headers["WWW-Authenticate"] = f'{_REALM}, error="invalid_token"' if is_wrong else _REALM
    return answer


def _ask_for_scope(error: MissingScopeError) -> Response:
    answer = page(Problem(error.status, str(error)))
    answer.headers["WWW-Authenticate"] = f'{_REALM}, error="insufficient_scope", scope="{error.scope}"'
    return answer


def _add_vary(response: Response) -> Response:
    if is_api():
        response.vary.add("Authorization")
    return response


def install(app: Flask) -> None:
    """Say to programs what is missing."""
    app.register_error_handler(TokenRequiredError, _ask_for_token)
    app.register_error_handler(MissingScopeError, _ask_for_scope)
    app.after_request(_add_vary)
