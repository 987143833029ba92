import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest
import urllib3
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.services.vendor import VendorStub, running_vendor

ACCOUNT = "AC" + "0" * 32
TOKEN = "invented-token"
SENDER = "+447700900000"
FAMILY = "+447700900123"


class StubbedHttp(HttpClient):  # type: ignore[misc]  # twilio has no types
    """Sends what the SDK would send to api.twilio.com to the stub."""

    def __init__(self, url: str) -> None:
        super().__init__(None, False, None)
        self._url = url
        self._pool = urllib3.PoolManager(retries=False)

    def request(self, method: str, url: str, params: Any = None, data: Any = None, **options: Any) -> Response:  # noqa: ANN401 - as Twilio's client has it
        headers = dict(options["headers"])
        if options.get("auth"):
            headers |= urllib3.make_headers(basic_auth=":".join(options["auth"]))
        own = url.replace("https://api.twilio.com", self._url)
        sent = {"fields": data or params, "encode_multipart": False} if method == "POST" else {"fields": params}
        answer = self._pool.request(method, own, headers=headers, **sent)
        return Response(answer.status, answer.data.decode(), answer.headers)


@pytest.fixture(scope="module")
def running() -> Iterator[VendorStub]:
    with running_vendor(auth_token=TOKEN) as stub:
        yield stub


@pytest.fixture
def stub(running: VendorStub) -> VendorStub:
    running.reset()
    return running


def client_of(stub: VendorStub, token: str = TOKEN) -> Client:
    return Client(ACCOUNT, token, http_client=StubbedHttp(stub.url))


def send(stub: VendorStub, attempt: str = "a1", **more: str) -> Any:  # noqa: ANN401 -- twilio has no types
    callback = f"https://hub.example.org/callbacks/twilio?attempt={attempt}"
    fields = {"to": FAMILY, "from_": SENDER, "body": "Dzien dobry", "status_callback": callback, **more}
    return client_of(stub).messages.create(**fields)


def test_the_sdk_creates_and_fetches_a_message(stub: VendorStub) -> None:
    message = send(stub)
    assert message.status == "queued"
    assert message.sid.startswith("SM")
    assert len(message.sid) == 34
    assert (message.to, message.from_, message.body, message.num_segments) == (FAMILY, SENDER, "Dzien dobry", "1")
    assert message.date_sent is None
    fetched = message.fetch()
    assert fetched.status == "delivered"
    assert fetched.date_sent == message.date_created
    counts = stub.counts()
    assert counts.requests == {"messages.create": 1, "messages.fetch": 1}
    assert counts.recipients == {FAMILY: 1}
    assert counts.marks == {"a1": 1}
    assert stub.bodies("messages.create")[0]["Body"] == "Dzien dobry"


def test_the_sdk_lists_what_went_to_one_recipient_over_pages(stub: VendorStub) -> None:
    sent = [send(stub, body=f"message {number}").sid for number in range(5)]
    send(stub, to="+447700900999")
    now = datetime.now(UTC)
    messages = client_of(stub).messages
    found = messages.list(to=FAMILY, date_sent_after=now - timedelta(hours=1), page_size=2)
    assert [message.sid for message in found] == list(reversed(sent))
    assert messages.list(to=FAMILY, date_sent_after=now + timedelta(hours=1)) == []
    assert len(messages.list(date_sent_before=now + timedelta(hours=1))) == 6
    assert messages.list(to="+447700900111") == []


def test_refuses_as_twilio_does(stub: VendorStub) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(stub, to="07700 900123")
    assert (refused.value.status, refused.value.code) == (400, 21211)
    with pytest.raises(TwilioRestException) as unknown:
        client_of(stub).messages("SM" + "f" * 32).fetch()
    assert (unknown.value.status, unknown.value.code) == (404, 20404)
    with pytest.raises(TwilioRestException) as stranger:
        client_of(stub, "another-token").messages.create(to=FAMILY, from_=SENDER, body="x")
    assert (stranger.value.status, stranger.value.code) == (401, 20003)
    assert stub.counts().accepted == 0


@pytest.mark.parametrize(
    ("body", "segments"),
    [("a" * 160, "1"), ("a" * 161, "2"), ("[" * 81, "2"), ("ż" * 70, "1"), ("ż" * 71, "2"), ("😀" * 36, "2")],
)
def test_counts_segments(stub: VendorStub, body: str, segments: str) -> None:
    assert send(stub, body=body).num_segments == segments


def test_fails_when_told_and_then_no_more(stub: VendorStub) -> None:
    content = {"code": 20429, "message": "Too Many Requests", "status": 429}
    stub.fail_next(2, 429, headers={"Retry-After": "3"}, content=content, call="messages.create")
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            send(stub)
        assert (refused.value.status, refused.value.code) == (429, 20429)
    send(stub)
    counts = stub.counts()
    assert (counts.failed, counts.accepted) == (2, 1)


def test_accepts_and_hangs_up_when_told(stub: VendorStub) -> None:
    stub.drop_after_accept()
    with pytest.raises(urllib3.exceptions.ProtocolError):
        send(stub, attempt="lost")
    counts = stub.counts()
    assert (counts.accepted, counts.dropped, counts.marks) == (1, 1, {"lost": 1})
    assert [message.to for message in client_of(stub).messages.list(to=FAMILY)] == [FAMILY]


def test_tells_in_what_order_it_took_messages(stub: VendorStub) -> None:
    for attempt, recipient in (("a1", FAMILY), ("a2", "+447700900999"), ("a3", FAMILY)):
        send(stub, attempt, to=recipient)
    taken = stub.taken()
    assert [(each.number, each.recipient, each.mark) for each in taken] == [
        (1, FAMILY, "a1"),
        (2, "+447700900999", "a2"),
        (3, FAMILY, "a3"),
    ]
    assert abs(taken[0].at - time.time()) < 60
    assert stub.taken(after=2) == taken[2:]
    assert stub.taken(after=3) == []


def hear_two(server: HTTPServer) -> None:
    for _ in range(2):
        server.handle_request()


def test_calls_back_with_a_signature_that_the_sdk_accepts(stub: VendorStub) -> None:
    heard: list[tuple[str, dict[str, str], str]] = []

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            heard.append((self.path, form, self.headers["X-Twilio-Signature"]))
            self.send_response(204)
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Print nothing."""

    stub.end_messages_as("undelivered", 30003)
    stub.call_back()
    with HTTPServer(("127.0.0.1", 0), Hearing) as server:
        url = f"http://127.0.0.1:{server.server_port}/callbacks/twilio?attempt=a7"
        thread = Thread(target=hear_two, args=[server])
        thread.start()
        sid = send(stub, status_callback=url).sid
        thread.join(10)
    assert [form["MessageStatus"] for _, form, _ in heard] == ["sent", "undelivered"]
    assert [form.get("ErrorCode") for _, form, _ in heard] == [None, "30003"]
    for path, form, signature in heard:
        assert path == "/callbacks/twilio?attempt=a7"
        assert form["MessageSid"] == sid
        assert RequestValidator(TOKEN).validate(url, form, signature)
