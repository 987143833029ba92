"""How programs that ask the API are known and told of errors: in the form of RFC 9457."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import json, make_response, request
from werkzeug.wrappers import Response

from kernel.errors import ForbiddenError, HubError, InvalidInputError

PREFIX = "/api/v1"
BLUEPRINT = "api"
MEDIA_TYPE = "application/problem+json"


_OWN_WORDS = {405: "This address takes only the methods that the Allow header names."}


def is_api() -> bool:
    """Tell whether a program asks the API: it is answered in its own form, in English, and never by a cookie."""
    return request.path.startswith(f"{PREFIX}/")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class InvalidParametersError(HubError):
    """Some parameters cannot be used; each fault says which one and why."""

    status = 422
    code = "invalid_parameters"

    def __init__(self, *faults: Fault) -> None:
        super().__init__("Some parameters cannot be used. Each error names one and says why.")
        self.faults = faults


_NO_SCOPE = "This token has no scope {scope}. Ask an administrator of your council for a token that has it."
_NOT_APPROVED = "Nobody has approved {scope} for this token. Ask a commissioner of your council to approve it."


class MissingScopeError(ForbiddenError):
    """The token holds, and may not ask for this, or not yet: `is_asked` where it waits or somebody refused it."""

    code = "insufficient_scope"

    def __init__(self, scope: str, *, is_asked: bool = False) -> None:
        super().__init__(_NOT_APPROVED if is_asked else _NO_SCOPE, scope=scope)
        self.scope = scope


def faults_of(error: HubError) -> tuple[Fault, ...]:
    """Return what is wrong with which parameter, where the error knows."""
    if isinstance(error, InvalidParametersError):
        return error.faults
    return (Fault(error.field, str(error)),) if isinstance(error, InvalidInputError) else ()


def problem(status: int, detail: str, reference: str, faults: tuple[Fault, ...] = ()) -> Response:
    """Return an error as a program reads it; `reference` is the number of the request, as the log has it."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _OWN_WORDS.get(status, detail),
        "instance": f"urn:hub:request:{reference}",
    }
    if faults:
        told["errors"] = [{"parameter": fault.parameter, "detail": fault.detail} for fault in faults]
    answer = make_response(json.dumps(told))
    answer.status_code = status
    answer.mimetype = MEDIA_TYPE
    return answer
