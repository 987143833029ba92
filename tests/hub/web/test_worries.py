from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from channels.model import Channel
from channels.sandbox.answer import email_in, sms_in
from hub.web.site import Site
from kernel import audit
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.hub.web.village import PARENT_PHONE, Post, Village, client_of, token_on


@pytest.fixture
def worried(site: Site, village: Village, post: Post) -> Village:
    sms_in(site.inbox, PARENT_PHONE, "he hurt me")
    post.hear()
    return village


def _first(client: FlaskClient) -> str:
    found = re.search(r'href="(/worries/[0-9a-z]{26})"', client.get("/worries").get_data(as_text=True))
    assert found is not None
    return found[1]


def test_the_list_itself_says_nothing_of_the_message(app: Flask, worried: Village) -> None:
    page = client_of(app, worried.duty_officer).get("/worries").get_data(as_text=True)
    assert "less than a minute" in page
    assert "hurt" not in page
    assert "Amelia" not in page


def test_a_message_nobody_has_read_in_15_minutes_is_late(app: Flask, worried: Village, clock: FixedClock) -> None:
    client = client_of(app, worried.duty_officer)
    clock.move(timedelta(minutes=14, seconds=59))
    assert "Late" not in client.get("/worries").get_data(as_text=True)
    clock.move(timedelta(seconds=1))
    assert "Late" in client.get("/worries").get_data(as_text=True)


def test_the_duty_officer_sees_who_wrote_and_the_log_says_that_they_looked(
    app: Flask, worried: Village, ground: Ground
) -> None:
    client = client_of(app, worried.duty_officer)
    page = client.get(_first(client)).get_data(as_text=True)
    assert "he hurt me" in page
    assert "Amelia Hart" in page
    assert PARENT_PHONE in page
    with ground.read() as session:
        last = list(audit._entries(session))[-1]  # noqa: SLF001 - the log has no reader of its own yet
    assert (last.action, last.actor) == ("hub.read_worry", worried.duty_officer)
    assert "hurt" not in last.details


def test_a_reply_goes_out_and_the_matter_is_dealt_with(app: Flask, worried: Village, post: Post) -> None:
    client = client_of(app, worried.duty_officer)
    path = _first(client)
    form = {"csrf_token": token_on(client, path), "answer": "I will ring you today."}
    page = client.post(path, data=form, follow_redirects=True).get_data(as_text=True)
    assert "Your reply is on its way." in page
    assert "No worrying message waits." in page
    post.deliver()
    assert post.arrived(Channel.SMS, PARENT_PHONE)[-1] == "I will ring you today."


def test_an_empty_reply_is_refused(app: Flask, worried: Village) -> None:
    client = client_of(app, worried.duty_officer)
    path = _first(client)
    answer = client.post(path, data={"csrf_token": token_on(client, path), "answer": ""})
    assert answer.status_code == 422
    assert "Write a reply" in answer.get_data(as_text=True)


def test_it_can_be_dealt_with_elsewhere(app: Flask, worried: Village) -> None:
    client = client_of(app, worried.duty_officer)
    path = _first(client)
    page = client.post(f"{path}/close", data={"csrf_token": token_on(client, path)}, follow_redirects=True).get_data(
        as_text=True
    )
    assert "Marked as dealt with." in page
    again = client.post(f"{path}/close", data={"csrf_token": token_on(client, "/worries")})
    assert again.status_code == 409


@pytest.mark.parametrize("person", ["coordinator", "administrator", "parent"])
def test_nobody_else_may_read_them(app: Flask, worried: Village, person: str) -> None:
    path = _first(client_of(app, worried.duty_officer))
    client = client_of(app, getattr(worried, person))
    assert client.get("/worries").status_code == 403
    assert client.get(path).status_code == 403


def test_a_question_is_not_reached_through_the_worries(app: Flask, site: Site, village: Village, post: Post) -> None:
    sms_in(site.inbox, PARENT_PHONE, "What is an IPA?")
    post.hear()
    coordinator = client_of(app, village.coordinator)
    found = re.search(r'href="/questions/([0-9a-z]{26})"', coordinator.get("/questions").get_data(as_text=True))
    assert found is not None
    assert client_of(app, village.duty_officer).get(f"/worries/{found[1]}").status_code == 404


@pytest.mark.parametrize("sender", ["priya@example.org", "somebody.new@example.org"])
def test_a_worry_that_belongs_to_no_area_is_seen(
    app: Flask, site: Site, village: Village, post: Post, sender: str
) -> None:
    email_in(site.inbox, sender, "somebody was hurt")
    post.hear()
    client = client_of(app, village.duty_officer)
    assert "somebody was hurt" in client.get(_first(client)).get_data(as_text=True)
