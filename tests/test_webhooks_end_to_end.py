"""The main paths through the doors that vendors use: signed in, through the hub, and out by real adapters."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from sqlalchemy import text

from channels.queries import messages_to
from kernel.clock import ShiftedClock
from kernel.database import Database
from people.queries import persons_by_address
from surveys.queries import participation
from tests.channels.slack.payloads import command, direct_message, press, submission
from tests.outside import (
    AMELIA,
    BEN,
    DUTY,
    EWA,
    NADIA,
    OWEN,
    PRIYA,
    PRIYA_PHONE,
    QUENTIN,
    ROSA,
    SEAN,
    Outside,
    button,
    by,
    eventually,
    free_port,
    mail,
    monday_clock,
    outside,
    running_worker,
    settings_for,
    sid,
    start_the_survey,
)
from tests.services.mailbox import Mailbox
from tests.services.valkey import ValkeyServer
from tests.services.vendor import VendorStub

IPA = "An IPA is the contract for one child's place at a school."


@pytest.fixture
def clock() -> ShiftedClock:
    return monday_clock()


@pytest.fixture
def hub(database: Database, vendor: VendorStub, mailbox: Mailbox, clock: ShiftedClock) -> Iterator[Outside]:
    """A hub on either database, with Twilio, Slack and a mail server at its doors."""
    url = database.url.render_as_string(hide_password=False)
    with outside(settings_for(url, vendor, mailbox, free_port()), vendor, mailbox, clock) as hub:
        yield hub


def letter_to(hub: Outside, address: str, subject: str) -> EmailMessage:
    (found,) = [letter for letter in hub.mails_to(address) if letter["Subject"].startswith(subject)]
    return found


def open_referral(hub: Outside) -> tuple[str, str]:
    """Return reference and link of the demo's referral that is open, from the first alert to a phone."""
    texted = next(text for text in hub.texts_to(OWEN) if "reply NO" in text)
    return texted.split("referral ")[1].split(",")[0], texted.split(": ")[-1].split()[0]


def statuses(hub: Outside, channel: str, address: str) -> dict[str, str]:
    """Return how the latest message of each kind to somebody stands."""
    with hub.house.ground.read() as session:
        (owner,) = persons_by_address(session, channel, address)
        return {card.key: card.status.value for card in reversed(messages_to(session, owner.id))}


def counted(hub: Outside, table: str) -> int:
    with hub.house.ground.read() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - a name of ours


def test_a_survey_is_answered_by_text(hub: Outside) -> None:
    survey_id = start_the_survey(hub)
    assert "1 of 4." in hub.texts_to(AMELIA)[0]
    assert "1 z 4." in hub.texts_to(EWA)[0]
    for number, words in enumerate(("4", "YES", "b", "Ring us back")):
        answered = hub.text_in(AMELIA, words, sid(number))
        assert (answered.status_code, answered.data) == (200, b"<Response/>")
        hub.work()
    heads = [sent.split(maxsplit=3)[:3] for sent in hub.texts_to(AMELIA)[1:]]
    assert heads == [["2", "of", "4."], ["3", "of", "4."], ["4", "of", "4."], ["Thank", "you.", "We"]]
    with hub.house.ground.read() as session:
        assert participation(session, survey_id).finished == 1


def test_texts_that_come_together_are_answers_in_the_order_in_which_they_came(hub: Outside) -> None:
    start_the_survey(hub)
    for number, words in enumerate(("2", "no")):
        hub.text_in(AMELIA, words, sid(number))
        hub.text_in(BEN, "4", sid(10 + number))
    hub.work()
    assert [sent[:6] for sent in hub.texts_to(AMELIA)[1:]] == ["2 of 4", "3 of 4"]
    assert hub.texts_to(BEN)[1].startswith("2 of 4")


