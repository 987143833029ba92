from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.queries import messages_to, queue_items
from kernel.clock import FixedClock
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.work import Ground
from people.actions.mark_opt_out import opt_out
from people.model import Role
from people.queries import contact_points
from surveys import queries
from surveys.actions.close_survey import close_survey
from surveys.actions.record_answer import hear_text
from surveys.jobs import close_due_surveys
from surveys.model import Definition, LeftOut, LocalText, Question, QuestionKind, SurveyCard, SurveyStatus
from surveys.rules.state import Phase
from surveys.tables import AnswerRow, RemarkRow, SessionRow
from tests.surveys.forum_world import FORUM, TWO_WEEKS, ForumWorld


def answers(world: ForumWorld, parent: str) -> dict[str, object]:
    with world.ground.read() as session:
        rows = session.scalars(
            select(AnswerRow)
            .join(SessionRow, SessionRow.id == AnswerRow.session_id)
            .where(SessionRow.person_id == parent)
        )
        return {row.question_id: row.value_number or row.value_option or row.value_text or row.outcome for row in rows}


def remarks(world: ForumWorld) -> list[str]:
    with world.ground.read() as session:
        return list(session.scalars(select(RemarkRow.text).order_by(RemarkRow.id)))


def card(world: ForumWorld, survey_id: str) -> SurveyCard:
    with world.ground.read() as session:
        return queries.survey(session, survey_id, [world.forum_id])


def test_parents_are_asked_in_their_language_and_answer_by_text(world: ForumWorld) -> None:
    english, polish, urdu = world.add_parents("en", "pl", "ur")
    survey_id = world.draft()
    assert world.start(survey_id).asked == 3
    first = world.deliver()
    assert len(first) == 3
    assert sum("1 of 4. How well" in text for text in first) == 1
    assert sum("1 z 4. Jak dobrze" in text for text in first) == 1
    assert sum("اسکول آپ کے بچے" in text for text in first) == 1
    assert [text.split("\n")[-1] for text in world.text(polish, "piątka")] == ["Prosimy odpisac TAK lub NIE."]
    assert [text.split("\n")[-1] for text in world.text(urdu, "۴")] == ["جی ہاں یا نہیں لکھیں۔"]
    for said in ("4", "yes", "b"):
        world.text(english, said)
    assert world.text(english, "Answer the phone") == [
        f"Thank you. We have your answers. {FORUM} will tell you what changes because of them."
    ]
    assert answers(world, english) == {
        "needs_met": 4,
        "listened_to": "yes",
        "would_help": "quicker_replies",
        "one_change": "Answer the phone",
    }
    assert answers(world, polish) == {"needs_met": 5}
    with world.ground.read() as session:
        far = queries.participation(session, survey_id)
    assert (far.asked, far.left_out, far.begun, far.finished) == (3, 0, 3, 1)


def test_an_answer_carries_what_exports_need(world: ForumWorld) -> None:
    (parent,) = world.add_parents("pl")
    survey_id = world.started()
    world.text(parent, "4")
    with world.ground.work() as work:
        row = work.session.scalars(select(AnswerRow)).one()
    assert (row.survey_id, row.forum_id, row.council_id) == (survey_id, world.forum_id, world.council_id)
    assert (row.kind, row.language, row.channel, row.recorded_at) == ("scale", "pl", "sms", world.ground.clock.now())


def test_a_question_back_is_answered_by_others_and_then_asked_again(world: ForumWorld) -> None:
    """Here no chatbot listens, so a person gets it; the survey's question comes after, once."""
    (parent,) = world.add_parents("en")
    world.started()
    assert [text.split("?")[0] for text in world.text(parent, "What is an EHCP?")] == [
        "1 of 4. How well is your child's school meeting their needs this term"
    ]
    with world.ground.read() as session:
        waiting = queue_items(session, "questions", [world.forum_id])
    assert [item.text for item in waiting] == ["What is an EHCP?"]
    assert world.text(parent, "4")[0].startswith("2 of 4.")


