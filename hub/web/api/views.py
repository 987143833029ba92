from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask import json as flask_json
from pydantic import BaseModel
from werkzeug.wrappers import Response

from hub.web.api.bodies import sent
from hub.web.api.contract import CREATIONS, OPERATIONS, TAGS
from hub.web.api.document import document
from hub.web.api.models import ID
from hub.web.api.once import key_shown, once
from hub.web.api.operations import Asking, Creation, Operation
from hub.web.api.parameters import asked
from hub.web.programs import BLUEPRINT, PREFIX
from hub.web.site import site
from kernel.errors import NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.api_scopes import SCOPE_WORDS
from people.web.guard import api, current_token, public

_KEPT = "private, no-cache"
_ID = re.compile(ID)
_CREATED = 201
_EVERY: tuple[Creation[Any] | Operation[Any], ...] = (*CREATIONS, *OPERATIONS)
_WHY = "says how programs ask; what they are told asks for a token"


def blueprint() -> Blueprint:
    """Return the API, its document and the page that explains it."""
    pages = Blueprint(BLUEPRINT, __name__)
    for operation in OPERATIONS:
        rule = PREFIX + operation.path.replace("{", "<").replace("}", ">")
        pages.add_url_rule(rule, operation.name, _view(operation), methods=["GET"])
    for creation in CREATIONS:
        pages.add_url_rule(PREFIX + creation.path, creation.name, _creating(creation), methods=["POST"])
    pages.add_url_rule("/api/openapi.json", "openapi", _openapi, methods=["GET"])
    pages.add_url_rule("/api", "explain", _explain, methods=["GET"])
    return pages


def _view(operation: Operation[Any]) -> Callable[..., Response]:
    @api(operation.scope)
    def answer(**ids: str) -> Response:
        """Answer one operation; an id that cannot be one is nobody's."""
        wanted = asked(operation.asked)
        if not all(_ID.fullmatch(given) for given in ids.values()):
            raise NotFoundError
        with ground().read() as session:
            asking = Asking(session, current_token(), ground().clock.now(), ids)
            return _reply(operation.read(asking, wanted))

    return answer


def _creating(creation: Creation[Any]) -> Callable[..., Response]:
    @api(creation.scope)
    def make() -> Response:
        """Carry one operation out, once for its key."""
        token, key = current_token(), key_shown()
        wanted = sent(creation.sent)

        def change(work: Work) -> tuple[int, str]:
            return _CREATED, creation.make(work, token, wanted).model_dump_json()

        told = once(token.id, key, f"{creation.name} {wanted.model_dump_json()}", change)
        answer = make_response(told.answer, told.status)
        answer.mimetype = "application/json"
        answer.headers["Cache-Control"] = "no-store"
        made = creation.made_path(creation.answer.model_validate_json(told.answer))
        answer.headers["Location"] = PREFIX + made
        if told.is_replayed:
            answer.headers["Idempotent-Replayed"] = "true"
        return answer

    return make


def _reply(found: BaseModel) -> Response:
    """Return an answer with its ETag; one that the asker has already is not sent again."""
    return _kept(make_response(found.model_dump_json()))


def _kept(answer: Response) -> Response:
    answer.mimetype = "application/json"
    answer.headers["Cache-Control"] = _KEPT
    answer.add_etag()
    return answer.make_conditional(request.environ)


@public(_WHY)
def _openapi() -> Response:
    """Return the OpenAPI document."""
    return _kept(make_response(flask_json.dumps(document(ground().base_url))))


@public(_WHY)
def _explain() -> str:
    """Explain the API: how to get a token, how to ask, what is answered."""
    return render_template(
        "api/explain.html",
        base_url=ground().base_url,
        prefix=PREFIX,
        operations={tag: [each for each in _EVERY if each.tag == tag] for tag in TAGS},
        tags=TAGS,
        scopes=SCOPE_WORDS,
        per_minute=site().api_per_minute,
    )
