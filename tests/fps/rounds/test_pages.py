from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fps.actions.rounds.ask_market import add_enquiry
from fps.actions.rounds.clarify import ask_question
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.plan_session import add_session
from fps.actions.rounds.take_part import ask_to_take_part, confirm, register_interest
from fps.model.rounds import EnquiryKind, RoundState
from fps.queries.rounds import joining_round
from fps.tables.rounds import RoundContactRow, RoundReplyRow, RoundRow
from kernel.work import Ground
from people.model import Role
from people.tables import InvitationRow
from tests.fps.rounds.conftest import Browse
from tests.fps.rounds.guests import WHO, WORKSHOP, link_of
from tests.fps.rounds_world import coming_round, draft, open_round, terms_of
from tests.fps.world import World, member


def day(name: str, on: date) -> dict[str, list[str]]:
    return {name: [str(on.day), str(on.month), str(on.year)]}


def round_form(world: World, **changed: object) -> dict[str, object]:
    return {
        "number": "8",
        "title": "Joining round 8",
        "lot_ids": [world.lots[0].id, world.lots[1].id],
        "advert": "We look for settings.\n\n<script>alert(1)</script>",
        "notice_reference": "DN700900",
        **day("opens", date(2026, 11, 30)),
        "opens_time": "09:00",
        **day("questions_close", date(2026, 12, 11)),
        "questions_close_time": "12:00",
        **day("closes", date(2026, 12, 18)),
        "closes_time": "12:00",
        **day("decide_by", date(2027, 1, 29)),
        "standstill_days": "10",
        **day("contracts_start_on", date(2027, 3, 1)),
        "seen": "0",
        **changed,
    }


def test_the_lead_writes_publishes_and_changes_a_round_and_anybody_reads_it(
    app: Flask, ground: Ground, world: World, browse: Browse
) -> None:
    lead = browse(world.lead)
    assert "There are no rounds yet" in lead.get("/register/rounds").text
    wrong = lead.post("/register/rounds/new", data=round_form(world, title="", **day("closes", date(2026, 12, 19))))
    assert wrong.status_code == 422
    assert "Enter a title" in wrong.text
    assert lead.post("/register/rounds/new", data=round_form(world, **day("closes", date(2026, 12, 19)))).text.count(
        "working day"
    )
    written = lead.post("/register/rounds/new", data=round_form(world))
    assert written.status_code == 303
    with ground.read() as session:
        round_id = session.scalars(select(RoundRow.id)).one()
    anybody = app.test_client()
    assert anybody.get(f"/joining/{round_id}").status_code == 404
    assert "&lt;script&gt;" in lead.get(f"/register/rounds/{round_id}/preview").text
    assert lead.post(f"/register/rounds/{round_id}/publish").status_code == 303
    shown = anybody.get(f"/joining/{round_id}").text
    assert "<script>alert" not in shown
    assert "Friday 18 December 2026 at midday" in shown
    assert "Insurance certificate" in shown


