"""Whoever manages some of somebody's roles, or only hands out new ones, never becomes that person."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient

from channels.model import Channel
from kernel.work import Ground
from people.actions.change_roles import grant_role
from people.model import Role
from people.queries import contact_points, person, persons_by_address, persons_with_role
from tests.people.town import Town, actor_of, code_in, email_of, post_of
from tests.people.web.conftest import Browse

MINE = "mallory@evil.example"
HEAD = "Name,Role,Organisation,Email,Mobile,Language"
FAR_ADMIN_ROW = f"Fergus Dunn,Commissioner,Seaborough,{email_of('Fergus Dunn')},,"


def _take_over(client: FlaskClient, ground: Ground, victim: str) -> bool:
    """Try to make one's own mailbox an address of somebody else, and tell whether it is."""
    post = post_of(ground)
    answer = client.post(f"/people/{victim}/contacts/add", data={"channel": "email", "address": MINE})
    if answer.status_code != 303:
        return False
    post.deliver()
    client.post(answer.headers["Location"], data={"code": code_in(post.arrived(Channel.EMAIL, MINE)[-1])})
    with ground.read() as session:
        return [card.id for card in persons_by_address(session, "email", MINE)] == [victim]


def _import(client: FlaskClient, row: str) -> str:
    """Import one row; return what was shown before it was written."""
    data = {"file": (io.BytesIO(f"{HEAD}\n{row}".encode()), "people.csv")}
    where = client.post("/people/import", data=data, content_type="multipart/form-data").headers["Location"]
    seen = client.get(where).text
    client.post(where, data={"do": "write"})
    return seen


def _also(ground: Ground, person_id: str, role: Role, organisation_id: str) -> None:
    with ground.work() as work:
        grant_role(work, person_id, role, organisation_id)


def test_the_lead_authority_takes_over_no_administrator_by_giving_a_role(
    browse: Browse, ground: Ground, town: Town
) -> None:
    client = browse(town.lead)
    given = client.post(f"/people/{town.far_admin}/roles", data={"role": f"provider_user:{town.alder}"})
    assert given.status_code == 303
    assert not actor_of(ground, town.far_admin).has(Role.PROVIDER_USER), "they accept it themselves"
    assert not _take_over(client, ground, town.far_admin)


def test_an_administrator_takes_over_no_providers_user_by_giving_a_role(
    browse: Browse, ground: Ground, town: Town
) -> None:
    client = browse(town.admin)
    given = client.post(
        f"/people/{town.priya}/roles", data={"role": f"qa_officer:{town.council}"}, follow_redirects=True
    )
    assert "They get the role when they accept" in given.text
    assert not actor_of(ground, town.priya).has(Role.QA_OFFICER)
    assert not _take_over(client, ground, town.priya)
    post = post_of(ground)
    post.deliver()
    assert "you are invited" in post.arrived(Channel.EMAIL, email_of("Priya Desai"))[-1]


def test_who_works_elsewhere_is_registered_as_a_parent_and_not_given_that_role(
    browse: Browse, ground: Ground, town: Town
) -> None:
    given = browse(town.admin).post(f"/people/{town.priya}/roles", data={"role": f"family:{town.forum}"})
    assert given.status_code == 422
    assert not actor_of(ground, town.priya).has(Role.FAMILY)


@pytest.mark.parametrize("whom", ["duty", "commissioner", "second_admin", "coordinator"])
def test_an_administrator_adds_no_address_for_who_has_an_account(
    browse: Browse, ground: Ground, town: Town, whom: str
) -> None:
    client, victim = browse(town.admin), getattr(town, whom)
    assert "Add a number or address" not in client.get(f"/people/{victim}").text
    assert not _take_over(client, ground, victim)


def test_an_address_that_its_owner_added_is_confirmed_by_nobody_else(
    browse: Browse, ground: Ground, town: Town
) -> None:
    browse(town.duty).post("/account/details/contacts/add", data={"channel": "email", "address": MINE})
    with ground.read() as session:
        added = contact_points(session, town.duty)[-1]
    post = post_of(ground)
    post.deliver()
    code = code_in(post.arrived(Channel.EMAIL, MINE)[-1])
    client = browse(town.admin)
    there = f"/people/{town.duty}/contacts/{added.id}"
    assert client.post(f"{there}/resend").status_code == 404
    assert client.post(f"{there}/confirm", data={"code": code}).status_code == 404


