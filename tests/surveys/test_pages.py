import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from channels.inbox.accept import Inbox
from channels.tables import InboundRow
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor, Role
from surveys.actions.close_survey import close_survey
from surveys.actions.record_answer import hear_text
from surveys.rules.export import BOM, HEAD
from surveys.tables import AnswerRow, SessionRow
from surveys.web import blueprint
from tests.signed_in import let_in
from tests.surveys.forum_world import REGISTRY, ForumWorld

SEE_OTHER = 303
UNPROCESSABLE = 422
NOT_FOUND = 404
GONE = 410
LINK_PAGES = {"surveys.answer": "surveys.answering.show"}


@pytest.fixture
def app(ground: Ground) -> Iterator[Flask]:
    inbox = Inbox(ground)
    app = create_app(ground, Site(messages=REGISTRY, inbox=inbox, pages=(blueprint(),), link_pages=LINK_PAGES))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    inbox.close()


def browser(app: Flask, who: Actor | None = None) -> FlaskClient:
    client = app.test_client()
    if who is not None:
        let_in(client, who.id)
    return client


def answer_by_text(world: ForumWorld, parents: list[str], *said: str) -> None:
    """Let parents answer; the way through the inbox is tried elsewhere."""
    with world.ground.work() as work:
        conversations = select(SessionRow.id).where(SessionRow.person_id.in_(parents))
        for conversation in work.session.scalars(conversations).all():
            for text in said:
                hear_text(work, conversation, text, "sms")


def survey_link(client: FlaskClient, world: ForumWorld, parent: str) -> str:
    """Follow the link of the invitation as a browser does."""
    response = client.get(world.link_of(parent))
    assert response.status_code == SEE_OTHER
    return str(response.location)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_coordinator_starts_a_survey_from_the_pages(app: Flask, world: ForumWorld) -> None:
    world.add_parents("en", "pl", "ur")
    client = browser(app, world.coordinator)
    assert "has not asked anything yet" in client.get("/surveys").text
    assert "Termly pulse, 4 questions in English, Polish and Urdu" in client.get("/surveys/new").text
    made = client.post("/surveys/new", data={"questions": "termly_pulse", "forum": world.forum_id})
    assert made.status_code == SEE_OTHER
    page = client.get(made.location).text
    assert "3 parents and carers, each in their own language" in page
    assert "English: 5 texts" in page
    assert "Polish: 5 texts" in page
    assert 'dir="rtl"' in page
    assert "1 segment<" in page
    started = client.post(made.location, data={"closes_on": ["9", "12", "2026"]})
    assert started.status_code == SEE_OTHER
    page = words(client.get(started.location).text)
    assert "We are asking 3 parents and carers." in page
    assert len(world.deliver()) == 3
    assert "0 of 3" in words(client.get("/surveys").text)


