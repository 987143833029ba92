"""Looking for viruses in what people upload, by a ClamAV daemon that speaks its own small protocol over a socket."""

from __future__ import annotations

import contextlib
import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

_PIECE = 1 << 16
_LONGEST_ANSWER = 4096
_WAITS_S = 20.0


class Verdict(StrEnum):
    """What came of a scan; UNKNOWN where the scanner gave no verdict, so that it must be asked again."""

    CLEAN = "clean"
    FOUND = "found"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Scan:
    """The verdict on a file; `said` names what was found, or why there is no verdict."""

    verdict: Verdict
    said: str = ""


class Scanner(Protocol):
    """Looks for viruses."""

    is_set_up: bool

    def scan(self, content: bytes) -> Scan:
        """Look at a file; never raises because of the scanner."""
        ...

    def ping(self) -> bool:
        """Tell whether the scanner answers."""
        ...


class NoScanner:
    """Stands where no scanner is set up: lets everything through."""

    is_set_up = False

    def scan(self, content: bytes) -> Scan:  # noqa: ARG002 - the port's
        """Let a file through."""
        return Scan(Verdict.CLEAN)

    def ping(self) -> bool:
        """Say that there is nothing that could fail."""
        return True


class Clamd:
    """A ClamAV daemon, at a host and port or at a Unix socket; `waits_s` is the longest that one answer may take."""

    is_set_up = True

    def __init__(self, host: str, port: int, *, path: str = "", waits_s: float = _WAITS_S) -> None:
        self._address = (host, port)
        self._path = path
        self._waits_s = waits_s

    def scan(self, content: bytes) -> Scan:
        """Send a file through the INSTREAM command and read what was found."""
        try:
            with self._open() as line:
                with contextlib.suppress(ConnectionError):  # it hangs up on a file that is too large, and has said so
                    _send(line, content)
                return _read_verdict(_answer(line))
        except OSError as error:
            return Scan(Verdict.UNKNOWN, type(error).__name__)

    def ping(self) -> bool:
        """Ask whether it is there."""
        try:
            with self._open() as line:
                line.sendall(b"zPING\0")
                return _answer(line) == "PONG"
        except OSError:
            return False

    def _open(self) -> socket.socket:
        if not self._path:
            return socket.create_connection(self._address, timeout=self._waits_s)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self._waits_s)
        try:
            line.connect(self._path)
        except OSError:
            line.close()
            raise
        return line


def _send(line: socket.socket, content: bytes) -> None:
    line.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        line.sendall(struct.pack(">L", len(piece)) + piece)
    line.sendall(struct.pack(">L", 0))


def _answer(line: socket.socket) -> str:
    """Read up to the zero that ends an answer; what is longer than any answer is cut."""
    read = b""
    while b"\0" not in read and len(read) < _LONGEST_ANSWER and (piece := line.recv(_LONGEST_ANSWER)):
        read += piece
    return read.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def _read_verdict(answer: str) -> Scan:
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return Scan(Verdict.CLEAN)
    if said.endswith(" FOUND"):
        return Scan(Verdict.FOUND, said.removesuffix(" FOUND"))
    return Scan(Verdict.UNKNOWN, said or "no answer")
