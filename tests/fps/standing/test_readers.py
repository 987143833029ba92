"""Who reads a decision of standing, and which council somebody acts for who acts for two."""

from __future__ import annotations

from datetime import date

import pytest

from fps.actions.standing.leave import BeginLeaving, begin_leaving
from fps.actions.standing.suspend_setting import SuspendSetting, suspend_setting
from fps.queries.decisions import leaving_answers, leaving_learners, pauses_by, plans_of
from kernel.work import Ground
from people.actions.change_roles import grant_role
from people.model import Actor, OrganisationKind, Role
from people.queries import person
from tests.fps.standing.conftest import Browse, Corner
from tests.fps.standing.test_pages import days
from tests.fps.world import member, organisation

REVIEW_ON = date(2026, 12, 18)
REASONS = "Allegation about the head, not tested yet."


@pytest.fixture
def stranger(ground: Ground) -> Actor:
    """A QA officer of a council that is no member of the framework."""
    with ground.work() as work:
        far = organisation(work, OrganisationKind.COUNCIL, "Farshire", "E06000999")
        return member(work, "Stan Stranger", Role.QA_OFFICER, far, ("email", "stan@example.org"))


@pytest.fixture
def both(ground: Ground, corner: Corner) -> Actor:
    """A commissioner of both councils."""
    with ground.work() as work:
        found = member(work, "Bo Both", Role.COMMISSIONER, corner.world.council_id, ("email", "bo@example.org"))
        grant_role(work, found.id, Role.COMMISSIONER, corner.world.other_council_id)
        return person(work.session, found.id)


def _suspend(ground: Ground, corner: Corner, *, is_urgent: bool) -> str:
    review_on = REVIEW_ON if is_urgent else None
    decision = SuspendSetting(corner.setting_id, (corner.lot_id,), REASONS, is_urgent, review_on)
    with ground.work() as work:
        return suspend_setting(work, corner.lead, decision)


def _leaves(ground: Ground, corner: Corner, *, reasons: str = "Not fit.") -> None:
    suspension_id = _suspend(ground, corner, is_urgent=True)
    with ground.work() as work:
        begin_leaving(work, corner.lead, BeginLeaving(suspension_id, reasons, date(2027, 3, 31)))


def test_a_notice_is_between_the_lead_authority_and_the_provider(
    ground: Ground, corner: Corner, stranger: Actor, browse: Browse
) -> None:
    _suspend(ground, corner, is_urgent=False)
    here = f"/register/settings/{corner.setting_id}"
    for who in (corner.commissioner, corner.other, stranger):
        page = browse(who).get(here).text
        assert REASONS not in page
        assert "Notice of a suspension" not in page
    assert REASONS in browse(corner.lead).get(here).text
    assert REASONS in browse(corner.user).get(f"/my-settings/{corner.setting_id}").text


def test_reasons_in_force_are_for_the_councils_of_the_framework(
    ground: Ground, corner: Corner, stranger: Actor, browse: Browse
) -> None:
    _leaves(ground, corner, reasons="No head teacher since May.")
    here = f"/register/settings/{corner.setting_id}"
    for who in (corner.commissioner, corner.other, corner.lead):
        page = browse(who).get(here).text
        assert REASONS in page
        assert "No head teacher since May." in page
    page = browse(stranger).get(here).text
    assert "Decommissioning" in page, "where it stands is for all who read the register"
    assert REASONS not in page
    assert "No head teacher" not in page


def test_who_acts_for_two_councils_answers_for_each(
    ground: Ground, corner: Corner, both: Actor, browse: Browse
) -> None:
    _leaves(ground, corner)
    client, here = browse(both), f"/register/settings/{corner.setting_id}"
    page = client.get(here).text
    line = {"reference": "LN-77/B", "next_step": "searching", **days("due_on", date(2027, 1, 15))}
    for council_id in (corner.world.council_id, corner.world.other_council_id):
        asked = f"{here}/learners?council={council_id}"
        assert asked in page
        assert "LN-77/B" in client.post(asked, data=line, follow_redirects=True).text
        client.post(f"{here}/learners/change?council={council_id}", data={"wish": "complete"})
    with ground.read() as session:
        (plan,) = plans_of(session, corner.setting_id)
        answers = leaving_answers(session, plan.id)
        assert [each.learners for each in answers if each.answered_at] == [1, 1]
    assert client.get(f"{here}/learners?council={corner.lead.roles[0].organisation_id}").status_code == 404


def test_where_only_the_second_council_is_asked_it_can_answer(ground: Ground, corner: Corner, browse: Browse) -> None:
    with ground.work() as work:
        far = organisation(work, OrganisationKind.COUNCIL, "Aaa", "E06000998")
        both = member(work, "Bo Both", Role.COMMISSIONER, far, ("email", "bo@example.org"))
        grant_role(work, both.id, Role.COMMISSIONER, corner.world.council_id)
        both = person(work.session, both.id)
    _leaves(ground, corner)
    client, here = browse(both), f"/register/settings/{corner.setting_id}/learners"
    assert "Placeborough has placed there" in client.get(here).text
    line = {"reference": "LN-1", "next_step": "searching", **days("due_on", date(2027, 1, 15))}
    client.post(here, data=line)
    with ground.read() as session:
        (plan,) = plans_of(session, corner.setting_id)
        assert len(leaving_learners(session, plan.id, corner.world.council_id)) == 1


def test_who_acts_for_two_councils_says_which_one_pauses(
    ground: Ground, corner: Corner, both: Actor, browse: Browse
) -> None:
    client, here = browse(both), f"/register/settings/{corner.setting_id}/pause"
    given = {"lot": "all", "reason": "Two complaints.", **days("review_on", REVIEW_ON)}
    assert client.post(here, data=given).status_code == 422
    assert client.post(here, data={**given, "council": corner.lead.roles[0].organisation_id}).status_code == 422
    second = corner.world.other_council_id
    assert client.post(here, data={**given, "council": second}).status_code == 303
    with ground.read() as session:
        found = pauses_by(session, corner.setting_id, [corner.world.council_id, second])
    assert [one.council_id for one in found] == [second]
    assert "Which council pauses?" not in browse(corner.commissioner).get(here).text
