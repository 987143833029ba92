from __future__ import annotations

import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twilio.http.response import Response

from channels.sms.loop import CurlLoop
from channels.sms.transport import BusyError, CurlHttpClient, LostError, NotSentError, TransportError
from tests.channels.sms.twilio_world import ACCOUNT, FAMILY, SENDER
from tests.services.vendor import VendorStub

MESSAGES = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


def send(client: CurlHttpClient, vendor: VendorStub, number: int = 1) -> Response:
    callback = f"https://hub.example.org/webhooks/sms/status?attempt=a{number}"
    form = {"To": FAMILY, "From": SENDER, "Body": f"text {number}", "StatusCallback": callback}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.request("POST", MESSAGES, data=form, headers=headers, auth=(ACCOUNT, vendor.auth_token or ""))


@pytest.fixture
def client(vendor: VendorStub) -> CurlHttpClient:
    return CurlHttpClient(vendor.url, timeout_s=2)


@pytest.fixture
def loop() -> Iterator[CurlLoop]:
    loop = CurlLoop(10)
    yield loop
    loop.close()


def drain(loop: CurlLoop) -> None:
    while not loop.is_idle:
        loop.turn(1)


def test_a_connection_and_its_handle_are_used_again(vendor: VendorStub, client: CurlHttpClient) -> None:
    before = vendor.counts().connections
    assert [send(client, vendor, number).status_code for number in range(5)] == [201] * 5
    # One for the requests; the stub's own controls take one each.
    assert vendor.counts().connections - before == 2


def test_a_loop_runs_requests_side_by_side_over_few_connections(vendor: VendorStub, client: CurlHttpClient) -> None:
    vendor.be_slow(50)
    before = vendor.counts().connections
    loop, answers = CurlLoop(10), list[int]()

    def work(number: int) -> None:
        answers.append(send(client, vendor, number).status_code)

    for number in range(50):
        loop.start(partial(work, number))
    drain(loop)
    loop.close()
    counts = vendor.counts()
    assert answers == [201] * 50
    assert set(counts.marks.values()) == {1}
    assert counts.connections - before <= 11


def test_a_request_is_never_repeated_over_a_connection_that_died(
    vendor: VendorStub, client: CurlHttpClient, loop: CurlLoop
) -> None:
    """libcurl by itself sends a request again when a kept connection dies without an answer."""
    send(client, vendor, 1)
    vendor.drop_after_accept()
    with pytest.raises(LostError):
        send(client, vendor, 2)
    lost: list[TransportError] = []

    def try_to_send(number: int) -> None:
        try:
            send(client, vendor, number)
        except TransportError as error:
            lost.append(error)

    loop.start(lambda: try_to_send(3))
    drain(loop)
    vendor.drop_after_accept()
    loop.start(lambda: try_to_send(4))
    drain(loop)
    assert [type(error) for error in lost] == [LostError]
    assert vendor.counts().marks == {"a1": 1, "a2": 1, "a3": 1, "a4": 1}
    assert send(client, vendor, 5).status_code == 201


def test_what_cannot_be_reached_got_nothing(vendor: VendorStub) -> None:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        refused = CurlHttpClient(f"http://127.0.0.1:{bound.getsockname()[1]}")
        with pytest.raises(NotSentError):
            send(refused, vendor)
    with pytest.raises(NotSentError):
        send(CurlHttpClient("http://nowhere.invalid"), vendor)


def test_what_does_not_answer_may_have_got_it(vendor: VendorStub) -> None:
    vendor.be_slow(500)
    with pytest.raises(LostError, match="timed out"):
        send(CurlHttpClient(vendor.url, timeout_s=0.1), vendor)


def test_what_does_not_speak_tls_got_nothing(vendor: VendorStub) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = CurlHttpClient(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.2)
        with pytest.raises(NotSentError):
            send(client, vendor)


@contextmanager
def untrusted_server(folder: Path) -> Iterator[tuple[int, list[bytes]]]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    written = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(*pem) + written)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    heard: list[bytes] = []

    def answer(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    heard.append(secured.recv(1000))
            except ssl.SSLError:
                return

    with socket.create_server(("localhost", 0)) as server:
        thread = threading.Thread(target=answer, args=[server])
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(5)


def test_a_certificate_that_nobody_vouches_for_gets_nothing(vendor: VendorStub, tmp_path: Path) -> None:
    with untrusted_server(tmp_path) as (port, heard), pytest.raises(NotSentError):
        send(CurlHttpClient(f"https://localhost:{port}"), vendor)
    assert heard in ([], [b""])


@pytest.mark.parametrize(("headers", "wait_s"), [({"Retry-After": "7"}, 7), ({}, None)])
def test_busy_says_how_long(
    vendor: VendorStub, client: CurlHttpClient, headers: dict[str, str], wait_s: float | None
) -> None:
    vendor.fail_next(1, 429, headers=headers, content={"code": 20429})
    with pytest.raises(BusyError) as busy:
        send(client, vendor)
    assert busy.value.retry_after_s == wait_s


def test_one_piece_that_fails_leaves_the_others_whole(
    vendor: VendorStub, client: CurlHttpClient, loop: CurlLoop
) -> None:
    done: list[int] = []

    def work(number: int) -> None:
        send(client, vendor, number)
        if number == 1:
            raise LookupError
        done.append(number)

    for number in range(3):
        loop.start(partial(work, number))
    raised = 0
    while not loop.is_idle:
        try:
            loop.turn(1)
        except LookupError:
            raised += 1
    assert raised == 1
    assert sorted(done) == [0, 2]


def test_closing_ends_what_is_under_way(vendor: VendorStub, client: CurlHttpClient) -> None:
    vendor.be_slow(300)
    ended: list[str] = []

    def work() -> None:
        try:
            send(client, vendor)
            ended.append("answered")
        finally:
            ended.append("let go")

    loop = CurlLoop(2)
    loop.start(work)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loop.close()
    assert ended == ["let go"]
