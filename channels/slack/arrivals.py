from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from channels.model import Arrival, Channel
from channels.slack.blocks import action_of
from channels.slack.forms import element_value, sent_form
from channels.slack.mrkdwn import plain

Payload = Mapping[str, Any]

_FROM_PEOPLE: Final = frozenset({None, "file_share", "me_message", "thread_broadcast"})
_SLACKBOT: Final = "USLACKBOT"
_SHARED: Final = ("C", "G")
_FIRST_MENTION: Final = re.compile(r"^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[\s,:]*")
MAX_ACTION: Final = 60
MAX_THREAD: Final = 26


@dataclass(frozen=True)
class Press:
    """A pressed button. `opens_form`: it carries a form, which only `trigger_id` can open, within 3 seconds."""

    arrival: Arrival
    opens_form: bool
    trigger_id: str


def from_event(body: Payload) -> Arrival | None:
    """Return what a person wrote to the app directly or in a mention; None for everything else that happens.

    Bots, the app itself, edits and deletions say nothing to us. Slack sends an event again under the same
    event_id.
    """
    event = body.get("event") or {}
    is_mention = event.get("type") == "app_mention"
    is_direct = event.get("type") == "message" and event.get("channel_type") == "im"
    if not (is_mention or is_direct) or not _is_by_person(event):
        return None
    text = str(event.get("text") or "")
    return _arrival(
        vendor_id=str(body.get("event_id") or _digest("event", event.get("channel"), event.get("ts"))),
        sender=event["user"],
        body=_without_mention(text, body) if is_mention else text,
        recipient=event.get("channel"),
    )


def from_command(command: Payload) -> Arrival:
    """Return what a person typed after the slash command; its trigger_id is new each time it is typed."""
    return _arrival(
        vendor_id=_digest("command", command.get("trigger_id"), command.get("response_url")),
        sender=command.get("user_id"),
        body=str(command.get("text") or ""),
        recipient=command.get("channel_id"),
    )


def presses(body: Payload) -> Iterator[Press]:
    """Yield the buttons pressed; one that we never drew, or of a message long gone, is told like any other."""
    container = body.get("container") or {}
    place = container.get("message_ts") or container.get("view_id")
    sender = (body.get("user") or {}).get("id")
    for action in body.get("actions") or ():
        carried = _carried(element_value(action))
        arrival = _arrival(
            vendor_id=_digest("press", sender, place, action.get("action_id"), action.get("action_ts")),
            sender=sender,
            body="",
            recipient=(body.get("channel") or {}).get("id"),
            action=action_of(str(action.get("action_id") or "")),
            values={"value": carried["v"]},
            thread=carried["m"],
        )
        yield Press(arrival, bool(carried["f"]), str(body.get("trigger_id") or ""))


def from_form(body: Payload) -> Arrival:
    """Return a form that was sent. A second sending of the same view with the same answers is the same again."""
    view = body.get("view") or {}
    sent = sent_form(view)
    sender = (body.get("user") or {}).get("id")
    return _arrival(
        vendor_id=_digest("form", sender, view.get("id"), json.dumps(sent.values, sort_keys=True)),
        sender=sender,
        body="",
        recipient=None,
        action=sent.action,
        values=sent.values,
        thread=sent.message_id,
    )


def _arrival(
    *,
    vendor_id: str,
    sender: object,
    body: str,
    recipient: object,
    action: str | None = None,
    values: Mapping[str, str] | None = None,
    thread: str | None = None,
) -> Arrival:
    """Fit what came to the inbox. Only a shared channel is a recipient: a direct conversation is the sender's own."""
    shared = str(recipient or "")
    return Arrival(
        channel=Channel.SLACK,
        vendor_id=vendor_id,
        sender=str(sender or ""),
        body=_storable(plain(body).strip()),
        recipient=shared if shared.startswith(_SHARED) else "",
        action=action[:MAX_ACTION] if action is not None else None,
        values={name: _storable(value) for name, value in (values or {}).items()},
        thread=thread if thread and len(thread) <= MAX_THREAD else None,
    )


def _is_by_person(event: Payload) -> bool:
    is_bot = bool(event.get("bot_id")) or event.get("user") in (None, _SLACKBOT)
    return not is_bot and event.get("subtype") in _FROM_PEOPLE and "edited" not in event


def _without_mention(text: str, body: Payload) -> str:
    """Return the text without the name by which the app was called."""
    called = [each.get("user_id") for each in body.get("authorizations") or () if each.get("is_bot")]
    if not called:
        return _FIRST_MENTION.sub("", text)
    return re.sub(rf"\s*<@{re.escape(str(called[0]))}(?:\|[^>]*)?>[ ,:]*", " ", text)


def _carried(value: str) -> dict[str, Any]:
    """Read what our buttons carry: the value, the message, whether there is a form."""
    try:
        read = json.loads(value)
    except ValueError:
        read = None
    if not isinstance(read, dict) or "v" not in read:
        return {"v": value, "m": None, "f": False}
    return {"v": str(read["v"]), "m": str(read.get("m") or ""), "f": read.get("f")}


def _storable(text: str) -> str:
    """Leave out what no database holds, half a character included: it would spoil what is stored beside it."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _digest(*parts: object) -> str:
    """Return an id that is the same whenever the same thing is told again."""
    return f"{parts[0]}:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"
