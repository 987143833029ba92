from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from channels import queries
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbound import FIRST, LAST
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel, Status
from kernel.work import Ground
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role
from people.queries import contact_points
from tests.channels.people_to_write_to import EMAIL, PHONE, UNASKED, parent
from tests.opened import opened


@pytest.fixture
def inbox(ground: Ground) -> Iterator[Inbox]:
    inbox = Inbox(ground)
    yield inbox
    inbox.close()


def text_in(ground: Ground, inbox: Inbox, body: str) -> str:
    """Send a text from the parent's phone and return how it ended."""
    inbox.accept(Arrival(Channel.SMS, f"SM-{body}", PHONE, body))
    Processor(ground, [*FIRST, *LAST]).drain()
    with ground.read() as session:
        return str(session.scalar(text("SELECT state || ': ' || detail FROM inbound ORDER BY seq DESC LIMIT 1")))


def keys_to(ground: Ground, person: str) -> dict[str, Status]:
    with ground.read() as session:
        return {card.key: card.status for card in queries.messages_to(session, person)}


@pytest.mark.parametrize(
    ("role", "ended", "news"),
    [
        (Role.FAMILY, "recorded: stop, 1 cancelled", Status.CANCELLED),
        (Role.PROVIDER_USER, "recorded: stop, 0 cancelled", Status.QUEUED),
    ],
)
def test_V12_stop_cancels_what_waits_for_a_family_and_moves_it_for_a_provider(
    ground: Ground, inbox: Inbox, role: Role, ended: str, news: Status
) -> None:
    person = parent(ground, ("sms", PHONE), ("email", EMAIL), role=role)
    with ground.work() as work:
        queue_messages(work, [NewMessage(UNASKED, {"word": "x"}, person)])
    assert text_in(ground, inbox, "STOP") == ended
    assert keys_to(ground, person) == {UNASKED.key: news, "channels.opted_out": Status.QUEUED}


def test_start_and_help_are_answered(ground: Ground, inbox: Inbox) -> None:
    person = parent(ground)
    text_in(ground, inbox, "Stop")
    assert text_in(ground, inbox, "start") == "recorded: start"
    assert text_in(ground, inbox, "HELP") == "answered: help"
    assert set(keys_to(ground, person)) == {"channels.opted_out", "channels.opted_in", "channels.help"}


@pytest.mark.parametrize(("role", "closed"), [(Role.FAMILY, []), (Role.PROVIDER_USER, ["email"])])
def test_V12_start_reopens_everything_for_a_family_and_only_its_own_channel_for_a_provider(
    ground: Ground, inbox: Inbox, role: Role, closed: list[str]
) -> None:
    person = parent(ground, ("sms", PHONE), ("email", EMAIL), role=role)
    inbox.accept(Arrival(Channel.EMAIL, "<1@example.org>", EMAIL, "stop"))
    for word in ("stop", "start"):
        text_in(ground, inbox, word)
    with ground.read() as session:
        points = contact_points(session, person)
    assert [point.channel for point in points if point.opted_out_at is not None] == closed


def test_a_bare_slash_command_asks_what_the_hub_is_for(ground: Ground, inbox: Inbox) -> None:
    """Slack has told its writer "One moment": silence after that would be a broken promise."""
    parent(ground, ("slack", "U0PARENT"))
    inbox.accept(Arrival(Channel.SLACK, "T1", "U0PARENT", " "))
    Processor(ground, [*FIRST, *LAST]).drain()
    with ground.read() as session:
        assert session.scalar(text("SELECT state FROM inbound")) == "answered"
        assert session.scalar(text("SELECT key FROM messages")) == "channels.help"


def test_an_empty_text_is_ignored(ground: Ground, inbox: Inbox) -> None:
    parent(ground)
    assert text_in(ground, inbox, "") == "ignored: empty"


def test_V9_worry_goes_before_stop_and_alerts_the_duty_officer_by_two_channels_with_no_word_of_it(
    ground: Ground, inbox: Inbox
) -> None:
    with ground.work() as work:
        council = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "A council", "E08000014"))
        forum = register_organisation(work, NewOrganisation(OrganisationKind.FORUM, "A forum", council_id=council))
        officer = register_person(
            work,
            NewPerson(
                "Duty",
                roles=((Role.SAFEGUARDING_DUTY, council),),
                contact_points=(("sms", "+447700900201"), ("email", "duty@example.org"), ("slack", "U0DUTY")),
            ),
        )
        person = register_person(
            work, NewPerson("A Parent", roles=((Role.FAMILY, forum),), contact_points=(("sms", PHONE),))
        )
    assert text_in(ground, inbox, "stop, my son says a teacher hit him") == "passed_on: safeguarding"
    assert set(keys_to(ground, person)) == {"channels.worry_reply"}
    with ground.read() as session:
        alerts = queries.messages_to(session, officer)
        written = opened(session, "messages", "key", "values")
        values = [str(row[1]) for row in written if row.key == "channels.worry_alert"]
        assert {alert.channel for alert in alerts} == {"sms", "email"}
        assert not any("hit" in value or "Parent" in value for value in values)
        (item,) = queries.queue_items(session, "safeguarding", [forum, council])
    assert item.text == "stop, my son says a teacher hit him"


def test_empty_text_is_ignored_and_what_nobody_takes_goes_to_a_person(ground: Ground, inbox: Inbox) -> None:
    parent(ground)
    assert text_in(ground, inbox, "   ") == "ignored: empty"
    assert text_in(ground, inbox, "the taxi is late every day") == "passed_on: questions"
