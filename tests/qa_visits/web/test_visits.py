from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Actor
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.model import Span, VisitState
from qa_visits.queries import action, actions_of_visit, setting_calendar, visit_card
from tests.qa_visits.web.conftest import Browse
from tests.qa_visits.world import DAY, World, keys, messages, propose

FORM = {
    "visit_type": "annual",
    "starts_at": "09:30",
    "ends_at": "15:00",
}


def proposing(world: World, day: str = "9 12 2026", **changes: object) -> dict[str, object]:
    return {**FORM, "setting": world.setting, "officer": world.officer.id, "day": day.split(" "), **changes}


def book(ground: Ground, officer: Actor, visit_id: str) -> None:
    with ground.work() as work:
        accept_visit(work, officer, visit_id)


def state(ground: Ground, visit_id: str) -> tuple[VisitState, date]:
    with ground.read() as session:
        card = visit_card(session, visit_id)
        return card.state, card.day


def test_officer_sees_own_visits_and_can_see_all(ground: Ground, world: World, browse: Browse) -> None:
    propose(ground, world)
    propose(ground, world, officer_id=world.colleague.id, setting_id=world.other_setting)

    own = browse(world.officer).get("/visits").text
    everybody = browse(world.officer).get("/visits?of=all").text

    assert "Brook House School" in own
    assert "Larch Hall" not in own
    assert "Brook House School" in everybody
    assert "Larch Hall" in everybody
    assert "Propose a visit" in own


def test_commissioner_reads_and_cannot_plan(ground: Ground, world: World, browse: Browse) -> None:
    visit_id = propose(ground, world)
    client = browse(world.commissioner)

    assert "Propose a visit" not in client.get("/visits").text
    page = client.get(f"/visits/{visit_id}").text
    assert "Another day" not in page
    assert "Cancel the visit" not in page
    assert client.post(f"/visits/{visit_id}/accept").status_code == 403
    assert client.get("/visits/new").status_code == 403


def test_page_of_a_visit_shows_what_has_happened(ground: Ground, world: World, browse: Browse) -> None:
    visit_id = propose(ground, world)

    page = browse(world.officer).get(f"/visits/{visit_id}").text

    assert "Wednesday 9 December 2026" in page
    assert "by Rosa Quayle" in page
    assert ">Accept<" in page.replace("\n", "").replace("  ", "")
    assert "Brook House Trust" in page


def test_accepting_on_the_page_books(ground: Ground, world: World, browse: Browse) -> None:
    visit_id = propose(ground, world)
    client = browse(world.officer)

    answer = client.post(f"/visits/{visit_id}/accept", follow_redirects=True)

    assert "The visit is booked." in answer.text
    assert state(ground, visit_id) == (VisitState.BOOKED, DAY)
    again = client.post(f"/visits/{visit_id}/accept")
    assert (again.status_code, "already booked" in again.text) == (409, True)


def test_accepting_too_late_asks_for_another_day(
    ground: Ground, world: World, browse: Browse, clock: FixedClock
) -> None:
    visit_id = propose(ground, world)
    clock.move(timedelta(days=4))
    client = browse(world.officer)

    page = client.post(f"/visits/{visit_id}/accept")

    assert page.status_code == 422
    assert "That day gives the provider too little notice." in page.text
    assert "Friday 11 December 2026" in page.text
    done = client.post(f"/visits/{visit_id}/another-day", data={"day": ["11", "12", "2026"]}, follow_redirects=True)
    assert "The visit has its new day." in done.text
    assert state(ground, visit_id) == (VisitState.BOOKED, date(2026, 12, 11))


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (["25", "12", "2026"], "That day is a bank holiday."),
        (["31", "2", "2027"], "Enter a real date"),
        (["", "", ""], "Enter a date"),
        (["x", "y", "z"], "Enter a real date"),
        ([], "Enter a date"),
        (["9", "12"], "Enter a real date"),
        (["9", "12", "2026", "5"], "Enter a real date"),
    ],
)
def test_other_day_that_does_not_fit_is_shown_at_its_field(
    ground: Ground, world: World, browse: Browse, day: list[str], sentence: str
) -> None:
    visit_id = propose(ground, world)

    page = browse(world.officer).post(f"/visits/{visit_id}/another-day", data={"day": day})

    assert page.status_code == 422
    assert sentence in page.text
    assert state(ground, visit_id) == (VisitState.PROPOSED, DAY)


