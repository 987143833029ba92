"""How tests sign somebody in: by a session in the database, as after a link was spent and a second factor shown."""

from __future__ import annotations

from flask.testing import FlaskClient

from hub.web.access import TOKEN
from kernel import web
from kernel.work import Ground
from people.actions.begin_session import begin_session


def let_in(client: FlaskClient, person_id: str, *, is_strong: bool = True) -> str:
    """Let a browser be a person; return the token that it holds."""
    token = session_token(client.application.extensions[web.EXTENSION], person_id, is_strong=is_strong)
    with client.session_transaction() as session:
        session[TOKEN] = token
    return token


def session_token(ground: Ground, person_id: str, *, is_strong: bool = True) -> str:
    """Begin a session of a person, for a browser that is given its token in another way."""
    with ground.work() as work:
        return begin_session(work, person_id, is_strong=is_strong, browser="Firefox on Linux")
