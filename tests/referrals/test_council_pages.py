from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from channels.tables import MessageRow
from kernel.clock import FixedClock
from referrals.tables import IssueRow, RecipientRow, ReferralRow
from tests.referrals.browsing import OFFERED, WRITTEN, browser, recipient_id, words
from tests.referrals.world import OFFER, World

DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
PLANNED = {
    "deadline": ["1", "12", "2026"],
    "release": "later",
    "release_day": ["24", "11", "2026"],
    "release_time": "09:30",
    "short_reason": "",
}


def previewed(page: TestResponse) -> str:
    """Return the fingerprint of the preview that a page shows."""
    found = re.search(r'name="previewed" type="hidden" value="(\w{64})"', page.text)
    assert found
    return found[1]


def test_a_commissioner_writes_and_checks_the_wording(world: World, app: Flask) -> None:
    """R31"""
    client = browser(app, world.commissioner)
    lot_id = world.register.lots[0].id
    wrong = client.post("/commissioning/referrals/new", data={**WRITTEN, "lot": lot_id, "outcomes": " "})
    assert (wrong.status_code, "Write what the learner should achieve." in words(wrong)) == (422, True)
    told = {**WRITTEN, "lot": lot_id, "outcomes": "Lives with Amina Khan"}
    page = client.post("/commissioning/referrals/new", data=told, follow_redirects=True)
    assert "\u201cAmina Khan\u201d looks like a name" in words(page)
    with world.ground.read() as session:
        base = f"/commissioning/referrals/{session.scalars(select(ReferralRow.id)).one()}"
    assert client.get(base).location == f"{base}/wording"
    assert client.get(f"{base}/times").location == f"{base}/wording"
    assert "Amina Khan" in client.get(f"{base}/edit").text
    boxes = re.findall(r'name="findings" type="checkbox" value="(\w{16})"', client.get(f"{base}/wording").text)
    assert client.post(f"{base}/wording", data={}).location == f"{base}/wording"
    assert client.post(f"{base}/wording", data={"findings": boxes}).location == f"{base}/route"
    page = client.post(f"{base}/edit", data={**WRITTEN, "lot": lot_id}, follow_redirects=True)
    assert "We found nothing more to check." in words(page)


def test_nothing_that_decides_who_is_asked_is_chosen_beforehand(world: World, app: Flask) -> None:
    """R3: lot and age band leave settings out, so that a person must have chosen them."""
    client = browser(app, world.commissioner)
    empty = {**WRITTEN, "lot": "", "age_band": "", "year_group": "", "starts_from": ["", "", ""]}
    for page in (client.post("/commissioning/referrals/new", data=empty), client.post("/commissioning/referrals/new")):
        assert page.status_code == 422
        for said in ("Choose the lot", "Choose the age band", "Choose the year group", "Enter the earliest start"):
            assert said in words(page)


def test_a_commissioner_chooses_the_times(world: World, app: Flask) -> None:
    """R14, R15"""
    client = browser(app, world.commissioner)
    base = f"/commissioning/referrals/{world.drafted()}"
    assert "the earliest deadline is Monday 30 November 2026" in words(client.get(f"{base}/times"))
    chosen = {"deadline": ["1", "12", "2026"], "release": "later", "release_day": ["24", "11", "2026"]}
    for wrong, said in (
        ({**chosen, "deadline": ["27", "11", "2026"], "release": "now"}, "The earliest deadline is 30 November 2026."),
        ({**chosen, "deadline": ["31", "2", "2026"]}, "Enter a real date"),
        ({**chosen, "deadline": "1"}, "Enter a real date"),
        (chosen, "Enter the day and the time of the release."),
        ({**chosen, "release_time": "25:99"}, "Enter a real time"),
        ({**chosen, "release_time": "09:00", "release_day": ["23", "11", "2026"]}, "The release time has passed."),
    ):
        page = client.post(f"{base}/times", data=wrong)
        assert (page.status_code, said in words(page)) == (422, True), said
    page = client.post(f"{base}/times", data={**chosen, "release_time": "09:30"})
    assert page.location == f"{base}/check"
    assert "Release 24 November 2026 at 9:30am" in words(client.get(page.location))


def test_a_commissioner_sees_exactly_what_is_then_issued(world: World, app: Flask) -> None:
    """R2, R3, R9, R30"""
    client = browser(app, world.commissioner)
    referral_id = world.drafted()
    base = f"/commissioning/referrals/{referral_id}"
    target = f"{base}/check"
    client.post(f"{base}/times", data=PLANNED)
    page = client.get(target)
    for said in (
        "Release 24 November 2026 at 9:30am",
        "Deadline 1 December 2026 at midday",
        "3 will be asked",
        "School 1 Sefton Text message",
        "School 3 It is suspended.",
        "School 4 It has paused new referrals itself.",
        f"https://hub.example.org/referrals/{referral_id}",
    ):
        assert said in words(page)
    seen = {"previewed": previewed(page)}
    assert client.post(target, data=seen).status_code == 409, "a colleague must look first"
    assert "Approvals" in words(client.post(f"{base}/approval", data=seen, follow_redirects=True))
    second = browser(app, world.colleague)
    assert "Save the decision" in words(second.get(target))
    second.post(f"{base}/decision", data={**seen, "outcome": "approved", "words": ""})
    page = client.post(target, data=seen, follow_redirects=True)
    assert "Waiting for its release time" in words(page)
    assert "0 of 3 answered" in words(page)
    with world.ground.read() as session:
        assert set(session.scalars(select(MessageRow.due_at).where(MessageRow.key == "referrals.alert"))) == {
            datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
        }
    assert client.get(f"{base}/edit").status_code == 404
    assert words(client.get("/commissioning/referrals")).count("0 of 3") == 1


