from __future__ import annotations

import pytest

from channels.model import Channel, Outcome, OutcomeKind, Settlement
from channels.sms.adapter import TwilioAdapter
from channels.sms.errors import explain
from channels.sms.settings import TwilioSettings
from kernel.errors import ConfigurationError
from tests.channels.sms.twilio_world import FAMILY, SENDER, FakeLedger, adapter_of, message_id, past, post
from tests.services.vendor import VendorStub

CREATING, LISTING = "messages.create", "messages.list"
GARBAGE = [[], "words", {"sid": None, "status": "queued"}]


@pytest.fixture
def adapter(vendor: VendorStub) -> TwilioAdapter:
    return adapter_of(vendor)


def refused(vendor: VendorStub, adapter: TwilioAdapter, status: int, code: int | None) -> Outcome:
    content = {"status": status, "message": f"no {FAMILY}"} | ({"code": code} if code else {})
    vendor.fail_next(1, status, content=content, call=CREATING)
    return adapter.hand_over(post())


def test_a_text_goes_out_with_its_sender_and_the_address_for_reports(
    vendor: VendorStub, adapter: TwilioAdapter
) -> None:
    outcome = adapter.hand_over(post(text="It’s “yours” – reply YES…"))
    assert outcome.kind is OutcomeKind.SENT
    assert str(outcome.vendor_id).startswith("SM")
    (body,) = vendor.bodies(CREATING)
    assert body == {
        "To": FAMILY,
        "From": SENDER,
        "Body": 'It\'s "yours" - reply YES...',
        "StatusCallback": f"https://hub.example.org/webhooks/sms/status?attempt={message_id(1)}-1",
    }


def test_what_needs_the_large_alphabet_anyway_keeps_its_signs(vendor: VendorStub, adapter: TwilioAdapter) -> None:
    adapter.hand_over(post(text="Proszę odpowiedzieć „TAK” – dziękuję", language="pl"))
    assert vendor.bodies(CREATING)[0]["Body"] == "Proszę odpowiedzieć „TAK” – dziękuję"


def test_a_messaging_service_sends_in_place_of_a_number(vendor: VendorStub) -> None:
    service = "MG" + "1" * 32
    adapter = adapter_of(vendor, messaging_service_sid=service)
    assert adapter.hand_over(post()).kind is OutcomeKind.SENT
    assert vendor.bodies(CREATING)[0]["MessagingServiceSid"] == service
    assert "From" not in vendor.bodies(CREATING)[0]


def test_it_asks_for_no_more_than_a_uk_sender_may() -> None:
    settings = TwilioSettings("AC1", "token", "https://hub.example.org", from_number=SENDER)
    assert settings.pace is not None
    assert settings.pace.per_s == 10
    assert TwilioAdapter.channel is Channel.SMS
    with pytest.raises(ConfigurationError):
        TwilioSettings("AC1", "token", "https://hub.example.org")
    assert "token" not in repr(settings)


@pytest.mark.parametrize("code", [21211, 21614, 21612, 21617, 21408, 30005, 29999])
def test_a_number_that_cannot_be_reached_is_final(vendor: VendorStub, adapter: TwilioAdapter, code: int) -> None:
    outcome = refused(vendor, adapter, 400, code)
    assert (outcome.kind, outcome.opted_out) == (OutcomeKind.FAILED, False)
    assert str(code) in outcome.detail
    assert FAMILY not in outcome.detail


def test_a_stop_that_only_twilio_heard_is_told(vendor: VendorStub, adapter: TwilioAdapter) -> None:
    outcome = refused(vendor, adapter, 400, 21610)
    assert (outcome.kind, outcome.opted_out) == (OutcomeKind.FAILED, True)


@pytest.mark.parametrize(
    ("status", "code"), [(401, 20003), (403, 20003), (400, 21606), (404, 20404), (403, None), (400, 21703)]
)
def test_what_is_our_own_fault_waits_for_an_operator(
    vendor: VendorStub, adapter: TwilioAdapter, status: int, code: int | None
) -> None:
    outcome = refused(vendor, adapter, status, code)
    assert (outcome.kind, outcome.pause_s) == (OutcomeKind.RETRY, 300)
    assert outcome.detail.startswith("operator:")


