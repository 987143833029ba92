from __future__ import annotations

import re

import pytest
from flask import Flask

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbox.hearing import Disposition, Ending, Heard
from channels.model import Attachment, Channel
from channels.wording import Button, Field, Form, Kind, MessageType, Policy, Registry
from kernel.translation import say
from kernel.work import Ground, Work
from tests.hub.web.conftest import NOTICE
from tests.hub.web.village import Post, Village, client_of, token_on

VISIT = MessageType(
    key="tests.visit",
    values={"visit": Kind.TEXT, "days": Kind.CHOICES},
    title=say("tests.visit.title", "A visit"),
    text=say("tests.visit.text", "Can you come?"),
    short=say("tests.visit.short", "Can you come?"),
    policy=Policy(solicited=True, mind_quiet_hours=False),
    buttons=(
        Button("tests.accept", say("tests.visit.accept", "Accept"), "visit"),
        Button(
            "tests.other",
            say("tests.visit.other", "Offer another day"),
            "visit",
            form=Form(
                "tests.offer",
                say("tests.visit.other", "Offer another day"),
                (Field("day", say("tests.visit.day", "Day"), "choice", "days"), Field("why", say("t", "Why"))),
            ),
        ),
    ),
)


@pytest.fixture
def registry() -> Registry:
    return Registry((NOTICE, VISIT))


def _send(ground: Ground, post: Post, message: NewMessage) -> None:
    with ground.work() as work:
        queue_messages(work, [message])
    post.deliver()


def _visit(village: Village) -> NewMessage:
    values = {"visit": "v1", "days": [["2026-11-30", "Monday 30 November"], ["2026-12-01", "Tuesday 1 December"]]}
    return NewMessage(VISIT, values, person_id=village.web_reader, channel=Channel.WEB)


def test_an_empty_inbox_says_so(app: Flask, village: Village) -> None:
    assert "You have no messages here." in client_of(app, village.web_reader).get("/inbox").get_data(as_text=True)


def test_shows_a_message_that_stays_new_until_it_is_marked_as_read(
    app: Flask, village: Village, ground: Ground, post: Post
) -> None:
    _send(
        ground,
        post,
        NewMessage(NOTICE, {"place": "Seaborough"}, person_id=village.web_reader, channel=Channel.WEB),
    )
    client = client_of(app, village.web_reader)
    first, second = (client.get("/inbox").get_data(as_text=True) for _ in range(2))
    assert "News of Seaborough" in first
    assert 'href="https://hub.example.org/news"' in first
    assert ">New</strong>" in first
    assert ">New</strong>" in second
    (path,) = re.findall(r'action="(/inbox/[^"]+/read)"', second)
    form = {"csrf_token": token_on(client, "/inbox"), "show": "unread"}
    answer = client.post(path, data=form, follow_redirects=True)
    assert answer.request.path == "/inbox"
    assert answer.request.args["show"] == "unread"
    assert "You have read everything." in answer.get_data(as_text=True)
    assert ">New</strong>" not in client.get("/inbox").get_data(as_text=True)


def test_nobody_marks_anothers_message_as_read(app: Flask, village: Village, ground: Ground, post: Post) -> None:
    _send(ground, post, _visit(village))
    reader = client_of(app, village.web_reader)
    (path,) = re.findall(r'action="(/inbox/[^"]+/read)"', reader.get("/inbox").get_data(as_text=True))
    other = client_of(app, village.coordinator)
    form = {"csrf_token": token_on(other, "/")}
    assert other.post(path, data=form).status_code == 404
    assert other.post("/inbox/read", data=form, follow_redirects=True).status_code == 200
    assert ">New</strong>" in reader.get("/inbox").get_data(as_text=True)


