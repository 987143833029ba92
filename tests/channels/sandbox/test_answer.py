from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from channels.inbox.accept import Inbox
from channels.model import Arrival, ButtonShown, Channel, Rendered
from channels.sandbox.answer import email_in, press_button, send_form, slack_command, slack_text, sms_in
from channels.slack.arrivals import from_command, from_event, from_form, presses
from channels.slack.blocks import message_blocks
from channels.slack.forms import form_view
from tests.channels.slack.payloads import (
    BOT,
    JSON,
    OFFICER,
    SHARED,
    Sent,
    command,
    direct_message,
    mention,
    press,
    submission,
)

MESSAGE_ID = "01message0000000000000000a"
FORM = {"action": "qa_visits.offer_day", "title": "Offer", "fields": []}


class Kept(Inbox):
    """An inbox that only remembers."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []

    def accept(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)


@pytest.fixture
def inbox() -> Kept:
    return Kept()


def read(sent: Sent) -> dict[str, Any]:
    body, content_type = sent
    if content_type != JSON:
        fields = dict(parse_qsl(body))
        body = fields.get("payload") or json.dumps(fields)
    found: dict[str, Any] = json.loads(body)
    return found


def same(inbox: Kept, webhook: Arrival | None) -> bool:
    """The sandbox's arrival is the webhook's, but for the id by which the vendor knows it."""
    assert webhook is not None
    (sandbox,) = inbox.arrivals
    return replace(sandbox, vendor_id=webhook.vendor_id) == webhook


def test_a_slack_text_is_what_the_webhook_would_tell(inbox: Kept) -> None:
    slack_text(inbox, OFFICER, "what is an IPA?")
    assert same(inbox, from_event(read(direct_message("what is an IPA?"))))


def test_a_mention_is_what_the_webhook_would_tell(inbox: Kept) -> None:
    slack_text(inbox, OFFICER, "what is an IPA?", conversation=SHARED)
    assert same(inbox, from_event(read(mention(f"<@{BOT}> what is an IPA?"))))


def test_a_slash_command_is_what_the_webhook_would_tell(inbox: Kept) -> None:
    slack_command(inbox, OFFICER, "what is an IPA?", conversation=SHARED)
    assert same(inbox, from_command(read(command("what is an IPA?"))))


def test_a_pressed_button_is_what_the_webhook_would_tell(inbox: Kept) -> None:
    press_button(inbox, Channel.SLACK, OFFICER, MESSAGE_ID, "qa_visits.accept", "visit-1")
    button = ButtonShown("qa_visits.accept", "Accept", "visit-1")
    (drawn,) = message_blocks(Rendered("", "", "", (button,)), MESSAGE_ID)
    (told,) = presses(read(press(drawn["elements"][0])))
    assert same(inbox, told.arrival)


def test_a_sent_form_is_what_the_webhook_would_tell(inbox: Kept) -> None:
    values = {"value": "visit-1", "day": "2026-12-01"}
    send_form(inbox, Channel.SLACK, OFFICER, MESSAGE_ID, "qa_visits.offer_day", values)
    view = form_view(FORM, "visit-1", MESSAGE_ID)
    filled = {"hub:day": {"field": {"type": "datepicker", "selected_date": "2026-12-01"}}}
    assert same(inbox, from_form(read(submission(view, filled))))


def test_texts_and_emails_come_in(inbox: Kept) -> None:
    sms_in(inbox, "+447700900123", "4")
    email_in(inbox, "sam@example.org", "Yes", thread=MESSAGE_ID)
    text, email = inbox.arrivals
    assert (text.channel, text.sender, text.body, text.thread) == (Channel.SMS, "+447700900123", "4", None)
    assert (email.channel, email.body, email.thread) == (Channel.EMAIL, "Yes", MESSAGE_ID)


def test_one_sending_twice_is_the_same_and_two_are_not(inbox: Kept) -> None:
    for once in ("a", "a", None, None):
        sms_in(inbox, "+447700900123", "4", once=once)
    first, again, third, fourth = (arrival.vendor_id for arrival in inbox.arrivals)
    assert first == again == "sandbox:a"
    assert len({first, third, fourth}) == 3