def test_a_full_queue_is_tried_again_later(vendor: VendorStub, adapter: TwilioAdapter) -> None:
    outcome = refused(vendor, adapter, 400, 21611)
    assert (outcome.kind, outcome.pause_s) == (OutcomeKind.RETRY, 60)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_nobody_knows_what_a_server_error_did(vendor: VendorStub, adapter: TwilioAdapter, status: int) -> None:
    assert refused(vendor, adapter, status, 20500).kind is OutcomeKind.UNKNOWN


@pytest.mark.parametrize("content", GARBAGE)
def test_an_answer_that_cannot_be_read_leaves_it_open(
    vendor: VendorStub, adapter: TwilioAdapter, content: object
) -> None:
    vendor.fail_next(1, 201, content=content, call=CREATING)
    assert adapter.hand_over(post()).kind is OutcomeKind.UNKNOWN


def test_a_message_that_was_born_dead_has_failed(vendor: VendorStub, adapter: TwilioAdapter) -> None:
    vendor.fail_next(1, 201, content={"sid": "SM1", "status": "failed", "error_code": 30006}, call=CREATING)
    outcome = adapter.hand_over(post())
    assert (outcome.kind, outcome.vendor_id) == (OutcomeKind.FAILED, "SM1")
    assert "landline" in outcome.detail


def test_a_lost_answer_is_found_in_the_list(vendor: VendorStub) -> None:
    ledger = FakeLedger({message_id(1): "Reply YES or NO.", message_id(2): "Another text"})
    adapter = adapter_of(vendor, ledger)
    vendor.drop_after_accept()
    assert adapter.hand_over(post(1)).kind is OutcomeKind.UNKNOWN
    settled = adapter.settle([past(1), past(2)])
    assert settled[f"{message_id(1)}-1"].settlement is Settlement.PROVEN_SENT
    assert str(settled[f"{message_id(1)}-1"].vendor_id).startswith("SM")
    assert settled[f"{message_id(2)}-1"].settlement is Settlement.PROVEN_UNSENT
    assert vendor.counts().accepted == 1


def test_a_message_that_is_known_as_anothers_proves_nothing(vendor: VendorStub) -> None:
    ledger = FakeLedger({message_id(2): "Reply YES or NO."})
    adapter = adapter_of(vendor, ledger)
    ledger.recorded.add(str(adapter.hand_over(post(1)).vendor_id))
    (settled,) = adapter.settle([past(2)]).values()
    assert settled.settlement is Settlement.PROVEN_UNSENT


def test_many_numbers_are_looked_up_at_once(vendor: VendorStub) -> None:
    numbers = {number: f"+4477009002{number:02d}" for number in range(30)}
    ledger = FakeLedger({message_id(number): "Reply YES or NO." for number in numbers})
    adapter = adapter_of(vendor, ledger)
    for number in range(0, 30, 2):
        adapter.hand_over(post(number, address=numbers[number]))
    vendor.be_slow(20)
    settled = adapter.settle([past(number, address=numbers[number]) for number in numbers])
    sent = [settled[f"{message_id(number)}-1"].settlement is Settlement.PROVEN_SENT for number in numbers]
    assert sent == [number % 2 == 0 for number in numbers]


def test_what_cannot_be_asked_now_is_left_open(vendor: VendorStub) -> None:
    adapter = adapter_of(vendor, FakeLedger({message_id(1): "Reply YES or NO."}))
    for status, content in ((500, {}), (401, {"code": 20003}), (200, "words"), (429, {})):
        vendor.fail_next(1, status, content=content, call=LISTING)
        assert [each.settlement for each in adapter.settle([past(1)]).values()] == [Settlement.UNPROVEN]
    assert [each.settlement for each in adapter.settle([past(1, address="")]).values()] == [Settlement.UNPROVEN]


def test_somebody_elses_messages_to_the_number_are_not_looked_at(vendor: VendorStub) -> None:
    other = adapter_of(vendor, from_number="+447700900999")
    other.hand_over(post(7))
    adapter = adapter_of(vendor, FakeLedger({message_id(1): "Reply YES or NO."}))
    assert [each.settlement for each in adapter.settle([past(1)]).values()] == [Settlement.PROVEN_UNSENT]


@pytest.mark.parametrize("code", ["30003", 30003, "", None, "٣", "x", "123456"])
def test_every_code_is_explained_without_raising(code: str | int | None) -> None:
    assert explain(code).startswith("Twilio")
