"""The line against a real receiver, and against whoever would have it call the inside of the network."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from kernel.addresses import is_public
from kernel.errors import InvalidInputError
from referrals.model.webhooks import Fault, Result
from referrals.rules.webhooks import checked_url
from referrals.webhooks import line as lines
from referrals.webhooks.line import Line
from tests.referrals.webhooks.receiver import OK, Receiver, contexts, receiving, say

HEADERS = {"Content-Type": "application/json", "Hub-Event-Id": "0" * 26}


def _post(receiver: Receiver, path: str = "/hub?of=1") -> Result:
    where = f"127.0.0.1:{receiver.port}"
    return Line([where]).post(f"http://{where}{path}", HEADERS, '{"id":"1"}')


def test_a_receiver_reads_the_body_and_says_that_it_took_it() -> None:
    with receiving() as receiver:
        assert _post(receiver) == Result(200)
    (request,) = receiver.requests
    head, body = request.split(b"\r\n\r\n", 1)
    assert head.startswith(b"POST /hub?of=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{receiver.port}".encode() in head
    assert b"Hub-Event-Id: 00000000000000000000000000" in head
    assert body == b'{"id":"1"}'


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", Result(204)),
        (b"HTTP/1.0 202\r\n\r\n", Result(202)),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, Result(200)),
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n", Result(302, Fault.REFUSED)),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Result(410, Fault.REFUSED)),
        (b"HTTP/1.1 500 Oh\r\n\r\n", Result(500, Fault.REFUSED)),
        (b"HTTP/1.1 101 Switching\r\n\r\n", Result(fault=Fault.NO_HTTP)),
        (b"HTTP/1.1 999 No\r\n\r\n", Result(fault=Fault.NO_HTTP)),
        (b"220 mail.example.org ESMTP\r\n", Result(fault=Fault.NO_HTTP)),
        (b"x" * 100_000, Result(fault=Fault.NO_HTTP)),
        (b"HTTP/1.1 103 Early\r\nx: " + b"y" * 100_000, Result(fault=Fault.NO_HTTP)),
        (b"", Result(fault=Fault.BROKEN_OFF)),
    ],
)
def test_only_a_status_of_success_says_that_it_was_taken(answer: bytes, result: Result) -> None:
    with receiving(say(answer)) as receiver:
        assert _post(receiver) == result
    assert len(receiver.requests) == 1, "a redirect is not followed"


def test_an_answer_that_drips_ends_in_time_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte alone comes quickly: the time is that of the whole attempt."""
    monkeypatch.setattr(lines, "ANSWER_S", 0.6)
    is_over = threading.Event()

    def drip(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for _ in range(100):
                line.sendall(b"H")
                is_over.wait(0.05)

    began = time.monotonic()
    with receiving(drip) as receiver:
        assert _post(receiver) == Result(fault=Fault.TIMEOUT)
    is_over.set()
    assert time.monotonic() - began < 3


def test_where_nobody_listens_there_is_no_connection() -> None:
    with receiving() as receiver:
        pass
    assert _post(receiver) == Result(fault=Fault.NO_CONNECTION)


def is_number(host: str) -> bool:
    return host.replace(".", "").isdigit()


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and the addresses to which they lead, in place of the resolver's."""
    names: dict[str, list[str]] = {}

    def look_up(host: str, port: int, *_args: object, **_kwargs: object) -> list[Any]:
        if is_number(host):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in names[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104 - addresses that are not called
        *("100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf::1"),
        "::127.0.0.1",
    ],
)
def test_a_name_that_leads_inside_is_not_called(named: dict[str, list[str]], address: str) -> None:
    """Nor where the same name leads to a public address too: the one cannot be told from the other by the asker."""
    assert not is_public(address)
    named["cases.example.org"] = ["93.184.216.34", address]
    assert Line().post("https://cases.example.org/", HEADERS, "{}") == Result(fault=Fault.NOT_PUBLIC)


def test_public_addresses_are_public() -> None:
    assert all(map(is_public, ("93.184.216.34", "8.8.8.8", "2a00:1450:4009:80b::200e")))
    assert not any(map(is_public, ("", "cases.example.org", "1.2.3", "0x7f000001", "2130706433")))


def test_the_connection_goes_to_the_address_that_was_looked_at(
    named: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere when it is asked a second time gains nothing: it is asked once (DNS rebinding)."""
    called = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        called.append((address, timeout <= 5))
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    named["cases.example.org"] = ["93.184.216.34", "93.184.216.35"]
    assert Line().post("https://cases.example.org:8443/", HEADERS, "{}") == Result(fault=Fault.NO_CONNECTION)
    assert called == [(("93.184.216.34", 8443), True), (("93.184.216.35", 8443), True)]


def test_an_unknown_name_is_not_found(named: dict[str, list[str]]) -> None:
    assert named == {}
    assert Line().post("https://cases.example.org/", HEADERS, "{}") == Result(fault=Fault.NOT_FOUND)


def test_the_certificate_must_be_for_the_name(named: dict[str, list[str]], tmp_path: Path) -> None:
    server, client = contexts(tmp_path, "cases.example.org")
    named["cases.example.org"] = named["other.example.org"] = ["127.0.0.1"]
    with receiving(tls=server) as receiver:
        hosts = [f"{host}:{receiver.port}" for host in named]
        trusting, strict = Line(hosts, client), Line(hosts)
        first, second = (f"https://{host}/" for host in hosts)
        assert trusting.post(first, HEADERS, "{}") == Result(200)
        assert trusting.post(second, HEADERS, "{}") == Result(fault=Fault.CERTIFICATE)
        assert strict.post(first, HEADERS, "{}") == Result(fault=Fault.CERTIFICATE)
    assert len(receiver.requests) == 1, "nothing is said to whoever cannot prove who they are"


@pytest.mark.parametrize(
    "url",
    [
        *("", "cases.example.org", "http://cases.example.org/", "ftp://cases.example.org/", "https:///hub"),
        *("https://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://127.1/", "https://2130706433/"),
        *("https://0x7f.1/", "https://cases.example.org:22/", "https://cases.example.org:x/", "https://intranet/"),
        *("https://user@cases.example.org/", "https://a:b@cases.example.org/", "https://cases.example.org/#x"),
        *("https://cases.example.org/\r\nX: y", "https://cases.example.org/a b", "https://cases.example.org\\@x/"),
        *("https://căses.example.org/", "file:///etc/passwd", "https://[::1", f"https://cases.example.org/{'x' * 500}"),
    ],
)
def test_an_address_that_is_no_public_https_name_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_url(url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "url", ["https://cases.example.org/hub?of=1", " https://cases.example.org:8443 ", "https://CASES.example.org./x"]
)
def test_an_address_by_a_public_name_is_good(url: str) -> None:
    assert checked_url(url) == url.strip()


def test_a_host_inside_is_called_only_where_whoever_runs_the_hub_says_so() -> None:
    inside = ["cases.council.internal:9000"]
    assert checked_url("http://cases.council.internal:9000/hub", inside)
    for url in ("http://cases.council.internal/", "http://x.internal:9000/", "ftp://cases.council.internal:9000/"):
        with pytest.raises(InvalidInputError):
            checked_url(url, inside)
    assert Line().post("http://cases.council.internal:9000/hub", HEADERS, "{}") == Result(fault=Fault.NOT_PUBLIC)
