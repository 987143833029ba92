from __future__ import annotations

from datetime import timedelta

import pytest

from channels.model import Channel
from hub.personal_data import erase
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.mark_opt_out import opt_out
from people.queries import contact_points, persons_by_address
from tests.people.town import MUM_PHONE, Town, code_in, email_of, post_of
from tests.people.web.conftest import Browse

NEW_PHONE = "+447700900333"


def _add(channel: str = "sms", address: str = "07700 900333") -> dict[str, str]:
    return {"channel": channel, "address": address}


def _points(ground: Ground, person_id: str) -> list[tuple[str, bool]]:
    with ground.read() as session:
        return [(point.address, point.verified_at is not None) for point in contact_points(session, person_id)]


def test_a_new_number_is_proved_by_the_code_that_goes_there(browse: Browse, ground: Ground, town: Town) -> None:
    client, post = browse(town.officer), post_of(ground)
    answer = client.post("/account/details/contacts/add", data=_add())
    post.deliver()
    (text,) = post.arrived(Channel.SMS, NEW_PHONE)
    page = client.post(answer.headers["Location"], data={"code": code_in(text)}, follow_redirects=True).text
    assert "The code was right." in page
    assert _points(ground, town.officer) == [(email_of("Quentin Abbott"), True), (NEW_PHONE, True)]
    twice = client.post(answer.headers["Location"], data={"code": code_in(text)}, follow_redirects=True)
    assert twice.status_code == 200, "pressed twice does no harm"


def test_until_the_code_is_back_a_number_is_nobodys(browse: Browse, ground: Ground, town: Town) -> None:
    browse(town.officer).post("/account/details/contacts/add", data=_add(address=MUM_PHONE))
    with ground.read() as session:
        assert [card.id for card in persons_by_address(session, "sms", MUM_PHONE)] == [town.mum]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (_add(address="x"), "That is not a phone number"),
        (_add(channel="email", address="x"), "That is not an email address"),
        (_add(channel="email", address=email_of("Quentin Abbott")), "This is there already."),
        ({"address": "07700 900333"}, "Choose how to reach them"),
        ({"channel": "pigeon", "address": "07700 900333"}, "Not a valid choice"),
        (_add(address=""), "Enter the number or address"),
    ],
)
def test_bad_addresses_are_told_at_the_field(browse: Browse, town: Town, sent: dict[str, str], says: str) -> None:
    answer = browse(town.officer).post("/account/details/contacts/add", data=sent)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_wrong_code_is_counted_and_after_five_none_is_taken(browse: Browse, ground: Ground, town: Town) -> None:
    client, post = browse(town.officer), post_of(ground)
    there = client.post("/account/details/contacts/add", data=_add()).headers["Location"]
    post.deliver()
    (text,) = post.arrived(Channel.SMS, NEW_PHONE)
    wrong = f"{(int(code_in(text)) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert "not the code that we sent" in client.post(there, data={"code": wrong}).text
    assert "wrong too often" in client.post(there, data={"code": code_in(text)}).text
    again = client.post(there.replace("/confirm", "/resend"), follow_redirects=True)
    assert "Another code is on its way." in again.text
    post.deliver()
    fresh = code_in(post.arrived(Channel.SMS, NEW_PHONE)[-1])
    assert "The code was right." in client.post(there, data={"code": fresh}, follow_redirects=True).text


def test_a_code_runs_out(browse: Browse, ground: Ground, town: Town, clock: FixedClock) -> None:
    client, post = browse(town.officer), post_of(ground)
    there = client.post("/account/details/contacts/add", data=_add()).headers["Location"]
    post.deliver()
    clock.move(timedelta(minutes=15))
    typed = {"code": code_in(post.arrived(Channel.SMS, NEW_PHONE)[0])}
    assert "has run out" in client.post(there, data=typed).text


def test_nobodys_phone_is_flooded(browse: Browse, ground: Ground, town: Town) -> None:
    client, post = browse(town.officer), post_of(ground)
    there = client.post("/account/details/contacts/add", data=_add()).headers["Location"]
    for _ in range(6):
        page = client.post(there.replace("/confirm", "/resend"), follow_redirects=True).text
    assert "Too many codes were asked for." in page
    other = browse(town.commissioner).post("/account/details/contacts/add", data=_add())
    assert "Too many codes were asked for." in other.text, "whoever asks: it is one phone"
    post.deliver()
    assert len(post.arrived(Channel.SMS, NEW_PHONE)) <= 5


