from __future__ import annotations

from datetime import date, time, timedelta
from html import unescape

from flask import Flask
from sqlalchemy import select

from channels.tables import MessageRow
from fps.actions.rounds.clarify import ask_question, publish_answer
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.take_part import register_interest
from fps.tables.rounds import RoundQuestionRow
from kernel.calendar import at_london
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.fps.rounds.conftest import Browse
from tests.fps.rounds_world import coming_round, open_round
from tests.fps.world import World


def test_R11_nobody_learns_who_asked_and_all_get_the_answer_at_once(
    app: Flask, ground: Ground, world: World, browse: Browse, clock: FixedClock
) -> None:
    words = "We at Provider 0 ask: is transport paid?"
    with ground.work() as work:
        card = open_round(work, world)
        question_id = ask_question(work, Door(card.id, actor=world.providers[0][1]), words)
        assert ask_question(work, Door(card.id, actor=world.providers[0][1]), words) == question_id
        register_interest(work, Door(card.id, actor=world.providers[1][1]))
    lead = browse(world.lead)
    listed = lead.get(f"/register/rounds/{card.id}/questions").text
    assert "User 0" not in listed
    assert words not in app.test_client().get(f"/joining/{card.id}").text
    at = f"/register/rounds/{card.id}/questions/{question_id}"
    refused = lead.post(at, data={"question": words, "answer": "No."})
    assert "The text says who asked" in refused.text
    clock.move(timedelta(minutes=30))
    assert lead.post(at, data={"question": "Is transport paid?", "answer": "No."}).status_code == 303
    assert lead.post(at, data={"question": "Is transport paid?", "answer": "Yes."}).status_code == 404
    shown = app.test_client().get(f"/joining/{card.id}").text
    assert "Is transport paid?" in shown
    assert "Provider 0" not in shown
    with ground.read() as session:
        told = session.scalars(select(MessageRow).where(MessageRow.key == "fps.round_answered")).all()
        assert {row.person_id for row in told} == {world.providers[0][1].id, world.providers[1][1].id}
        assert {row.queued_at for row in told} == {clock.now()}
        assert session.scalars(select(RoundQuestionRow.words)).one() == words


def test_questions_close_at_their_second_and_an_answer_leaves_a_working_day(
    ground: Ground, world: World, browse: Browse, clock: FixedClock
) -> None:
    """R11"""
    with ground.work() as work:
        card = open_round(work, world)
    clock.set(card.questions_close_at)
    user = browse(world.providers[0][1])
    asked = user.post(f"/joining/{card.id}/mine", data={"do": "ask", "question": "In time?"})
    assert asked.status_code == 303
    clock.move(timedelta(seconds=1))
    late = user.post(f"/joining/{card.id}/mine", data={"do": "ask", "question": "Late?"})
    assert late.status_code == 410
    assert "Questions about this round are closed" in late.text
    clock.set(at_london(date(2026, 12, 18), time(9)))
    with ground.read() as session:
        question_id = session.scalars(select(RoundQuestionRow.id)).one()
    at = f"/register/rounds/{card.id}/questions/{question_id}"
    refused = browse(world.lead).post(at, data={"question": "In time?", "answer": "Yes."})
    assert "Less than a working day is left" in refused.text


def test_a_question_set_aside_is_told_to_its_asker_alone(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        question_id = ask_question(work, Door(card.id, actor=world.providers[0][1]), "May I ring you?")
        register_interest(work, Door(card.id, actor=world.providers[1][1]))
    lead = browse(world.lead)
    at = f"/register/rounds/{card.id}/questions/{question_id}/set-aside"
    assert lead.post(at, data={"reason": ""}).status_code == 422
    assert lead.post(at, data={"reason": "We speak to nobody alone."}).status_code == 303
    with ground.read() as session:
        told = session.scalars(select(MessageRow).where(MessageRow.key == "fps.round_set_aside")).all()
        assert [row.person_id for row in told] == [world.providers[0][1].id]
    assert "We speak to nobody alone." in browse(world.providers[0][1]).get(f"/joining/{card.id}/mine").text


def test_the_questionnaire_is_the_leads_to_write_until_the_round_opens(
    ground: Ground, world: World, browse: Browse, clock: FixedClock
) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
    lead = browse(world.lead)
    at = f"/register/rounds/{card.id}/questionnaire"
    assert lead.post(at, data={"text": "Where?", "kind": "choice", "choices": "North"}).status_code == 422
    assert lead.post(at, data={"text": "Where?", "kind": "choice", "choices": "North\nSouth"}).status_code == 303
    found = unescape(lead.get(at).text)
    assert "North, South" in found
    enquiry_id = found.split('name="enquiry" value="')[1][:26]
    assert lead.post(f"{at}/remove", data={"enquiry": enquiry_id}).status_code == 303
    assert "There are no questions yet" in lead.get(at).text
    clock.set(card.opens_at)
    late = browse(world.lead).post(at, data={"text": "Where?", "kind": "text"})
    assert "The round has opened" in late.text


def test_R11_asking_puts_nobody_among_the_interested_where_the_time_would_tell_who_asked(
    ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        ask_question(work, Door(card.id, actor=world.providers[0][1]), "What about transport?")
        question_id = work.session.scalars(select(RoundQuestionRow.id)).one()
    lead = browse(world.lead)
    assert "Nobody has registered interest yet" in lead.get(f"/register/rounds/{card.id}/interest").text
    with ground.work() as work:
        publish_answer(work, world.lead, question_id, "What about transport?", "Councils pay.")
    with ground.read() as session:
        told = session.scalars(select(MessageRow).where(MessageRow.key == "fps.round_answered")).all()
        assert [row.person_id for row in told] == [world.providers[0][1].id]
