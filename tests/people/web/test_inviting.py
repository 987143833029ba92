from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.model import Channel
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.change_roles import grant_role
from people.actions.mark_opt_out import opt_out
from people.actions.register_person import add_contact_point
from people.model import PersonCard, Role
from people.queries import contact_points, persons_by_address
from people.tables import InvitationRow
from tests.people.town import MUM_PHONE, Town, actor_of, email_of, post_of
from tests.people.web.conftest import Browse

NEW = "nora.kelly@example.org"


def _invite(role: str, *, email: str = NEW, name: str = "Nora Kelly") -> dict[str, str]:
    return {"name": name, "email": email, "role": role}


def _link(ground: Ground, email: str = NEW) -> str:
    post = post_of(ground)
    post.deliver()
    found = re.search(r"/l/[\w-]+", post.arrived(Channel.EMAIL, email)[-1])
    assert found is not None
    return found[0]


def test_an_invitation_makes_a_person_with_role_and_proved_email_and_signs_them_in(
    browse: Browse, ground: Ground, town: Town
) -> None:
    page = (
        browse(town.admin)
        .post("/people/invite", data=_invite(f"qa_officer:{town.council}"), follow_redirects=True)
        .text
    )
    assert "an invitation is on its way" in page
    assert NEW in page
    client = browse(None)
    shown = client.get(_link(ground), follow_redirects=True)
    assert "Nora Kelly, you are invited" in shown.text
    with ground.read() as session:
        assert persons_by_address(session, "email", NEW) == [], "looking at it accepts nothing"
    accepted = client.post(shown.request.path)
    assert accepted.headers["Location"] == "/"
    with ground.read() as session:
        (card,) = persons_by_address(session, "email", NEW)
    assert card.has(Role.QA_OFFICER, town.council)
    assert client.get("/account/details").status_code == 200, "signed in"
    assert client.post(shown.request.path).status_code == 410, "twice does no harm"
    assert "No invitation is open." in browse(town.admin).get("/people/invitations").text


def test_somebody_who_is_known_gets_the_role_added_and_signs_in_as_always(
    browse: Browse, ground: Ground, town: Town
) -> None:
    known = email_of("Priya Desai")
    page = (
        browse(town.admin)
        .post(
            "/people/invite",
            data=_invite(f"commissioner:{town.council}", email=known, name="P D"),
            follow_redirects=True,
        )
        .text
    )
    assert "an invitation is on its way" in page
    assert "P D" in page
    assert "Priya" not in page.split("<main")[1], "what we know of them is not told"
    path = browse(None).get(_link(ground, known)).headers["Location"]
    client = browse(None)
    assert client.post(path).headers["Location"] == "/sign-in"
    assert client.get("/account/details").status_code == 303, "a link of a week opens no account that is older"
    assert actor_of(ground, town.priya).has(Role.COMMISSIONER, town.council)


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(browse: Browse, town: Town) -> None:
    client = browse(town.admin)
    answers = [
        client.post("/people/invite", data=_invite(f"qa_officer:{town.council}", email=email))
        for email in (NEW, email_of("Owen Hughes"), email_of("Quentin Abbott"))
    ]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, "/people/invitations")}


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("admin", "qa_officer:{council}"),
        ("admin", "forum_coordinator:{forum}"),
        ("lead", "provider_user:{beacon}"),
        ("priya", "provider_user:{alder}"),
    ],
)
def test_who_may_invite_to_what(browse: Browse, town: Town, who: str, role: str) -> None:
    client = browse(getattr(town, who))
    chosen = role.format(**vars(town))
    assert client.post("/people/invite", data=_invite(chosen)).status_code == 303
    assert "Nora Kelly" in client.get("/people/invitations").text


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("admin", "qa_officer:{far_council}"),
        ("admin", "provider_user:{alder}"),
        ("admin", "family:{forum}"),
        ("admin", "lead_authority:{council}"),
        ("lead", "administrator:{lead_council}"),
        ("lead", "commissioner:{council}"),
        ("priya", "provider_user:{beacon}"),
        ("priya", "commissioner:{council}"),
    ],
)
def test_who_may_not_invite_to_what(browse: Browse, town: Town, who: str, role: str) -> None:
    answer = browse(getattr(town, who)).post("/people/invite", data=_invite(role.format(**vars(town))))
    assert answer.status_code == 422