def test_a_change_is_read_by_anybody_and_not_written_over_unseen(
    app: Flask, ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        round_id = coming_round(work, world).id
    lead, anybody = browse(world.lead), app.test_client()
    changed = round_form(world, title="Round eight", seen="1")
    assert lead.post(f"/register/rounds/{round_id}/edit", data=changed).status_code == 303
    again = lead.post(f"/register/rounds/{round_id}/edit", data=round_form(world, title="Mine", seen="1"))
    assert "Somebody else changed this round" in again.text
    assert "Its title is now “Round eight”." in anybody.get(f"/joining/{round_id}").text
    assert "Round eight" in anybody.get("/joining").text
    assert "Round eight" in lead.get("/register/rounds?state=published").text
    assert "No round is in that state" in lead.get("/register/rounds?state=open").text


def test_a_draft_that_would_have_opened_is_not_published(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        round_id = draft(work, world)
    refused = browse(world.lead).post(f"/register/rounds/{round_id}/publish")
    assert refused.status_code == 422
    assert "would have opened in the past" in refused.text


def test_another_authority_and_rivals_find_none_of_the_leads_pages(
    ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        engagement_id = add_session(work, world.lead, card.id, WORKSHOP)
        door = Door(card.id, actor=world.providers[0][1])
        register_interest(work, door)
        question_id = ask_question(work, door, "What about transport?")
        contact_id = work.session.scalars(select(RoundContactRow.id)).one()
        other = member(work, "Another lead", Role.LEAD_AUTHORITY, world.other_council_id)
    home = f"/register/rounds/{card.id}"
    for path in (
        "",
        "/edit",
        "/preview",
        "/cancel",
        "/interest",
        f"/interest/{contact_id}",
        "/questions",
        f"/questions/{question_id}",
        f"/questions/{question_id}/set-aside",
        "/questionnaire",
        "/questionnaire.csv",
        "/sessions/new",
        f"/sessions/{engagement_id}",
        f"/sessions/{engagement_id}/edit",
        f"/sessions/{engagement_id}/cancel",
    ):
        assert browse(other).get(home + path).status_code == 404, path
        assert browse(world.providers[1][1]).get(home + path).status_code == 403, path
        assert browse(world.lead).get(home + path).status_code == 200, path


def test_somebody_without_an_account_takes_part_by_their_link(app: Flask, ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        engagement_id = add_session(work, world.lead, card.id, WORKSHOP)
    anybody = app.test_client()
    form = {"organisation": WHO.organisation_name, "name": WHO.name, "address": "no address"}
    assert "not an email address" in anybody.post(f"/joining/{card.id}/take-part", data=form).text
    form |= {"address": WHO.email, "session_id": engagement_id}
    sent = anybody.post(f"/joining/{card.id}/take-part", data=form)
    assert "Check your email" in anybody.get(sent.location).text
    link = f"/joining/link/{link_of(ground)}"
    assert anybody.get(f"/l/{link_of(ground)}").location == link
    assert "Confirm your email address" in anybody.get(link).text
    anybody.post(link, data={"do": "confirm"})
    mine = anybody.get(link).text
    assert "You have a place" in mine
    assert "To apply you need an account" in mine
    anybody.post(link, data={"do": "give_up", "session": engagement_id})
    assert "2 of 2 places left" in anybody.get(link).text


def test_a_newcomer_answers_and_asks_and_the_lead_reads_it(
    app: Flask, ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        enquiry_id = add_enquiry(work, world.lead, card.id, "How many places?", EnquiryKind.NUMBER)
        ask_to_take_part(work, card.id, WHO)
    anybody, link = app.test_client(), f"/joining/link/{link_of(ground)}"
    anybody.post(link, data={"do": "confirm"})
    wrong = anybody.post(link, data={"do": "reply", enquiry_id: "many"})
    assert wrong.status_code == 422
    assert "Enter a number" in wrong.text
    assert anybody.post(link, data={"do": "reply", enquiry_id: "1,200"}).status_code == 303
    assert anybody.post(link, data={"do": "ask", "question": ""}).status_code == 422
    assert anybody.post(link, data={"do": "ask", "question": "What about transport?"}).status_code == 303
    assert anybody.post(link, data={"do": "nothing"}).status_code == 404
    lead = browse(world.lead)
    assert "Shoreline Learning" in lead.get(f"/register/rounds/{card.id}/interest").text
    assert "1200" in lead.get(f"/register/rounds/{card.id}/questionnaire").text
    assert "Shoreline Learning,1200" in lead.get(f"/register/rounds/{card.id}/questionnaire.csv").text


def test_the_lead_invites_who_wants_to_apply_and_a_new_provider_comes_of_it(
    ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        ask_to_take_part(work, card.id, WHO)
    with ground.work() as work:
        confirm(work, link_of(ground))
        contact_id = work.session.scalars(select(RoundContactRow.id)).one()
    lead = browse(world.lead)
    at = f"/register/rounds/{card.id}/interest/{contact_id}"
    assert "Shoreline Learning" in lead.get(at).text
    assert lead.post(at, data={"provider": "", "name": ""}).status_code == 422
    for _ in range(2):
        assert lead.post(at, data={"provider": "", "name": "Shoreline Learning"}).status_code == 303
    with ground.read() as session:
        invited = session.scalars(select(InvitationRow)).one()
        assert (invited.role, invited.name) == ("provider_user", WHO.name)


def test_a_provider_signed_in_takes_part_with_one_press_and_sees_no_rival(
    ground: Ground, world: World, browse: Browse
) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        engagement_id = add_session(work, world.lead, card.id, WORKSHOP)
        enquiry_id = add_enquiry(work, world.lead, card.id, "Where?", EnquiryKind.CHOICE, ("North", "South"))
        text_id = add_enquiry(work, world.lead, card.id, "What could you offer?", EnquiryKind.TEXT)
    first, second = (browse(world.providers[number][1]) for number in range(2))
    at = f"/joining/{card.id}/mine"
    assert "I am interested" in first.get(at).text
    for do in ({"do": "interest"}, {"do": "book", "session": engagement_id}, {"do": "book", "session": engagement_id}):
        assert first.post(at, data=do).status_code == 303
    reply = {"do": "reply", enquiry_id: "North", text_id: "Ten places near Formby <b>"}
    assert first.post(at, data=reply).status_code == 303
    assert second.post(at, data={"do": "reply", enquiry_id: "West"}).status_code == 422
    seen = second.get(at).text + second.get(f"/joining/{card.id}").text
    assert "Formby" not in seen
    assert "Provider 0" not in seen
    assert "Ten places near Formby &lt;b&gt;" in first.get(at).text
    first.post(at, data={"do": "reply", enquiry_id: "South"})
    with ground.read() as session:
        assert session.scalars(select(RoundReplyRow.words)).all() == ["South"]
    assert "User 0" in browse(world.lead).get(f"/register/rounds/{card.id}/sessions/{engagement_id}").text
    full = browse(world.lead).post(
        f"/register/rounds/{card.id}/sessions/{engagement_id}/edit", data={**_session_form(), "capacity": "0"}
    )
    assert full.status_code == 422


def _session_form() -> dict[str, object]:
    return {
        "title": "Meet us",
        **day("day", date(2026, 12, 3)),
        "starts": "10:00",
        "ends": "12:00",
        "place": "Crewe",
        "link": "",
        "capacity": "12",
    }


def test_the_lead_plans_moves_and_cancels_sessions_on_pages(ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
    lead = browse(world.lead)
    home = f"/register/rounds/{card.id}/sessions"
    assert lead.post(f"{home}/new", data={**_session_form(), "place": ""}).status_code == 422
    at = lead.post(f"{home}/new", data=_session_form()).location
    assert "Nobody has a place yet" in lead.get(at).text
    assert lead.post(f"{at}/edit", data={**_session_form(), "capacity": "20"}).status_code == 303
    assert "20 of 20 places left" in lead.get(at).text
    assert lead.post(f"{at}/cancel", data={"reason": "The hall is flooded."}).status_code == 303
    assert "The hall is flooded." in lead.get(at).text


def test_the_feed_keeps_its_uids_and_counts_changes(app: Flask, ground: Ground, world: World, browse: Browse) -> None:
    with ground.work() as work:
        card = coming_round(work, world)
        add_session(work, world.lead, card.id, WORKSHOP)
        draft(work, world, terms_of(world, 9))
    anybody = app.test_client()
    before = anybody.get("/joining.ics").text
    assert before.count("BEGIN:VEVENT") == 6
    assert "meet.example.org" not in before
    assert f"UID:round-{card.id}-closes@rounds.coproduction-hub" in before
    assert before.count("SEQUENCE:0") == 6
    assert "DTSTART:20261218T120000Z" in before
    browse(world.lead).post(f"/register/rounds/{card.id}/cancel", data={"reason": "The budget changed."})
    after = anybody.get("/joining.ics").text
    assert _uids(after) == _uids(before)
    assert after.count("STATUS:CANCELLED") == 6
    assert after.count("SEQUENCE:1") == 6
    with ground.read() as session:
        assert joining_round(session, card.id).state is RoundState.CANCELLED
    rows = anybody.get("/joining.csv").text.splitlines()
    assert len(rows) == 2
    assert "Cancelled" in rows[1]
    assert "2026-12-18 12:00" in rows[1]


def _uids(feed: str) -> list[str]:
    return [line for line in feed.splitlines() if line.startswith("UID:")]


def test_the_public_form_says_the_same_for_every_address_and_is_limited(
    app: Flask, ground: Ground, world: World
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
    anybody = app.test_client()
    answers = set()
    for address in ("sam@example.org", "user0@example.org", "lead@example.org", "sam@example.org"):
        form = {"organisation": "Shoreline", "name": "Sam", "address": address}
        sent = anybody.post(f"/joining/{card.id}/take-part", data=form)
        answers.add((sent.status_code, sent.location))
    assert len(answers) == 1
    codes = [_ask(anybody, card.id) for _ in range(20)]
    assert codes[-1] == 429


def _ask(client: FlaskClient, round_id: str) -> int:
    return client.post(f"/joining/{round_id}/take-part", data={}).status_code


@pytest.mark.parametrize("path", ["/joining", "/joining.csv", "/joining.ics"])
def test_with_no_rounds_there_is_still_something_to_read(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 200