def test_what_was_not_previewed_is_not_issued(world: World, app: Flask) -> None:
    """R9"""
    referral_id = world.drafted()
    client = browser(app, world.commissioner)
    base = f"/commissioning/referrals/{referral_id}"
    assert client.get(f"{base}/check").location == f"{base}/times"
    client.post(f"{base}/times", data=PLANNED)
    assert client.post(f"{base}/check", data={"previewed": "x"}).status_code == 409
    assert client.post(f"{base}/approval", data={"previewed": "x"}).status_code == 409
    with world.ground.read() as session:
        assert session.scalars(select(MessageRow).where(MessageRow.key == "referrals.alert")).all() == []


def test_the_page_shows_counts_only_until_two_people_unseal(world: World, app: Flask, clock: FixedClock) -> None:
    """R21, R22"""
    referral_id = world.issued()
    world.respond(referral_id, 0, OFFER)
    base = f"/commissioning/referrals/{referral_id}"
    first = browser(app, world.commissioner)
    page = words(first.get(base))
    assert "1 of 3 answered" in page
    assert "48,000" not in page
    assert first.post(f"{base}/unseal").status_code == 403
    clock.set(DEADLINE + timedelta(minutes=1))
    first, second = browser(app, world.commissioner), browser(app, world.colleague)  # the sessions have run out
    page = words(first.post(f"{base}/unseal", follow_redirects=True))
    assert "A colleague must unseal too." in page
    assert "48,000" not in page
    assert first.post(f"{base}/unseal").status_code == 409
    page = words(second.post(f"{base}/unseal", follow_redirects=True))
    assert "School 0 Answer Offer a place Earliest start Monday 11 January 2027" in page
    assert "£48,000" in page
    assert "Unsealed by Una Umber and Tom Teal." in page
    assert first.post(f"{base}/close", data={"reason": ""}).status_code == 422
    page = words(
        first.post(f"{base}/close", data={"reason": "Moved away.", "next_step": "nothing"}, follow_redirects=True)
    )
    assert "Moved away." in page


def test_the_alerts_page_is_for_those_asked_after_signing_in_and_the_councils_for_its_own_people(
    world: World, app: Flask, clock: FixedClock
) -> None:
    """R32, A3: whoever tries another id is told that there is no such page."""
    issued, draft = world.issued(), world.drafted()
    asked = recipient_id(world, 0)
    nobody = app.test_client()
    assert nobody.get(f"/referrals/{issued}").location == f"/sign-in?next=/referrals/{issued}"
    own = [f"/referrals/{issued}", f"/referrals/{issued}/answers/{asked}"]
    for number, paths in ((1, own[1:]), (3, own), (4, own)):
        for path in (*paths, f"/referrals/{issued}/answers/{asked}/receipt"):
            assert browser(app, world.user(number)).get(path).status_code == 404
            assert browser(app, world.user(number)).post(path, data=OFFERED).status_code in {404, 405}
    council = [
        f"/commissioning/referrals/{issued}",
        f"/commissioning/referrals/{issued}/close",
        *(f"/commissioning/referrals/{draft}{step}" for step in ("", "/edit", "/wording", "/times")),
        f"/commissioning/referrals/{draft}/check",
    ]
    clock.set(DEADLINE + timedelta(minutes=1))
    for path in council:
        assert browser(app, world.stranger).get(path).status_code == 404, path
        assert browser(app, world.user(0)).get(path).status_code == 403, path
        assert browser(app, world.register.lead).get(path).status_code == 403, path
    assert browser(app, world.stranger).post(f"/commissioning/referrals/{issued}/unseal").status_code == 404
    assert browser(app, world.commissioner).get(own[0]).status_code == 403
    assert "no referrals yet" in words(browser(app, world.stranger).get("/commissioning/referrals"))


def test_the_page_says_how_each_alert_fared(world: World, app: Flask) -> None:
    """R34"""
    referral_id = world.issued()
    page = words(browser(app, world.commissioner).get(f"/commissioning/referrals/{referral_id}"))
    assert "School 0 Provider 0 User 0 Waiting" in page
    assert "School 1 Provider 1 User 1 Waiting Text message History of the alert to School 1" in page


def test_the_page_warns_of_whatever_was_changed_behind_an_issue(world: World, app: Flask) -> None:
    """R9: the text, the deadline or the list of recipients."""
    client = browser(app, world.commissioner)
    page = f"/commissioning/referrals/{world.issued()}"
    assert "still gives this fingerprint" in words(client.get(page))
    for change, is_intact in (
        (update(IssueRow).values(deadline_at=DEADLINE + timedelta(days=1)), False),
        (update(IssueRow).values(deadline_at=DEADLINE), True),
        (delete(RecipientRow).where(RecipientRow.setting_id == world.settings[0]), False),
    ):
        with world.ground.work() as work:
            work.session.execute(change)
        assert ("still gives this fingerprint" in words(client.get(page))) == is_intact
    assert "Somebody has changed it" in words(client.get(page))
