from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from twilio.request_validator import RequestValidator

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbox.accept import Inbox
from channels.model import Arrival
from channels.sms.settings import TwilioSettings
from channels.sms.webhook import LIMIT, SmsStatusWebhook, SmsWebhook
from kernel.work import Ground
from tests.channels.people_to_write_to import ASKED, PHONE, parent
from tests.channels.posting import Answered, send
from tests.channels.sms.twilio_world import SENDER

FORM = "application/x-www-form-urlencoded"
URL = "https://hub.example.org/webhooks/sms"
TOKEN, OLDER = "the present token", "the older token"
SETTINGS = TwilioSettings("AC1", TOKEN, "https://hub.example.org", from_number=SENDER, older_auth_tokens=(OLDER,))
SID = "SM" + "a" * 32


def signature(form: Mapping[str, str], url: str = URL, token: str = TOKEN, algorithm: str | None = None) -> str:
    signed: str = RequestValidator(token).compute_signature(url, form, algorithm)
    return signed


def sms(**more: str) -> dict[str, str]:
    plain = {"MessageSid": SID, "From": PHONE, "To": SENDER, "Body": "Yes, żółw 🐢 & more", "NumMedia": "0"}
    return plain | {"FromCity": "", **more}


class Kept:
    """An inbox that only keeps what it is handed."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.error: Exception | None = None

    def accept(self, arrival: Arrival) -> None:
        if self.error is not None:
            raise self.error
        self.arrivals.append(arrival)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def counted() -> Counter[str]:
    return Counter()


@pytest.fixture
def webhook(kept: Kept, counted: Counter[str]) -> SmsWebhook:
    return SmsWebhook(SETTINGS, kept, lambda how: counted.update([how]))  # type: ignore[arg-type]  # as an Inbox


def come(webhook: Any, form: Mapping[str, str], signed: str | None = None, **more: Any) -> Answered:  # noqa: ANN401 - either webhook
    proof = signature(form) if signed is None else signed
    return send(webhook, urlencode(form).encode(), FORM, {"X-Twilio-Signature": proof}, **more)


PUBLISHED = [
    ({"Caller": "+14158675309", "From": "+14158675309"}, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ({"Caller": "+14158675310", "From": "+14158675310"}, "GvWf1cFY/Q7PnoempGyD5oXAezc="),
]


@pytest.mark.parametrize(("caller", "published"), PUBLISHED)
def test_twilios_published_examples_of_a_signature_pass(caller: dict[str, str], published: str, kept: Kept) -> None:
    """The examples of Twilio's security page and of its libraries: token 12345."""
    settings = TwilioSettings("AC1", "12345", "https://mycompany.com", from_number=SENDER)

    class Example(SmsWebhook):
        path = "/myapp.php"

    form = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "To": "+18005551212", **caller}
    example = Example(settings, kept)  # type: ignore[arg-type]  # as an Inbox
    let_in = come(example, form, published, query="foo=1&bar=2")
    assert (let_in.status, let_in.body) == (400, b"A text needs MessageSid and From.\n")
    assert come(example, form, published, query="foo=1&bar=3").status == 403
    assert come(example, form | {"Digits": "9999"}, published, query="foo=1&bar=2").status == 403


def test_a_text_is_stored_as_it_came(webhook: SmsWebhook, kept: Kept) -> None:
    answered = come(webhook, sms())
    assert (answered.status, answered.body) == (200, b"<Response/>")
    assert answered.headers["Content-Type"] == "text/xml; charset=utf-8"
    (arrival,) = kept.arrivals
    assert (arrival.vendor_id, arrival.sender, arrival.recipient) == (SID, PHONE, SENDER)
    assert (arrival.body, dict(arrival.values), arrival.automatic) == ("Yes, żółw 🐢 & more", {}, None)


def test_pictures_come_as_addresses(webhook: SmsWebhook, kept: Kept) -> None:
    come(webhook, sms(Body="", NumMedia="1", MediaUrl0="https://api.twilio.com/m/1", OptOutType="STOP"))
    assert kept.arrivals[0].values == {"MediaUrl0": "https://api.twilio.com/m/1", "OptOutType": "STOP"}


def test_a_sender_without_a_number_is_a_machine(webhook: SmsWebhook, kept: Kept) -> None:
    come(webhook, sms(From="Vodafone"))
    come(webhook, sms(From="60006"))
    assert [arrival.automatic for arrival in kept.arrivals] == ["sender_has_no_number", None]


def test_the_older_token_still_verifies_while_tokens_change(webhook: SmsWebhook, kept: Kept) -> None:
    assert come(webhook, sms(), signature(sms(), token=OLDER)).status == 200
    assert come(webhook, sms(), signature(sms(), token="a stranger's")).status == 403
    assert len(kept.arrivals) == 1


def test_the_newer_way_of_signing_passes_too(webhook: SmsWebhook) -> None:
    body = urlencode(sms()).encode()
    proof = {"X-Twilio-Signature": signature(sms(), algorithm="HMAC_SHA256")}
    name = "X-Twilio-Webhooks-Signature-Settings"
    assert send(webhook, body, FORM, proof | {name: "key=one,algorithm=HMAC_SHA256"}).status == 200
    assert send(webhook, body, FORM, proof | {name: "key=one,algorithm=NONE"}).status == 403
    assert send(webhook, body, FORM, proof).status == 403


def test_an_address_with_its_port_in_the_signature_passes(webhook: SmsWebhook) -> None:
    assert come(webhook, sms(), signature(sms(), "https://hub.example.org:443/webhooks/sms")).status == 200


