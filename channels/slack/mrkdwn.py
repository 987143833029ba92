from __future__ import annotations

import re

_ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)\]'\"]")
_REFERENCE = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MARKS = "@#!"


def escape(text: str) -> str:
    """Return the text with Slack's three control signs made harmless, so that no value can call a whole channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_links(text: str) -> str:
    """Return the text escaped, with its web addresses as links: the only markup that a message of ours has."""
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0]).replace("|", "%7C")
        parts += [escape(text[end : found.start()]), f"<{address}>"]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def plain(text: str) -> str:
    """Return what a person typed, from the way in which Slack hands it on: links, mentions and signs made plain."""
    unlinked = _REFERENCE.sub(_spoken, text)
    return unlinked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _spoken(reference: re.Match[str]) -> str:
    target, label = reference[1], reference[2]
    if target[0] in _MARKS:
        mark = "#" if target[0] == "#" else "@"
        return f"{mark}{(label or target[1:]).lstrip(_MARKS)}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in target:
        return label or address
    return f"{label} ({address})"
