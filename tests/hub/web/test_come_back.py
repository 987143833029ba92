from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from channels.delivery.pump import Lane
from channels.inbox.accept import Inbox
from channels.render import Renderer
from channels.wording import Registry
from hub.reactions import REACTIONS
from hub.web.app import create_app
from hub.web.site import Site
from hub.wiring import MESSAGES
from kernel.clock import FixedClock
from kernel.events import deliver_events
from kernel.work import Ground
from people.actions.mark_opt_out import opt_out
from people.model import Role
from people.queries import contact_points
from surveys.web import blueprint
from tests.conftest import MONDAY
from tests.surveys.forum_world import FORUM, ForumWorld

UNKNOWN = "07700 900999"


@pytest.fixture
def world(ground: Ground) -> ForumWorld:
    return ForumWorld(ground)


@pytest.fixture
def app(ground: Ground) -> Iterator[Flask]:
    inbox = Inbox(ground)
    links = {"surveys.answer": "surveys.answering.show"}
    app = create_app(ground, Site(messages=Registry(MESSAGES), inbox=inbox, pages=(blueprint(),), link_pages=links))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    inbox.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def deliver(world: ForumWorld) -> list[str]:
    """Let what was asked for have its effect; return the texts that go out."""
    deliver_events(world.ground, REACTIONS)
    before = len(world.sms.posts)
    renderer = Renderer(world.ground.translations, world.ground.base_url, world.ground.keys)
    Lane(world.ground, Registry(MESSAGES), renderer, world.sms, timedelta(seconds=60)).drain()
    return [post.rendered.short for post in world.sms.posts[before:]]


def code_for(client: FlaskClient, world: ForumWorld, parent: str) -> str:
    """Ask for a code on a parent's phone and read it there."""
    assert client.post("/my-answers", data={"address": world.phones[parent]}).location == "/my-answers/code?by=sms"
    (text,) = deliver(world)
    found = re.search(r"\d{6}", text)
    assert found is not None
    return found[0]


def come_back(client: FlaskClient, world: ForumWorld, parent: str) -> str:
    """Come back by a code; return the page of what is open."""
    typed = client.post("/my-answers/code", data={"code": code_for(client, world, parent)})
    assert typed.location == "/my-answers/open"
    return client.get("/my-answers/open").text


