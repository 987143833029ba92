from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.model import Channel
from channels.sandbox.answer import email_in, slack_text, sms_in
from hub.web.site import Site
from kernel.clock import FixedClock
from tests.hub.web.village import (
    COORDINATOR_SLACK,
    PARENT_PHONE,
    Post,
    Village,
    client_of,
    token_on,
)

QUESTION = "What is an <b>IPA</b>?"


@pytest.fixture
def asked(site: Site, village: Village, post: Post) -> Village:
    sms_in(site.inbox, PARENT_PHONE, QUESTION)
    post.hear()
    return village


def _first(client: FlaskClient) -> str:
    found = re.search(r'href="(/questions/[0-9a-z]{26})"', client.get("/questions").get_data(as_text=True))
    assert found is not None
    return found[1]


def _answer(client: FlaskClient, path: str, text: str) -> str:
    form = {"csrf_token": token_on(client, path), "answer": text}
    return client.post(path, data=form, follow_redirects=True).get_data(as_text=True)


def test_shows_how_long_a_question_has_waited(app: Flask, asked: Village, clock: FixedClock) -> None:
    clock.move(timedelta(hours=3))
    page = client_of(app, asked.coordinator).get("/questions").get_data(as_text=True)
    assert "What is an &lt;b&gt;IPA&lt;/b&gt;?" in page
    assert "3 hours" in page


def test_says_when_nothing_waits(app: Flask, village: Village) -> None:
    assert "No question waits for an answer." in client_of(app, village.coordinator).get("/questions").get_data(
        as_text=True
    )


def test_the_asker_is_told_by_role_and_never_by_name(app: Flask, asked: Village) -> None:
    client = client_of(app, asked.coordinator)
    page = client.get(_first(client)).get_data(as_text=True)
    assert "Parent or carer, Seaborough Parent Carer Forum" in page
    assert "Amelia" not in page
    assert PARENT_PHONE not in page


def test_an_answer_goes_out_on_the_askers_channel(app: Flask, asked: Village, post: Post) -> None:
    client = client_of(app, asked.coordinator)
    path = _first(client)
    assert "Your answer is on its way." in _answer(client, path, "It is the agreement for one placement.")
    post.deliver()
    assert post.arrived(Channel.SMS, PARENT_PHONE) == ["It is the agreement for one placement."]
    page = client.get(path).get_data(as_text=True)
    assert "It is the agreement for one placement." in page
    assert "Send answer" not in page


def test_an_answer_in_slack_goes_back_to_slack(app: Flask, site: Site, village: Village, post: Post) -> None:
    slack_text(site.inbox, COORDINATOR_SLACK, "Who are you?")
    post.hear()
    client = client_of(app, village.coordinator)
    _answer(client, _first(client), "The hub.")
    post.deliver()
    assert post.arrived(Channel.SLACK, COORDINATOR_SLACK) == ["The hub."]


def test_a_colleague_who_was_first_is_not_answered_over(app: Flask, asked: Village, post: Post) -> None:
    client = client_of(app, asked.coordinator)
    path = _first(client)
    token = token_on(client, path)
    _answer(client, path, "First.")
    late = client.post(path, data={"csrf_token": token, "answer": "Second."})
    assert late.status_code == 409
    assert "A colleague has already dealt with this." in late.get_data(as_text=True)
    post.deliver()
    assert post.arrived(Channel.SMS, PARENT_PHONE) == ["First."]


@pytest.mark.parametrize(
    ("text", "says"), [("", "Write an answer"), ("   ", "Write an answer"), ("x" * 901, "900 characters")]
)
def test_an_empty_or_overlong_answer_is_refused_at_the_field(app: Flask, asked: Village, text: str, says: str) -> None:
    client = client_of(app, asked.coordinator)
    page = _answer(client, _first(client), text)
    assert "<title>Error: Question" in page
    assert says in page


def test_a_question_can_be_closed_without_an_answer(app: Flask, asked: Village, post: Post) -> None:
    client = client_of(app, asked.coordinator)
    path = _first(client)
    form = {"csrf_token": token_on(client, path)}
    page = client.post(f"{path}/close", data=form, follow_redirects=True).get_data(as_text=True)
    assert "The question is closed." in page
    assert "No question waits for an answer." in page
    post.deliver()
    assert post.arrived(Channel.SMS, PARENT_PHONE) == []


def test_another_areas_coordinator_sees_nothing_of_it(app: Flask, asked: Village) -> None:
    path = _first(client_of(app, asked.coordinator))
    other = client_of(app, asked.other_coordinator)
    assert "IPA" not in other.get("/questions").get_data(as_text=True)
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/close", data={"csrf_token": token_on(other, "/questions/")}).status_code == 404


@pytest.mark.parametrize("sender", ["priya@example.org", "somebody.new@example.org"])
def test_what_belongs_to_no_area_is_seen_by_every_coordinator(
    app: Flask, site: Site, village: Village, post: Post, sender: str
) -> None:
    email_in(site.inbox, sender, "Where do I send invoices?")
    post.hear()
    for person in (village.coordinator, village.other_coordinator):
        assert "Where do I send invoices?" in client_of(app, person).get("/questions").get_data(as_text=True)


def test_worries_are_not_among_the_questions(app: Flask, site: Site, village: Village, post: Post) -> None:
    sms_in(site.inbox, PARENT_PHONE, "he hurt me")
    post.hear()
    assert "hurt" not in client_of(app, village.coordinator).get("/questions").get_data(as_text=True)
