from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, g, jsonify, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from hub.web.language import page_language
from kernel.errors import HubError
from kernel.ids import new_id
from kernel.translation import Phrase, say
from kernel.web import ground

log = logging.getLogger(__name__)

_SERVER_ERROR = 500


@dataclass(frozen=True)
class Wording:
    """What an error page says: its heading, and the line below it where the error brings no sentence of its own."""

    heading: Phrase
    line: Phrase


_WORDINGS: dict[int, Wording] = {
    400: Wording(
        say("errors.page", "That did not work"),
        say("errors.page", "Nothing was changed. Go back, reload the page and try again."),
    ),
    403: Wording(
        say("errors.page", "You cannot see this page"),
        say("errors.page", "You do not have permission to do this."),
    ),
    404: Wording(
        say("errors.page", "Page not found"),
        say("errors.page", "Check that the address is right, and that you copied all of it."),
    ),
    405: Wording(
        say("errors.page", "This page cannot do that"),
        say("errors.page", "Go back and use the buttons on the page."),
    ),
    409: Wording(
        say("errors.page", "Something has changed"),
        say("errors.page", "Somebody else was there first. Go back and look again."),
    ),
    410: Wording(
        say("errors.page", "This is no longer open"),
        say("errors.page", "The time for it has passed."),
    ),
    413: Wording(
        say("errors.page", "That is too long"),
        say("errors.page", "Write a shorter text, then send it again."),
    ),
    422: Wording(
        say("errors.page", "There is a problem with what you entered"),
        say("errors.page", "Go back and check it."),
    ),
    429: Wording(
        say("errors.page", "Too many tries"),
        say("errors.page", "Wait for a few minutes, then try again."),
    ),
    500: Wording(
        say("errors.page", "Sorry, there is a problem with the service"),
        say("errors.page", "Try again later. Nothing that you sent before has been lost."),
    ),
    503: Wording(
        say("errors.page", "Sorry, the service is not available"),
        say("errors.page", "Try again in a few minutes. Nothing that you sent before has been lost."),
    ),
}

HOME = say("errors.page", "Go to the start page")


def _wording(status: int) -> Wording:
    return _WORDINGS.get(status) or _WORDINGS[_SERVER_ERROR if status >= _SERVER_ERROR else 404]


def _say(phrase: Phrase | str, **values: object) -> str:
    if isinstance(phrase, Phrase):
        return ground().translations.phrase(phrase, page_language(), **values)
    return phrase.format(**values)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def page(status: int, sentence: str | None = None, reference: str | None = None) -> tuple[Response | str, int]:
    """Return the page of an error, in the frame and the language that its reader is used to.

    From 500 on it touches nothing that may be broken: no person is looked up, no count is taken.
    """
    wording = _wording(status)
    line = sentence or _say(wording.line)
    if _wants_json():
        return jsonify(error=line, reference=reference), status
    staff_frame = status < _SERVER_ERROR and g.get("actor") is not None
    if status >= _SERVER_ERROR:
        g.actor = None
    html = render_template(
        "errors/problem.html",
        heading=_say(wording.heading),
        lines=[line],
        staff_frame=staff_frame,
        back=url_for("home.start") if staff_frame else None,
        back_text=_say(HOME),
        reference=reference,
    )
    return html, status


def _of_the_hub(error: HubError) -> tuple[Response | str, int]:
    if error.status >= _SERVER_ERROR:
        return _unexpected(error)
    return page(error.status, _say(error.sentence, **error.values))


def _of_http(error: HTTPException) -> tuple[Response | str, int] | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004 - redirects are answers
        return error
    return page(error.code)


def _of_form_token(_error: CSRFError) -> tuple[Response | str, int]:
    return page(400)


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    reference = new_id()
    log.error("request failed", exc_info=error, extra={"reference": reference, "endpoint": request.endpoint})
    return page(_SERVER_ERROR, reference=reference)


def install(app: Flask) -> None:
    """Map the error tree to pages, once for all views."""
    app.register_error_handler(HubError, _of_the_hub)
    app.register_error_handler(CSRFError, _of_form_token)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unexpected)