def test_an_account_stays_one_while_it_has_only_a_familys_role(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.admin)
    client.post(f"/people/{town.duty}/roles", data={"role": f"family:{town.forum}"})
    client.post(f"/people/{town.duty}/roles/safeguarding_duty:{town.council}/end")
    assert not _take_over(client, ground, town.duty)


def test_who_was_registered_with_a_code_is_proved_by_it_once(browse: Browse, ground: Ground, town: Town) -> None:
    client, post = browse(town.admin), post_of(ground)
    new = {"name": "Nils Ash", "role": f"qa_officer:{town.council}", "language": "en", "channel": "email"}
    client.post("/people/register", data={**new, "address": "nils@example.org", "proof": "code"})
    with ground.read() as session:
        (nils,) = [card for card in persons_with_role(session, Role.QA_OFFICER) if card.name == "Nils Ash"]
        (point,) = contact_points(session, nils.id)
    post.deliver()
    typed = {"code": code_in(post.arrived(Channel.EMAIL, "nils@example.org")[-1])}
    page = client.post(f"/people/{nils.id}/contacts/{point.id}/confirm", data=typed, follow_redirects=True)
    assert "The code was right." in page.text
    assert not _take_over(client, ground, nils.id)


def test_nobody_changes_somebody_of_whom_they_manage_only_one_role(browse: Browse, ground: Ground, town: Town) -> None:
    _also(ground, town.far_admin, Role.COMMISSIONER, town.council)
    _also(ground, town.far_mum, Role.FAMILY, town.forum)
    client = browse(town.admin)
    for whom in (town.far_admin, town.far_mum):
        assert client.get(f"/people/{whom}").status_code == 200, "reading stays as it was"
        for path in ("edit", "contacts/add", "access", "left"):
            assert client.get(f"/people/{whom}/{path}").status_code == 404
        for path in ("access/sessions/end", "back", "second-factor/reset", "consent/email/give"):
            assert client.post(f"/people/{whom}/{path}").status_code == 404
        assert not _take_over(client, ground, whom)


def test_an_import_gives_no_role_to_who_works_elsewhere_but_invites_them(
    browse: Browse, ground: Ground, town: Town
) -> None:
    client = browse(town.admin)
    assert "Is known elsewhere: will be invited" in _import(client, FAR_ADMIN_ROW)
    with ground.read() as session:
        held = {(held.role, held.organisation_id) for held in person(session, town.far_admin).roles}
    assert held == {(Role.ADMINISTRATOR, town.far_council)}
    assert client.post(f"/people/{town.far_admin}/second-factor/reset").status_code == 404
    assert not _take_over(client, ground, town.far_admin)
    post = post_of(ground)
    post.deliver()
    assert "you are invited" in post.arrived(Channel.EMAIL, email_of("Fergus Dunn"))[-1]
    assert "Fergus Dunn" in client.get("/people/invitations").text


def test_an_import_opens_no_other_councils_family_and_tells_nothing_of_it(
    browse: Browse, ground: Ground, town: Town
) -> None:
    client = browse(town.admin)
    seen = _import(client, "Freya Lowe,Parent or carer,Seaborough Parent Carer Forum,,07700 900222,")
    assert "Is known" not in seen
    assert client.get(f"/people/{town.far_mum}").status_code == 404
    with ground.read() as session:
        names = [card.name for card in persons_with_role(session, Role.FAMILY, town.forum)]
    assert names == ["Amelia Hart", "Freya Lowe"], "she is registered here on her own"


def test_no_import_leads_to_a_session_of_another_councils_administrator(
    browse: Browse, ground: Ground, town: Town
) -> None:
    client, post = browse(town.admin), post_of(ground)
    _import(client, FAR_ADMIN_ROW)
    assert not _take_over(client, ground, town.far_admin)
    thief = browse(None)
    thief.post("/sign-in", data={"address": MINE})
    post.deliver()
    assert [text for text in post.arrived(Channel.EMAIL, MINE) if "Fergus" in text] == []
    assert thief.get("/account/details").status_code == 303
