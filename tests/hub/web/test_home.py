from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Channel
from channels.sandbox.answer import sms_in
from channels.wording import MessageType
from hub.web.app import create_app
from hub.web.site import Group, MenuItem, Site, Watch
from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor
from people.permissions import Permission
from people.waiting import Tally, Waiting
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
    assert '<strong class="hub-waits__count">1</strong> question to answer' in page


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
    assert '<strong class="hub-waits__count">2</strong> messages to read' in page
    assert '2<span class="govuk-visually-hidden"> not read</span>' in page


def _look(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Let three things wait for one person, and one of them be late."""
    assert session.is_active
    if actor.name != "Nadia Forster":
        return Waiting()
    late, due = Tally(1, date(2026, 11, 20)), Tally(2, now + timedelta(hours=2))
    return Waiting(late=late, due=due, coming=Tally(1, date(2026, 11, 30)))


def test_domains_add_their_places_and_what_is_late(ground: Ground, site: Site, village: Village) -> None:
    item = MenuItem(
        "Surveys",
        "questions.waiting",
        Permission.SURVEYS_READ,
        "Ask families.",
        watches=(Watch("answer to read", "answers to read", _look, to="history.find", args={"about": "survey:1"}),),
    )
    app = create_app(ground, replace(site, menu=(item,)))
    page = client_of(app, village.coordinator).get("/").get_data(as_text=True)
    late, due, coming = (page.index(f">{heading}</h2>") for heading in ("Late", "Waiting for you", "Coming up"))
    assert late < page.index("</strong> answer to read") < page.index("Due Friday 20 November 2026") < due
    assert due < page.index("</strong> answers to read") < page.index("Next due 23 November 2026 at midday") < coming
    assert ">Monday 30 November 2026<" in page[coming:]
    assert 'href="/messages?about=survey:1"' in page
    assert "Surveys" not in client_of(app, village.duty_officer).get("/").get_data(as_text=True)


def test_a_worry_is_late_after_a_quarter_of_an_hour(
    app: Flask, village: Village, site: Site, post: Post, clock: FixedClock
) -> None:
    sms_in(site.inbox, PARENT_PHONE, "He is hurt")
    post.hear()
    client = client_of(app, village.duty_officer)
    assert ">Late</h2>" not in client.get("/").get_data(as_text=True)
    clock.move(timedelta(minutes=16))
    page = client.get("/").get_data(as_text=True)
    assert ">Late</h2>" in page
    assert "Has waited 16 minutes" in page


def test_the_menu_of_many_places_is_in_parts(app: Flask, ground: Ground, site: Site, village: Village) -> None:
    few = client_of(app, village.coordinator).get("/").get_data(as_text=True)
    assert 'class="hub-menu__part"' not in few
    menu = tuple(
        MenuItem(f"Place {number}", "questions.waiting", Permission.SURVEYS_READ, "A place.", Group.QUALITY)
        for number in range(6)
    )
    many = client_of(create_app(ground, replace(site, menu=menu)), village.coordinator).get("/").get_data(as_text=True)
    assert '<summary class="hub-menu__summary">Quality</summary>' in many


STATEMENTS_AT_MOST = 14


def test_the_start_page_takes_as_many_statements_however_much_waits(
    app: Flask, village: Village, ground: Ground, site: Site, post: Post
) -> None:
    """The number of statements is that of the kinds of things, not of the things."""
    statements: list[str] = []
    listener = lambda *told: statements.append(str(told[2]))  # noqa: E731 - SQLAlchemy calls it
    event.listen(ground.database.engine, "before_cursor_execute", listener)

    def taken() -> int:
        client = client_of(app, village.coordinator)
        statements.clear()
        assert client.get("/").status_code == 200
        return len([line for line in statements if line.startswith("SELECT")])

    few = taken()
    for number in range(20):
        sms_in(site.inbox, PARENT_PHONE, f"What is an IPA, asked {number} times?")
    post.hear()
    assert taken() == few <= STATEMENTS_AT_MOST
