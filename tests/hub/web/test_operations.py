from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbox.hearing import Disposition, Heard
from channels.model import Channel
from channels.sandbox.answer import sms_in
from channels.wording import MessageType, Registry
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.events import Event, Reaction, deliver_events, publish
from kernel.work import Ground, Work
from tests.hub.web.village import PARENT_PHONE, Post, Village, client_of, token_on


@dataclass(frozen=True)
class Happened(Event):
    name: ClassVar[str] = "tests.happened"


def _react(_work: Work, _event: Happened) -> None:
    message = "the reaction is broken"
    raise ZeroDivisionError(message)


def _hear(_work: Work, _heard: Heard) -> Disposition:
    message = "the room is broken"
    raise ZeroDivisionError(message)


def _press(client: FlaskClient, action: str, chosen: str, **kept: str) -> str:
    form = {"csrf_token": token_on(client, "/operations"), "do": chosen, **kept}
    return client.post(action, data=form, follow_redirects=True).get_data(as_text=True)


def _parked_text(site: Site, ground: Ground, clock: FixedClock, registry: Registry) -> None:
    sms_in(site.inbox, PARENT_PHONE, "What is an IPA?")
    for _ in range(10):
        Post(ground, registry, (_hear,)).hear()
        clock.set(clock.now().replace(year=clock.now().year + 1))


def _parked_event(ground: Ground, clock: FixedClock) -> None:
    with ground.work() as work:
        publish(work, Happened())
    reaction = Reaction(event=Happened, name="tests.break", run=_react)
    for _ in range(10):
        deliver_events(ground, [reaction])
        clock.set(clock.now().replace(year=clock.now().year + 1))


def test_says_when_nothing_has_failed(app: Flask, village: Village) -> None:
    page = client_of(app, village.administrator).get("/operations").get_data(as_text=True)
    for words in (
        "Everything that came in has been read.",
        "Nothing has failed too often.",
        "No message has failed.",
        "Nothing to decide.",
    ):
        assert words in page


@pytest.mark.parametrize(("chosen", "says"), [("retry", "It will be tried again."), ("discard", "Given up.")])
def test_an_event_that_failed_too_often_is_tried_again_or_given_up(
    app: Flask, village: Village, ground: Ground, clock: FixedClock, chosen: str, says: str
) -> None:
    _parked_event(ground, clock)
    client = client_of(app, village.administrator)
    page = client.get("/operations").get_data(as_text=True)
    assert "tests.happened" in page
    assert "the reaction is broken" in page
    start = client.get("/").get_data(as_text=True)
    assert re.search(r'hub-waits__count">1</strong> decision to take', start)
    kept = dict(re.findall(r'name="(kind|first|second)" value="([^"]+)"', page))
    after = _press(client, "/operations/work", chosen, **kept)
    assert says in after
    assert "Nothing has failed too often." in after
    ran: list[object] = []
    reaction = Reaction(event=Happened, name="tests.break", run=lambda _work, event: ran.append(event))
    deliver_events(ground, [reaction])
    assert len(ran) == (1 if chosen == "retry" else 0)


def test_a_text_that_could_not_be_read_is_read_again(
    app: Flask, village: Village, site: Site, ground: Ground, clock: FixedClock, registry: Registry, post: Post
) -> None:
    _parked_text(site, ground, clock, registry)
    client = client_of(app, village.administrator)
    page = client.get("/operations").get_data(as_text=True)
    assert "What is an IPA?" not in page
    found = re.search(r'action="(/operations/texts/[0-9a-z]{26})"', page)
    assert found is not None
    assert "Everything that came in has been read." in _press(client, found[1], "retry")
    post.hear()
    assert "What is an IPA?" in client_of(app, village.coordinator).get("/questions").get_data(as_text=True)


def test_a_failed_message_is_shown(app: Flask, village: Village, ground: Ground, notice: MessageType) -> None:
    with ground.work() as work:
        values = {"place": "Seaborough"}
        queue_messages(work, [NewMessage(notice, values, person_id=village.parent, channel=Channel.SLACK)])
    page = client_of(app, village.administrator).get("/operations").get_data(as_text=True)
    assert "We have no address at which to reach this person." in page


@pytest.mark.parametrize(
    ("action", "form", "status"),
    [
        ("/operations/work", {"do": "retry", "kind": "event", "first": "x", "second": "y"}, 404),
        ("/operations/work", {"do": "retry", "kind": "other", "first": "x", "second": "y"}, 422),
        ("/operations/work", {"kind": "event", "first": "x", "second": "y"}, 422),
        ("/operations/work", {"do": "retry", "kind": "job", "first": "x", "second": "no time"}, 422),
        ("/operations/texts/none", {"do": "retry"}, 404),
        ("/operations/texts/none", {"do": "burn"}, 422),
        ("/operations/messages/none", {"do": "retry"}, 404),
    ],
)
def test_what_is_not_parked_cannot_be_settled(
    app: Flask, village: Village, action: str, form: dict[str, str], status: int
) -> None:
    client = client_of(app, village.administrator)
    answer = client.post(action, data={"csrf_token": token_on(client, "/operations"), **form})
    assert answer.status_code == status
