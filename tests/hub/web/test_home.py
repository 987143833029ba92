from __future__ import annotations

from dataclasses import replace

from flask import Flask

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Channel
from channels.sandbox.answer import sms_in
from channels.wording import MessageType
from hub.web.app import create_app
from hub.web.site import MenuItem, Site
from kernel.work import Ground
from people.permissions import Permission
from tests.hub.web.village import PARENT_PHONE, Post, Village, client_of


def test_a_visitor_is_told_what_this_is(app: Flask) -> None:
    page = client_of(app).get("/").get_data(as_text=True)
    assert "Sign in" in page
    assert "do not need an account" in page


def test_shows_each_role_its_own_places(app: Flask, village: Village) -> None:
    def places(person: str) -> set[str]:
        page = client_of(app, person).get("/").get_data(as_text=True)
        return {text for text in ("Questions", "Worries", "Message history", "Operations") if f">{text}</a>" in page}

    assert places(village.coordinator) == {"Questions", "Message history"}
    assert places(village.duty_officer) == {"Worries"}
    assert "Operations" in places(village.administrator)
    assert places(village.parent) == set()


def test_says_what_waits(app: Flask, village: Village, site: Site, post: Post) -> None:
    assert "Nothing waits for you." in client_of(app, village.coordinator).get("/").get_data(as_text=True)
    sms_in(site.inbox, PARENT_PHONE, "What is an IPA?")
    post.hear()
    page = client_of(app, village.coordinator).get("/").get_data(as_text=True)
    assert "<strong>1</strong> question to answer" in page


def test_counts_messages_that_are_not_read(
    app: Flask, village: Village, post: Post, ground: Ground, notice: MessageType
) -> None:
    with ground.work() as work:
        for _ in range(2):
            queue_messages(
                work,
                [NewMessage(notice, {"place": "Seaborough"}, person_id=village.web_reader, channel=Channel.WEB)],
            )
    post.deliver()
    page = client_of(app, village.web_reader).get("/").get_data(as_text=True)
    assert "2 messages that you have not read" in page
    assert '2<span class="govuk-visually-hidden"> not read</span>' in page


def test_domains_add_their_places(ground: Ground, site: Site, village: Village) -> None:
    item = MenuItem(
        text="Surveys",
        endpoint="questions.waiting",
        permission=Permission.SURVEYS_READ,
        description="Ask families.",
        waiting=("answer to read", "answers to read"),
        count=lambda _session, actor, _now: 3 if actor.id == village.coordinator else 0,
    )
    app = create_app(ground, replace(site, menu=(item,)))
    page = client_of(app, village.coordinator).get("/").get_data(as_text=True)
    assert "<strong>3</strong> answers to read" in page
    assert "Surveys" not in client_of(app, village.duty_officer).get("/").get_data(as_text=True)