def test_changing_ones_email_needs_the_code_there_and_tells_the_old_one(
    browse: Browse, ground: Ground, town: Town
) -> None:
    client, post, old = browse(town.officer), post_of(ground), email_of("Quentin Abbott")
    with ground.read() as session:
        (point,) = contact_points(session, town.officer)
    there = client.post(
        f"/account/details/contacts/{point.id}/replace", data=_add("email", "q.abbott@example.org")
    ).headers["Location"]
    post.deliver()
    assert post.arrived(Channel.EMAIL, old) == []
    assert next(address for address, _ in _points(ground, town.officer)) == old
    code = code_in(post.arrived(Channel.EMAIL, "q.abbott@example.org")[0])
    client.post(there, data={"code": code})
    post.deliver()
    assert _points(ground, town.officer) == [("q.abbott@example.org", True)]
    assert "changed this address" in post.arrived(Channel.EMAIL, old)[-1]


def test_the_only_way_to_reach_somebody_stays(browse: Browse, ground: Ground, town: Town) -> None:
    with ground.read() as session:
        (point,) = contact_points(session, town.officer)
    client = browse(town.officer)
    page = client.post(f"/account/details/contacts/{point.id}/remove", follow_redirects=True).text
    assert "This is the only way to reach this person." in page
    assert len(_points(ground, town.officer)) == 1


def test_one_that_is_taken_away_can_come_back_by_a_new_code(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.officer)
    client.post("/account/details/contacts/add", data=_add())
    with ground.read() as session:
        _, added = contact_points(session, town.officer)
    for _ in range(2):
        client.post(f"/account/details/contacts/{added.id}/remove")
    assert len(_points(ground, town.officer)) == 1
    client.post("/account/details/contacts/add", data=_add())
    assert _points(ground, town.officer)[1] == (NEW_PHONE, False)


def test_others_contact_points_are_not_there(browse: Browse, ground: Ground, town: Town) -> None:
    with ground.read() as session:
        (mums,) = contact_points(session, town.mum)
    client = browse(town.officer)
    for path in ("remove", "prefer", "resend", "confirm"):
        assert client.post(f"/account/details/contacts/{mums.id}/{path}", data={"code": "1"}).status_code == 404
    far = browse(town.far_admin)
    assert far.post(f"/people/{town.mum}/contacts/{mums.id}/remove").status_code == 404
    assert far.post(f"/people/{town.far_mum}/contacts/{mums.id}/remove").status_code == 404


def test_an_administrator_adds_a_number_for_a_family_and_puts_it_first(
    browse: Browse, ground: Ground, town: Town
) -> None:
    client, post = browse(town.admin), post_of(ground)
    there = client.post(f"/people/{town.mum}/contacts/add", data=_add()).headers["Location"]
    post.deliver()
    client.post(there, data={"code": code_in(post.arrived(Channel.SMS, NEW_PHONE)[0])})
    client.post(there.replace("/confirm", "/prefer"))
    assert [address for address, _ in _points(ground, town.mum)] == [NEW_PHONE, MUM_PHONE]


def test_consent_is_withdrawn_and_given(browse: Browse, town: Town) -> None:
    client = browse(town.admin)
    for verb, says in (("withdraw", "Withdrawn"), ("give", "They agreed")):
        for _ in range(2):
            page = client.post(f"/people/{town.mum}/consent/sms/{verb}", follow_redirects=True).text
        assert says in page
    assert page.count("Consent given") == 1
    assert client.post(f"/people/{town.mum}/consent/pigeon/give").status_code == 404


def test_V12_a_stop_holds_for_whoever_adds_the_number_next_also_when_its_owner_was_erased(
    browse: Browse, ground: Ground, town: Town
) -> None:
    with ground.read() as session:
        (point,) = contact_points(session, town.mum)
    with ground.work() as work:
        opt_out(work, town.mum, point.id)
    client = browse(town.officer)
    assert client.post("/account/details/contacts/add", data=_add(address=MUM_PHONE)).status_code == 303
    with ground.work() as work:
        erase(work, town.mum)
    answer = client.post("/account/details/contacts/add", data=_add(address=MUM_PHONE))
    assert answer.status_code == 303, "as for any other: nobody learns what a number has said"
    post = post_of(ground)
    post.deliver()
    assert post.arrived(Channel.SMS, MUM_PHONE) == []
