"""The OpenAPI document, made from the operations and their models: pydantic's JSON schema is that of OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hub.web.api.contract import CREATIONS, OPERATIONS, TAGS
from hub.web.api.models import ID, ApiProblem
from hub.web.api.once import HEADER, KEY
from hub.web.api.operations import Creation, Operation
from hub.web.api.referral_models import Event
from hub.web.api.webhooks import webhooks
from hub.web.programs import MEDIA_TYPE, PREFIX

VERSION = "1.0.0"
_SCHEMAS = "#/components/schemas/{model}"
_BEARER = "token"
_PROBLEMS = {
    "400": ("NoKey", f"No {HEADER} was sent, or one that cannot be."),
    "401": ("Unauthorized", "No token was sent, or one that is unknown, at its end or revoked."),
    "403": ("Forbidden", "The token has no scope for this."),
    "404": ("NotFound", "There is nothing with this id, or nothing that this token may know of."),
    "409": ("UnderWay", f"The first request with this {HEADER} is under way. Send it again after Retry-After."),
    "413": ("TooLarge", "The body is too large."),
    "415": ("NoJson", "The body is not JSON, or does not say so."),
    "422": ("InvalidParameters", "Some parameters or fields cannot be used. The errors name each and say why."),
    "429": ("TooMany", "The token has asked too often. Wait for as many seconds as Retry-After says."),
    "503": ("Away", "The hub is closed for work on it, or its database is away. Try again after Retry-After."),
}
_HEADERS = {
    "401": {"WWW-Authenticate": "The way to prove who asks"},
    "403": {"WWW-Authenticate": "The scope that is missing"},
    "409": {"Retry-After": "Seconds to wait"},
    "429": {"Retry-After": "Seconds to wait"},
    "503": {"Retry-After": "Seconds to wait"},
}
_INTRODUCTION = (
    "Read the register of the Flexible Purchasing System: who is on the list, on which lot, where each stands, on any "
    "day, and for councils what each charges. Case systems of councils begin drafts of referrals and read how they "
    "stand; webhooks tell them of each step. An administrator of a council makes a token on the page API tokens. Send "
    "it with each request: `Authorization: Bearer`, then the token. Lists come by id in pages; follow `next` until it "
    "is null. Answers carry an ETag: send it back as If-None-Match, and an answer that is the same costs nothing."
)


def document(base_url: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the API at this address."""
    models = _models()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Co-production Hub API", "version": VERSION, "description": _INTRODUCTION},
        "servers": [{"url": base_url}],
        "security": [{_BEARER: []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": _paths(),
        "webhooks": webhooks(_json(Event)),
        "components": {
            "schemas": _schemas(models),
            "responses": {name: _problem(code, text) for code, (name, text) in _PROBLEMS.items()},
            "securitySchemes": {
                _BEARER: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token acts for one organisation, within its scopes.",
                }
            },
        },
    }


def _models() -> list[type[BaseModel]]:
    told = [*(operation.answer for operation in OPERATIONS), *(creation.answer for creation in CREATIONS)]
    asked = [operation.asked for operation in OPERATIONS]
    return list(dict.fromkeys([*told, *asked, *(creation.sent for creation in CREATIONS), Event, ApiProblem]))


def _schemas(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """Return the schemas of all models but of those that are parameters: these stand with their operation."""
    asked = {operation.asked.__name__ for operation in OPERATIONS}
    _, found = models_json_schema([(model, "serialization") for model in models], ref_template=_SCHEMAS)
    return {name: schema for name, schema in found["$defs"].items() if name not in asked}


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {PREFIX + operation.path: {"get": _operation(operation)} for operation in OPERATIONS}
    for creation in CREATIONS:
        paths.setdefault(PREFIX + creation.path, {})["post"] = _creation(creation)
    return paths


def _creation(creation: Creation[Any]) -> dict[str, Any]:
    codes = ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503")
    key = {
        "name": HEADER,
        "in": "header",
        "required": True,
        "description": "Tells this request from every other. Sent again within 24 hours with the same body, it is "
        "answered as the first time; with another body it is refused. After an error it may be used again.",
        "schema": {"type": "string", "pattern": KEY},
    }
    made = _answer(creation.answer)
    made["headers"] = {
        "Location": _header("Where it can be read"),
        "Idempotent-Replayed": _header("true where this was answered before and nothing was done now"),
    }
    return {
        "operationId": creation.name,
        "summary": creation.title,
        "description": f"{creation.text} Needs the scope `{creation.scope}`.",
        "tags": [creation.tag],
        "x-scope": creation.scope.value,
        "parameters": [key],
        "requestBody": {"required": True, "content": _json(creation.sent)},
        "responses": {
            "201": made,
            **{code: {"$ref": f"#/components/responses/{_PROBLEMS[code][0]}"} for code in codes},
        },
    }


def _operation(operation: Operation[Any]) -> dict[str, Any]:
    codes = ["401", "403", *(["404"] if operation.ids else []), "422", "429", "503"]
    return {
        "operationId": operation.name,
        "summary": operation.title,
        "description": f"{operation.text} Needs the scope `{operation.scope}`.",
        "tags": [operation.tag],
        "x-scope": operation.scope.value,
        "parameters": [*map(_id, operation.ids), *_parameters(operation.asked)],
        "responses": {
            "200": _answer(operation.answer),
            "304": {"description": "What was asked for is still as it was at the ETag that was sent."},
            **{code: {"$ref": f"#/components/responses/{_PROBLEMS[code][0]}"} for code in codes},
        },
    }


def _id(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": "An id of the hub",
        "schema": {"type": "string", "pattern": ID},
    }


def _parameters(asked: type[BaseModel]) -> list[dict[str, Any]]:
    schema = asked.model_json_schema(mode="validation", ref_template=_SCHEMAS)
    return [_parameter(name, field) for name, field in schema.get("properties", {}).items()]


def _parameter(name: str, field: dict[str, Any]) -> dict[str, Any]:
    """Return one parameter. An address cannot say null: what may be left out is as it is when it is given."""
    (given,) = [option for option in field.get("anyOf", [field]) if option.get("type") != "null"]
    told = {key: value for key, value in given.items() if key not in {"title", "description", "default"}}
    if field.get("default") is not None:
        told["default"] = field["default"]
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": field.get("description", ""),
        "schema": told,
    }


def _answer(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "description": (model.__doc__ or "").strip(),
        "headers": {"ETag": _header("Which version of the answer this is")},
        "content": _json(model),
    }


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _SCHEMAS.format(model=model.__name__)}}}


def _header(text: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string"}}


def _problem(code: str, text: str) -> dict[str, Any]:
    return {
        "description": text,
        "headers": {name: _header(words) for name, words in _HEADERS.get(code, {}).items()},
        "content": {MEDIA_TYPE: {"schema": {"$ref": _SCHEMAS.format(model="ApiProblem")}}},
    }