def bare(page: str) -> str:
    """Return a page without its form token."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def the_one_action(page: str) -> str:
    found = re.findall(r'action="(/my-answers/open/[0-9a-z]+)"', page)
    assert len(found) == 1
    return str(found[0])


def test_a_parent_without_their_link_goes_on_with_the_survey(client: FlaskClient, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    world.text(parent, "4")
    page = come_back(client, world, parent)
    assert FORUM in page
    assert "You have answered 1 of 4 questions." in page
    went = client.post(the_one_action(page))
    assert went.status_code == 303
    assert went.location.startswith("/s/")
    shown = client.get(went.location, follow_redirects=True)
    assert shown.status_code == 200
    assert "2 of 4" in shown.text


def test_a_link_that_is_unknown_or_has_run_out_shows_the_way_back(
    client: FlaskClient, world: ForumWorld, clock: FixedClock
) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    link = client.get(world.link_of(parent)).location
    clock.move(timedelta(days=100))
    for path, status in ((link, 410), ("/s/none-such", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        assert 'href="/my-answers"' in answer.text


def test_coming_back_opens_nothing_of_the_hub_itself(client: FlaskClient, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    come_back(client, world, parent)
    assert client.get("/inbox").status_code == 303
    assert client.get("/account").status_code == 303


def test_an_unknown_number_gets_the_same_answer_and_no_text(client: FlaskClient, app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    other = app.test_client()
    known, unknown = (
        bare(browser.post("/my-answers", data={"address": phone}, follow_redirects=True).text)
        for browser, phone in ((client, world.phones[parent]), (other, UNKNOWN))
    )
    assert known == unknown
    assert len(deliver(world)) == 1
    wrong = [browser.post("/my-answers/code", data={"code": "x"}) for browser in (client, other)]
    assert {answer.status_code for answer in wrong} == {422}
    assert bare(wrong[0].text) == bare(wrong[1].text)


def test_staff_and_phones_that_said_stop_get_no_code(client: FlaskClient, world: ForumWorld) -> None:
    stopped, officer = world.add_parents("en", "en")
    with world.ground.work() as work:
        opt_out(work, stopped, contact_points(work.session, stopped)[0].id)
    world.staff(Role.QA_OFFICER, world.council_id)
    client.post("/my-answers", data={"address": world.phones[stopped]})
    assert deliver(world) == []
    client.post("/my-answers", data={"address": world.phones[officer]})
    assert len(deliver(world)) == 1


def test_a_code_works_only_in_the_browser_that_asked(client: FlaskClient, app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    code = code_for(client, world, parent)
    elsewhere = app.test_client()
    elsewhere.post("/my-answers", data={"address": UNKNOWN})
    assert elsewhere.post("/my-answers/code", data={"code": code}).status_code == 422
    assert elsewhere.get("/my-answers/open").location == "/my-answers"


def test_a_code_to_come_back_does_not_sign_in(client: FlaskClient, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    code = code_for(client, world, parent)
    assert client.post("/sign-in/sent", data={"code": code}).status_code == 422


def test_nobody_goes_on_with_anothers_survey(client: FlaskClient, app: Flask, world: ForumWorld) -> None:
    mine, theirs = world.add_parents("en", "en")
    world.started()
    action = the_one_action(come_back(app.test_client(), world, theirs))
    come_back(client, world, mine)
    assert client.post(action).status_code == 404


def test_a_visit_ends_after_half_an_hour_and_when_one_is_done(
    client: FlaskClient, world: ForumWorld, clock: FixedClock
) -> None:
    (parent,) = world.add_parents("en")
    come_back(client, world, parent)
    assert "You are done here." in client.post("/my-answers/close").text
    assert client.get("/my-answers/open").location == "/my-answers"
    come_back(client, world, parent)
    clock.move(timedelta(minutes=30))
    assert client.get("/my-answers/open").location == "/my-answers"


def test_what_is_finished_is_told_and_nothing_waits(client: FlaskClient, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    for said in ("4", "YES", "b", "Ring us back"):
        world.text(parent, said)
    page = come_back(client, world, parent)
    assert "Nothing is open for you now." in page
    assert f"{FORUM}: 4 answers. Thank you." in page


@pytest.mark.parametrize(("language", "direction"), [("pl", "ltr"), ("ur", "rtl")])
def test_pages_speak_the_parents_language(
    client: FlaskClient, world: ForumWorld, language: str, direction: str
) -> None:
    (parent,) = world.add_parents(language)
    world.started()
    page = come_back(client, world, parent)
    assert f'<html lang="{language}" dir="{direction}"' in page
    for english in ("What is open for you", "You have answered", "Go on<", "I am done here"):
        assert english not in page
    asked = client.get(f"/my-answers?lang={language}").text
    for english in ("Go on where you were", "What is your phone number?", "Send me the numbers"):
        assert english not in asked


@pytest.mark.parametrize(("by", "told"), [("sms", "That is not a phone number."), ("email", "That is not an email")])
def test_what_is_no_number_or_address_is_told_at_the_field(client: FlaskClient, by: str, told: str) -> None:
    answer = client.post(f"/my-answers?by={by}", data={"address": "the usual"})
    assert answer.status_code == 422
    assert answer.text.count(told) == 2
    assert "<title>Error:" in answer.text


def test_no_phone_is_flooded_by_asking_with_patience(client: FlaskClient) -> None:
    answers = []
    with time_machine.travel(MONDAY, tick=False) as moved:
        for _ in range(12):
            answers.append(client.post("/my-answers", data={"address": UNKNOWN}).status_code)
            moved.shift(timedelta(minutes=20))
        assert answers == [303] * 10 + [429] * 2
        moved.shift(timedelta(days=1))
        assert client.post("/my-answers", data={"address": UNKNOWN}).status_code == 303


def test_asking_too_often_for_one_number_is_refused_however_it_is_written(client: FlaskClient) -> None:
    for written in ("07700 900999", "+447700900999", "0044 7700 900999", "07700900999", "07700-900-999"):
        assert client.post("/my-answers", data={"address": written}).status_code == 303
    assert client.post("/my-answers", data={"address": "(07700) 900999"}).status_code == 429
