import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, NamedTuple, cast
from urllib.parse import unquote_plus

MAX_HEAD: Final = 65_536
MAX_BODY: Final = 16 * 1024 * 1024
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_STATUS_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Request:
    """One parsed request; head holds the request line and the headers as they came."""

    method: str
    path: str
    query: str
    head: bytes
    lowered: bytes
    body: bytes

    def header(self, name: bytes) -> str:
        """A header's value by its lower-case name, empty when it is not there."""
        return _header(self.head, self.lowered, name).decode("latin-1")

    def form(self) -> dict[str, str]:
        """The body read as a form; the last of fields with one name wins."""
        # Half the time of urllib.parse.parse_qsl, which is a quarter of all that a message costs here.
        pairs = [pair.partition("=") for pair in self.body.decode().split("&") if pair]
        return {_unquoted(name): _unquoted(value) for name, _, value in pairs}


class Answer(NamedTuple):
    """What goes back: bytes as they go on the wire, or None to hang up unanswered."""

    wire: bytes | None
    delay_s: float = 0.0


Respond = Callable[[Request], Answer]


class MalformedError(Exception):
    """The bytes are not a request that this edge takes; carries the status to answer before hanging up."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def wire(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """Write a JSON response down as it goes on the wire."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()) if headers else ""
    start = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} Unnamed\r\n"
    fixed = f"{start}Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
    return fixed.encode("latin-1") + body


@dataclass(slots=True)
class _Waiting:
    answer: Answer
    closing: bool
    ripe: bool = field(default=False)


class Connection(asyncio.Protocol):
    """One kept-alive HTTP/1.1 connection; pipelined requests are answered in their order."""

    def __init__(self, respond: Respond, opened: Callable[[], None]) -> None:
        self._respond = respond
        self._opened = opened
        self._rest = b""
        self._invited = False
        self._waiting: deque[_Waiting] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._opened()

    def data_received(self, data: bytes) -> None:
        self._rest = self._rest + data if self._rest else data
        try:
            while self._rest and not self._transport.is_closing():
                request = self._next_request()
                if request is None:
                    return
                self._answer(request)
        except MalformedError as error:
            self._transport.write(wire(error.status, b"{}", {"Connection": "close"}))
            self._transport.close()

    def _next_request(self) -> Request | None:
        end = self._rest.find(b"\r\n\r\n")
        if end < 0:
            if len(self._rest) > MAX_HEAD:
                raise MalformedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return None
        head = self._rest[:end]
        lowered = head.lower()
        body_end = end + 4 + _body_length(head, lowered)
        if len(self._rest) < body_end:
            self._invite(lowered)
            return None
        method, path, query = _request_line(head)
        request = Request(method, path, query, head, lowered, self._rest[end + 4 : body_end])
        self._rest = self._rest[body_end:]
        self._invited = False
        return request

    def _invite(self, lowered: bytes) -> None:
        if not self._invited and b"\r\nexpect: 100-continue" in lowered:
            self._invited = True
            self._transport.write(CONTINUE)

    def _answer(self, request: Request) -> None:
        answer = self._respond(request)
        closing = b"\r\nconnection: close" in request.lowered
        if not answer.delay_s and not self._waiting:
            self._send(answer, closing=closing)
            return
        waiting = _Waiting(answer, closing)
        self._waiting.append(waiting)
        asyncio.get_running_loop().call_later(answer.delay_s, self._ripen, waiting)

    def _ripen(self, waiting: _Waiting) -> None:
        waiting.ripe = True
        while self._waiting and self._waiting[0].ripe:
            first = self._waiting.popleft()
            self._send(first.answer, closing=first.closing)

    def _send(self, answer: Answer, *, closing: bool) -> None:
        if self._transport.is_closing():
            return
        if answer.wire is not None:
            self._transport.write(answer.wire)
        if closing or answer.wire is None:
            self._transport.close()


def _unquoted(written: str) -> str:
    return unquote_plus(written) if "%" in written or "+" in written else written


def _request_line(head: bytes) -> tuple[str, str, str]:
    line = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    if len(line) != 3 or line[2] != "HTTP/1.1":
        raise MalformedError(HTTPStatus.BAD_REQUEST)
    path, _, query = line[1].partition("?")
    return line[0], path, query


def _body_length(head: bytes, lowered: bytes) -> int:
    if b"\r\ntransfer-encoding:" in lowered:
        raise MalformedError(HTTPStatus.LENGTH_REQUIRED)
    written = _header(head, lowered, b"content-length")
    if not written:
        return 0
    if not written.isdigit():
        raise MalformedError(HTTPStatus.BAD_REQUEST)
    length = int(written)
    if length > MAX_BODY:
        raise MalformedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return length


def _header(head: bytes, lowered: bytes, name: bytes) -> bytes:
    mark = b"\r\n" + name + b":"
    start = lowered.find(mark)
    if start < 0:
        return b""
    start += len(mark)
    end = head.find(b"\r\n", start)
    return (head[start:] if end < 0 else head[start:end]).strip()
