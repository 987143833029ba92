"""The pages of versions and questions, for the council and for those who were asked."""

from __future__ import annotations

import pytest
from flask import Flask

from kernel.clock import FixedClock
from referrals.queries.questions import council_questions
from referrals.rules.identifying import Finding, Mark
from tests.referrals.browsing import browser, words
from tests.referrals.equal.steps import change, versions, wording
from tests.referrals.equal.test_questions import WORDS, answer, ask
from tests.referrals.world import World

CHANGED: dict[str, str | list[str]] = {
    "version": "1",
    "outcomes": "Learns to ask for help.",
    "risk_wording": "",
    "travel_zone": "Within 45 minutes",
    "starts_from": ["4", "1", "2027"],
    "starts_until": ["26", "2", "2027"],
    "deadline": ["3", "12", "2026"],
    "reason": "The outcome was worded wrongly at first.",
}


def test_a_provider_asks_the_council_answers_and_a_rival_reads_both(app: Flask, world: World) -> None:
    """R11"""
    referral_id = world.issued()
    asker, rival, council = (browser(app, actor) for actor in (world.user(0), world.user(1), world.commissioner))
    sent = asker.post(f"/referrals/{referral_id}/questions", data={"words": WORDS}, follow_redirects=True)
    assert "Your question is with the council" in words(sent)
    with world.ground.read() as session:
        (question,) = council_questions(session, world.commissioner, referral_id).waiting
    page = council.get(f"/commissioning/referrals/{referral_id}/questions")
    assert WORDS in words(page)
    assert "School" not in words(page).partition("Waiting for your answer")[2]
    filled = {"shown": WORDS, "answer": "Two hours a week."}
    done = council.post(
        f"/commissioning/referrals/{referral_id}/questions/{question.id}", data=filled, follow_redirects=True
    )
    assert "Everybody who was asked gets your answer now." in words(done)
    assert "Two hours a week." in words(rival.get(f"/referrals/{referral_id}/questions"))


def test_a_finding_is_shown_to_whoever_writes_and_goes_out_once_confirmed(app: Flask, world: World) -> None:
    """R11, R31"""
    referral_id = world.issued()
    asker = browser(app, world.user(0))
    written = {"words": "Has the Blackburn team seen the plan?"}
    page = asker.post(f"/referrals/{referral_id}/questions", data=written)
    assert page.status_code == 422
    assert "“Blackburn” looks like a name" in words(page)
    key = Finding("words", Mark.NAME, "Blackburn").key
    sent = asker.post(f"/referrals/{referral_id}/questions", data={**written, "confirmed": key})
    assert sent.status_code == 303


def test_a_change_goes_out_as_a_version_and_is_confirmed_by_those_who_were_asked(app: Flask, world: World) -> None:
    """R10"""
    referral_id = world.issued()
    council, asked = browser(app, world.commissioner), browser(app, world.user(0))
    assert "Version 1" in words(council.get(f"/commissioning/referrals/{referral_id}/versions"))
    assert council.get(f"/commissioning/referrals/{referral_id}/change").status_code == 200
    done = council.post(f"/commissioning/referrals/{referral_id}/change", data=CHANGED, follow_redirects=True)
    assert "0 of 3 have confirmed it" in words(done)
    assert len(versions(world, referral_id)) == 2
    page = asked.get(f"/referrals/{referral_id}/questions")
    assert "The outcome was worded wrongly at first." in words(page)
    assert asked.post(f"/referrals/{referral_id}/versions/2").status_code == 303
    assert "1 of 3 have confirmed it" in words(council.get(f"/commissioning/referrals/{referral_id}/versions"))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reason", "", "Say what has changed and why"),
        ("deadline", ["28", "11", "2026"], "The deadline must be a working day"),
        ("deadline", ["26", "11", "2026"], "The earliest deadline is 1 December 2026"),
        ("outcomes", "Meets Mr Brown of Leyland.", "Say of each finding"),
    ],
)
def test_what_is_wrong_with_a_change_is_said_at_its_field(
    app: Flask, world: World, field: str, value: str | list[str], sentence: str
) -> None:
    """R10, R14, R31"""
    referral_id = world.issued()
    page = browser(app, world.commissioner).post(
        f"/commissioning/referrals/{referral_id}/change", data={**CHANGED, field: value}
    )
    assert page.status_code == 422
    assert sentence in words(page)
    assert len(versions(world, referral_id)) == 1


def test_a_page_that_was_left_open_changes_nothing(app: Flask, world: World) -> None:
    """R10: two at once"""
    referral_id = world.issued()
    change(world, referral_id, wording("Learns to ask for a break in class."))
    page = browser(app, world.colleague).post(f"/commissioning/referrals/{referral_id}/change", data=CHANGED)
    assert page.status_code == 409
    assert len(versions(world, referral_id)) == 2


def test_pages_say_so_where_there_is_nothing(app: Flask, world: World, clock: FixedClock) -> None:
    referral_id = world.issued()
    council, asked = browser(app, world.commissioner), browser(app, world.user(0))
    assert "No question waits for you." in words(council.get(f"/commissioning/referrals/{referral_id}/questions"))
    shown = words(asked.get(f"/referrals/{referral_id}/questions"))
    assert "No question has been answered yet." in shown
    assert "Nothing has changed since you were asked." in shown
    clock.set(versions(world, referral_id)[0].deadline_at)
    later = browser(app, world.user(0))
    assert "Questions closed on" in words(later.get(f"/referrals/{referral_id}/questions"))


def test_nobody_else_reads_or_answers(app: Flask, world: World) -> None:
    """A3: another's referral is not there"""
    referral_id = world.issued()
    question_id = ask(world, referral_id)
    stranger, unasked = browser(app, world.stranger), browser(app, world.user(3))
    for part in ("questions", f"questions/{question_id}", "versions", "change"):
        assert stranger.get(f"/commissioning/referrals/{referral_id}/{part}").status_code == 404
    assert unasked.get(f"/referrals/{referral_id}/questions").status_code == 404
    assert unasked.post(f"/referrals/{referral_id}/versions/1").status_code == 404
    answer(world, question_id)
    council = browser(app, world.commissioner)
    assert council.get(f"/commissioning/referrals/{referral_id}/questions/{question_id}").status_code == 404
