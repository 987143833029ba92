"""Nothing about a setting goes to a contact who has left its provider, and nothing is lost because they did (A2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fps.actions.directory.report_places import OpenBand, open_band
from fps.actions.evidence.judge_document import refuse_document
from fps.actions.evidence.offer_document import TAKEN, OfferDocument, offer_document
from fps.model import DocumentKind
from fps.queries.hearing import who_hears
from fps.rules.vacancies import Told
from kernel.calendar import add_working_days, london_date
from kernel.clock import FixedClock
from kernel.uploads import check_upload
from kernel.work import Ground
from people.queries import person
from tests.fps.directory.places import FIRST_WORKING_DAY, ask_all, hear, places, sent
from tests.fps.leavers import moves_to_a_rival
from tests.fps.world import World, build_world


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


@pytest.fixture
def setting_id(ground: Ground, world: World) -> str:
    """An active setting of provider 0 with three free places."""
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
        open_band(work, world.providers[0][1], OpenBand(setting_id, world.lots[0].id, 5, 16, Told(3)))
    return setting_id


def test_the_contact_hears_and_once_they_have_left_every_user(ground: Ground, world: World, setting_id: str) -> None:
    with ground.read() as session:
        assert who_hears(session, [setting_id]) == {setting_id: [world.providers[0][1].id]}
    stayed = moves_to_a_rival(ground, world, 0, 1)
    with ground.read() as session:
        assert who_hears(session, [setting_id, "unknown"]) == {setting_id: stayed}


def test_a_refusal_reaches_the_colleagues(ground: Ground, world: World, setting_id: str) -> None:
    file = check_upload("n.pdf", b"%PDF-1.7 newer", TAKEN, most_bytes=1000)
    offered = OfferDocument(
        world.providers[0][0], setting_id, DocumentKind.INSURANCE, file, None, date(2028, 12, 31), is_scanned=True
    )
    with ground.work() as work:
        document_id = offer_document(work, world.providers[0][1], offered)
    stayed = moves_to_a_rival(ground, world, 0, 1)
    with ground.work() as work:
        refuse_document(work, world.lead, document_id, "The sum insured is too low.")
    assert sorted(each.person_id or "" for each in sent(ground) if "refused" in each.key) == stayed


def test_the_monthly_question_goes_to_the_colleagues_and_one_answer_is_enough(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    stayed = moves_to_a_rival(ground, world, 0, 1)
    ask_all(ground, clock)
    assert sorted(each.person_id or "" for each in sent(ground)) == stayed
    with ground.read() as session:
        colleague = person(session, stayed[0])
    hear(ground, colleague, "2")
    assert places(ground, setting_id) == [2]
    ask_all(ground, clock, FIRST_WORKING_DAY + timedelta(days=10))
    assert not [each for each in sent(ground) if each.key == "fps.places_reminder"]


def test_who_was_asked_and_left_is_not_reminded(
    ground: Ground, clock: FixedClock, world: World, setting_id: str
) -> None:
    ask_all(ground, clock)
    assert places(ground, setting_id) == [3]
    stayed = moves_to_a_rival(ground, world, 0, 1)
    due = add_working_days(london_date(FIRST_WORKING_DAY), 5)
    ask_all(ground, clock, FIRST_WORKING_DAY.replace(day=due.day))
    later = sent(ground)[1:]
    assert sorted(each.person_id or "" for each in later) == stayed, "they are asked, who was not yet this month"
