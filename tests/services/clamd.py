"""A stand-in for ClamAV's daemon: speaks its protocol on a real socket and finds EICAR's test string."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_MOST = 25_000_000


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, FakeClamd)
        command = _up_to_zero(self.rfile.read)
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM", command
        content = b""
        while size := struct.unpack(">L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        server.seen.append(content)
        self.wfile.write(server.answer_to(content) + b"\0")


def _up_to_zero(read: Callable[[int], bytes]) -> bytes:
    found = b""
    while (sign := read(1)) not in (b"\0", b""):
        found += sign
    return found


class FakeClamd(socketserver.ThreadingTCPServer):
    """The stand-in; `says` is answered instead of a verdict, `seen` holds what was sent."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[bytes] = []
        self.says: bytes | None = None

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.server_address[1])

    def answer_to(self, content: bytes) -> bytes:
        """Return the verdict on a file, in clamd's words."""
        if self.says is not None:
            return self.says
        if len(content) > _MOST:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Test-Signature FOUND" if _EICAR in content else b"stream: OK"


@contextmanager
def fake_clamd() -> Iterator[FakeClamd]:
    """Run the stand-in until the block ends."""
    with FakeClamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