def test_a_long_inbox_has_pages_and_all_of_it_can_be_marked_at_once(
    app: Flask, village: Village, ground: Ground, post: Post
) -> None:
    for number in range(12):
        _send(
            ground,
            post,
            NewMessage(NOTICE, {"place": f"place {number:02}"}, person_id=village.web_reader, channel=Channel.WEB),
        )
    client = client_of(app, village.web_reader)
    first, second = (client.get(f"/inbox?page={page}").get_data(as_text=True) for page in (1, 2))
    assert "News of place 11" in first
    assert "News of place 01" not in first
    assert "News of place 01" in second
    assert "Showing 11 to 12 of 12 messages" in second
    form = {"csrf_token": token_on(client, "/inbox")}
    page = client.post("/inbox/read", data=form, follow_redirects=True).get_data(as_text=True)
    assert "12 messages marked as read." in page
    assert ">New</strong>" not in page


def test_shows_nobody_elses_messages(app: Flask, village: Village, ground: Ground, post: Post) -> None:
    _send(ground, post, _visit(village))
    assert "A visit" not in client_of(app, village.coordinator).get("/inbox").get_data(as_text=True)


def test_a_file_comes_as_a_download(app: Flask, village: Village, ground: Ground, post: Post) -> None:
    file = Attachment('visit "1".ics', "text/calendar; method=REQUEST", "BEGIN:VCALENDAR")
    values = {"place": "Seaborough"}
    _send(
        ground,
        post,
        NewMessage(NOTICE, values, person_id=village.web_reader, channel=Channel.WEB, attachments=(file,)),
    )
    client = client_of(app, village.web_reader)
    found = re.search(r'href="(/inbox/[^"]+/0)"', client.get("/inbox").get_data(as_text=True))
    assert found is not None
    answer = client.get(found[1])
    assert answer.get_data(as_text=True) == "BEGIN:VCALENDAR"
    assert answer.headers["Content-Type"] == "text/calendar; method=REQUEST"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="visit--1-.ics"'
    assert client.get(found[1][:-1] + "1").status_code == 404
    assert client_of(app, village.coordinator).get(found[1]).status_code == 404


@pytest.mark.parametrize(
    ("number", "sent", "action", "values"),
    [
        ("0", {}, "tests.accept", {"value": "v1"}),
        (
            "1",
            {"field.day": "2026-12-01", "field.why": " Half term "},
            "tests.offer",
            {"value": "v1", "day": "2026-12-01", "why": "Half term"},
        ),
    ],
)
@pytest.mark.usefixtures("site")
def test_a_pressed_button_goes_where_all_channels_bring_theirs(
    app: Flask,
    village: Village,
    ground: Ground,
    registry: Registry,
    number: str,
    sent: dict[str, str],
    action: str,
    values: dict[str, str],
) -> None:
    heard: list[Heard] = []

    def note(_work: Work, what: Heard) -> Disposition:
        heard.append(what)
        return Disposition(Ending.RECORDED, "noted")

    post = Post(ground, registry, (note,))
    _send(ground, post, _visit(village))
    client = client_of(app, village.web_reader)
    found = re.search(r'action="(/inbox/[^"]+/press)"', client.get("/inbox").get_data(as_text=True))
    assert found is not None
    form = {"csrf_token": token_on(client, "/inbox"), "button": number, **sent}
    answer = client.post(found[1], data=form, follow_redirects=True)
    assert "We have your answer." in answer.get_data(as_text=True)
    post.hear()
    (pressed,) = heard
    assert (pressed.action, pressed.values, pressed.person.id) == (action, values, village.web_reader)


def test_a_button_that_is_not_there_is_refused(app: Flask, village: Village, ground: Ground, post: Post) -> None:
    _send(ground, post, _visit(village))
    client = client_of(app, village.web_reader)
    found = re.search(r'action="(/inbox/[^"]+/press)"', client.get("/inbox").get_data(as_text=True))
    assert found is not None
    for number in ("2", "-1", "", "x"):
        form = {"csrf_token": token_on(client, "/inbox"), "button": number}
        assert client.post(found[1], data=form).status_code == 422
