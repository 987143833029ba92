import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.services.orphans import ends, orphaned_pid
from tests.services.vendor import VendorStub, running_vendor

SLACK_BODY = b'{"channel": "C1", "text": "%d"}'


@pytest.fixture(scope="module")
def running() -> Iterator[VendorStub]:
    with running_vendor() as stub:
        yield stub


@pytest.fixture
def stub(running: VendorStub) -> VendorStub:
    running.reset()
    return running


def posting(number: int, more: bytes = b"") -> bytes:
    body = SLACK_BODY % number
    head = b"POST /api/chat.postMessage HTTP/1.1\r\nHost: stub\r\nAuthorization: Bearer xoxb-1\r\n"
    return head + b"Content-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s" % (more, len(body), body)


def exchange(stub: VendorStub, *parts: bytes) -> bytes:
    """Send the parts one by one and return all that comes until the stub hangs up."""
    with closing(socket.create_connection(("127.0.0.1", stub.port), 10)) as connection:
        for part in parts:
            connection.sendall(part)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def texts(received: bytes) -> list[str]:
    bodies = [part.partition(b"\r\n\r\n")[2] for part in received.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    return [json.loads(body)["message"]["text"] for body in bodies]


@pytest.mark.parametrize("latency_ms", [0, 20])
def test_pipelined_requests_are_answered_in_order(stub: VendorStub, latency_ms: int) -> None:
    stub.be_slow(latency_ms)
    sent = b"".join(posting(number) for number in range(9)) + posting(9, b"Connection: close\r\n")
    assert texts(exchange(stub, sent)) == [str(number) for number in range(10)]


def test_a_request_may_come_in_pieces(stub: VendorStub) -> None:
    whole = posting(1, b"Connection: close\r\n")
    assert texts(exchange(stub, *[whole[n : n + 1] for n in range(len(whole))])) == ["1"]


def test_a_client_that_waits_to_be_invited_is(stub: VendorStub) -> None:
    head, _, body = posting(1, b"Connection: close\r\nExpect: 100-continue\r\n").partition(b"\r\n\r\n")
    with closing(socket.create_connection(("127.0.0.1", stub.port), 10)) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"GET /" + b"x" * 70_000, b"431"),
        (b"GET /nowhere HTTP/1.1\r\nConnection: close\r\n\r\n", b"404"),
    ],
)
def test_what_it_does_not_take_is_refused(stub: VendorStub, sent: bytes, status: bytes) -> None:
    assert exchange(stub, sent).startswith(b"HTTP/1.1 " + status)


def test_what_follows_a_dropped_answer_is_not_read(stub: VendorStub) -> None:
    stub.drop_after_accept()
    assert exchange(stub, posting(1) + posting(2)) == b""
    assert stub.counts().accepted == 1


def test_latency_is_kept(stub: VendorStub) -> None:
    stub.be_slow(80)
    started = time.monotonic()
    exchange(stub, posting(1, b"Connection: close\r\n"))
    assert time.monotonic() - started >= 0.08


def test_dies_with_its_asker() -> None:
    program = (
        "import sys\n"
        "from tests.services.vendor import running_vendor\n"
        "with running_vendor() as stub:\n"
        "    print(stub.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    assert ends(orphaned_pid(program))