def test_what_cannot_be_read_is_kept_and_asked_again(world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    assert world.text(parent, "3 or 4")[0].startswith("Sorry, we could not read that.")
    assert world.text(parent, "dunno really 🤷")[0].startswith("2 of 4.")
    assert remarks(world) == ["3 or 4"]
    assert answers(world, parent) == {"needs_met": "not_known"}


def test_a_worrying_text_goes_to_the_duty_officer_and_not_into_the_survey(world: ForumWorld) -> None:
    """V9: the survey hears a text only after the flag step."""
    (parent,) = world.add_parents("en")
    world.started()
    for said in ("4", "yes", "b"):
        world.text(parent, said)
    told = world.text(parent, "he said a teacher hit him and he wants to die")
    assert [text.split(".")[0] for text in told] == ["Thank you for telling us"]
    assert "one_change" not in answers(world, parent)
    assert remarks(world) == []


def test_STOP_ends_it_and_is_no_answer(world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    world.text(parent, "STOP")
    assert answers(world, parent) == {}


def test_a_text_from_before_the_invitation_went_out_is_no_answer(world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.start(world.draft())
    world.text(parent, "4")
    assert answers(world, parent) == {}


def test_a_stranger_is_not_in_the_survey(world: ForumWorld) -> None:
    world.add_parents("en")
    world.started()
    world.phones["stranger"] = "+447700900999"
    world.text("stranger", "4")
    with world.ground.read() as session:
        assert session.scalars(select(AnswerRow)).all() == []


def test_after_the_close_an_answer_is_kept_and_its_writer_told(world: ForumWorld) -> None:
    begun, silent = world.add_parents("en", "en")
    survey_id = world.started()
    world.text(begun, "4")
    with world.ground.work() as work:
        close_survey(work, world.coordinator, survey_id)
    assert world.text(begun, "yes")[0].startswith("Thank you. This survey has closed")
    assert world.text(silent, "5")[0].startswith("Thank you. This survey has closed")
    assert answers(world, begun) == {"needs_met": 4}
    assert remarks(world) == ["yes", "5"]


def test_closing_cancels_invitations_that_have_not_gone_out(world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    survey_id = world.draft()
    world.start(survey_id)
    with world.ground.work() as work:
        close_survey(work, world.coordinator, survey_id)
    assert world.deliver() == []
    with world.ground.read() as session:
        assert [message.status for message in messages_to(session, parent)] == ["cancelled"]
    assert card(world, survey_id).status is SurveyStatus.CLOSED


def test_a_survey_closes_by_the_clock(world: ForumWorld, clock: FixedClock) -> None:
    world.add_parents("en")
    survey_id = world.started()
    close_due_surveys(world.ground, clock.now())
    assert card(world, survey_id).status is SurveyStatus.OPEN
    clock.move(TWO_WEEKS)
    for _ in range(2):
        close_due_surveys(world.ground, clock.now())
    assert card(world, survey_id).status is SurveyStatus.CLOSED


def test_V2_nobody_is_asked_twice_in_thirty_days(world: ForumWorld, clock: FixedClock) -> None:
    asked, later = world.add_parents("en", "en")
    world.started()
    world.add_parents("en")
    second = world.draft()
    clock.move(timedelta(days=29))
    assert (world.start(second).asked, left_out(world, second)) == (
        1,
        {asked: LeftOut.ASKED_LATELY, later: LeftOut.ASKED_LATELY},
    )
    clock.move(timedelta(days=1))
    third = world.draft()
    assert world.start(third).asked == 2


def left_out(world: ForumWorld, survey_id: str) -> dict[str, LeftOut]:
    with world.ground.read() as session:
        rows = session.execute(
            select(SessionRow.person_id, SessionRow.left_out).where(
                SessionRow.survey_id == survey_id, SessionRow.left_out.is_not(None)
            )
        )
        return {str(person_id): LeftOut(reason or "") for person_id, reason in rows}


def test_V12_who_said_STOP_is_not_asked(world: ForumWorld) -> None:
    stopped, _ = world.add_parents("en", "en")
    with world.ground.work() as work:
        opt_out(work, stopped, contact_points(work.session, stopped)[0].id)
    survey_id = world.draft()
    assert world.start(survey_id).asked == 1
    assert left_out(world, survey_id) == {stopped: LeftOut.OPTED_OUT}


def test_families_of_the_forum_and_of_its_council_are_asked_and_no_others(world: ForumWorld) -> None:
    world.add_parents("en")
    world.add_parents("en", organisation_id=world.council_id)
    elsewhere = ForumWorld(world.ground)
    elsewhere.add_parents("en")
    assert world.start(world.draft()).asked == 2


def test_a_language_that_the_survey_lacks_is_asked_in_english(world: ForumWorld) -> None:
    half = LocalText({"en": "Are you well?", "pl": "Czy wszystko dobrze?"})
    questions = tuple(
        Question(f"q{at}", QuestionKind.YES_NO, text) for at, text in enumerate((half, LocalText({"en": "Sure?"})))
    )
    world.add_parents("pl")
    world.start(world.draft(Definition("half", LocalText({"en": "Half", "pl": "Pół"}), questions)))
    assert "1 of 2. Are you well?" in world.deliver()[0]


def test_only_the_forum_s_own_coordinator_may_run_its_surveys(world: ForumWorld) -> None:
    world.add_parents("en")
    survey_id = world.draft()
    other = ForumWorld(world.ground)
    commissioner = world.staff(Role.COMMISSIONER, world.council_id)
    for stranger in (other.coordinator, commissioner):
        with pytest.raises(ForbiddenError):
            world.draft(actor=stranger)
        with world.ground.work() as work, pytest.raises(NotFoundError):
            close_survey(work, stranger, survey_id)


def test_a_survey_is_started_once_and_never_into_the_past(world: ForumWorld, clock: FixedClock) -> None:
    world.add_parents("en")
    survey_id = world.draft()
    with pytest.raises(InvalidInputError):
        world.start(survey_id, closes_at=clock.now())
    world.start(survey_id)
    with pytest.raises(ConflictError):
        world.start(survey_id)


def test_with_nobody_to_ask_nothing_starts(world: ForumWorld) -> None:
    survey_id = world.draft()
    with pytest.raises(InvalidInputError):
        world.start(survey_id)
    assert card(world, survey_id).status is SurveyStatus.DRAFT


def test_a_definition_that_cannot_be_asked_is_refused(ground: Ground, world: ForumWorld) -> None:
    assert ground is world.ground
    with pytest.raises(InvalidInputError, match="no question"):
        world.draft(Definition("empty", LocalText({"en": "Empty"}), ()))


def test_the_same_reaction_twice_asks_again_once(world: ForumWorld) -> None:
    (parent,) = world.add_parents("en")
    world.started()
    assert len(world.text(parent, "What is an EHCP?")) == 1
    assert world.hear() == []


def test_texts_and_pages_at_the_same_moment_are_taken_one_after_the_other(world: ForumWorld) -> None:
    """Each input finds what the one before left: no answer is lost and none is put in another's place."""
    (parent,) = world.add_parents("en")
    survey_id = world.started()
    with world.ground.read() as session:
        conversation = queries.session_of(session, survey_id, parent)

    def skip(_number: int) -> None:
        with world.ground.work() as work:
            hear_text(work, conversation, "skip", "sms")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(skip, range(4)))
    assert answers(world, parent) == dict.fromkeys(("needs_met", "listened_to", "would_help", "one_change"), "skipped")
    with world.ground.read() as session:
        assert queries.session_card(session, conversation).state.phase is Phase.FINISHED