def test_others_invitations_are_not_there(browse: Browse, town: Town) -> None:
    browse(town.admin).post("/people/invite", data=_invite(f"qa_officer:{town.council}"))
    page = browse(town.admin).get("/people/invitations").text
    found = re.search(r"/people/invitations/(\w+)/resend", page)
    assert found is not None
    far = browse(town.far_admin)
    assert "Nora" not in far.get("/people/invitations").text
    for verb in ("resend", "withdraw"):
        assert far.post(f"/people/invitations/{found[1]}/{verb}").status_code == 404


def test_it_is_sent_again_with_a_new_link_and_withdrawn(
    browse: Browse, ground: Ground, town: Town, clock: FixedClock
) -> None:
    client = browse(town.admin)
    client.post("/people/invite", data=_invite(f"qa_officer:{town.council}"))
    first = _link(ground)
    found = re.search(r"(/people/invitations/\w+)/resend", client.get("/people/invitations").text)
    assert found is not None
    assert "Give it 10 minutes" in client.post(f"{found[1]}/resend", follow_redirects=True).text
    clock.move(timedelta(minutes=11))
    client.post(f"{found[1]}/resend")
    second = _link(ground)
    assert first != second
    assert browse(None).get(first, follow_redirects=True).status_code == 410
    for _ in range(2):
        client.post(f"{found[1]}/withdraw")
    path = browse(None).get(second).headers["Location"]
    assert browse(None).post(path).status_code == 410


def test_it_runs_out_after_seven_days(browse: Browse, ground: Ground, town: Town, clock: FixedClock) -> None:
    browse(town.admin).post("/people/invite", data=_invite(f"qa_officer:{town.council}"))
    link = _link(ground)
    clock.move(timedelta(days=7))
    assert browse(None).get(link, follow_redirects=True).status_code == 410
    assert "Ran out" in browse(town.admin).get("/people/invitations").text


def test_it_opens_nothing_once_whoever_invited_has_no_say_there(browse: Browse, ground: Ground, town: Town) -> None:
    browse(town.admin).post("/people/invite", data=_invite(f"administrator:{town.council}"))
    path = browse(None).get(_link(ground)).headers["Location"]
    browse(town.second_admin).post(f"/people/{town.admin}/roles/administrator:{town.council}/end")
    assert browse(None).post(path).status_code == 410
    with ground.read() as session:
        assert persons_by_address(session, "email", NEW) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": " "}, "Enter a name"),
        ({"email": "x"}, "That is not an email address"),
        ({"role": ""}, "Choose a role"),
    ],
)
def test_bad_input_is_told_at_its_field(browse: Browse, town: Town, changed: dict[str, str], says: str) -> None:
    answer = browse(town.admin).post("/people/invite", data=_invite(f"qa_officer:{town.council}") | changed)
    assert answer.status_code == 422
    assert says in answer.text


def test_pressed_twice_one_letter_goes_out(browse: Browse, ground: Ground, town: Town) -> None:
    client = browse(town.admin)
    for _ in range(2):
        client.post("/people/invite", data=_invite(f"qa_officer:{town.council}"))
    post = post_of(ground)
    post.deliver()
    assert len(post.arrived(Channel.EMAIL, NEW)) == 1
    assert client.get("/people?state=invited").text.count("Nora Kelly") == 1


def test_V12_an_address_that_said_stop_is_not_written_to(browse: Browse, ground: Ground, town: Town) -> None:
    known = email_of("Owen Hughes")
    with ground.read() as session:
        (point,) = contact_points(session, town.owen)
    with ground.work() as work:
        opt_out(work, town.owen, point.id)
    answer = browse(town.admin).post("/people/invite", data=_invite(f"commissioner:{town.council}", email=known))
    assert answer.status_code == 303, "whoever invites learns nothing of it"
    post = post_of(ground)
    post.deliver()
    assert post.arrived(Channel.EMAIL, known) == []


def test_nobody_invites_themselves(browse: Browse, town: Town) -> None:
    role = f"safeguarding_duty:{town.council}"
    client = browse(town.admin)
    answer = client.post("/people/invite", data=_invite(role, email=email_of("Ada Millward")))
    assert answer.status_code == 422
    assert "Nobody gives themselves a role" in answer.text
    assert "No invitation is open." in client.get("/people/invitations").text


