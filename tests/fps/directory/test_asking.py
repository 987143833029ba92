"""The monthly question about free places: asked once, heard once, never mistaken for something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.inbox.hearing import Ending
from channels.model import Subject
from channels.wording import Kind, MessageType, Policy
from fps.actions.directory.report_places import OpenBand, close_band, open_band, report_places
from fps.messages.places import CHANGE, CONFIRM
from fps.model import Status
from fps.queries.vacancies import newest_ask, vacancies_of, vacancy_reports
from fps.rules.vacancies import Told
from kernel.clock import FixedClock
from kernel.translation import say
from kernel.work import Ground
from people.model import Role
from tests.fps.directory.places import FIRST_WORKING_DAY, ask_all, hear, places, send_all, sent
from tests.fps.world import World, member

ALERT = MessageType(
    key="referrals.test_alert",
    values={"place": Kind.TEXT},
    title=say("tests.notice.title", "News of {place}"),
    text=say("tests.notice.text", "There is news of {place}. See https://hub.example.org/news."),
    short=say("tests.notice.short", "News of {place}"),
    policy=Policy(solicited=True),
)


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    """An active setting of provider 0 with three free places."""
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
        open_band(work, world.providers[0][1], OpenBand(setting_id, world.lots[0].id, 5, 16, Told(3)))
    return setting_id


def _ask_id(ground: Ground, world: World, provider: int = 0) -> str:
    with ground.read() as session:
        return newest_ask(session, world.providers[provider][1].id) or ""


def test_nobody_is_asked_before_the_first_working_day(ground: Ground, clock: FixedClock, setting_id: str) -> None:
    ask_all(ground, clock, FIRST_WORKING_DAY.replace(year=2027, month=1, day=1))
    assert sent(ground) == []
    assert places(ground, setting_id) == [3]


@pytest.mark.usefixtures("setting_id")
def test_each_contact_is_asked_once_a_month(ground: Ground, clock: FixedClock, world: World) -> None:
    ask_all(ground, clock)
    ask_all(ground, clock, FIRST_WORKING_DAY + timedelta(hours=1))
    [message] = sent(ground)
    assert message.key == "fps.places_ask_one"
    assert message.person_id == world.providers[0][1].id
    assert message.values["setting"] == "School 0, ages 5 to 16"
    assert message.values["number"] == 3
    ask_all(ground, clock, FIRST_WORKING_DAY.replace(year=2027, month=1, day=4))
    assert [each.key for each in sent(ground)] == ["fps.places_ask_one"] * 2


def test_what_was_confirmed_in_the_month_is_not_asked_for(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    user = world.providers[0][1]
    clock.set(FIRST_WORKING_DAY - timedelta(hours=1))
    with ground.work() as work:
        world.active_setting(work, 3)
        report_places(work, user, vacancies_of(work.session, [setting_id])[setting_id][0].id, Told(4))
    ask_all(ground, clock)
    assert [each.values["setting"] for each in sent(ground)] == ["School 3, ages 5 to 16"]
    hear(ground, user, "2")
    before = len(sent(ground))
    ask_all(ground, clock, FIRST_WORKING_DAY + timedelta(days=20))
    assert len(sent(ground)) == before
    ask_all(ground, clock, FIRST_WORKING_DAY.replace(year=2027, month=1, day=4))
    assert sent(ground)[-1].key == "fps.places_ask_many"


def test_yes_confirms_what_stood(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    ask_all(ground, clock)
    told = hear(ground, world.providers[0][1], "YES")
    assert told is not None
    assert told.ending is Ending.RECORDED
    assert places(ground, setting_id) == [3]
    assert sent(ground)[-1].key == "fps.places_noted"
    with ground.read() as session:
        [(report, _, _), _] = vacancy_reports(session, setting_id)
        assert (report.is_same, report.channel, report.places) == (True, "email", 3)
        assert vacancies_of(session, [setting_id])[setting_id][0].confirmed_at == FIRST_WORKING_DAY


def test_a_number_changes_it(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    ask_all(ground, clock)
    hear(ground, world.providers[0][1], "1")
    assert places(ground, setting_id) == [1]


def test_an_answer_is_recorded_exactly_once(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    ask_all(ground, clock)
    ask_id, user = _ask_id(ground, world), world.providers[0][1]
    hear(ground, user, action=CONFIRM, value=ask_id)
    again = hear(ground, user, action=CONFIRM, value=ask_id)
    hear(ground, user, "YES")
    assert again is not None
    assert again.ending is Ending.ANSWERED
    assert [each.key for each in sent(ground)[1:]] == ["fps.places_noted", *["fps.places_over"] * 2]
    assert places(ground, setting_id) == [3]
    with ground.read() as session:
        assert len(vacancy_reports(session, setting_id)) == 2


def test_a_number_corrects_an_answer_until_the_next_question(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    ask_all(ground, clock)
    ask_id, user = _ask_id(ground, world), world.providers[0][1]
    hear(ground, user, "yes")
    for _ in range(2):
        hear(ground, user, "2 places now")
        assert (sent(ground)[-1].key, places(ground, setting_id)) == ("fps.places_noted", [2])
    with ground.read() as session:
        assert [report.places for report, _, _ in vacancy_reports(session, setting_id)] == [2, 3, 3], "twice is once"
    hear(ground, user, action=CHANGE, value=ask_id, numbers="9")
    assert places(ground, setting_id) == [9]
    ask_all(ground, clock, FIRST_WORKING_DAY.replace(year=2027, month=1, day=4))
    hear(ground, user, action=CHANGE, value=ask_id, numbers="7")
    assert (sent(ground)[-1].key, places(ground, setting_id)) == ("fps.places_over", [9])


def test_a_letter_told_on_the_page_since_is_corrected_by_its_number(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    user = world.providers[0][1]
    with ground.work() as work:
        other = world.active_setting(work, 3)
        open_band(work, user, OpenBand(other, world.lots[0].id, 5, 16, Told(0)))
    ask_all(ground, clock)
    with ground.work() as work:
        report_places(work, user, vacancies_of(work.session, [setting_id])[setting_id][0].id, Told(4))
    hear(ground, user, "A 5")
    assert (sent(ground)[-1].key, sent(ground)[-1].values["lines"]) == (
        "fps.places_noted",
        ["A: School 0, ages 5 to 16: 5", "B: School 3, ages 5 to 16: 0"],
    )
    assert (places(ground, setting_id), places(ground, other)) == ([5], [0])
    hear(ground, user, "6")
    assert sent(ground)[-1].key == "fps.places_unread", "which of the two?"
    with ground.work() as work:
        close_band(work, user, vacancies_of(work.session, [setting_id])[setting_id][0].id)
    hear(ground, user, "A 6")
    assert sent(ground)[-1].key == "fps.places_unread", "it is offered no more"
    assert places(ground, setting_id) == []


def test_an_old_months_button_changes_nothing(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    ask_all(ground, clock)
    old = _ask_id(ground, world)
    ask_all(ground, clock, FIRST_WORKING_DAY.replace(year=2027, month=1, day=4))
    hear(ground, world.providers[0][1], action=CHANGE, value=old, numbers="7")
    assert places(ground, setting_id) == [3]
    assert sent(ground)[-1].key == "fps.places_over"


@pytest.mark.parametrize("forged", ["", "nothing", "x" * 5000, "' OR 1=1 --"])
def test_a_forged_button_changes_nothing(ground: Ground, world: World, setting_id: str, forged: str) -> None:
    told = hear(ground, world.providers[0][1], action=CONFIRM, value=forged)
    assert told is not None
    assert told.ending is Ending.ANSWERED
    assert places(ground, setting_id) == [3]


def test_a_rivals_press_changes_nothing(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    ask_all(ground, clock)
    hear(ground, world.providers[1][1], action=CHANGE, value=_ask_id(ground, world), numbers="0")
    assert places(ground, setting_id) == [3]


def test_a_colleague_may_answer(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    with ground.work() as work:
        colleague = member(work, "Col League", Role.PROVIDER_USER, world.providers[0][0], ("email", "c@example.org"))
    ask_all(ground, clock)
    hear(ground, colleague, action=CHANGE, value=_ask_id(ground, world), numbers="5")
    assert places(ground, setting_id) == [5]


def test_a_yes_after_a_referral_is_never_taken_for_places(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    ask_all(ground, clock)
    user = world.providers[0][1]
    with ground.work() as work:
        queue_messages(work, [NewMessage(ALERT, {"place": "Sefton"}, person_id=user.id)])
    send_all(ground)

    told = hear(ground, user, "YES")

    assert told is not None
    assert (told.ending, sent(ground)[-1].key) == (Ending.ANSWERED, "fps.places_which")
    with ground.read() as session:
        assert len(vacancy_reports(session, setting_id)) == 1
    hear(ground, user, "PLACES 2")
    assert places(ground, setting_id) == [2]


@pytest.mark.usefixtures("setting_id")
def test_a_reply_in_another_thread_is_left_alone(ground: Ground, clock: FixedClock, world: World) -> None:
    ask_all(ground, clock)
    assert hear(ground, world.providers[0][1], "YES", about=Subject("referral", "r1")) is None


@pytest.mark.usefixtures("setting_id")
def test_other_words_are_left_to_others(ground: Ground, clock: FixedClock, world: World) -> None:
    user = world.providers[0][1]
    assert hear(ground, user, "YES") is None, "nothing was asked"
    ask_all(ground, clock)
    assert hear(ground, user, "Who reads this?") is None


def test_several_settings_are_asked_in_one_message_and_kept_apart(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    user = world.providers[0][1]
    with ground.work() as work:
        other = world.active_setting(work, 3)
        open_band(work, user, OpenBand(other, world.lots[0].id, 5, 16, Told(0)))
    ask_all(ground, clock)
    [message] = sent(ground)
    assert message.key == "fps.places_ask_many"
    assert message.values["lines"] == ["A: School 0, ages 5 to 16: 3", "B: School 3, ages 5 to 16: 0"]

    told = hear(ground, user, "2")
    assert told is not None
    assert sent(ground)[-1].key == "fps.places_unread"
    assert (places(ground, setting_id), places(ground, other)) == ([3], [0])

    hear(ground, user, "B 4")
    assert (places(ground, setting_id), places(ground, other)) == ([3], [4])


def test_a_number_out_of_range_is_refused(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    ask_all(ground, clock)
    hear(ground, world.providers[0][1], "99999")
    assert sent(ground)[-1].key == "fps.places_unread"
    assert places(ground, setting_id) == [3]


def test_what_was_told_on_the_page_since_closes_the_question(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    ask_all(ground, clock)
    user = world.providers[0][1]
    with ground.work() as work:
        [card] = vacancies_of(work.session, [setting_id])[setting_id]
        report_places(work, user, card.id, Told(8))
    hear(ground, user, "YES")
    assert places(ground, setting_id) == [8]
    assert sent(ground)[-1].key == "fps.places_over"


def test_a_setting_that_never_told_is_asked_for_its_number(ground: Ground, clock: FixedClock, world: World) -> None:
    with ground.work() as work:
        silent = world.active_setting(work, 1)
    ask_all(ground, clock)
    user = world.providers[1][1]
    assert sent(ground)[-1].key == "fps.places_ask_first"
    hear(ground, user, "YES")
    assert sent(ground)[-1].key == "fps.places_unread"
    hear(ground, user, "4")
    assert places(ground, silent) == [4]


def test_one_reminder_after_five_working_days(ground: Ground, clock: FixedClock, world: World, setting_id: str) -> None:
    ask_all(ground, clock)
    for day in (7, 8, 9, 10):
        ask_all(ground, clock, FIRST_WORKING_DAY.replace(day=day))
    assert [each.key for each in sent(ground)] == ["fps.places_ask_one", "fps.places_reminder"]
    hear(ground, world.providers[0][1], "2")
    assert places(ground, setting_id) == [2]


def test_only_active_settings_are_asked(ground: Ground, clock: FixedClock, world: World) -> None:
    with ground.work() as work:
        paused = world.active_setting(work, 0)
        world.step(work, paused, Status.SELF_PAUSED)
        world.active_setting(work, 1, new=replace(world.new_setting(1), name="Open School"))
    ask_all(ground, clock)
    assert [each.person_id for each in sent(ground)] == [world.providers[1][1].id]