def test_twilios_reports_settle_a_text_in_whatever_order_they_come(hub: Outside) -> None:
    hub.text_in(AMELIA, "what is an IPA?", sid(1))
    hub.work()
    (handed,) = [body for body in hub.vendor.bodies("messages.create") if body["To"] == AMELIA]
    path = handed["StatusCallback"].removeprefix(hub.house.ground.base_url)
    assert statuses(hub, "sms", AMELIA)["chatbot.explained"] == "sent"
    for told in ("delivered", "sent", "delivered"):
        form = {"MessageSid": sid(9), "MessageStatus": told, "To": AMELIA}
        assert hub.twilio_in(path, form).status_code == 200
        assert statuses(hub, "sms", AMELIA)["chatbot.explained"] == "delivered"


def test_the_alert_of_a_mini_competition_reaches_everybody_asked_by_their_own_channel(hub: Outside) -> None:
    """R2, R3, R9, R30: the demo's referral is for a girl, so that a school for boys is left out."""
    hub.work()
    reference, link = open_referral(hub)
    title = f"Referral {reference} from A North West council"
    (posted,) = (post for post in hub.posts_to(ROSA) if title in str(post["blocks"]))
    assert link in str(posted["blocks"])
    for address in (PRIYA, SEAN):
        assert link in str(letter_to(hub, address, title).get_body(("plain",)))
    written_to = [each.recipients for each in hub.mailbox.messages if each.message["Subject"] == title]
    assert sorted(written_to) == [(PRIYA,), (SEAN,)]
    alerts = [body for body in hub.vendor.bodies() if title in str(body) or f"{reference}, lot 1. Answer" in str(body)]
    assert len(alerts) == 2, "nobody else is told"
    assert all(link in str(body) for body in alerts)


def test_an_alert_that_comes_back_goes_to_the_next_contact_point(hub: Outside) -> None:
    """R12 in part: the second report of the same bounce changes nothing."""
    hub.work()
    reference, _ = open_referral(hub)
    letter = letter_to(hub, PRIYA, f"Referral {reference}")
    report = (
        "From: MAILER-DAEMON@mx.example.org\nMessage-ID: <bounce@mx.example.org>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; {PRIYA}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {letter['Message-ID']}\n\n--b--\n"
    )
    for _ in range(2):
        assert hub.mail_in(report.encode()).status_code == 200
        hub.work()
    (texted,) = hub.texts_to(PRIYA_PHONE)
    assert texted.startswith(f"A North West council: referral {reference}")


