from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from channels.model import ButtonShown, Rendered
from channels.slack.mrkdwn import escape, with_links

Block = dict[str, Any]

MAX_BLOCKS: Final = 50
MAX_HEADER: Final = 150
MAX_SECTION: Final = 3000
MAX_BUTTONS: Final = 25
MAX_BUTTON_TEXT: Final = 75
MAX_BUTTON_VALUE: Final = 2000
_GAP: Final = "\n\n"
_PIECE: Final = MAX_SECTION // len("&amp;")  # so many signs fit even if each of them has to be escaped
_OURS: Final = re.compile(r"hub:(.+):\d+")


class UnfitError(ValueError):
    """What is to be shown does not fit within Slack's limits; the text says which, and names no person."""


def message_blocks(rendered: Rendered, message_id: str) -> list[Block]:
    """Return a message as Slack draws it: heading, paragraphs, buttons.

    Raises UnfitError where Slack would refuse it: more than 50 blocks, or a button that carries too much.
    """
    blocks = [*_heading(rendered.title), *_sections(rendered.text), *_actions(rendered.buttons, message_id)]
    if len(blocks) > MAX_BLOCKS:
        raise UnfitError(f"the message needs more than {MAX_BLOCKS} blocks")
    return blocks


def fallback_text(rendered: Rendered) -> str:
    """Return what notifications show and screen readers read: the short wording, which names nobody (R30)."""
    return escape(rendered.short)


def plain_text(text: str, limit: int) -> Block:
    """Return a text object without markup, cut to Slack's limit for its place."""
    return {"type": "plain_text", "text": shortened(text, limit), "emoji": False}


def shortened(text: str, limit: int) -> str:
    """Return the text within the limit, with an ellipsis where something was left out."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def action_of(action_id: str) -> str:
    """Return the action of one of our buttons from its action_id; another app's id comes back as it is."""
    ours = _OURS.fullmatch(action_id)
    return ours[1] if ours else action_id


def section(mrkdwn: str) -> Block:
    """Return a paragraph. Verbatim, so that Slack makes no mention of an @channel in a value."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def _heading(title: str) -> list[Block]:
    if not title.strip():
        return []
    if len(title) > MAX_HEADER:
        return [section(f"*{piece}*") for piece in _packed(_pieces(title), " ", MAX_SECTION - len("**"))]
    return [{"type": "header", "text": plain_text(title, MAX_HEADER)}]


def _sections(text: str) -> list[Block]:
    paragraphs = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", text))
    shown = (piece for paragraph in paragraphs if paragraph for piece in _fitting(paragraph))
    return [section(packed) for packed in _packed(shown, _GAP, MAX_SECTION)]


def _fitting(paragraph: str) -> Iterable[str]:
    whole = with_links(paragraph)
    return [whole] if len(whole) <= MAX_SECTION else _packed(_pieces(paragraph), " ", MAX_SECTION)


def _pieces(text: str) -> Iterator[str]:
    """Yield the words of a text ready for Slack, none longer than a section; line ends stay with their words."""
    for word in text.split(" "):
        shown = with_links(word)
        if len(shown) <= MAX_SECTION - len("**"):
            yield shown
        else:
            yield from (escape(word[start : start + _PIECE]) for start in range(0, len(word), _PIECE))


def _packed(pieces: Iterable[str], gap: str, limit: int) -> Iterator[str]:
    """Join pieces with the gap to as few texts within the limit as their order allows."""
    text = ""
    for piece in pieces:
        if text and len(text) + len(gap) + len(piece) > limit:
            yield text
            text = piece
        else:
            text = f"{text}{gap}{piece}" if text else piece
    if text.strip():
        yield text


def _actions(buttons: Sequence[ButtonShown], message_id: str) -> list[Block]:
    drawn = [_button(button, number, message_id) for number, button in enumerate(buttons)]
    rows = [drawn[start : start + MAX_BUTTONS] for start in range(0, len(drawn), MAX_BUTTONS)]
    return [{"type": "actions", "elements": row} for row in rows]


def _button(button: ButtonShown, number: int, message_id: str) -> Block:
    carried: dict[str, object] = {"v": button.value, "m": message_id}
    if button.form is not None:
        carried["f"] = 1
    value = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    if len(value) > MAX_BUTTON_VALUE:
        raise UnfitError(f"the button {button.action} carries more than {MAX_BUTTON_VALUE} characters")
    return {
        "type": "button",
        "action_id": f"hub:{button.action}:{number}",
        "text": plain_text(button.label, MAX_BUTTON_TEXT),
        "value": value,
    }
