from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Channel, Reason, Status, Subject
from channels.sandbox.answer import sms_in
from channels.wording import MessageType
from channels.words import CHANNELS, STATUS_TAGS
from hub.web.history_words import REASONS, what_next
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.permissions import Permission, may
from people.queries import person, persons_with_role
from surveys.tables import SurveyRow
from tests.conftest import MONDAY
from tests.hub.web.village import PARENT_PHONE, Post, Village, client_of, token_on

ABOUT = Subject("survey", "s1")


@pytest.fixture
def sent(ground: Ground, village: Village, post: Post, notice: MessageType) -> Village:
    with ground.work() as work:
        values = {"place": "Alder Grove"}
        work.session.add(
            SurveyRow(
                id=ABOUT.id,
                forum_id=village.forum,
                title="A survey",
                version=1,
                status="draft",
                created_by=village.coordinator,
                created_at=work.now,
            )
        )
        work.session.flush()
        queue_messages(
            work,
            [
                NewMessage(notice, values, person_id=village.parent, about=ABOUT),
                NewMessage(
                    notice,
                    values,
                    person_id=village.provider_user,
                    about=ABOUT,
                    not_before=work.now + timedelta(days=2),
                ),
                NewMessage(notice, values, person_id=village.provider_user, about=Subject("visit", "v1")),
                NewMessage(notice, values, person_id=village.coordinator, about=Subject("visit", "v1")),
                NewMessage(notice, values, person_id=village.parent),
            ],
        )
    post.deliver()
    return village


def _links(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r'href="(/messages/[0-9a-z]{26})"', client.get(path).get_data(as_text=True))


def test_lists_the_messages_about_one_thing(app: Flask, sent: Village) -> None:
    client = client_of(app, sent.coordinator)
    page = client.get("/messages?about=survey:s1").get_data(as_text=True)
    assert len(_links(client, "/messages?about=survey:s1")) == 2
    assert "Messages about this survey" in page
    assert "Provider, Alder Grove Schools" in page
    assert "It is planned for later." in page


def test_without_a_thing_lists_the_latest_about_what_one_may_read_and_ones_own(app: Flask, sent: Village) -> None:
    assert len(_links(client_of(app, sent.coordinator), "/messages")) == 3


def test_whoever_may_not_read_a_thing_may_not_read_of_its_messages(app: Flask, sent: Village) -> None:
    """A coordinator of another area is told neither who was written to nor that anybody was (DOMAIN.md 1.3)."""
    paths = _links(client_of(app, sent.coordinator), "/messages?about=survey:s1")
    other = client_of(app, sent.other_coordinator)
    assert _links(other, "/messages") == []
    assert "There are no messages about this survey that you may see." in other.get(
        "/messages?about=survey:s1"
    ).get_data(as_text=True)
    assert [other.get(path).status_code for path in paths] == [404, 404]


def test_the_answer_to_a_worry_is_not_the_coordinators_to_see(
    app: Flask, village: Village, site: Site, post: Post
) -> None:
    for text in ("he hurt me", "What is an IPA?"):
        sms_in(site.inbox, PARENT_PHONE, text)
    post.hear()
    duty, coordinator = client_of(app, village.duty_officer), client_of(app, village.coordinator)
    (worry,) = re.findall(r'href="(/worries/[0-9a-z]{26})"', duty.get("/worries").get_data(as_text=True))
    (question,) = re.findall(r'href="(/questions/[0-9a-z]{26})"', coordinator.get("/questions").get_data(as_text=True))
    duty.post(worry, data={"csrf_token": token_on(duty, worry), "answer": "I will ring you."})
    coordinator.post(question, data={"csrf_token": token_on(coordinator, question), "answer": "An agreement."})
    assert len(_links(coordinator, f"/messages?about=question:{question.rpartition('/')[2]}")) == 1
    assert _links(coordinator, f"/messages?about=question:{worry.rpartition('/')[2]}") == []


def test_no_name_address_or_value_is_shown(app: Flask, sent: Village) -> None:
    client = client_of(app, sent.coordinator)
    for path in ("/messages", *_links(client, "/messages")):
        page = client.get(path).get_data(as_text=True)
        for secret in ("Amelia", "Priya", "+4477", "priya@example.org", "News of Alder Grove"):
            assert secret not in page


def test_tells_a_message_from_being_written_to_what_happens_next(app: Flask, sent: Village) -> None:
    client = client_of(app, sent.coordinator)
    first, planned = _links(client, "/messages?about=survey:s1")
    page = client.get(first).get_data(as_text=True)
    for words in ("Written", "Handed to the sending service", "Taken by the sending service", "Text message"):
        assert words in page
    assert "We wait for word that it has arrived." in page
    assert "It goes out on 25 November 2026 at 10am, or soon after." in client.get(planned).get_data(as_text=True)


