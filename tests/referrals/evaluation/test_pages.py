from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from fps.tables import FrameworkRow
from referrals.tables import ApprovalRow, ReferralRow
from tests.referrals.browsing import browser, words
from tests.referrals.evaluation.world import REASON, USED, award, offers, scored, settled, to_award, unsealed
from tests.referrals.world import World

SAID = "We met on 3 December and went through each score."


def _scores(given: int, reason: str = REASON) -> dict[str, str]:
    return {f"score-{one}": str(given) for one in USED} | {f"reason-{one}": reason for one in USED}


def _base(referral_id: str) -> str:
    return f"/commissioning/referrals/{referral_id}"


def _score(client: FlaskClient, world: World, referral_id: str) -> None:
    base = f"{_base(referral_id)}/evaluation"
    client.post(f"{base}/interest", data={"conflict": "no"})
    for offer, given in zip(offers(world, referral_id), (5, 2), strict=True):
        client.post(f"{base}/scores/{offer.recipient_id}", data=_scores(given))
    assert "Your scores are handed in." in words(client.post(f"{base}/hand-in", follow_redirects=True))


def test_a_referral_is_evaluated_and_awarded_on_its_pages(world: World, app: Flask) -> None:
    """R24, R25, R27"""
    referral_id = unsealed(world)
    base = f"{_base(referral_id)}/evaluation"
    first, second = browser(app, world.commissioner), browser(app, world.colleague)
    people = [world.commissioner.id, world.colleague.id]
    assert "Nobody is named yet." in words(first.get(base))
    assert first.post(f"{base}/evaluators", data={}).status_code == 422
    assert "Named." in words(first.post(f"{base}/evaluators", data={"people": people}, follow_redirects=True))
    _score(first, world, referral_id)
    assert "Once all scores are in" in words(first.get(base))
    _score(second, world, referral_id)
    for offer, given in zip(offers(world, referral_id), (5, 2), strict=True):
        page = first.get(f"{base}/agreed/{offer.recipient_id}")
        assert words(page).count(REASON) >= 15
        assert 'value="5" checked' in page.text or 'value="2" checked' in page.text
        assert first.post(f"{base}/agreed/{offer.recipient_id}", data=_scores(given)).status_code == 303
    assert first.post(f"{base}/moderation", data={"words": "Fine."}).status_code == 422
    assert first.post(f"{base}/moderation", data={"words": SAID}).status_code == 303
    view = {"way": "phone", "heard_on": ["1", "12", "2026"], "words": "They like both and would travel to either."}
    assert first.post(f"{base}/family", data={**view, "heard_on": ["", "", ""]}).status_code == 422
    assert first.post(f"{base}/family", data=view).status_code == 303
    page = first.get(base)
    for said in ("1 School 0 100.0", "2 School 1 40.0", "No. The same offer leads with all", "Who leads with which"):
        assert said in words(page)
    assert '<svg class="hub-chart__drawing"' in page.text


def test_only_what_ranks_first_can_be_chosen_and_awarded(world: World, app: Flask) -> None:
    """R24, R27"""
    referral_id = settled(world)
    first, target = browser(app, world.commissioner), f"{_base(referral_id)}/award"
    winner, loser = (offer.recipient_id for offer in offers(world, referral_id))
    assert loser not in first.get(target).text
    assert first.post(target, data={"winner": winner, "reasons": "Best."}).status_code == 422
    chosen = {"winner": winner, "reasons": REASON, "seen": to_award(world, referral_id).seen}
    page = first.post(target, data=chosen, follow_redirects=True)
    assert "Awarded. All who were asked are told." in words(page)
    assert "Awarded: School 0" in words(page)


def test_each_provider_reads_who_won_and_its_own_scores_and_nobody_elses(world: World, app: Flask) -> None:
    """R27: no rival's score, reason or price."""
    referral_id = settled(world)
    loser = browser(app, world.user(1))
    assert "No referral that you were asked about is decided yet." in words(loser.get("/referrals/outcomes"))
    assert loser.get(f"/referrals/{referral_id}/outcome").status_code == 404
    award(world, referral_id)
    assert "Awarded to School 0" in words(loser.get("/referrals/outcomes"))
    page = words(loser.get(f"/referrals/{referral_id}/outcome"))
    for said in ("Awarded to School 0", "School 1 40.0 points out of 100.", REASON):
        assert said in page
    for secret in ("80.0", "£", "They like both", "We went through"):
        assert secret not in page
    asked_only = words(browser(app, world.user(2)).get(f"/referrals/{referral_id}/outcome"))
    assert "so there are no scores" in asked_only
    for outsider in (world.user(3), world.commissioner):
        assert browser(app, outsider).get(f"/referrals/{referral_id}/outcome").status_code in (403, 404)