def test_day_of_another_visit_is_refused_at_its_field(ground: Ground, world: World, browse: Browse) -> None:
    visit_id = propose(ground, world)
    propose(ground, world, day=date(2026, 12, 15), setting_id=world.other_setting)

    page = browse(world.officer).post(f"/visits/{visit_id}/another-day", data={"day": ["15", "12", "2026"]})

    assert page.status_code == 409
    assert "The officer already has a visit that day." in page.text


def test_proposing_asks_the_officer(ground: Ground, world: World, browse: Browse) -> None:
    answer = browse(world.colleague).post("/visits/new", data=proposing(world), follow_redirects=True)

    assert "The officer has been asked." in answer.text
    assert keys(messages(ground, to=world.officer)) == ["proposal"]


def test_proposing_a_day_that_does_not_fit_names_days_that_do(ground: Ground, world: World, browse: Browse) -> None:
    page = browse(world.colleague).post("/visits/new", data=proposing(world, "27 11 2026"))

    assert page.status_code == 422
    assert "That day gives the provider too little notice." in page.text
    assert "Monday 7 December 2026" in page.text
    propose(ground, world)
    taken = browse(world.colleague).post("/visits/new", data=proposing(world, setting=world.other_setting))
    assert (taken.status_code, "already has a visit" in taken.text) == (409, True)


def test_q2_other_councils_visits_are_shown_before_proposing(ground: Ground, world: World, browse: Browse) -> None:
    """Q2: one visit within 60 days serves all councils."""
    propose(ground, world)
    client = browse(world.stranger)
    form = proposing(world, "15 12 2026", officer=world.stranger.id)

    first = client.post("/visits/new", data=form)

    assert "One visit can serve all councils." in first.text
    assert "Sefton Council: annual visit, Wednesday 9 December 2026 (proposed)" in first.text
    assert messages(ground, to=world.stranger) == []
    [mark] = [
        line.split('value="')[1].split('"')[0] for line in first.text.splitlines() if 'name="seen_others"' in line
    ]
    second = client.post("/visits/new", data={**form, "seen_others": mark}, follow_redirects=True)
    assert "The visit is proposed." in second.text
    visit_id = messages(ground, to=world.stranger)[0].values["visit"]
    assert "Sefton Council" in client.get(f"/visits/{visit_id}").text


def test_q2_visits_longer_ago_than_the_window_are_left_out(ground: Ground, world: World, browse: Browse) -> None:
    """Q2."""
    propose(ground, world)
    form = proposing(world, "9 2 2027", officer=world.stranger.id)

    answer = browse(world.stranger).post("/visits/new", data=form, follow_redirects=True)

    assert "The visit is proposed." in answer.text


def test_declining_and_cancelling_on_the_page(ground: Ground, world: World, browse: Browse) -> None:
    declined, cancelled = propose(ground, world), propose(ground, world, day=date(2026, 12, 10))
    client = browse(world.officer)

    assert "You have declined" in client.post(f"/visits/{declined}/decline", data={}, follow_redirects=True).text
    assert client.post(f"/visits/{cancelled}/cancel", data={"reason": " "}).status_code == 422
    done = client.post(f"/visits/{cancelled}/cancel", data={"reason": "The head is ill."}, follow_redirects=True)
    assert "The visit is cancelled." in done.text
    assert "The head is ill." in done.text
    assert "Brook House School" in client.get("/visits?which=ended").text
    assert client.get(f"/visits/{cancelled}/invitation.ics").status_code == 404


def test_visit_can_be_put_into_the_officers_own_calendar(ground: Ground, world: World, browse: Browse) -> None:
    visit_id = propose(ground, world)

    answer = browse(world.officer).get(f"/visits/{visit_id}/invitation.ics")

    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    assert str(calendar.walk("VEVENT")[0]["UID"]) == f"visit-{visit_id}@visits.coproduction-hub"


