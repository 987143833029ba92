from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbox.hearing import Disposition, Ending, Heard
from channels.model import Attachment, Channel
from channels.wording import Registry
from hub.web.app import create_app
from hub.web.sandbox_threads import Columns
from hub.web.site import Site
from kernel.clock import FixedClock, ShiftedClock
from kernel.work import Ground, Work
from tests.hub.web.conftest import NOTICE
from tests.hub.web.test_inbox import VISIT
from tests.hub.web.village import COORDINATOR_SLACK, PARENT_PHONE, Post, Village, client_of, token_on

COLUMNS = {"sms": PARENT_PHONE, "email": "priya@example.org", "slack": COORDINATOR_SLACK}
JSON = {"Accept": "application/json"}


@pytest.fixture
def registry() -> Registry:
    return Registry((NOTICE, VISIT))


@pytest.fixture
def heard() -> list[Heard]:
    return []


@pytest.fixture
def post(ground: Ground, registry: Registry, heard: list[Heard]) -> Post:
    def note(_work: Work, what: Heard) -> Disposition:
        heard.append(what)
        return Disposition(Ending.RECORDED, "noted")

    return Post(ground, registry, (note,))


def _show(client: FlaskClient) -> str:
    return client.get("/sandbox", query_string=COLUMNS).get_data(as_text=True)


def test_at_night_the_page_says_what_waits(clock: FixedClock, app: Flask) -> None:
    """V12: or else somebody who tries the demo in the evening waits for texts that come in the morning."""
    said = "It is between 8pm and 8am. Messages that families did not ask for wait until 8am."
    assert said not in _show(client_of(app))
    clock.set(clock.now().replace(hour=21))
    assert said in _show(client_of(app))


def _do(client: FlaskClient, path: str, **fields: str) -> str:
    form = {"csrf_token": token_on(client, "/sandbox"), **COLUMNS, **fields}
    answer = client.post(path, data=form, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _notify(ground: Ground, post: Post, person: str, *files: Attachment) -> None:
    with ground.work() as work:
        queue_messages(work, [NewMessage(NOTICE, {"place": "Seaborough"}, person_id=person, attachments=files)])
    post.deliver()


@pytest.mark.usefixtures("village")
def test_an_empty_sandbox_offers_whom_one_can_be(client: FlaskClient) -> None:
    page = _show(client)
    for words in ("Amelia Hart, +447700900101", "Priya Desai, priya@example.org", "Somebody new, +447700900999"):
        assert words in page
    for words in ("No text messages yet.", "No emails yet.", "No Slack messages yet."):
        assert words in page


def test_shows_at_first_to_whom_something_went_last(
    client: FlaskClient, village: Village, ground: Ground, post: Post
) -> None:
    def shown() -> list[str]:
        return re.findall(r'<option value="([^"]+)" selected>', client.get("/sandbox").get_data(as_text=True))

    assert shown() == [PARENT_PHONE, "ada@example.org", COORDINATOR_SLACK]
    _notify(ground, post, village.provider_user)
    assert shown() == [PARENT_PHONE, "priya@example.org", COORDINATOR_SLACK]


def test_shows_what_each_channel_delivered(client: FlaskClient, village: Village, ground: Ground, post: Post) -> None:
    file = Attachment("visit.ics", "text/calendar", "BEGIN:VCALENDAR")
    for person in (village.parent, village.provider_user, village.coordinator):
        _notify(ground, post, person, file)
    page = _show(client)
    assert "News of Seaborough</p>" in page
    assert "1 segment" in page
    assert page.count("There is news of Seaborough.") == 2
    found = re.search(r'href="(/sandbox/files/email/[^"]+)"', page)
    assert found is not None
    assert client.get(found[1].replace("&amp;", "&")).get_data(as_text=True) == "BEGIN:VCALENDAR"


def test_a_text_reaches_the_inbox_as_a_webhooks_would(
    client: FlaskClient, village: Village, post: Post, heard: list[Heard]
) -> None:
    assert "What is an IPA?" in _do(client, "/sandbox/text", body="What is an IPA?")
    post.hear()
    (text,) = heard
    assert (text.channel, text.person.id, text.text) == (Channel.SMS, village.parent, "What is an IPA?")


def test_a_reply_by_email_finds_its_thread(
    client: FlaskClient, village: Village, ground: Ground, post: Post, heard: list[Heard]
) -> None:
    _notify(ground, post, village.provider_user)
    found = re.search(r'name="thread" value="([^"]+)"', _show(client))
    assert found is not None
    _do(client, "/sandbox/email", body="Thank you", thread=found[1])
    post.hear()
    (email,) = heard
    assert (email.channel, email.person.id, email.text) == (Channel.EMAIL, village.provider_user, "Thank you")


@pytest.mark.parametrize(
    ("body", "text"), [("/hub what is an IPA?", "what is an IPA?"), ("hello", "hello"), ("/hub", "")]
)
@pytest.mark.usefixtures("village")
def test_slack_takes_words_and_commands(
    client: FlaskClient, post: Post, heard: list[Heard], body: str, text: str
) -> None:
    _do(client, "/sandbox/say", body=body)
    post.hear()
    assert [(each.channel, each.text) for each in heard] == [(Channel.SLACK, text)]


def test_buttons_and_forms_come_back_with_their_values(
    client: FlaskClient, village: Village, ground: Ground, post: Post, heard: list[Heard]
) -> None:
    with ground.work() as work:
        values = {"visit": "v1", "days": [["d1", "Monday"], ["d2", "Tuesday"]]}
        queue_messages(work, [NewMessage(VISIT, values, person_id=village.coordinator)])
    post.deliver()
    found = re.search(r'name="message" value="([^"]+)"', _show(client))
    assert found is not None
    _do(client, "/sandbox/press", message=found[1], button="0")
    page = _do(client, "/sandbox/press", message=found[1], button="1", **{"field.day": "d2", "field.why": ""})
    assert "Pressed the button." in page
    assert "Sent the form. day: d2" in page
    post.hear()
    assert [(each.action, each.values) for each in heard] == [
        ("tests.accept", {"value": "v1"}),
        ("tests.offer", {"value": "v1", "day": "d2", "why": ""}),
    ]


@pytest.mark.usefixtures("village")
def test_one_sending_is_heard_once_however_often_the_browser_sends_it(
    client: FlaskClient, post: Post, heard: list[Heard]
) -> None:
    for _ in range(3):
        _do(client, "/sandbox/text", body="STOP", once="same")
    post.hear()
    assert len(heard) == 1


@pytest.mark.usefixtures("village")
def test_a_stranger_can_write(client: FlaskClient, post: Post, heard: list[Heard]) -> None:
    page = _do(client, "/sandbox/text", body="hello", sms="07700 900555")
    assert "Somebody new, +447700900555" in page
    post.hear()
    assert heard[0].is_stranger


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sandbox/text", {"body": "  "}),
        ("/sandbox/text", {"body": "x", "sms": "none"}),
        ("/sandbox/email", {"body": "x" * 20_001}),
        ("/sandbox/say", {"body": ""}),
    ],
)
@pytest.mark.usefixtures("village")
def test_what_cannot_be_sent_is_said_to_the_page_script(client: FlaskClient, path: str, fields: dict[str, str]) -> None:
    form = {"csrf_token": token_on(client, "/sandbox"), **COLUMNS, **fields}
    answer = client.post(path, data=form, headers=JSON)
    assert answer.status_code == 422
    assert answer.get_json()["error"].endswith(".")