def test_an_invitation_that_became_ones_own_opens_nothing(browse: Browse, ground: Ground, town: Town) -> None:
    browse(town.admin).post("/people/invite", data=_invite(f"safeguarding_duty:{town.council}"))
    path = browse(None).get(_link(ground)).headers["Location"]
    with ground.work() as work:
        row = work.session.scalars(select(InvitationRow)).one()
        row.person_id = town.admin  # as merging the two records would have it
    assert browse(None).post(path).status_code == 410
    assert not actor_of(ground, town.admin).has(Role.SAFEGUARDING_DUTY)


def test_a_later_invitation_signs_nobody_in(browse: Browse, ground: Ground, town: Town) -> None:
    paths = []
    for who, role in ((town.admin, f"qa_officer:{town.council}"), (town.far_admin, f"commissioner:{town.far_council}")):
        browse(who).post("/people/invite", data=_invite(role))
        paths.append(browse(None).get(_link(ground)).headers["Location"])
    first, later = browse(None), browse(None)
    first.post(paths[0])
    assert first.get("/account/details").status_code == 200
    browse(town.admin).post(f"/people/{_nora(ground).id}/roles/qa_officer:{town.council}/end")
    assert later.post(paths[1]).headers["Location"] == "/sign-in"
    assert later.get("/account/details").status_code == 303, "the account is older than this link"
    assert _nora(ground).has(Role.COMMISSIONER, town.far_council)


def _nora(ground: Ground) -> PersonCard:
    with ground.read() as session:
        (card,) = persons_by_address(session, "email", NEW)
    return card


def test_nobody_reaches_a_pending_invitee_whom_two_councils_invited(browse: Browse, ground: Ground, town: Town) -> None:
    browse(town.far_admin).post("/people/invite", data=_invite(f"safeguarding_duty:{town.far_council}"))
    browse(town.admin).post("/people/invite", data=_invite(f"qa_officer:{town.council}"))
    path = browse(None).get(_link(ground)).headers["Location"]
    with ground.read() as session:
        nora = session.scalars(select(InvitationRow.person_id).distinct()).one()
    for client in (browse(town.admin), browse(town.far_admin)):
        added = client.post(f"/people/{nora}/contacts/add", data={"channel": "email", "address": "m@evil.example"})
        assert added.status_code == 404
        assert client.get(f"/people/{nora}/edit").status_code == 404
        given = client.post(f"/people/{nora}/roles", data={"role": f"family:{town.forum}"})
        assert given.status_code == 422
    assert browse(None).post(path).status_code == 303


@pytest.mark.parametrize("role", [None, Role.FAMILY])
def test_with_a_first_account_only_the_invited_address_is_proved(
    browse: Browse, ground: Ground, town: Town, role: Role | None
) -> None:
    browse(town.far_admin).post("/people/invite", data=_invite(f"safeguarding_duty:{town.far_council}"))
    path = browse(None).get(_link(ground)).headers["Location"]
    with ground.work() as work:
        nora = work.session.scalars(select(InvitationRow.person_id)).one()
        add_contact_point(work, nora, "email", "m@evil.example", rank=1)  # proved by whoever registered her
        if role is not None:
            grant_role(work, nora, role, town.forum)
    browse(None).post(path)
    with ground.read() as session:
        assert persons_by_address(session, "email", "m@evil.example") == []
    assert _nora(ground).has(Role.SAFEGUARDING_DUTY, town.far_council)


def test_a_parent_who_works_for_their_own_forum_keeps_their_number(browse: Browse, ground: Ground, town: Town) -> None:
    with ground.work() as work:
        add_contact_point(work, town.mum, "email", NEW, rank=1)
    browse(town.admin).post("/people/invite", data=_invite(f"forum_coordinator:{town.forum}"))
    browse(None).post(browse(None).get(_link(ground)).headers["Location"])
    assert _nora(ground).id == town.mum
    assert _nora(ground).has(Role.FORUM_COORDINATOR, town.forum)
    with ground.read() as session:
        assert [card.id for card in persons_by_address(session, "sms", MUM_PHONE)] == [town.mum]
