"""A family's own page by their link: language, ways to reach them, quiet hours, stop and start."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels.model import Channel
from kernel.clock import FixedClock
from kernel.work import Ground
from people.queries import contact_points
from people.queries_directory import quiet_hours_of
from tests.people.town import MUM_PHONE, Town, actor_of, code_in, post_of
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
