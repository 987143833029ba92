"""A family's own page by their link: language, ways to reach them, quiet hours, stop and start."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from channels.model import Channel
from hub.web import branding
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.change_contact_points import add_contact_point
from people.actions.change_roles import grant_role
from people.actions.mark_opt_out import opt_in, opt_out
from people.model import Role
from people.queries import contact_point, contact_points, council_of
from people.queries.directory import quiet_hours_of
from people.tables import ContactPointRow
from tests.people.town import FAR_MUM_PHONE, MUM_PHONE, Town, actor_of, code_in, email_of, post_of
from tests.people.web.conftest import Browse

NEW_PHONE = "+447700900333"


@pytest.fixture
def home(browse: Browse, ground: Ground, town: Town) -> str:
    """The address of Amelia's own page, as it came by text."""
    browse(town.admin).post(f"/people/{town.mum}/details-link")
    post = post_of(ground)
    post.deliver()
    (text,) = post.arrived(Channel.SMS, MUM_PHONE)
    found = re.search(r"/l/[\w-]+", text)
    assert found is not None
    return browse(None).get(found[0]).headers["Location"]


@pytest.fixture
def mum(browse: Browse) -> FlaskClient:
    return browse(None)


def test_the_link_opens_their_own_details_and_shows_no_whole_number(mum: FlaskClient, home: str) -> None:
    page = mum.get(home).text
    assert "How we reach you" in page
    assert "•••111" in page
    assert MUM_PHONE not in page


def test_it_speaks_their_language(mum: FlaskClient, ground: Ground, town: Town, home: str) -> None:
    page = mum.post(f"{home}/language", data={"language": "ur"}, follow_redirects=True).text
    assert 'lang="ur" dir="rtl"' in page
    assert actor_of(ground, town.mum).language == "ur"
    assert "How we reach you" not in page, "it is translated"


def test_it_looks_like_their_own_council(app: Flask, mum: FlaskClient, town: Town, home: str) -> None:
    told, _ = app.extensions[branding.EXTENSION]
    own = branding.Branding("Seaborough Together", "#5a0b3f", "Seaborough Council")

    def look(session: Session, place: str) -> branding.Branding | None:
        council = council_of(session, place)
        return own if council and council.id == town.council else None

    app.extensions[branding.EXTENSION] = (told, look)
    assert "Seaborough Together" in mum.get(home).text


def test_quiet_hours(mum: FlaskClient, ground: Ground, town: Town, home: str) -> None:
    assert mum.post(f"{home}/quiet-hours", data={"from": "21:00", "to": ""}).status_code == 422
    mum.post(f"{home}/quiet-hours", data={"from": "21:00", "to": "09:00"})
    with ground.read() as session:
        start, end = quiet_hours_of(session, town.mum)
    assert start is not None
    assert end is not None
    assert (start.hour, end.hour) == (21, 9)


def test_stop_and_start_are_as_by_text(mum: FlaskClient, ground: Ground, town: Town, home: str) -> None:
    """V12"""
    for wish, is_stopped in (("stop", True), ("stop", True), ("start", False)):
        page = mum.post(f"{home}/messages/{wish}", follow_redirects=True).text
        with ground.read() as session:
            (point,) = contact_points(session, town.mum)
        assert (point.opted_out_at is not None) is is_stopped
        assert ("You have stopped messages from us." in page) is is_stopped


def _add(client: FlaskClient, home: str, by: str, address: str) -> str:
    """Type in an address that is not proved, try to have it written to first, and return its id."""
    there = client.post(f"{home}/add?by={by}", data={"address": address}).headers["Location"]
    refused = client.post(there.replace("/code", "/prefer"))
    assert refused.status_code == 422
    assert "Write the 6 numbers that we sent there first." in refused.text
    return there.split("/")[-2]


def test_V12_a_familys_stop_silences_nobody_else(mum: FlaskClient, ground: Ground, town: Town, home: str) -> None:
    added = _add(mum, home, "email", email_of("Maureen Tatlock"))
    mum.post(f"{home}/messages/stop")
    with ground.work() as work:
        opt_out(work, town.mum, added)
    with ground.read() as session:
        (duty,) = contact_points(session, town.duty)
        assert all(point.opted_out_at is not None for point in contact_points(session, town.mum))
    assert duty.opted_out_at is None
    with ground.work() as work:
        point_id = add_contact_point(work, actor_of(ground, town.officer), town.officer, "email", duty.address)
        assert contact_point(work.session, point_id).opted_out_at is None, "nobody who owns it has said STOP"


def test_V12_a_familys_start_lifts_nobody_elses_stop(mum: FlaskClient, ground: Ground, town: Town, home: str) -> None:
    added = _add(mum, home, "sms", FAR_MUM_PHONE)
    with ground.work() as work:
        opt_out(work, town.far_mum, contact_points(work.session, town.far_mum)[0].id)
    mum.post(f"{home}/messages/start")
    with ground.work() as work:
        opt_in(work, town.mum, added)
        opt_in(work, town.mum, contact_points(work.session, town.mum)[0].id)
    with ground.read() as session:
        (hers,) = contact_points(session, town.far_mum)
        assert hers.opted_out_at is not None
        assert contact_point(session, added).opted_out_at is not None, "no code goes there either"


