from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from channels.findings import Finding, State
from channels.sms.check import check_twilio
from channels.sms.settings import TwilioSettings
from channels.sms.webhook import SmsStatusWebhook
from kernel.work import Ground
from tests.channels.sms.twilio_world import settings
from tests.services.served import served
from tests.services.vendor import VendorStub

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SERVICE = "MG" + "0" * 32


@contextmanager
def _hub(told: TwilioSettings, ground: Ground, *, signs_for: str = "") -> Iterator[TwilioSettings]:
    """Serve the hub's door for reports at an address of its own; it verifies for `signs_for` where that is given."""
    doors: dict[str, SmsStatusWebhook] = {}

    def front(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return doors[environ["PATH_INFO"]](environ, start_response)

    with served(front) as url:
        door = SmsStatusWebhook(replace(told, base_url=signs_for or url), ground)
        doors[door.path] = door
        yield replace(told, base_url=url)


def _told(vendor: VendorStub, **more: str) -> TwilioSettings:
    return settings(vendor.url, vendor.auth_token or "", **more)


def _of(found: list[Finding], title: str) -> tuple[State, str]:
    return next((finding.state, finding.text) for finding in found if finding.title == title)


def test_an_account_whose_number_brings_texts_here_is_good(vendor: VendorStub) -> None:
    found = check_twilio(_told(vendor))
    assert _of(found, "SMS account")[0] is State.GOOD
    assert _of(found, "SMS answers") == (State.GOOD, "Twilio brings answers to https://hub.example.org/webhooks/sms.")


def test_a_token_that_does_not_fit_is_told(vendor: VendorStub) -> None:
    state, text = _of(check_twilio(settings(vendor.url, "wrong")), "SMS account")
    assert state is State.BAD
    assert "HUB_TWILIO_AUTH_TOKENS" in text


@pytest.mark.parametrize(
    ("account", "state"),
    [({"status": "suspended", "type": "Full"}, State.BAD), ({"status": "active", "type": "Trial"}, State.WARNING)],
)
def test_an_account_that_cannot_reach_everybody_is_told(
    vendor: VendorStub, account: dict[str, str], state: State
) -> None:
    vendor.fail_next(status=200, content=account, call="account.fetch")
    assert _of(check_twilio(_told(vendor)), "SMS account")[0] is state


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], "no number of this Twilio account"),
        ([{"sms_url": "https://demo.twilio.com/welcome", "sms_method": "POST"}], "does not bring answers here"),
        ([{"sms_url": "https://hub.example.org/webhooks/sms", "sms_method": "GET"}], "does not bring answers here"),
    ],
)
def test_answers_that_go_elsewhere_are_told(vendor: VendorStub, numbers: list[dict[str, str]], words: str) -> None:
    page = {"incoming_phone_numbers": numbers, "page": 0, "page_size": 50, "next_page_uri": None}
    vendor.fail_next(status=200, content=page, call="numbers.list")
    state, text = _of(check_twilio(_told(vendor)), "SMS answers")
    assert state is State.BAD
    assert words in text


def test_a_sender_that_cannot_be_looked_up_says_where_to_look(vendor: VendorStub) -> None:
    assert _of(check_twilio(_told(vendor, messaging_service_sid=SERVICE)), "SMS answers")[0] is State.WARNING
    assert "nobody can answer" in _of(check_twilio(_told(vendor, from_number="HUB")), "SMS answers")[1]


def test_our_own_address_takes_a_report_signed_as_twilio_signs(vendor: VendorStub, ground: Ground) -> None:
    with _hub(_told(vendor), ground) as told:
        assert _of(check_twilio(told), "SMS reports") == (State.GOOD, "Our public address takes a signed report.")


def test_an_address_that_is_not_the_one_signed_for_is_told(vendor: VendorStub, ground: Ground) -> None:
    with _hub(_told(vendor), ground, signs_for="https://elsewhere.example.org") as told:
        state, text = _of(check_twilio(told), "SMS reports")
    assert state is State.BAD
    assert "HUB_BASE_URL" in text


def test_no_answer_at_all_is_told(vendor: VendorStub) -> None:
    told = replace(_told(vendor), api_url="http://127.0.0.1:1", base_url="http://127.0.0.1:1")
    found = check_twilio(told, timeout_s=2)
    assert [finding.state for finding in found] == [State.BAD, State.BAD]
