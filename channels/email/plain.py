from __future__ import annotations

import re
from email.message import Message
from html import unescape

_BREAKS = frozenset({"br", "div", "p", "tr", "li", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote", "hr"})
_UNSEEN = frozenset({"script", "style", "head", "title"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*|!)[^<>]*>")
_DEEPEST = 50


def text_of(message: Message) -> str:
    """Return what a mail says as plain text: its text parts, or where it has none its HTML parts put into text."""
    plain: list[str] = []
    html: list[str] = []
    _gather(message, plain, html, _DEEPEST)
    said = plain if any(text.strip() for text in plain) else [from_html(text) for text in html]
    return "\n".join(said).replace("\r\n", "\n").replace("\r", "\n")


def _gather(part: Message, plain: list[str], html: list[str], depth: int) -> None:
    if part.get_content_maintype() == "message" or depth == 0:
        return  # what is forwarded or returned is not what this person says
    if part.is_multipart():
        for each in part.get_payload():
            if isinstance(each, Message):
                _gather(each, plain, html, depth - 1)
    elif part.get_content_disposition() != "attachment":
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(_decoded(part))
        elif kind == "text/html":
            html.append(_decoded(part))


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    content = data if isinstance(data, bytes) else b""
    charset = part.get_content_charset()
    try:
        return content.decode(charset or "utf-8", "replace" if charset else "strict")
    except (LookupError, ValueError):
        return _guessed(content)


def _guessed(content: bytes) -> str:
    """Decode text of an unknown or wrongly named charset: UTF-8 if it is that, else what old Windows mail sends."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def from_html(html: str) -> str:
    """Return HTML as text, a line for each block; what it quotes begins with "> ", as in a plain mail.

    Mail is not trusted: this reads any text once from start to end, however ill-formed.
    """
    lines, quotes, unseen, at = [""], 0, 0, 0
    for tag in _TAG.finditer(html):
        if not unseen:
            _add(lines, html[at : tag.start()], is_quoted=quotes > 0)
        at = tag.end()
        step, name = -1 if tag[1] else 1, tag[2].lower()
        if name in _BREAKS and lines[-1]:
            lines.append("")
        if name == "blockquote":
            quotes = max(0, quotes + step)
        elif name in _UNSEEN:
            unseen = max(0, unseen + step)
    if not unseen:
        _add(lines, html[at:], is_quoted=quotes > 0)
    return "\n".join(line.rstrip() for line in lines).strip()


def _add(lines: list[str], piece: str, *, is_quoted: bool) -> None:
    words = re.sub(r"\s+", " ", unescape(piece))
    if is_quoted and words.strip() and not lines[-1]:
        lines[-1] = "> "
    lines[-1] += words.lstrip() if lines[-1][-1:] in ("", " ") else words
