"""The line to the systems of councils: the only place from which the hub calls an address that somebody entered."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from kernel.addresses import is_public
from kernel.errors import InvalidInputError
from referrals.model.webhooks import Fault, Result
from referrals.rules.webhooks import checked_url, is_inside, is_taken

ANSWER_S = 10.0
"""How long one attempt may take, from the first packet to the status line, however slowly the other side talks."""
_CONNECT_S = 5.0
_MOST_BYTES = 16_384
_PIECE = 2048
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?:[ \r]|$)")
_END = b"\r\n\r\n"
_SWITCH, _FINAL = 101, 200


class _AttemptError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Line:
    """Posts a body to an address, in good time, and to nothing but the public internet.

    The name is looked up here, every address that it leads to must be public, and the connection goes to one of just
    these: a name that leads elsewhere a moment later (DNS rebinding) gains nothing. Redirects are not followed. Of the
    answer only the status is read. `inside` are hosts with ports that may be called all the same, as they are;
    `trust` says whose certificates hold.
    """

    inside: Collection[str] = ()
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def post(self, url: str, headers: Mapping[str, str], body: str) -> Result:
        """Post once and return what came of it; never raises for what the other side does."""
        until = time.monotonic() + ANSWER_S
        try:
            status = self._post(url, headers, body, until)
        except _AttemptError as error:
            return Result(fault=error.fault)
        except ssl.SSLCertVerificationError:
            return Result(fault=Fault.CERTIFICATE)
        except TimeoutError:
            return Result(fault=Fault.TIMEOUT)
        except OSError:
            return Result(fault=Fault.BROKEN_OFF)
        return Result(status, None if is_taken(status) else Fault.REFUSED)

    def _post(self, url: str, headers: Mapping[str, str], body: str, until: float) -> int:
        parts = self._parts(url)
        with closing(self._connected(parts, until)) as line:
            line.settimeout(_left(until))
            line.sendall(_request(parts, headers, body.encode()))
            return _status(line, until)

    def _parts(self, url: str) -> SplitResult:
        try:
            return urlsplit(checked_url(url, self.inside))
        except InvalidInputError as error:
            raise _AttemptError(Fault.NOT_PUBLIC) from error

    def _connected(self, parts: SplitResult, until: float) -> socket.socket:
        host = parts.hostname or ""
        plain = _connect(self._addresses(parts), until)
        if parts.scheme == "http":
            return plain
        try:
            plain.settimeout(_left(until))
            return self.trust.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def _addresses(self, parts: SplitResult) -> list[tuple[str, int]]:
        port = parts.port or (80 if parts.scheme == "http" else 443)
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise _AttemptError(Fault.NOT_FOUND) from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not is_inside(parts, self.inside) and not all(map(is_public, addresses)):
            raise _AttemptError(Fault.NOT_PUBLIC)
        return [(address, port) for address in addresses]


def _connect(addresses: list[tuple[str, int]], until: float) -> socket.socket:
    for address in addresses:
        try:
            return socket.create_connection(address, timeout=min(_CONNECT_S, _left(until)))
        except OSError:
            continue
    raise _AttemptError(Fault.NO_CONNECTION)


def _request(parts: SplitResult, headers: Mapping[str, str], body: bytes) -> bytes:
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    own = {"Host": parts.netloc, "Content-Length": str(len(body)), "Connection": "close", **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in own.items())]
    return "\r\n".join(lines).encode("ascii") + _END + body


def _status(line: socket.socket, until: float) -> int:
    """Read as far as the status line of the final answer, past what only informs (100, 103); the rest stays unread."""
    found = b""
    while len(found) < _MOST_BYTES:
        line.settimeout(_left(until))
        piece = line.recv(_PIECE)
        found += piece
        status = _final(found)
        if status is not None:
            return status
        if not piece:
            raise _AttemptError(Fault.BROKEN_OFF if not found else Fault.NO_HTTP)
    raise _AttemptError(Fault.NO_HTTP)


def _final(found: bytes) -> int | None:
    """Return the final status, None while it has not come; raises where this is no HTTP."""
    while b"\r\n" in found:
        told = _STATUS.match(found)
        if told is None or int(told[1]) == _SWITCH:
            raise _AttemptError(Fault.NO_HTTP)
        if int(told[1]) >= _FINAL:
            return int(told[1])
        if _END not in found:
            return None
        found = found.split(_END, 1)[1]
    return None


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
