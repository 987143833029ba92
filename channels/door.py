from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Count = Callable[[str], None]
"""Counts how a webhook ended, by a short name such as "accepted" or "forged"."""


def count_nothing(_how: str) -> None:
    """Count nothing."""


class RefusedError(Exception):
    """A webhook's request that is not let in: the HTTP status, plain words for its sender, and what is counted."""

    def __init__(self, status: str, words: str, how: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.how = how


def read_body(environ: WSGIEnvironment, content_type: str, limit: int) -> bytes:
    """Return the body of a POST of one content type, not empty and at most `limit` bytes; else raises RefusedError."""
    if environ["REQUEST_METHOD"] != "POST":
        raise RefusedError("405 Method Not Allowed", "Only POST is answered here.", "malformed")
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdecimal():
        raise RefusedError("411 Length Required", "The request does not say how long it is.", "malformed")
    if int(length) > limit:
        raise RefusedError("413 Content Too Large", f"The request is longer than {limit} bytes.", "oversized")
    if not environ.get("CONTENT_TYPE", "").lower().startswith(content_type):
        raise RefusedError("415 Unsupported Media Type", f"Only {content_type} is read here.", "malformed")
    body: bytes = environ["wsgi.input"].read(int(length))
    if not body:
        raise RefusedError("400 Bad Request", "The request is empty.", "malformed")
    return body


def answer(start_response: StartResponse, status: str, body: bytes, content_type: str) -> Iterable[bytes]:
    """Answer with a body."""
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return (body,)


def answer_refused(start_response: StartResponse, refused: RefusedError) -> Iterable[bytes]:
    """Answer a request that is not let in, in words."""
    body = f"{refused.words}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), ("Allow", "POST")]
    start_response(refused.status, headers)
    return (body,)
