"""Posts to a plain WSGI application as a server would, without one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass
class Answered:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def send(
    app: WSGIApplication,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    *,
    query: str = "",
    method: str = "POST",
    length: str | None = None,
) -> Answered:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/whatever",
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)) if length is None else length,
        # What a client says of itself: nothing of it may be believed.
        "HTTP_HOST": "attacker.example.org",
        "HTTP_X_FORWARDED_HOST": "attacker.example.org",
        "HTTP_X_FORWARDED_PROTO": "http",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
    answered = Answered()

    def start_response(status: str, fields: list[tuple[str, str]], _error: object = None) -> Any:  # noqa: ANN401 - WSGI has a write here
        answered.status, answered.headers = int(status.split(maxsplit=1)[0]), dict(fields)

    chunks: Iterable[bytes] = app(environ, start_response)
    answered.body = b"".join(chunks)
    return answered
