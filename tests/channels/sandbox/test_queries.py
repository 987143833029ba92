from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from channels.inbox.accept import Inbox
from channels.model import ButtonShown, Channel, Post, Rendered
from channels.sandbox.adapter import SandboxAdapter
from channels.sandbox.answer import email_in, press_button, send_form, slack_text, sms_in
from channels.sandbox.queries import Owner, addresses, conversation, form_of, latest, recent_addresses
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role

PHONE = "+447700900123"
FORM = {"action": "qa_visits.offer_day", "title": "Offer", "fields": []}


@pytest.fixture
def inbox(ground: Ground) -> Iterator[Inbox]:
    inbox = Inbox(ground)
    yield inbox
    inbox.close()


def told(ground: Ground, channel: Channel, address: str, text: str, *buttons: ButtonShown) -> None:
    message_id = f"01{text[:20]}"
    post = Post(f"{message_id}-1", message_id, "x.y", address, "en", Rendered("Title", text, text, buttons))
    SandboxAdapter(channel, ground).hand_over(post)


def mark(ground: Ground) -> str:
    with ground.read() as session:
        return latest(session)


def people(ground: Ground) -> None:
    with ground.work() as work:
        forum = register_organisation(work, NewOrganisation(OrganisationKind.FORUM, "Invented Forum"))
        for name, language, points in (
            ("Amina Invented", "ur", (("sms", PHONE),)),
            ("Bilal Invented", "en", (("sms", PHONE), ("email", "bilal@example.org"))),
            ("Celina Invented", "pl", (("sms", "+447700900124"), ("slack", "U012CELINA"))),
        ):
            register_person(work, NewPerson(name, language, ((Role.FAMILY, forum),), points))


def test_a_phone_shows_both_sides_in_order(ground: Ground, inbox: Inbox, clock: FixedClock) -> None:
    told(ground, Channel.SMS, PHONE, "How are you?")
    clock.move(timedelta(minutes=1))
    sms_in(inbox, PHONE, "4")
    sms_in(inbox, "+447700900999", "not on this phone")
    clock.move(timedelta(minutes=1))
    told(ground, Channel.SMS, PHONE, "Thank you.")
    told(ground, Channel.SMS, PHONE, "ی" * 71)
    with ground.read() as session:
        shown = conversation(session, Channel.SMS, PHONE)
        last = conversation(session, Channel.SMS, PHONE, limit=2)
    assert [(line.body, line.is_inbound) for line in shown[:3]] == [
        ("How are you?", False),
        ("4", True),
        ("Thank you.", False),
    ]
    assert [line.segments for line in shown] == [1, 1, 1, 2]
    assert [line.body for line in last] == ["Thank you.", "ی" * 71]


def test_a_pressed_button_and_a_sent_form_are_shown(ground: Ground, inbox: Inbox, clock: FixedClock) -> None:
    told(ground, Channel.SLACK, "U012CELINA", "Visit", ButtonShown("qa_visits.accept", "Accept", "visit-1"))
    clock.move(timedelta(seconds=1))
    press_button(inbox, Channel.SLACK, "U012CELINA", "01Visit", "qa_visits.accept", "visit-1")
    clock.move(timedelta(seconds=1))
    values = {"value": "visit-1", "day": "2026-12-01"}
    send_form(inbox, Channel.SLACK, "U012CELINA", "01Visit", "qa_visits.offer_day", values)
    with ground.read() as session:
        shown = conversation(session, Channel.SLACK, "U012CELINA")
    assert [(line.action, line.values) for line in shown] == [
        (None, None),
        ("qa_visits.accept", {"value": "visit-1"}),
        ("qa_visits.offer_day", values),
    ]


def test_a_slack_channel_shows_what_was_written_in_it(ground: Ground, inbox: Inbox) -> None:
    slack_text(inbox, "U012CELINA", "in the channel", conversation="C012VISITS")
    slack_text(inbox, "U012CELINA", "directly")
    with ground.read() as session:
        assert [(line.sender, line.body) for line in conversation(session, Channel.SLACK, "C012VISITS")] == [
            ("U012CELINA", "in the channel")
        ]
        assert len(conversation(session, Channel.SLACK, "U012CELINA")) == 2


def test_the_form_of_a_shown_button_is_found(ground: Ground) -> None:
    offer = ButtonShown("qa_visits.offer_day", "Offer", "visit-1", FORM)
    told(ground, Channel.SLACK, "U012CELINA", "Visit", ButtonShown("qa_visits.accept", "Accept", "visit-1"), offer)
    with ground.read() as session:
        assert form_of(session, "01Visit", "qa_visits.offer_day") == FORM
        assert form_of(session, "01Visit", "qa_visits.accept") is None
        assert form_of(session, "01Visit", "unknown") is None
        assert form_of(session, "unknown", "qa_visits.offer_day") is None


def test_the_mark_changes_with_all_that_happens(ground: Ground, inbox: Inbox) -> None:
    marks = [mark(ground)]
    told(ground, Channel.SMS, PHONE, "Hello")
    marks.append(mark(ground))
    sms_in(inbox, PHONE, "Hello")
    marks.append(mark(ground))
    email_in(inbox, "bilal@example.org", "Hello")
    marks.append(mark(ground))
    assert len(set(marks)) == 4


def test_addresses_are_listed_with_whose_they_are(ground: Ground) -> None:
    people(ground)
    with ground.read() as session:
        phones = addresses(session, Channel.SMS)
        assert [each.address for each in phones] == [PHONE, "+447700900124"]
        assert phones[0].owners == (Owner("Amina Invented", "ur"), Owner("Bilal Invented", "en"))
        assert [each.address for each in addresses(session, Channel.SMS, like="CELINA")] == ["+447700900124"]
        assert [each.address for each in addresses(session, Channel.SMS, like="0900123")] == [PHONE]
        assert [each.address for each in addresses(session, Channel.EMAIL)] == ["bilal@example.org"]
        assert len(addresses(session, Channel.SMS, limit=1)) == 1
        assert addresses(session, Channel.WEB) == []


def test_the_latest_to_write_or_be_written_to_come_first(ground: Ground, inbox: Inbox, clock: FixedClock) -> None:
    people(ground)
    told(ground, Channel.SMS, PHONE, "Hello")
    clock.move(timedelta(minutes=1))
    told(ground, Channel.SMS, "+447700900124", "Hello too")
    clock.move(timedelta(minutes=1))
    sms_in(inbox, "+447700900999", "Who is this?")
    clock.move(timedelta(minutes=1))
    sms_in(inbox, PHONE, "Hello yourself")
    with ground.read() as session:
        found = recent_addresses(session, Channel.SMS)
        assert [each.address for each in found] == [PHONE, "+447700900999", "+447700900124"]
        assert [each.owners for each in found[1:]] == [(), (Owner("Celina Invented", "pl"),)]
        assert len(recent_addresses(session, Channel.SMS, limit=2)) == 2
