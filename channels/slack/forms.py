from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from channels.slack.blocks import Block, UnfitError, plain_text, section
from channels.slack.mrkdwn import escape

FORM_CALLBACK: Final = "hub:form"
MAX_TITLE: Final = 24
MAX_LABEL: Final = 2000
MAX_OPTIONS: Final = 100
MAX_GROUPS: Final = 100
MAX_OPTION_TEXT: Final = 75
MAX_OPTION_VALUE: Final = 150
MAX_METADATA: Final = 3000
MAX_TEXT: Final = 3000
_RADIO_UP_TO: Final = 5
_FIELD: Final = "field"
_BLOCK: Final = "hub:"


@dataclass(frozen=True)
class SentForm:
    """A form that came back: the action, the message whose button opened it, and what was filled in."""

    action: str
    message_id: str | None
    values: Mapping[str, str]


def form_view(form: Mapping[str, Any], value: str, message_id: str) -> Block:
    """Return a neutral form as a Slack modal that carries the button's value back.

    Raises UnfitError for what Slack cannot draw: an unknown kind of field, a choice of nothing.
    """
    carried = {"a": form["action"], "v": value, "m": message_id}
    metadata = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    if len(metadata) > MAX_METADATA:
        raise UnfitError(f"the form {form['action']} carries more than {MAX_METADATA} characters")
    title = str(form["title"])
    whole_title = [section(f"*{escape(title)}*")] if len(title) > MAX_TITLE else []
    return {
        "type": "modal",
        "callback_id": FORM_CALLBACK,
        "private_metadata": metadata,
        "title": plain_text(title, MAX_TITLE),
        "submit": plain_text("Send", MAX_TITLE),
        "close": plain_text("Cancel", MAX_TITLE),
        "blocks": [*whole_title, *(_input(field) for field in form["fields"])],
    }


def sent_form(view: Mapping[str, Any]) -> SentForm:
    """Read a submitted view; one that we did not draw comes back under its own callback id."""
    carried = _carried(str(view.get("private_metadata") or ""))
    filled = {
        block_id.removeprefix(_BLOCK): element_value(element)
        for block_id, elements in view.get("state", {}).get("values", {}).items()
        for element in elements.values()
    }
    value = {"value": carried["v"]} if "v" in carried else {}
    return SentForm(carried.get("a", str(view.get("callback_id") or "")), carried.get("m"), {**filled, **value})


def element_value(element: Mapping[str, Any]) -> str:
    """Return what was entered into one element: a text, a date, or the value of the option chosen."""
    option = element.get("selected_option") or {}
    return str(element.get("value") or element.get("selected_date") or option.get("value") or "")


def _carried(metadata: str) -> dict[str, str]:
    try:
        read = json.loads(metadata)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in read.items()} if isinstance(read, dict) else {}


def _input(field: Mapping[str, Any]) -> Block:
    return {
        "type": "input",
        "block_id": f"{_BLOCK}{field['name']}",
        "label": plain_text(str(field["label"]), MAX_LABEL),
        "element": _element(field),
    }


def _element(field: Mapping[str, Any]) -> Block:
    kind = field["kind"]
    if kind == "date":
        return {"type": "datepicker", "action_id": _FIELD}
    if kind == "text":
        return {"type": "plain_text_input", "action_id": _FIELD, "multiline": True, "max_length": MAX_TEXT}
    if kind == "choice":
        return _choice(str(field["name"]), field["choices"])
    raise UnfitError(f"Slack has no field of the kind {kind}")


def _choice(name: str, choices: Sequence[Sequence[object]]) -> Block:
    options = [_option(name, str(value), str(label)) for value, label in choices]
    if not options:
        raise UnfitError(f"the field {name} has nothing to choose from")
    if len(options) <= _RADIO_UP_TO:
        return {"type": "radio_buttons", "action_id": _FIELD, "options": options}
    if len(options) <= MAX_OPTIONS:
        return {"type": "static_select", "action_id": _FIELD, "options": options}
    return {"type": "static_select", "action_id": _FIELD, "option_groups": _groups(name, options)}


def _option(name: str, value: str, label: str) -> Block:
    if not value or len(value) > MAX_OPTION_VALUE:
        raise UnfitError(f"a choice of the field {name} is empty or longer than {MAX_OPTION_VALUE} characters")
    return {"text": plain_text(label or value, MAX_OPTION_TEXT), "value": value}


def _groups(name: str, options: Sequence[Block]) -> list[Block]:
    """Split what is more than a menu holds into groups named by their places in the list."""
    starts = range(0, len(options), MAX_OPTIONS)
    if len(starts) > MAX_GROUPS:
        raise UnfitError(f"the field {name} has more than {MAX_OPTIONS * MAX_GROUPS} choices")
    return [
        {
            "label": plain_text(f"{start + 1} to {min(start + MAX_OPTIONS, len(options))}", MAX_OPTION_TEXT),
            "options": list(options[start : start + MAX_OPTIONS]),
        }
        for start in starts
    ]