@pytest.mark.parametrize("forged", ["", "x", "ünsigned", signature(sms(), "https://attacker.example.org/webhooks/sms")])
def test_a_forged_text_is_refused(webhook: SmsWebhook, kept: Kept, counted: Counter[str], forged: str) -> None:
    answered = come(webhook, sms(), forged)
    assert (answered.status, answered.body) == (403, b"The signature does not fit.\n")
    assert (kept.arrivals, counted) == ([], {"forged": 1})


def test_what_is_no_text_at_all_is_refused_in_words(webhook: SmsWebhook, kept: Kept) -> None:
    assert send(webhook, b"", FORM).status == 400
    assert send(webhook, b"x", FORM, method="GET").status == 405
    assert send(webhook, b"x", FORM, length="").status == 411
    assert send(webhook, b"x", FORM, length="-1").status == 411
    assert send(webhook, b"{}", "application/json").status == 415
    assert send(webhook, b"\xff=\xff", FORM).status == 400
    assert send(webhook, b"&".join([b"a=1"] * 300), FORM).status == 400
    assert come(webhook, {"Body": "nobody"}).status == 400
    assert come(webhook, sms(From="+" * 400)).status == 400
    assert kept.arrivals == []


def test_an_oversized_text_is_not_even_read(webhook: SmsWebhook) -> None:
    answered = send(webhook, b"x", FORM, length=str(LIMIT + 1))
    assert (answered.status, answered.body) == (413, b"The request is longer than 65536 bytes.\n")


def test_a_nul_does_not_reach_the_database(webhook: SmsWebhook, kept: Kept) -> None:
    come(webhook, sms(Body="a\0b"))
    assert kept.arrivals[0].body == "ab"


def test_what_could_not_be_stored_is_to_be_sent_again(webhook: SmsWebhook, kept: Kept, counted: Counter[str]) -> None:
    kept.error = OperationalError("INSERT", {}, Exception("disk"))
    assert come(webhook, sms()).status == 503
    assert counted == {"not_stored": 1}


@pytest.fixture
def inbox(ground: Ground) -> Iterator[Inbox]:
    inbox = Inbox(ground)
    yield inbox
    inbox.close()


def test_a_duplicate_is_answered_alike_and_stored_once(ground: Ground, inbox: Inbox) -> None:
    webhook = SmsWebhook(SETTINGS, inbox)
    first, second = come(webhook, sms()), come(webhook, sms())
    assert (first.status, first.body) == (second.status, second.body) == (200, b"<Response/>")
    with ground.read() as session:
        assert session.execute(text("SELECT count(*) FROM inbound")).scalar() == 1


@pytest.fixture
def attempt(ground: Ground) -> str:
    person_id = parent(ground)
    with ground.work() as work:
        (message_id,) = queue_messages(work, [NewMessage(type=ASKED, values={"word": "x"}, person_id=person_id)])
        work.session.execute(text("UPDATE messages SET status = 'handing_over', attempts = 1"))
    return f"{message_id}-1"


def report(ground: Ground, attempt: str, counted: Counter[str] | None = None, **form: str) -> int:
    query = urlencode({"attempt": attempt})
    proof = signature(form, f"{URL}/status?{query}")
    webhook = SmsStatusWebhook(SETTINGS, ground, lambda how: (counted or Counter()).update([how]))
    return come(webhook, form, proof, query=query).status


def status_of(ground: Ground) -> tuple[str, str | None]:
    with ground.read() as session:
        row = session.execute(text("SELECT status, vendor_id FROM messages")).one()
        return row.status, row.vendor_id


@pytest.mark.parametrize(
    ("told", "status"),
    [("queued", "sent"), ("sent", "sent"), ("delivered", "delivered"), ("undelivered", "failed"), ("failed", "failed")],
)
def test_a_report_moves_its_message_forward(ground: Ground, attempt: str, told: str, status: str) -> None:
    assert report(ground, attempt, MessageStatus=told, MessageSid=SID, ErrorCode="30003") == 200
    assert status_of(ground) == (status, SID)


def test_reports_out_of_order_never_move_it_back(ground: Ground, attempt: str) -> None:
    for told in ("delivered", "sent", "delivered", "undelivered"):
        assert report(ground, attempt, MessageStatus=told, MessageSid=SID) == 200
    assert status_of(ground) == ("delivered", SID)


def test_a_report_of_what_we_do_not_know_is_answered_and_counted(ground: Ground, attempt: str) -> None:
    counted: Counter[str] = Counter({"seen": 0})
    assert report(ground, "not an attempt", counted, MessageStatus="sent", MessageSid=SID) == 200
    assert report(ground, attempt.replace("-1", "-"), counted, MessageStatus="sent", MessageSid=SID) == 200
    assert report(ground, "0" * 26 + "-1", counted, MessageStatus="sent", MessageSid=SID) == 200
    assert report(ground, attempt, counted, MessageStatus="receiving", MessageSid=SID) == 200
    assert +counted == {"unknown": 3, "unchanged": 1}
    assert status_of(ground) == ("handing_over", None)


def test_a_forged_report_changes_nothing(ground: Ground, attempt: str) -> None:
    form = {"MessageStatus": "delivered", "MessageSid": SID}
    webhook = SmsStatusWebhook(SETTINGS, ground)
    other = signature(form, f"{URL}/status?attempt=another")
    assert come(webhook, form, other, query=f"attempt={attempt}").status == 403
    assert status_of(ground) == ("handing_over", None)