def test_whoever_has_a_conflict_reads_no_answer_on_any_page(world: World, app: Flask) -> None:
    """R25"""
    referral_id = scored(world)
    client = browser(app, world.colleague)
    base = f"{_base(referral_id)}/evaluation"
    assert "School 0" in words(client.get(base))
    assert client.post(f"{base}/interest", data={"conflict": "yes"}).status_code == 303
    for target in (base, _base(referral_id)):
        page = words(client.get(target))
        assert "You have declared a conflict of interest" in page
        assert "48,000" not in page
        assert "Earliest start" not in page
    recipient_id = offers(world, referral_id)[0].recipient_id
    for target in (f"{base}/agreed/{recipient_id}", f"{base}/scores/{recipient_id}"):
        assert client.get(target).status_code in (403, 404)


def test_a_referral_without_an_award_leads_on_to_what_follows(world: World, app: Flask) -> None:
    """R29"""
    referral_id = unsealed(world, answering=())
    client = browser(app, world.commissioner)
    target = f"{_base(referral_id)}/close"
    assert client.post(target, data={"reason": "Nobody offered a place."}).status_code == 422
    page = client.post(
        target, data={"reason": "Nobody offered a place.", "next_step": "direct_award"}, follow_redirects=True
    )
    for said in ("No award", "Award directly to one setting", "The referral that follows"):
        assert said in words(page)
    with world.ground.read() as session:
        following = session.scalars(select(ReferralRow.id).where(ReferralRow.follows_id == referral_id)).one()
    assert following in page.text
    assert client.get(f"{_base(following)}/edit").status_code == 200
    assert client.get(f"{_base(following)}/evaluation").status_code == 404


def test_what_law_puts_first_stands_above_everything(world: World, app: Flask) -> None:
    """R26"""
    referral_id = settled(world)
    client = browser(app, world.commissioner)
    base = f"{_base(referral_id)}/evaluation"
    second = offers(world, referral_id)[1].recipient_id
    wrong = {"kind": "tribunal_order", "setting": "", "school": "", "words": REASON}
    assert "Enter the name of the setting" in words(client.post(f"{base}/duty", data=wrong))
    assert client.post(f"{base}/duty", data={**wrong, "setting": second}).status_code == 303
    page = client.get(base)
    assert page.text.index("The SEND Tribunal has ordered a setting: School 1") < page.text.index("Who scores")
    assert "1 School 1 First by law" in words(page)
    assert client.post(f"{base}/duty/withdraw", data={"words": SAID}).status_code == 303
    assert "The SEND Tribunal" not in words(client.get(base)).replace("has the Tribunal", "")


def test_a_panels_approval_is_asked_for_and_recorded_before_the_award(world: World, app: Flask) -> None:
    """A framework's panel approves through a second person of the council."""
    referral_id = settled(world)
    with world.ground.work() as work:
        work.session.execute(update(FrameworkRow).values(approval_panel="SEN Resource Panel"))
    first, second = browser(app, world.commissioner), browser(app, world.colleague)
    target = f"{_base(referral_id)}/award"
    wanted = to_award(world, referral_id)
    chosen = {"winner": wanted.recipient_id, "reasons": REASON, "seen": wanted.seen}
    assert "SEN Resource Panel must approve this award." in words(first.get(target))
    assert "A colleague is asked" in words(first.post(target, data=chosen, follow_redirects=True))
    with world.ground.read() as session:
        asked = session.scalars(select(ApprovalRow.id).where(ApprovalRow.kind == "award")).one()
    decision = {"outcome": "approved", "words": "Minutes of 2 December"}
    assert second.post(f"/commissioning/approvals/{asked}", data=decision).status_code == 303
    page = words(first.get(target))
    assert "Award and tell everybody" in page
    assert REASON in page
    assert "recorded by Tom Teal" in words(first.post(target, data=chosen, follow_redirects=True))


@pytest.mark.parametrize("part", ["", "/evaluators", "/interest", "/family", "/duty", "/duty/withdraw", "/moderation"])
def test_another_council_and_a_provider_find_no_page(world: World, app: Flask, part: str) -> None:
    referral_id = settled(world)
    target = f"{_base(referral_id)}/evaluation{part}"
    assert browser(app, world.stranger).get(target).status_code == 404
    assert browser(app, world.user(0)).get(target).status_code in (403, 404)


def test_handing_in_too_early_says_what_is_missing(world: World, app: Flask) -> None:
    """R25"""
    referral_id = unsealed(world)
    client = browser(app, world.commissioner)
    base = f"{_base(referral_id)}/evaluation"
    client.post(f"{base}/evaluators", data={"people": [world.commissioner.id]})
    client.post(f"{base}/interest", data={"conflict": "no"})
    page = client.post(f"{base}/hand-in")
    assert (page.status_code, "10 scores are missing" in words(page)) == (422, True)
    assert re.search(r"<title>\s*Error: ", page.text)
