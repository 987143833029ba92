"""Who has left is refused from the next request on, at every door: Slack's buttons and forms, text, email, web."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from hub.serving import Front
from kernel.clock import ShiftedClock
from kernel.database import Database
from people.actions.leave import mark_leaver
from people.model import PersonCard, Role, RoleIn
from people.queries import council_of, person, persons_by_address
from tests.channels.slack.payloads import direct_message, press, submission
from tests.outside import (
    DUTY,
    NADIA,
    QUENTIN,
    Outside,
    button,
    by,
    free_port,
    mail,
    monday_clock,
    outside,
    settings_for,
    sid,
)
from tests.services.mailbox import Mailbox
from tests.services.vendor import VendorStub
from tests.signed_in import let_in


@pytest.fixture
def clock() -> ShiftedClock:
    return monday_clock()


@pytest.fixture
def hub(database: Database, vendor: VendorStub, mailbox: Mailbox, clock: ShiftedClock) -> Iterator[Outside]:
    """A hub on either database, with Twilio, Slack and a mail server at its doors."""
    url = database.url.render_as_string(hide_password=False)
    with outside(settings_for(url, vendor, mailbox, free_port()), vendor, mailbox, clock) as hub:
        yield hub


def leave(hub: Outside, channel: str, address: str) -> PersonCard:
    """Let somebody leave, by an administrator of their own council."""
    with hub.house.ground.work() as work:
        (who,) = persons_by_address(work.session, channel, address)
        council = council_of(work.session, who.roles[0].organisation_id)
        assert council is not None
        manager = PersonCard("01manager", "Ada", "en", (RoleIn(Role.ADMINISTRATOR, council.id),))
        mark_leaver(work, manager, who.id)
    return who


def visits(hub: Outside) -> set[tuple[str, ...]]:
    with hub.house.ground.read() as session:
        return {tuple(map(str, row)) for row in session.execute(text("SELECT id, state FROM qa_visits"))}


def proposal(hub: Outside) -> dict[str, Any]:
    hub.work()
    (proposed,) = [post for post in hub.posts_to(QUENTIN) if "Proposed visit" in post["text"]]
    return proposed


def test_a_leavers_button_in_slack_does_nothing(hub: Outside) -> None:
    pressed = by(QUENTIN, press(button(proposal(hub), "Accept")))
    before = visits(hub)
    leave(hub, "slack", QUENTIN)
    assert hub.slack_in(pressed).status_code == 200
    hub.work()
    assert visits(hub) == before
    assert [post for post in hub.posts_to(QUENTIN) if "is booked" in str(post["blocks"])] == []


def test_a_button_that_was_pressed_before_and_is_heard_after_leaving_does_nothing(hub: Outside) -> None:
    pressed = by(QUENTIN, press(button(proposal(hub), "Accept")))
    before = visits(hub)
    assert hub.slack_in(pressed).status_code == 200
    leave(hub, "slack", QUENTIN)
    hub.work()
    assert visits(hub) == before


def test_no_form_opens_for_a_leaver_and_one_that_was_open_does_nothing(hub: Outside) -> None:
    asked = by(QUENTIN, press(button(proposal(hub), "Another day")))
    assert hub.slack_in(asked).status_code == 200
    (opened,) = hub.vendor.bodies("views.open")
    before = visits(hub)
    leave(hub, "slack", QUENTIN)
    later = by(QUENTIN, press(button(proposal(hub), "Another day"), action_ts="1795428200.000001"))
    assert hub.slack_in(later).status_code == 200
    assert len(hub.vendor.bodies("views.open")) == 1
    (block,) = opened["view"]["blocks"]
    chosen = next(option for option in block["element"]["options"] if option["value"] == "2026-12-09")
    values = {block["block_id"]: {block["element"]["action_id"]: {"selected_option": chosen}}}
    assert hub.slack_in(by(QUENTIN, submission(opened["view"], values))).status_code == 200
    hub.work()
    assert visits(hub) == before


def test_a_leaver_is_a_stranger_on_every_channel(hub: Outside) -> None:
    hub.work()
    left = [leave(hub, "slack", QUENTIN), leave(hub, "email", NADIA), leave(hub, "sms", DUTY)]
    assert hub.slack_in(by(QUENTIN, direct_message("How many visits are there?"))).status_code == 200
    assert hub.mail_in(mail(NADIA, "Who has answered?", 1)).status_code == 200
    assert hub.text_in(DUTY, "I have read it", sid(1)).status_code == 200
    hub.work()
    with hub.house.ground.read() as session:
        told = session.execute(text("SELECT person_id FROM inbound")).scalars().all()
        assert len(told) == 3
        assert set(told) & {who.id for who in left} == set()
        assert all(person(session, who).roles == () for who in told)


def test_nothing_that_waits_goes_out_to_a_leaver(hub: Outside) -> None:
    leave(hub, "slack", QUENTIN)
    hub.work()
    assert hub.posts_to(QUENTIN) == []


def test_the_next_page_of_a_leaver_asks_to_sign_in(hub: Outside) -> None:
    app = hub.client.application
    assert isinstance(app, Front)
    assert isinstance(app.app, Flask)
    browser = app.app.test_client()
    with hub.house.ground.read() as session:
        (officer,) = persons_by_address(session, "slack", QUENTIN)
    let_in(browser, officer.id)
    assert browser.get("/visits").status_code == 200
    leave(hub, "slack", QUENTIN)
    answer = browser.get("/visits")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/visits")
