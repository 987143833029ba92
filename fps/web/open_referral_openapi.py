from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_PAGING = {"page": "Number of the page, from 1", "per_page": "Entries on a page, 1 to 100"}
_FILTERS = {
    **_PAGING,
    "search": "Words of the name",
    "text": "The same as search",
    "taxonomy_term_id": "Services that cater for this need",
    "taxonomy_id": "Services that name any need of this taxonomy",
    "organization_id": "Services of this organisation",
    "minimum_age": "Services for which this age or an older one is the youngest",
    "maximum_age": "Services for which this age or a younger one is the oldest",
    "postcode": "Services near this postcode; only its first part counts",
    "proximity": "How near, in metres; 20,000 unless given",
}
_NUMBERS = frozenset({"page", "per_page", "minimum_age", "maximum_age", "proximity"})
_LISTS = {
    "services": ("Settings as services", _FILTERS),
    "service_at_locations": ("Settings with the places where they are", _FILTERS),
    "taxonomies": ("The taxonomies", _PAGING),
    "taxonomy_terms": ("Needs as terms", _PAGING),
}


def description(base_url: str) -> Json:
    """Return the OpenAPI description of the Open Referral interface at an address."""
    paths: Json = {"/": {"get": _answers("Version and profile", "about")}}
    for name, (summary, parameters) in _LISTS.items():
        paths[f"/{name}"] = {"get": {**_answers(summary, f"list_{name}"), "parameters": _query(parameters)}}
        one: Json = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        paths[f"/{name}/{{id}}"] = {"get": {**_answers(f"One of: {summary}", f"one_of_{name}"), "parameters": [one]}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Directory of settings: Open Referral UK",
            "version": "3.0",
            "description": "Read only, open to anybody. HSDS 3 with the UK profile; schedules, contacts and costs are "
            "not held.",
        },
        "servers": [{"url": base_url}],
        "paths": paths,
    }


def _answers(summary: str, operation: str) -> Json:
    content = {"application/json": {"schema": {"type": "object"}}}
    fault = {"application/problem+json": {"schema": {"type": "object"}}}
    return {
        "summary": summary,
        "operationId": operation,
        "responses": {
            "200": {"description": "Found", "content": content},
            "400": {"description": "A parameter cannot be read", "content": fault},
            "404": {"description": "There is no such thing", "content": fault},
        },
    }


def _query(parameters: dict[str, str]) -> list[Json]:
    return [
        {
            "name": name,
            "in": "query",
            "description": told,
            "schema": {"type": "integer"} if name in _NUMBERS else {"type": "string"},
        }
        for name, told in parameters.items()
    ]