def test_V12_adding_a_number_that_said_stop_tells_nothing_and_sends_nothing(
    mum: FlaskClient, ground: Ground, town: Town, home: str
) -> None:
    with ground.work() as work:
        opt_out(work, town.far_mum, contact_points(work.session, town.far_mum)[0].id)
    answers = [mum.post(f"{home}/add", data={"address": number}) for number in (FAR_MUM_PHONE, NEW_PHONE)]
    assert [answer.status_code for answer in answers] == [303, 303]
    pages = [mum.get(answer.headers["Location"]).text for answer in answers]
    assert "STOP" not in pages[0]
    post = post_of(ground)
    post.deliver()
    assert post.arrived(Channel.SMS, FAR_MUM_PHONE) == []
    assert len(post.arrived(Channel.SMS, NEW_PHONE)) == 1


def test_V12_a_stop_holds_when_its_number_is_taken_away_and_added_again(ground: Ground, town: Town) -> None:
    admin = actor_of(ground, town.admin)
    with ground.work() as work:
        (point,) = contact_points(work.session, town.mum)
        opt_out(work, town.mum, point.id)
        work.session.execute(update(ContactPointRow).values(removed_at=work.now).filter_by(id=point.id))
    for who in (town.mum, town.officer):
        with ground.work() as work:
            point_id = add_contact_point(work, admin, who, "sms", MUM_PHONE)
            assert contact_point(work.session, point_id).opted_out_at is not None


def test_a_new_number_needs_its_code_and_can_be_written_to_first(
    mum: FlaskClient, ground: Ground, town: Town, home: str
) -> None:
    post = post_of(ground)
    there = mum.post(f"{home}/add?by=sms", data={"address": "07700 900333"}).headers["Location"]
    post.deliver()
    assert "Write the 6 numbers that we sent you." in mum.post(there, data={"code": ""}).text
    assert "not the code" in mum.post(there, data={"code": "1"}).text
    mum.post(there, data={"code": code_in(post.arrived(Channel.SMS, NEW_PHONE)[0])})
    mum.post(there.replace("/code", "/prefer"))
    with ground.read() as session:
        assert [point.address for point in contact_points(session, town.mum)] == [NEW_PHONE, MUM_PHONE]


@pytest.mark.parametrize(("by", "says"), [("sms", "That is not a phone number."), ("email", "That is not an email")])
def test_a_bad_address_is_told_at_its_field(mum: FlaskClient, home: str, by: str, says: str) -> None:
    answer = mum.post(f"{home}/add?by={by}", data={"address": "?"})
    assert answer.status_code == 422
    assert says in answer.text
    assert "<title>Error: " in answer.text


def test_the_last_way_to_reach_them_stays(mum: FlaskClient, ground: Ground, town: Town, home: str) -> None:
    with ground.read() as session:
        (point,) = contact_points(session, town.mum)
    assert "This is the only way" in mum.post(f"{home}/{point.id}/remove").text


def test_the_link_opens_nothing_of_anybody_else(mum: FlaskClient, ground: Ground, town: Town, home: str) -> None:
    with ground.read() as session:
        (far,) = contact_points(session, town.far_mum)
    for verb in ("remove", "prefer", "resend"):
        assert mum.post(f"{home}/{far.id}/{verb}").status_code == 404
    assert mum.get(f"{home}/{far.id}/code").status_code == 404
    assert mum.get("/my-details/unknown").status_code == 404


def test_no_link_goes_to_whoever_has_an_account(browse: Browse, ground: Ground, town: Town) -> None:
    client, post = browse(town.admin), post_of(ground)
    page = client.post(f"/people/{town.officer}/details-link", follow_redirects=True).text
    assert "They have an account, and change this there." in page
    post.deliver()
    assert post.arrived(Channel.EMAIL, email_of("Quentin Abbott")) == []


def test_a_link_opens_nothing_once_its_owner_has_an_account(
    mum: FlaskClient, ground: Ground, town: Town, home: str
) -> None:
    with ground.work() as work:
        grant_role(work, town.mum, Role.FORUM_COORDINATOR, town.forum)
    answer = mum.get(home)
    assert answer.status_code == 403
    assert "You have an account. Please sign in to change this." in answer.text
    refused = mum.post(f"{home}/add?by=email", data={"address": "mallory@example.org"})
    assert refused.status_code == 403


def test_the_link_runs_out(mum: FlaskClient, home: str, clock: FixedClock) -> None:
    clock.move(timedelta(days=30))
    assert mum.get(home).status_code == 410


def test_only_who_manages_people_there_sends_the_link(browse: Browse, town: Town) -> None:
    assert browse(town.commissioner).post(f"/people/{town.mum}/details-link").status_code == 403
    assert browse(town.far_admin).post(f"/people/{town.mum}/details-link").status_code == 404


def test_no_more_than_three_links_a_day(browse: Browse, town: Town) -> None:
    client = browse(town.admin)
    for _ in range(4):
        page = client.post(f"/people/{town.mum}/details-link", follow_redirects=True).text
    assert "They got 3 links today." in page