def test_at_night_the_coordinator_is_told_that_nobody_is_asked_before_the_morning(
    app: Flask, world: ForumWorld, clock: FixedClock
) -> None:
    """V12: or else the page says that families are asked, and none of them is."""
    world.add_parents("en")
    clock.set(datetime(2026, 11, 23, 21, tzinfo=UTC))
    client = browser(app, world.coordinator)
    address = f"/surveys/{world.draft()}/start"
    told = "Families are not written to between 8pm and 8am: they will be asked at 8am."
    assert told in words(client.get(address).text)
    client.post(address, data={"closes_on": ["9", "12", "2026"]})
    assert world.deliver() == []
    clock.set(datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert told not in words(client.get(f"/surveys/{world.draft()}/start").text)


@pytest.mark.parametrize(
    ("entered", "told"),
    [
        (["1", "11", "2026"], "Choose a day that is still to come."),
        (["31", "2", "2027"], "Enter a real date"),
        (["", "", ""], "Enter the last day for answers"),
    ],
)
def test_a_wrong_last_day_is_told_at_its_field(app: Flask, world: ForumWorld, entered: list[str], told: str) -> None:
    world.add_parents("en")
    survey_id = world.draft()
    response = browser(app, world.coordinator).post(f"/surveys/{survey_id}/start", data={"closes_on": entered})
    assert response.status_code == UNPROCESSABLE
    assert told in response.text


def test_another_forum_s_survey_cannot_be_found(app: Flask, world: ForumWorld) -> None:
    world.add_parents("en")
    survey_id = world.started()
    stranger = browser(app, ForumWorld(world.ground).coordinator)
    for path in (f"/surveys/{survey_id}", f"/surveys/{survey_id}/start", f"/surveys/{survey_id}/results.csv"):
        assert stranger.get(path).status_code == NOT_FOUND
    assert stranger.post(f"/surveys/{survey_id}/close").status_code == NOT_FOUND
    assert survey_id not in stranger.get("/surveys").text


def test_a_commissioner_sees_no_surveys_of_forums(app: Flask, world: ForumWorld) -> None:
    client = browser(app, world.staff(Role.COMMISSIONER, world.council_id))
    assert client.get("/surveys").status_code == 403


def test_the_list_is_narrowed_to_a_status(app: Flask, world: ForumWorld) -> None:
    world.add_parents("en")
    started = world.started()
    client = browser(app, world.coordinator)
    assert started in client.get("/surveys?status=open").text
    nothing = client.get("/surveys?status=closed").text
    assert started not in nothing
    assert "No survey of your forum has this status." in nothing
    assert started in client.get("/surveys?status=nonsense").text


def test_V10_answers_appear_by_fives_and_whole_at_the_close(app: Flask, world: ForumWorld) -> None:
    world.add_parents(*["en"] * 12)
    survey_id = world.started()
    client = browser(app, world.coordinator)
    answer_by_text(world, world.parents[:4], "4", "yes", "a", "good")
    page = words(client.get(f"/surveys/{survey_id}").text)
    assert "Have finished Fewer than 5" in page
    assert "Results appear once ten people have finished" in page
    answer_by_text(world, world.parents[4:11], "2", "no", "b", "bad")
    page = words(client.get(f"/surveys/{survey_id}").text)
    assert "Have finished 11 (92%)" in page
    assert "These are the first 5 who finished" in page
    closed = client.post(f"/surveys/{survey_id}/close")
    assert closed.status_code == SEE_OTHER
    page = words(client.get(f"/surveys/{survey_id}").text)
    assert "2. Do you feel listened to when plans are made for your child?" in page
    assert "Hidden answers come from 11 people together" in page


def test_results_show_counts_shares_and_bars(app: Flask, world: ForumWorld) -> None:
    world.add_parents(*["en"] * 5, *["pl"] * 6)
    survey_id = world.started()
    answer_by_text(world, world.parents[:5], "4", "yes", "a", "good")
    answer_by_text(world, world.parents[5:], "2", "nie", "b", "bad")
    with world.ground.work() as work:
        close_survey(work, world.coordinator, survey_id)
    page = browser(app, world.coordinator).get(f"/surveys/{survey_id}").text
    assert "English (5)" in page
    assert "Polish (6)" in page
    assert re.search(r">Yes</th>\s*<td[^>]*>\s*5\s*</td>\s*<td[^>]*>\s*45%\s*</td>", page)
    assert '<rect width="91" height="18"' in page


def read_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_V10_the_csv_holds_what_the_page_shows_and_no_words(app: Flask, world: ForumWorld) -> None:
    world.add_parents(*["en"] * 6, *["pl"] * 5)
    survey_id = world.started()
    answer_by_text(world, world.parents[:6], "4", "yes", "a", "a very private story")
    answer_by_text(world, world.parents[6:10], "2", "nie", "b", "prywatne")
    answer_by_text(world, world.parents[10:], "2", "nie", "skip", "prywatne")
    client = browser(app, world.coordinator)
    with world.ground.work() as work:
        close_survey(work, world.coordinator, survey_id)
    response = client.get(f"/surveys/{survey_id}/results.csv")
    assert response.mimetype == "text/csv"
    assert response.content_type == "text/csv; charset=utf-8"
    assert 'filename="termly-pulse-2026-11-23.csv"' in response.headers["Content-Disposition"]
    rows = read_csv(response.text)
    assert tuple(rows[0]) == HEAD
    assert "private" not in response.text
    assert "prywatne" not in response.text
    assert "+4477" not in response.text
    counts = {(row["question_id"], row["group"], row["answer_id"]): row["count"] for row in rows}
    assert counts["listened_to", "All", "yes"] == "6"
    assert counts["listened_to", "Polish", "no"] == "5"
    assert counts["would_help", "All", "clear_information"] == "6"
    assert counts["would_help", "All", "quicker_replies"] == ""
    assert ("would_help", "Polish", "quicker_replies") not in counts or counts[
        "would_help", "Polish", "quicker_replies"
    ] == ""
    assert all(row["count"] == "" or int(row["count"]) == 0 or int(row["count"]) >= 5 for row in rows)


def test_a_survey_with_too_few_answers_exports_only_a_note(app: Flask, world: ForumWorld) -> None:
    world.add_parents("en")
    survey_id = world.started()
    rows = read_csv(browser(app, world.coordinator).get(f"/surveys/{survey_id}/results.csv").text)
    assert [row["count"] for row in rows] == [""]
    assert "nothing is shown" in rows[0]["note"]


def test_a_parent_answers_by_web_one_question_a_page(app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    client = browser(app)
    path = survey_link(client, world, parent)
    before = client.get(path)
    assert "They never show who said what" in before.text
    assert "send STOP" in before.text
    page = client.get(f"{path}/needs_met").text
    assert "Question 1 of 4" in page
    assert page.count('type="radio"') == 6
    for question, value in (("needs_met", "4"), ("listened_to", "not-known"), ("would_help", "more_say")):
        answered = client.post(f"{path}/{question}", data={"answer": value})
        assert answered.status_code == SEE_OTHER
        client.get(answered.location)
    page = client.get(f"{path}/one_change").text
    assert "<textarea" in page
    assert f'href="{path}/would_help"' in page
    client.post(f"{path}/one_change", data={"answer": "Ring us back\r\nplease"})
    assert "We have your answers" in client.get(path).text
    with world.ground.read() as session:
        found = {
            row.question_id: (row.value_number or row.value_option or row.value_text or row.outcome, row.channel)
            for row in session.scalars(select(AnswerRow))
        }
    assert found == {
        "needs_met": (4, "web"),
        "listened_to": ("not_known", "web"),
        "would_help": ("more_say", "web"),
        "one_change": ("Ring us back\nplease", "web"),
    }
    assert world.deliver() == []


def test_web_and_text_are_one_conversation(app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    world.text(parent, "4")
    client = browser(app)
    path = survey_link(client, world, parent)
    assert client.get(path).location == f"{path}/listened_to"
    client.post(f"{path}/listened_to", data={"answer": "yes"})
    client.post(f"{path}/would_help", data={"do": "skip"})
    assert world.text(parent, "More music")[0].startswith("Thank you. We have your answers.")


def test_going_back_shows_what_was_said_and_takes_another_answer(app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    client = browser(app)
    path = survey_link(client, world, parent)
    client.post(f"{path}/needs_met", data={"answer": "4"})
    assert re.search(r'value="4"\s+checked', client.get(f"{path}/needs_met").text)
    changed = client.post(f"{path}/needs_met", data={"answer": "2"})
    assert client.get(changed.location).location == f"{path}/listened_to"
    with world.ground.read() as session:
        assert [row.value_number for row in session.scalars(select(AnswerRow))] == [2]


def test_reading_pages_changes_nothing(app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    client = browser(app)
    path = survey_link(client, world, parent)
    with world.ground.read() as session:
        before = session.scalars(select(SessionRow.state)).one()
    for page in (path, f"{path}/needs_met", f"{path}/told/us", f"{path}/needs_met?lang=ur"):
        assert client.get(page).status_code == 200
    with world.ground.read() as session:
        assert session.scalars(select(SessionRow.state)).one() == before
        assert session.scalars(select(AnswerRow)).all() == []


def test_no_choice_and_a_wrong_one_are_told(app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("pl")
    world.started()
    client = browser(app)
    path = survey_link(client, world, parent)
    for sent in ({}, {"answer": "17"}, {"answer": "yes"}, {"answer": ""}):
        response = client.post(f"{path}/needs_met", data=sent)
        assert response.status_code == UNPROCESSABLE
        assert 'href="#answer"' in response.text
        assert "Prosimy wybrać odpowiedź" in response.text


def test_a_text_that_is_too_long_comes_back_to_be_cut(app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    answer_by_text(world, [parent], "4", "yes", "a")
    client = browser(app)
    path = survey_link(client, world, parent)
    response = client.post(f"{path}/one_change", data={"answer": "x" * 2001})
    assert response.status_code == UNPROCESSABLE
    assert "x" * 2001 in response.text


def test_a_question_whose_turn_has_not_come_leads_to_the_one_that_has(app: Flask, world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    client = browser(app)
    path = survey_link(client, world, parent)
    assert client.get(f"{path}/one_change").location == path
    assert client.post(f"{path}/one_change", data={"answer": "early"}).location == path
    assert client.get(f"{path}/no_such_question").status_code == NOT_FOUND
    with world.ground.read() as session:
        assert session.scalars(select(AnswerRow)).all() == []


def test_V9_worrying_words_on_a_page_go_to_the_duty_officer_and_not_into_the_survey(
    app: Flask, world: ForumWorld
) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    answer_by_text(world, [parent], "4", "yes", "a")
    client = browser(app)
    path = survey_link(client, world, parent)
    response = client.post(f"{path}/one_change", data={"answer": "a teacher hit him and he wants to die"})
    told = client.get(response.location).text
    assert "0800 1111" in told
    assert "999" in told
    assert world.hear()[0].startswith("Thank you for telling us.")
    with world.ground.work() as work:
        row = work.session.scalars(select(AnswerRow).where(AnswerRow.question_id == "one_change")).one()
        assert (row.outcome, row.value_text) == ("passed_on", None)
        ends = list(work.session.scalars(select(InboundRow.detail)))
        assert "safeguarding" in ends


@pytest.mark.parametrize(
    ("language", "heading", "direction"), [("pl", "Zanim zaczniemy", "ltr"), ("ur", "شروع", "rtl")]
)
def test_pages_speak_the_parent_s_language(
    app: Flask, world: ForumWorld, language: str, heading: str, direction: str
) -> None:
    (parent,) = world.add_parents(language)
    world.started()
    client = browser(app)
    page = client.get(survey_link(client, world, parent)).text
    assert heading in page
    assert f'<html lang="{language}" dir="{direction}"' in page


def test_a_wrong_an_expired_and_an_ended_link_say_what_to_do(app: Flask, world: ForumWorld, clock: FixedClock) -> None:
    finished, open_still = world.add_parents("en", "en")
    world.started()
    answer_by_text(world, [finished], "4, yes, b, good")
    client = browser(app)
    assert client.get("/s/nosuchtoken0000000000a").status_code == NOT_FOUND
    done, path = survey_link(client, world, finished), survey_link(client, world, open_still)
    assert "We have your answers" in client.get(done).text
    assert "We have your answers" in client.post(f"{done}/needs_met", data={"answer": "1"}).text
    clock.move(timedelta(days=15))
    with world.ground.work() as work:
        survey_id = work.session.scalars(select(SessionRow.survey_id)).first()
        close_survey(work, world.coordinator, survey_id or "")
    assert "This survey has closed" in client.get(path).text
    assert "This survey has closed" in client.post(f"{path}/needs_met", data={"answer": "1"}).text
    clock.move(timedelta(days=365))
    expired = client.get(path)
    assert expired.status_code == GONE
    assert "run out" in expired.text
