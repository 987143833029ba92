from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, g, jsonify, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from hub.web.branding import settle_for_settings
from hub.web.language import page_language
from hub.web.problem_words import GO_ON, HOME, SEARCH, Wording, wording
from hub.web.programs import Fault, faults_of, is_api
from hub.web.programs import problem as api_problem
from kernel.errors import HubError
from kernel.ids import new_id
from kernel.translation import Phrase
from kernel.web import ground

log = logging.getLogger(__name__)

_SERVER_ERROR, _AWAY, _TOO_MANY = 500, 503, 429
_LINK_LOST = (404, 410)
_RETRY_S = {_TOO_MANY: 60, _AWAY: 120}


def reference() -> str:
    """Return the number of this request, which stands on its error page and in the log."""
    if "reference" not in g:
        g.reference = new_id()
    found: str = g.reference
    return found


def _say(phrase: Phrase | str, **values: object) -> str:
    if isinstance(phrase, Phrase):
        return ground().translations.phrase(phrase, page_language(), **values)
    return phrase.format(**values)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


@dataclass(frozen=True)
class Problem:
    """What an error page shows besides the words of its status; `is_logged` says that the log has it already.

    `faults` name parameters of the API.
    """

    status: int
    sentence: str | None = None
    retry_s: int | None = None
    is_logged: bool = False
    faults: tuple[Fault, ...] = ()


def page(problem: Problem) -> Response:
    """Return the page of an error, in the frame and the language that its reader is used to.

    From 500 on it touches nothing that may be broken: no person is looked up, no count is taken.
    """
    status = problem.status
    words = wording(status)
    line = problem.sentence or _say(words.line)
    if status >= _SERVER_ERROR:
        g.actor = None
        settle_for_settings()
    if not problem.is_logged:
        told = {"reference": reference(), "status": status, "endpoint": request.endpoint}
        log.info("request refused", extra=told)
    answer = _answer(problem, words, line)
    answer.status_code = status
    wait_s = problem.retry_s or _RETRY_S.get(status)
    if wait_s is not None:
        answer.headers["Retry-After"] = str(wait_s)
    answer.headers["X-Request-Id"] = reference()
    return answer


def _answer(problem: Problem, words: Wording, line: str) -> Response:
    if is_api():
        return api_problem(problem.status, line, reference(), problem.faults)
    return _json(line) if _wants_json() else _html(problem, _say(words.heading), line)


def _json(line: str) -> Response:
    return jsonify(error=line, reference=reference())


def _html(problem: Problem, heading: str, line: str) -> Response:
    words = wording(problem.status)
    is_staff = g.get("actor") is not None
    links = []
    if is_staff:
        links = [(_say(HOME), url_for("home.start"))]
        if problem.status == 404:  # noqa: PLR2004 - a page that was not found
            links.insert(0, (_say(SEARCH), url_for("search.find")))
    elif problem.status in _LINK_LOST:
        links = [(_say(GO_ON), url_for("come_back.ask"))]
    html = render_template(
        "errors/problem.html",
        heading=heading,
        lines=[line, words.staff_step if is_staff else _say(words.step)],
        staff_frame=is_staff,
        links=links,
        reference=reference(),
    )
    return make_response(html)


def _of_the_hub(error: HubError) -> Response:
    if error.status >= _SERVER_ERROR:
        return _unexpected(error)
    retry_s = error.values.get("retry_s")
    sentence = _say(error.sentence, **error.values)
    return page(Problem(error.status, sentence, retry_s if isinstance(retry_s, int) else None, faults=faults_of(error)))


def _of_http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004 - redirects are answers
        return error
    answer = page(Problem(error.code))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _of_form_token(_error: CSRFError) -> Response:
    return page(Problem(400))


def _of_database(error: OperationalError | InterfaceError) -> Response:
    """Say that the service is away while its database is: that passes."""
    log.error("database is away", exc_info=error, extra={"reference": reference(), "endpoint": request.endpoint})
    return page(Problem(_AWAY, is_logged=True))


def _unexpected(error: Exception) -> Response:
    log.error("request failed", exc_info=error, extra={"reference": reference(), "endpoint": request.endpoint})
    return page(Problem(_SERVER_ERROR, is_logged=True))


def install(app: Flask) -> None:
    """Map the error tree to pages, once for all views."""
    app.register_error_handler(HubError, _of_the_hub)
    app.register_error_handler(CSRFError, _of_form_token)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(OperationalError, _of_database)
    app.register_error_handler(InterfaceError, _of_database)
    app.register_error_handler(Exception, _unexpected)
