"""A question loses its asker, and its answer goes to everybody who was asked at once (R11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError, TooLateError
from people.model import Actor
from referrals.actions.equal.acknowledge_version import acknowledge_version
from referrals.actions.equal.answer_question import AnswerQuestion, answer_question
from referrals.actions.equal.ask_question import AskQuestion, ask_question
from referrals.messages.equal import ANSWERED, QUESTION_ASKED
from referrals.model import Response, ResponseKind
from referrals.model.answers import DeclineCode
from referrals.queries.questions import council_questions, provider_questions
from referrals.rules.questions import names_in
from referrals.tables import AcknowledgementRow, RecipientRow
from tests.referrals.equal.steps import change, sent, versions
from tests.referrals.world import World

DECLINED = Response(ResponseKind.DECLINE, decline_code=DeclineCode.NO_PLACE)
WORDS = "How many hours of speech therapy are needed?"
CLOSING = datetime(2026, 11, 27, 12, tzinfo=UTC)


def ask(world: World, referral_id: str, number: int = 0, words: str = WORDS) -> str:
    """Ask a question as the user of a provider."""
    with world.ground.work() as work:
        return ask_question(work, world.user(number), AskQuestion(referral_id, words))


def answer(world: World, question_id: str, words: str = "Two hours a week.", actor: Actor | None = None) -> datetime:
    """Answer a question as it was asked."""
    with world.ground.work() as work:
        return answer_question(work, actor or world.commissioner, AnswerQuestion(question_id, WORDS, words))


def setting_name(world: World, number: int) -> str:
    """Return the name of a setting that was asked."""
    with world.ground.read() as session:
        rows = select(RecipientRow.setting_name).where(RecipientRow.setting_id == world.settings[number])
        return session.scalars(rows).one()


def test_the_answer_goes_to_everybody_at_once_also_to_those_who_declined(world: World) -> None:
    """R11"""
    referral_id = world.issued()
    world.respond(referral_id, 1, DECLINED)
    answer(world, ask(world, referral_id))
    told = sent(world, ANSWERED.key)
    assert {row.person_id for row in told} == {world.user(number).id for number in range(3)}
    assert len({row.queued_at for row in told}) == 1
    assert all(row.values == told[0].values for row in told)
    assert WORDS not in str(told[0].values)
    for number in range(3):
        with world.ground.read() as session:
            page = provider_questions(session, world.user(number), referral_id, world.ground.clock.now())
        assert [(one.number, one.question, one.answer) for one in page.answered] == [(1, WORDS, "Two hours a week.")]


def test_the_council_reads_a_question_without_its_asker_and_rivals_read_it_with_its_answer(world: World) -> None:
    """R11"""
    referral_id = world.issued()
    ask(world, referral_id)
    now = world.ground.clock.now()
    with world.ground.read() as session:
        page = council_questions(session, world.commissioner, referral_id)
        rival = provider_questions(session, world.user(1), referral_id, now)
        own = provider_questions(session, world.user(0), referral_id, now)
    assert [one.words for one in page.waiting] == [WORDS]
    assert world.user(0).id not in repr(page)
    assert (len(rival.own), len(rival.answered)) == (0, 0)
    assert [one.words for one in own.own] == [WORDS]


def test_whoever_wrote_the_referral_is_told_of_a_question(world: World) -> None:
    """R11"""
    referral_id = world.issued()
    ask(world, referral_id)
    assert [row.person_id for row in sent(world, QUESTION_ASKED.key)] == [world.commissioner.id]


def test_a_question_may_not_name_who_asks_nor_the_answer_any_who_were_asked(world: World) -> None:
    """R11"""
    referral_id = world.issued()
    with pytest.raises(InvalidInputError) as raised:
        ask(world, referral_id, words=f"Would {setting_name(world, 0).upper()} be near enough for this?")
    assert raised.value.field == "words"
    question_id = ask(world, referral_id)
    with pytest.raises(InvalidInputError) as raised:
        answer(world, question_id, f"Yes, {setting_name(world, 2)} is near enough.")
    assert raised.value.field == "answer"


def test_what_may_identify_a_learner_is_found_and_a_person_decides(world: World) -> None:
    """R11, R31"""
    referral_id = world.issued()
    with pytest.raises(InvalidInputError) as raised:
        ask(world, referral_id, words="Does Jamie Brown need a lift to the first floor?")
    assert raised.value.field == "confirmed"


def test_questions_close_two_working_days_before_the_deadline(world: World, clock: FixedClock) -> None:
    """R11: clarify.close_wd"""
    referral_id = world.issued()
    clock.set(CLOSING)
    ask(world, referral_id)
    clock.set(CLOSING + timedelta(seconds=1))
    with pytest.raises(TooLateError):
        ask(world, referral_id, words="Is there a second question about this?")


def test_a_late_answer_moves_the_deadline_for_all_and_an_early_one_does_not(world: World, clock: FixedClock) -> None:
    """R10, R11: less than a working day left"""
    referral_id = world.issued()
    first, second = ask(world, referral_id), ask(world, referral_id, 1, "Is a second member of staff needed?")
    clock.set(datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert answer(world, first) == datetime(2026, 12, 1, 12, tzinfo=UTC)
    clock.set(datetime(2026, 11, 30, 12, 0, 1, tzinfo=UTC))
    assert answer(world, second) == datetime(2026, 12, 3, 12, tzinfo=UTC)
    assert [one.version for one in versions(world, referral_id)] == [1, 2]
    assert {row.values["deadline"] for row in sent(world, ANSWERED.key)[3:]} == {"2026-12-03T12:00:00+00:00"}


def test_the_same_question_twice_is_one_and_an_answer_is_given_once(world: World) -> None:
    """R11"""
    referral_id = world.issued()
    question_id = ask(world, referral_id)
    assert ask(world, referral_id) == question_id
    answer(world, question_id)
    with pytest.raises(ConflictError):
        answer(world, question_id, "Three hours a week.", world.colleague)
    assert len(sent(world, ANSWERED.key)) == 3


def test_who_was_not_asked_and_another_council_learn_and_do_nothing(world: World) -> None:
    """R11, A3"""
    referral_id = world.issued()
    question_id = ask(world, referral_id)
    with pytest.raises(NotFoundError):
        ask(world, referral_id, 3)
    with pytest.raises(NotFoundError):
        answer(world, question_id, actor=world.stranger)
    with pytest.raises(NotFoundError), world.ground.read() as session:
        council_questions(session, world.stranger, referral_id)


def test_a_version_is_confirmed_once_by_each_who_was_asked(world: World) -> None:
    """R10"""
    referral_id = world.issued()
    change(world, referral_id)
    for _ in range(2):
        with world.ground.work() as work:
            acknowledge_version(work, world.user(0), referral_id, 2)
    with pytest.raises(ConflictError), world.ground.work() as work:
        acknowledge_version(work, world.user(1), referral_id, 1)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        acknowledge_version(work, world.user(3), referral_id, 2)
    with world.ground.read() as session:
        rows = session.scalars(select(AcknowledgementRow)).all()
    assert [row.person_id for row in rows] == [world.user(0).id]


@pytest.mark.parametrize("text", ["Would oak house fit?", "Would Oak  House, fit?", "OAK-HOUSE"])
def test_a_name_is_found_whatever_its_case_and_spacing(text: str) -> None:
    """R11"""
    assert names_in(text, ["Elm", "Oak House"]) == "Oak House"
    assert names_in("The oak houses", ["Oak House"]) is None
