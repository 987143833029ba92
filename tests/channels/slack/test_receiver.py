from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

import people.tables  # noqa: F401 - the tables of the inbox refer to those of people
from channels.inbox.accept import Inbox
from channels.model import ButtonShown, Rendered
from channels.slack.blocks import message_blocks
from channels.slack.forms import form_view
from channels.slack.receiver import ONE_MOMENT, PATH, slack_blueprint
from channels.slack.settings import SlackSettings
from channels.tables import InboundRow
from kernel.work import Ground
from people.web.guard import declared_access
from tests.channels.slack.payloads import (
    BOT,
    JSON,
    OFFICER,
    SHARED,
    Sent,
    command,
    direct_message,
    event,
    interaction,
    mention,
    press,
    submission,
)
from tests.services.vendor import VendorStub

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1531420618
MESSAGE_ID = "01message0000000000000000a"
FORM: Mapping[str, Any] = {
    "action": "qa_visits.offer_day",
    "title": "Offer another day",
    "fields": [
        {"name": "day", "label": "Which day?", "kind": "choice", "choices": [["2026-12-01", "Tuesday 1 December"]]},
        {"name": "note", "label": "Why?", "kind": "text", "choices": []},
    ],
}
ACCEPT = ButtonShown("qa_visits.accept", "Accept", "visit-1")
OFFER = ButtonShown("qa_visits.offer_day", "Offer another day", "visit-1", FORM)


@dataclass
class Door:
    """The hub's address for Slack, with Slack in front of it."""

    ground: Ground
    app: Flask
    now: float = NOW
    asked: list[tuple[str, str]] = field(default_factory=list)

    def post(self, sent: Sent, *, secret: str = SECRET, at: str | None = None, **headers: str) -> TestResponse:
        body, content_type = sent
        timestamp = at if at is not None else str(int(self.now))
        signed = f"v0:{timestamp}:".encode() + body.encode()
        signature = f"v0={hmac.digest(secret.encode(), signed, hashlib.sha256).hex()}"
        own = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature, "Content-Type": content_type}
        return self.app.test_client().post(PATH, data=body.encode(), headers={**own, **headers})

    def inbound(self) -> list[InboundRow]:
        with self.ground.read() as session:
            rows = list(session.scalars(select(InboundRow).order_by(InboundRow.seq)))
            session.expunge_all()
            return rows

    def form_of(self, message_id: str, action: str) -> Mapping[str, Any] | None:
        self.asked.append((message_id, action))
        return FORM if message_id == MESSAGE_ID else None


@pytest.fixture
def settings(vendor: VendorStub) -> SlackSettings:
    return SlackSettings(
        "xoxb-invented", SECRET, base_url=vendor.slack_url, form_timeout_s=0.2, largest_request_bytes=50_000
    )


@pytest.fixture
def door(ground: Ground, settings: SlackSettings) -> Iterator[Door]:
    inbox = Inbox(ground)
    door = Door(ground, Flask("test"))
    door.app.register_blueprint(slack_blueprint(inbox, settings, door.form_of, now=lambda: door.now))
    yield door
    inbox.close()


def drawn(*buttons: ButtonShown, message_id: str = MESSAGE_ID) -> list[dict[str, Any]]:
    """The buttons as Slack gives them back: as the hub drew them."""
    elements: list[dict[str, Any]] = message_blocks(Rendered("", "", "x", buttons), message_id)[0]["elements"]
    return elements


def test_the_signature_of_slacks_documentation_is_believed(door: Door) -> None:
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
        "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "X-Slack-Request-Timestamp": "1531420618",
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    client = door.app.test_client()
    assert client.post(PATH, data=body, headers=headers).status_code == 200
    assert client.post(PATH, data=f"{body}&more=1", headers=headers).status_code == 401
    (row,) = door.inbound()
    assert (row.sender, row.body, row.recipient) == ("U2CERLKJA", "", "G8PSS9T3V")


def test_the_address_is_confirmed_to_slack(door: Door) -> None:
    asked = {"token": "Jhj5dZrVaK7ZwHHjRyZWjbDl", "challenge": "3eZbrw1aBm2rZgRNFdxV", "type": "url_verification"}
    answer = door.post((json.dumps(asked), JSON))
    assert (answer.status_code, answer.json) == (200, {"challenge": "3eZbrw1aBm2rZgRNFdxV"})


def test_a_direct_message_is_stored_before_slack_is_answered(door: Door) -> None:
    answer = door.post(direct_message("What is an &lt;IPA&gt; &amp; why? <https://example.org|example.org>"))
    assert answer.status_code == 200
    (row,) = door.inbound()
    assert (row.channel, row.vendor_id, row.sender) == ("slack", "Ev012ONE", OFFICER)
    assert (row.body, row.recipient, row.action) == ("What is an <IPA> & why? example.org", "", None)


