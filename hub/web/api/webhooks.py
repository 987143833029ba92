"""How the API's document describes what the hub sends by itself."""

from __future__ import annotations

from typing import Any

from referrals.model.webhooks import CHOSEN_TYPES, EventType
from referrals.webhooks.claim import EVENT_HEADER, SIGNATURE_HEADER

_HOW = (
    "Answer with a status from 200 to 299 within 10 seconds; anything else, redirects too, is tried again with growing "
    f"pauses for 3 days. A fact may come more than once: `{EVENT_HEADER}` and `id` are then the same, so that you can "
    f"pass it over. Facts may come out of order. Before you believe one, check `{SIGNATURE_HEADER}`: take t and the "
    "raw body, make the HMAC-SHA256 of t, a full stop and the body with your secret, and compare it with each v1 in "
    "constant time; refuse a t of more than five minutes ago."
)


def webhooks(body: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent to the addresses that councils have given, by kind of fact."""
    return {each.value: {"post": _webhook(each, body)} for each in (*CHOSEN_TYPES, EventType.ENDPOINT_TEST)}


def _webhook(kind: EventType, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": kind.words,
        "description": _HOW,
        "tags": ["Referrals"],
        "parameters": [_header(EVENT_HEADER, "The id of the fact"), _header(SIGNATURE_HEADER, "t=…,v1=…")],
        "requestBody": {"required": True, "content": body},
        "responses": {"2XX": {"description": "It was taken and will not be sent again"}},
    }


def _header(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