def test_outcome_leaves_an_action(ground: Ground, world: World, browse: Browse, clock: FixedClock) -> None:
    visit_id = propose(ground, world)
    book(ground, world.officer, visit_id)
    client = browse(world.officer)
    assert "Record what you found" not in client.get(f"/visits/{visit_id}").text
    clock.set(datetime(2026, 12, 9, 16, tzinfo=UTC))
    client = browse(world.officer)  # the session has run out
    assert "Record what you found" in client.get(f"/visits/{visit_id}").text
    form = {
        "judgement": "assured_with_actions",
        "summary": "Well led; one thing to improve.",
        "title": "Check every visitor's identity",
        "head": "policies",
        "priority": "high",
        "owner": world.owner.id,
        "success_measure": "The visitors' book shows it.",
    }
    url = f"/visits/{visit_id}/outcome"
    assert "Petra Poole" in client.get(url).text
    assert "Enter the date by which it is due." in client.post(url, data=form).text
    weekend = client.post(url, data={**form, "due_on": ["9", "1", "2027"]})
    assert "The due date must be a working day." in weekend.text

    done = client.post(url, data={**form, "due_on": ["4", "1", "2027"]}, follow_redirects=True)

    assert "The outcome is recorded." in done.text
    with ground.read() as session:
        [left] = actions_of_visit(session, visit_id, today=DAY)
        assert action(session, left.id, today=DAY, council_ids=[world.council]).due_on == date(2027, 1, 4)
    assert "Check every visitor&#39;s identity" in done.text


def test_assured_setting_is_recorded_without_an_action(
    ground: Ground, world: World, browse: Browse, clock: FixedClock
) -> None:
    visit_id = propose(ground, world)
    book(ground, world.officer, visit_id)
    clock.set(datetime(2026, 12, 9, 16, tzinfo=UTC))

    form = {"judgement": "assured", "summary": "All well.", "head": "voice", "priority": "low", "owner": world.owner.id}
    done = browse(world.officer).post(f"/visits/{visit_id}/outcome", data=form, follow_redirects=True)

    assert "The outcome is recorded." in done.text


def test_term_dates_are_recorded_and_shown_again(ground: Ground, world: World, browse: Browse) -> None:
    client = browse(world.officer)
    url = f"/visits/settings/{world.setting}/term-dates"
    form = {"half_terms": "4 1 2027 to 12 2 2027\n2 11 2026 to 18 12 2026", "closures": "27 11 2026\n"}

    done = client.post(url, data=form, follow_redirects=True)

    assert "The term dates of Brook House School are recorded." in done.text
    with ground.read() as session:
        calendar = setting_calendar(session, world.setting)
    assert calendar.half_terms[0] == Span(date(2026, 11, 2), date(2026, 12, 18))
    assert calendar.closures == (Span(date(2026, 11, 27), date(2026, 11, 27)),)
    assert "2 11 2026 to 18 12 2026" in client.get(url).text
    wrong = client.post(url, data={"half_terms": "autumn", "closures": ""})
    assert (wrong.status_code, "We cannot read the line “autumn”." in wrong.text) == (422, True)


def test_no_council_or_provider_reaches_another_councils_visit(ground: Ground, world: World, browse: Browse) -> None:
    visit_id = propose(ground, world)
    paths = ("", "/another-day", "/decline", "/cancel", "/outcome", "/invitation.ics")
    for path in paths:
        assert browse(world.stranger).get(f"/visits/{visit_id}{path}").status_code == 404, path
        assert browse(world.owner).get(f"/visits/{visit_id}{path}").status_code == 403, path
    for path in ("/accept", "/another-day", "/decline", "/cancel", "/outcome"):
        data = {"reason": "x", "day": ["15", "12", "2026"]}
        assert browse(world.stranger).post(f"/visits/{visit_id}{path}", data=data).status_code == 404, path
        assert browse(world.owner).post(f"/visits/{visit_id}{path}", data=data).status_code == 403, path
    assert "Brook House School" not in browse(world.stranger).get("/visits?of=all").text
    assert state(ground, visit_id) == (VisitState.PROPOSED, DAY)


def test_colleague_cannot_answer_for_the_officer(ground: Ground, world: World, browse: Browse) -> None:
    visit_id = propose(ground, world)
    client = browse(world.colleague)

    assert client.post(f"/visits/{visit_id}/accept").status_code == 403
    day = {"day": ["15", "12", "2026"]}
    assert client.post(f"/visits/{visit_id}/another-day", data=day).status_code == 403
    assert ">Accept<" not in client.get(f"/visits/{visit_id}").text.replace("\n", "").replace("  ", "")


def test_nobody_signed_in_is_asked_to_sign_in(world: World, browse: Browse) -> None:
    client = browse(world.officer)
    with client.session_transaction() as session:
        session.clear()
    assert client.get("/visits").status_code == 303