def test_a_mention_is_heard_without_the_name_of_the_app(door: Door) -> None:
    door.post(mention(f"<@{BOT}> what is an IPA?"))
    door.post(mention(f"Tell us, <@{BOT}|hub>, and <@U012OTHER|sam> too", event_id="Ev012THREE"))
    assert [row.body for row in door.inbound()] == ["what is an IPA?", "Tell us, and @sam too"]
    assert {row.recipient for row in door.inbound()} == {SHARED}


def test_an_event_sent_again_is_the_same_event(door: Door) -> None:
    first = door.post(direct_message("Yes"))
    again = door.post(direct_message("Yes"), **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert len(door.inbound()) == 1


def test_events_out_of_order_are_kept_in_the_order_in_which_they_came(door: Door) -> None:
    door.post(direct_message("second", "Ev2", ts="1795428002.000100"))
    door.post(direct_message("first", "Ev1", ts="1795428001.000100"))
    assert [row.body for row in door.inbound()] == ["second", "first"]


@pytest.mark.parametrize(
    "sent",
    [
        direct_message("from another app", bot_id="B0OTHER"),
        direct_message("from ourselves", bot_id="B0HUB", user=BOT),
        direct_message("welcome", user="USLACKBOT"),
        direct_message("corrected", edited={"user": OFFICER, "ts": "1795428001.000000"}),
        direct_message("in a channel", channel=SHARED, channel_type="channel"),
        event({"type": "message", "subtype": "message_changed", "channel_type": "im", "message": {"user": OFFICER}}),
        event({"type": "message", "subtype": "message_deleted", "channel_type": "im", "hidden": True}),
        event({"type": "message", "subtype": "bot_message", "channel_type": "im", "text": "x", "bot_id": "B1"}),
        event({"type": "reaction_added", "user": OFFICER, "item": {"type": "message", "channel": SHARED}}),
        event({"type": "an_event_of_the_future"}),
        interaction({"type": "view_closed", "view": {"callback_id": "hub:form"}, "is_cleared": False}),
        interaction({"type": "shortcut", "callback_id": "old"}),
    ],
)
def test_what_no_person_said_is_answered_and_left(door: Door, sent: Sent) -> None:
    assert door.post(sent).status_code == 200
    assert door.inbound() == []


def test_a_message_with_a_file_is_heard(door: Door) -> None:
    door.post(direct_message("see the plan", subtype="file_share", files=[{"id": "F012", "mimetype": "text/plain"}]))
    assert [row.body for row in door.inbound()] == ["see the plan"]


def test_the_slash_command_is_stored_and_answered_to_the_person_alone(door: Door) -> None:
    answer = door.post(command("what is an IPA?"))
    assert answer.json == {"text": ONE_MOMENT, "response_type": "ephemeral"}
    door.post(command("what is an IPA?"))
    assert len(door.inbound()) == 1
    door.post(command("what is an IPA?", trigger_id="398738663016.47445629121.invented"))
    first, second = door.inbound()
    assert (first.sender, first.body, first.recipient) == (OFFICER, "what is an IPA?", SHARED)
    assert first.vendor_id != second.vendor_id


def test_a_pressed_button_comes_back_as_its_action(door: Door) -> None:
    (accept,) = drawn(ACCEPT)
    assert door.post(press(accept)).status_code == 200
    door.post(press(accept))
    (row,) = door.inbound()
    assert (row.sender, row.action, row.values, row.thread) == (
        OFFICER,
        "qa_visits.accept",
        {"value": "visit-1"},
        MESSAGE_ID,
    )
    assert door.asked == []
    door.post(press(accept, action_ts="1795428101.000000"))
    assert len(door.inbound()) == 2


def test_a_stale_or_foreign_button_is_recorded_all_the_same(door: Door) -> None:
    door.post(press({"action_id": "approve", "value": "not ours"}))
    door.post(press({"action_id": "approve", "value": "not ours"}, container={"type": "view", "view_id": "V1"}))
    door.post(press({"type": "static_select", "action_id": "x" * 255, "selected_option": {"value": '{"odd": 1}'}}))
    rows = door.inbound()
    assert [row.action for row in rows] == ["approve", "approve", "x" * 60]
    assert [row.values for row in rows] == [{"value": "not ours"}, {"value": "not ours"}, {"value": '{"odd": 1}'}]
    assert {row.thread for row in rows} == {None}


def test_a_button_with_a_form_opens_it_at_once(door: Door, vendor: VendorStub) -> None:
    (offer,) = drawn(OFFER)
    assert door.post(press(offer)).status_code == 200
    assert door.asked == [(MESSAGE_ID, "qa_visits.offer_day")]
    assert door.inbound() == []
    (opened,) = vendor.bodies("views.open")
    assert opened["trigger_id"] == "12466734323.1395872398.invented"
    assert opened["view"] == form_view(FORM, "visit-1", MESSAGE_ID)


def test_a_button_whose_form_is_gone_or_does_not_open_is_heard_as_pressed(door: Door, vendor: VendorStub) -> None:
    (gone,) = drawn(OFFER, message_id="01gone")
    assert door.post(press(gone, action_ts="1795428099.000000")).status_code == 200
    (offer,) = drawn(OFFER)
    vendor.fail_next(1, 200, content={"ok": False, "error": "expired_trigger_id"}, call="views.open")
    assert door.post(press(offer)).status_code == 200
    vendor.be_slow(400)
    assert door.post(press(offer, action_ts="1795428102.000000")).status_code == 200
    assert [(row.action, row.thread) for row in door.inbound()] == [
        ("qa_visits.offer_day", "01gone"),
        ("qa_visits.offer_day", MESSAGE_ID),
        ("qa_visits.offer_day", MESSAGE_ID),
    ]


def test_a_sent_form_comes_back_with_its_fields(door: Door) -> None:
    view = form_view(FORM, "visit-1", MESSAGE_ID)
    tuesday = {"type": "radio_buttons", "selected_option": {"value": "2026-12-01"}}
    note = {"type": "plain_text_input", "value": "Leave"}
    values = {"hub:day": {"field": tuesday}, "hub:note": {"field": note}}
    answer = door.post(submission(view, values))
    assert (answer.status_code, answer.data) == (200, b"")
    door.post(submission(view, values))
    (row,) = door.inbound()
    assert (row.sender, row.action, row.thread) == (OFFICER, "qa_visits.offer_day", MESSAGE_ID)
    assert row.values == {"day": "2026-12-01", "note": "Leave", "value": "visit-1"}
    note["value"] = "Leave, sorry"
    door.post(submission(view, values))
    assert len(door.inbound()) == 2


def test_a_form_that_the_hub_did_not_draw_is_recorded(door: Door) -> None:
    values = {"b1": {"a1": {"type": "datepicker", "selected_date": "2026-12-01"}}}
    door.post(submission({"callback_id": "other", "private_metadata": "no json"}, values))
    (row,) = door.inbound()
    assert (row.action, row.values, row.thread) == ("other", {"b1": "2026-12-01"}, None)


def test_forged_stale_and_unsigned_requests_change_nothing(door: Door) -> None:
    sent = direct_message("Yes")
    forged = [
        door.post(sent, secret="guessed"),
        door.post(sent, at=str(NOW - 301)),
        door.post(sent, at=str(NOW + 301)),
        door.post(sent, at="yesterday"),
        door.post(sent, **{"X-Slack-Signature": "v0=\xe9"}),
        door.post(("\xff", JSON), secret="guessed"),
        door.post(("{", JSON), secret="guessed"),
        door.post(("ssl_check=1&token=guessed", "application/x-www-form-urlencoded"), secret="x"),
        door.app.test_client().post(PATH, data=sent[0], content_type=JSON),
        door.app.test_client().post(PATH),
    ]
    assert {answer.status_code for answer in forged} == {401}
    assert door.inbound() == []
    assert door.post(sent, at=str(NOW - 299)).status_code == 200


def test_an_oversized_request_is_not_read(door: Door) -> None:
    assert door.post(direct_message("x" * 50_001)).status_code == 413
    assert door.inbound() == []


@pytest.mark.parametrize("body", ["", "{", "[]", "payload=[1]", "payload=", "text=what"])
def test_an_empty_or_senseless_request_is_refused(door: Door, body: str) -> None:
    assert door.post((body, "application/x-www-form-urlencoded")).status_code == 400
    assert door.inbound() == []


def test_signs_that_the_database_cannot_hold_are_left_out(door: Door) -> None:
    assert door.post(direct_message("a\x00b \ud83d")).status_code == 200
    assert [row.body for row in door.inbound()] == ["ab ?"]


def test_what_cannot_be_stored_is_answered_with_an_error_and_not_logged(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    with door.ground.work() as work:
        work.session.execute(text("ALTER TABLE inbound RENAME TO away"))
    with caplog.at_level(logging.INFO, "slack_bolt"):
        answer = door.post(direct_message("a secret"))
    assert answer.status_code == 500
    said = [record for record in caplog.records if record.name.startswith(("slack", "channels", "hub"))]
    assert not any("a secret" in record.getMessage() for record in said)


def test_other_methods_are_not_there(door: Door) -> None:
    assert door.app.test_client().get(PATH).status_code == 405


def test_the_address_declares_why_it_is_open(door: Door) -> None:
    assert declared_access(door.app.view_functions["slack.receive"]) == "Slack signs what it sends"