def test_says_why_a_message_was_cancelled(app: Flask, sent: Village, ground: Ground) -> None:
    with ground.work() as work:
        cancel_messages(work, about=ABOUT)
    client = client_of(app, sent.coordinator)
    page = client.get(_links(client, "/messages?about=survey:s1")[1]).get_data(as_text=True)
    assert "It was no longer needed." in page
    assert "It will not be sent." in page


@pytest.mark.parametrize("about", ["referral", ":", "referral:", ":r1"])
def test_a_thing_that_cannot_be_read_is_said_plainly(app: Flask, village: Village, about: str) -> None:
    answer = client_of(app, village.coordinator).get(f"/messages?about={about}")
    assert answer.status_code == 422
    assert "Enter a kind and a reference" in answer.get_data(as_text=True)


def test_nothing_about_a_thing_is_said_plainly(app: Flask, village: Village) -> None:
    page = client_of(app, village.coordinator).get("/messages?about=referral:none").get_data(as_text=True)
    assert "There are no messages about this referral that you may see." in page


@pytest.fixture
def reader(ground: Ground, sent: Village) -> str:
    """A commissioner and operator of Seaborough, who reads of people and of all messages."""
    with ground.work() as work:
        roles = ((Role.COMMISSIONER, sent.council), (Role.ADMINISTRATOR, sent.council))
        return register_person(work, NewPerson("Colin Baker", roles=roles))


def _look_up(client: FlaskClient, words: str) -> TestResponse:
    return client.post("/messages", data={"words": words, "csrf_token": token_on(client, "/messages")})


def test_finds_the_messages_to_a_person_by_name(app: Flask, sent: Village, reader: str) -> None:
    client = client_of(app, reader)
    found = _look_up(client, " amelia ")
    assert found.location == f"/messages?person={sent.parent}"
    page = client.get(found.location).get_data(as_text=True)
    assert "Messages to Amelia Hart" in page
    assert len(_links(client, found.location)) == 2


def test_lists_all_who_bear_a_name(app: Flask, ground: Ground, sent: Village, reader: str, notice: MessageType) -> None:
    with ground.work() as work:
        twin = register_person(work, NewPerson("Amelia Hartley", roles=((Role.FAMILY, sent.forum),)))
        queue_messages(work, [NewMessage(notice, {"place": "Alder Grove"}, person_id=twin, about=ABOUT)])
    page = _look_up(client_of(app, reader), "Amelia").get_data(as_text=True)
    assert f"/messages?person={sent.parent}" in page
    assert f"/messages?person={twin}" in page


def test_finds_a_message_by_its_number(app: Flask, sent: Village, reader: str) -> None:
    client = client_of(app, reader)
    path = _links(client, f"/messages?person={sent.parent}")[0]
    assert _look_up(client, path.removeprefix("/messages/")).location == path


@pytest.mark.parametrize("words", ["Amelia", "Nobody Atall", "%", "_"])
def test_who_reads_messages_alone_learns_of_nobody_whether_they_are_here(app: Flask, sent: Village, words: str) -> None:
    client = client_of(app, sent.coordinator)
    answer = _look_up(client, words)
    assert answer.status_code == 404
    assert "We found nobody and nothing by that name" in answer.get_data(as_text=True)
    assert client.get(f"/messages?person={sent.parent}").status_code == 404


def test_nothing_typed_is_told_at_the_field(app: Flask, sent: Village) -> None:
    answer = _look_up(client_of(app, sent.coordinator), " ")
    assert answer.status_code == 422
    assert "Enter a name or a reference" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("sent")
def test_narrows_to_a_status_and_a_channel(app: Flask, reader: str) -> None:
    client = client_of(app, reader)
    everything = _links(client, "/messages")
    held = _links(client, "/messages?status=held")
    by_text = _links(client, "/messages?channel=sms")
    assert len(everything) == 5
    assert len(held) == 1
    assert len(by_text) == 2
    assert _links(client, "/messages?status=none-such") == everything


def test_an_unknown_message_is_not_found(app: Flask, village: Village) -> None:
    assert client_of(app, village.coordinator).get("/messages/01jd0000000000000000000000").status_code == 404


def test_every_status_reason_and_channel_has_its_words() -> None:
    assert set(STATUS_TAGS) == set(Status)
    assert set(REASONS) == set(Reason)
    assert set(CHANNELS) == {*Channel, "none"}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("reason", [None, *Reason])
@pytest.mark.parametrize("due_at", [None, MONDAY])
def test_always_says_what_happens_next(status: Status, reason: Reason | None, due_at: None) -> None:
    assert what_next(status, reason, due_at).endswith(".")


def test_a_message_that_waits_says_until_when(clock: FixedClock) -> None:
    words = what_next(Status.HELD, Reason.QUIET_HOURS, clock.now())
    assert words == "It goes out on 23 November 2026 at 10am, or soon after."


@pytest.mark.usefixtures("village")
def test_those_who_may_read_messages_are_staff(ground: Ground) -> None:
    with ground.read() as session:
        families = [card.id for card in persons_with_role(session, Role.FAMILY)]
        assert not any(may(person(session, each), Permission.MESSAGES_READ) for each in families)