def test_a_visit_accepted_by_a_button_is_invited_to_by_email_with_a_calendar(hub: Outside) -> None:
    hub.work()
    (proposed,) = [post for post in hub.posts_to(QUENTIN) if "Proposed visit" in post["text"]]
    pressed = by(QUENTIN, press(button(proposed, "Accept")))
    for _ in range(2):
        assert hub.slack_in(pressed).status_code == 200
        hub.work()
    (said,) = hub.posts_to(QUENTIN)[1:]
    assert "booked" in str(said["blocks"])
    letter = letter_to(hub, PRIYA, "Quality visit to Alder Grove School")
    (entry,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert entry.get_param("method") == "REQUEST"
    (event,) = Calendar.from_ical(entry.get_content()).walk("VEVENT")
    assert event["DTSTART"].to_ical() == b"20261210T093000"


def test_another_day_is_offered_through_slacks_form(hub: Outside) -> None:
    hub.work()
    (proposed,) = [post for post in hub.posts_to(QUENTIN) if "Proposed visit" in post["text"]]
    assert hub.slack_in(by(QUENTIN, press(button(proposed, "Another day")))).status_code == 200
    (opened,) = hub.vendor.bodies("views.open")
    view = opened["view"]
    (block,) = view["blocks"]
    chosen = next(option for option in block["element"]["options"] if option["value"] == "2026-12-09")
    values = {block["block_id"]: {block["element"]["action_id"]: {"selected_option": chosen}}}
    for _ in range(2):
        assert hub.slack_in(by(QUENTIN, submission(view, values))).status_code == 200
        hub.work()
    (said,) = hub.posts_to(QUENTIN)[1:]
    assert "Wednesday 9 December 2026" in str(said["blocks"])
    assert len([each for each in hub.mails_to(PRIYA) if "Quality visit" in each["Subject"]]) == 1


def test_what_is_an_ipa_is_answered_on_every_channel_once_however_often_it_comes(hub: Outside) -> None:
    for _ in range(2):
        asked = hub.slack_in(by(QUENTIN, command("what is an IPA?")))
        assert (asked.status_code, asked.get_json()["response_type"]) == (200, "ephemeral")
        assert hub.text_in(AMELIA, "what is an IPA?", sid(1)).status_code == 200
        assert hub.mail_in(mail(NADIA, "What is an IPA?", 1)).status_code == 200
        hub.work()
    assert [sent[: len(IPA)] for sent in hub.texts_to(AMELIA)] == [IPA]
    assert len([post for post in hub.posts_to(QUENTIN) if "IPA stands for" in str(post["blocks"])]) == 1
    (letter,) = hub.mails_to(NADIA)
    assert "IPA stands for individual placement agreement." in str(letter.get_body(("plain",)))
    assert str(letter["Reply-To"]).startswith("reply+")


def test_a_worrying_text_alerts_the_duty_officer_on_two_channels_with_nothing_of_it(hub: Outside) -> None:
    """V9"""
    hub.text_in(AMELIA, "the escort hits him in the taxi", sid(1))
    hub.work()
    (reply,) = hub.texts_to(AMELIA)
    assert "Call 999" in reply
    (alert,) = hub.texts_to(DUTY)
    (letter,) = hub.mails_to("maureen.tatlock@example.org")
    assert "escort" not in alert + letter.as_string()


def test_stop_in_slack_leaves_the_phone_of_a_colleague_alone_and_an_event_is_heard_once(hub: Outside) -> None:
    hub.work()
    for _ in range(2):
        assert hub.slack_in(by(QUENTIN, direct_message("STOP"))).status_code == 200
        hub.work()
    answers = [post for post in hub.posts_to(QUENTIN) if "You have stopped messages" in str(post["blocks"])]
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("path", "content_type", "refused"),
    [
        ("/webhooks/sms", "application/x-www-form-urlencoded", 403),
        ("/webhooks/sms/status?attempt=01aaaaaaaaaaaaaaaaaaaaaaaa-1", "application/x-www-form-urlencoded", 403),
        ("/webhooks/email", "message/rfc822", 403),
        ("/webhooks/slack", "application/json", 401),
    ],
)
def test_the_front_lets_nothing_in_that_is_not_signed(hub: Outside, path: str, content_type: str, refused: int) -> None:
    """What each door refuses, and how, its own tests hold: here that it is behind its address."""
    before = counted(hub, "inbound")
    assert hub.client.post(path, data=b"x=y", content_type=content_type).status_code == refused
    assert hub.client.post(path, data=b"x" * 1_100_000, content_type=content_type).status_code == 413
    assert hub.client.get(path).status_code in {404, 405}
    assert counted(hub, "inbound") == before


def test_workers_of_their_own_do_the_work_that_the_web_took_in(
    database: Database, valkey_server: ValkeyServer, vendor: VendorStub, mailbox: Mailbox
) -> None:
    """The same three questions, with `hub worker` as processes of their own that hear their bells through Valkey."""
    valkey_server.empty()
    vendor.call_back()
    url = database.url.render_as_string(hide_password=False)
    settings = settings_for(url, vendor, mailbox, free_port(), redis_url=valkey_server.url)
    with outside(settings, vendor, mailbox) as hub, running_worker(settings):
        assert hub.text_in(AMELIA, "what is an IPA?", sid(1)).status_code == 200
        assert hub.slack_in(by(QUENTIN, command("what is an IPA?"))).status_code == 200
        assert hub.mail_in(mail(NADIA, "What is an IPA?", 1)).status_code == 200
        assert eventually(lambda: hub.texts_to(AMELIA) != [])
        assert eventually(lambda: any("IPA stands for" in str(post["blocks"]) for post in hub.posts_to(QUENTIN)))
        assert eventually(lambda: hub.mails_to(NADIA) != [])
        assert eventually(lambda: statuses(hub, "sms", AMELIA).get("chatbot.explained") == "delivered")
    assert [sent[: len(IPA)] for sent in hub.texts_to(AMELIA)] == [IPA]
