"""A load on one address: prepared requests over kept connections, from a process of its own.

python -m bench.load PORT PATH CONNECTIONS SECONDS TOKEN prints answers a second, median and 99th percentile in ms.
With a TOKEN the requests are signed inbound texts, each with an id of its own.
"""

from __future__ import annotations

import json
import socket
import statistics
import sys
import threading
import time
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bench.world import FROM, phone

_BASE = "https://hub.example.org"
_PREPARED_PER_S = 6000


def _requests(path: str, token: str, count: int) -> list[bytes]:
    if not token:
        return [f"POST {path} HTTP/1.1\r\nHost: hub\r\nContent-Length: 0\r\n\r\n".encode()] * count
    validator = RequestValidator(token)
    return [_text(validator, path, number) for number in range(count)]


def _text(validator: RequestValidator, path: str, number: int) -> bytes:
    fields = {
        "MessageSid": f"SM{number:032d}",
        "AccountSid": "AC" + "0" * 32,
        "From": phone(number),
        "To": FROM,
        "Body": "It is going well, thank you",
        "NumMedia": "0",
    }
    signature = validator.compute_signature(_BASE + path, fields)
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: hub\r\nX-Twilio-Signature: {signature}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Caller:
    """One kept connection that asks, waits for the answer, and asks again."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self.times: list[float] = []

    def run(self, until: float) -> None:
        for request in self._requests:
            start = time.perf_counter()
            if start >= until:
                return
            self._socket.sendall(request)
            self._read()
            self.times.append(time.perf_counter() - start)
        raise SystemExit("too few requests were prepared")

    def _read(self) -> None:
        found = b""
        while b"\r\n\r\n" not in found:
            found += self._socket.recv(65536)
        head, _, rest = found.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise SystemExit(f"answered {head[:60]!r}")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(rest) < length:
            rest += self._socket.recv(65536)


def main(port: int, path: str, connections: int, seconds: float, token: str) -> None:
    """Load the address and print what came of it as JSON."""
    prepared = _requests(path, token, int(_PREPARED_PER_S * seconds))
    callers = [_Caller(port, prepared[index::connections]) for index in range(connections)]
    start = time.perf_counter()
    hands = [threading.Thread(target=caller.run, args=(start + seconds,)) for caller in callers]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    elapsed = time.perf_counter() - start
    times = sorted(one for caller in callers for one in caller.times)
    print(
        json.dumps(
            {
                "per_s": len(times) / elapsed,
                "count": len(times),
                "median_ms": statistics.median(times) * 1000,
                "p99_ms": times[int(len(times) * 0.99)] * 1000,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5] if sys.argv[5:] else "")
