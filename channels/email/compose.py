from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime, formataddr

from channels.email.mime import attached, encoded, invitation, is_invitation, one_line, tidy, unstructured
from channels.email.page import compile_page
from channels.email.settings import EmailSettings
from channels.model import Post

_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\\\"\x00-\x20\x7f]{1,64}@[^@\s<>()\[\],;:\\\"\x00-\x20\x7f]{1,255}")


class UnsendableError(Exception):
    """No email can go to such an address; `words` says why and names no person."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def wire_address(address: str) -> str:
    """Return an address as SMTP takes it, its domain in ASCII; raises UnsendableError."""
    if not _ADDRESS.fullmatch(address):
        raise UnsendableError("not an email address")
    local, _, domain = address.partition("@")
    if not local.isascii():
        raise UnsendableError("the part before the @ has signs that email cannot carry everywhere")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise UnsendableError("the part after the @ is not a domain") from None


class Composer:
    """Writes messages as bytes, with a text and an HTML part, from a page that was compiled once.

    A message object for each would cost milliseconds. What is written here is plain MIME (RFC 2045 to 2047, 2231, 5322,
    3834): a test reads it back for arbitrary texts.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._page = compile_page()
        name = one_line(settings.from_name)
        self._head = (
            f"From: {formataddr((name, settings.from_address))}\r\n"
            "MIME-Version: 1.0\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "X-Auto-Response-Suppress: OOF, AutoReply\r\n"
        )

    def message_id(self, attempt_id: str) -> str:
        """Return the Message-ID of an attempt, which an answer or a bounce gives back."""
        return f"<{attempt_id}@{self._settings.domain}>"

    def compose(self, post: Post, recipient: str, at: datetime) -> bytes:
        """Return the whole message, lines ended by CRLF; `recipient` is as `wire_address` returned it."""
        rendered = post.rendered
        text, title = tidy(rendered.text), one_line(rendered.title)
        page = self._page.fill(language=post.language, sender=self._settings.from_name, title=title, text=text)
        parts = [_text("plain", text), _text("html", page)]
        parts += [invitation(attachment) for attachment in post.attachments if is_invitation(attachment)]
        boundary = _boundary(post.attempt_id, parts)
        kind, body = "alternative", _joined(parts, boundary)
        if post.attachments:
            inner = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode() + body
            parts = [inner, *(attached(attachment) for attachment in post.attachments)]
            boundary = f"=_all_{boundary[2:]}"
            kind, body = "mixed", _joined(parts, boundary)
        head = (
            f"{self._head}"
            f"Date: {format_datetime(at)}\r\n"
            f"Message-ID: {self.message_id(post.attempt_id)}\r\n"
            f"{self._reply_to(post)}"
            f"To: {recipient}\r\n"
            f"Subject: {unstructured(title)}\r\n"
            f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
        )
        return head.encode("ascii") + body

    def _reply_to(self, post: Post) -> str:
        domain = self._settings.inbound_domain
        return f"Reply-To: <reply+{post.message_id}@{domain}>\r\n" if domain else ""


def _text(subtype: str, text: str) -> bytes:
    part = encoded(text)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {part.encoding}\r\n\r\n'
    return head.encode() + part.body


def _boundary(attempt_id: str, parts: Sequence[bytes]) -> str:
    """Return a line that no part holds; "=_" cannot stand in quoted-printable or base64 (RFC 2045, 6.7)."""
    boundary = f"=_{attempt_id}"
    while any(boundary.encode() in part for part in parts):
        boundary += "_"
    return boundary


def _joined(parts: Sequence[bytes], boundary: str) -> bytes:
    line = f"--{boundary}".encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