def test_the_page_script_is_told_what_is_new_and_only_then(
    client: FlaskClient, village: Village, ground: Ground, post: Post
) -> None:
    seen = re.search(r'data-seen="([^"]+)"', _show(client))
    assert seen is not None
    quiet = client.get("/sandbox/news", query_string={**COLUMNS, "seen": seen[1]}, headers=JSON)
    assert quiet.status_code == 204
    _notify(ground, post, village.parent)
    news = client.get("/sandbox/news", query_string={**COLUMNS, "seen": seen[1]}, headers=JSON).get_json()
    (item,) = news["items"]["sms"]
    assert "News of Seaborough" in item["html"]
    assert news["items"]["email"] == news["items"]["slack"] == []
    again = client.get("/sandbox/news", query_string={**COLUMNS, "seen": news["seen"]}, headers=JSON)
    assert again.status_code == 204


@pytest.mark.usefixtures("village")
def test_the_page_script_gets_a_fresh_mark_for_its_next_sending(client: FlaskClient) -> None:
    form = {"csrf_token": token_on(client, "/sandbox"), **COLUMNS, "body": "hello", "once": "first"}
    answer = client.post("/sandbox/text", data=form, headers=JSON).get_json()
    assert answer["once"] not in ("", "first")


@pytest.mark.parametrize(("message", "button"), [("none", "0"), ("", "")])
@pytest.mark.usefixtures("village")
def test_a_button_that_is_not_there_is_refused(client: FlaskClient, message: str, button: str) -> None:
    form = {"csrf_token": token_on(client, "/sandbox"), **COLUMNS, "message": message, "button": button}
    assert client.post("/sandbox/press", data=form).status_code == 404


@pytest.mark.usefixtures("village")
def test_the_demonstrations_clock_can_be_moved(ground: Ground, site: Site, clock: FixedClock) -> None:
    moving = replace(ground, clock=ShiftedClock(clock))
    client = client_of(create_app(moving, site))
    assert "23 November 2026 at 10am" in _show(client)
    assert "24 November 2026 at 10am" in _do(client, "/sandbox/clock", by="24")
    assert moving.clock.now() - clock.now() == timedelta(days=1)


@pytest.mark.usefixtures("village")
def test_any_other_clock_stands(client: FlaskClient) -> None:
    assert "1 day on" not in _show(client)
    form = {"csrf_token": token_on(client, "/sandbox"), **COLUMNS, "by": "24"}
    assert client.post("/sandbox/clock", data=form).status_code == 404


def test_columns_are_named_by_channel() -> None:
    columns = Columns(sms="a", email="b", slack="c")
    assert (columns["sms"], columns["email"], columns["slack"]) == ("a", "b", "c")
