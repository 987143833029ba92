"""Two who press at the same moment, on both databases: the outcome is as if one had come after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import text

from channels.model import Channel
from kernel.errors import HubError
from kernel.work import Ground, Work
from people.actions.accept_invitation import accept_invitation
from people.actions.ask_code import ask_code
from people.actions.change_contact_points import add_contact_point, remove_contact_point
from people.actions.change_roles import end_role, give_role
from people.actions.confirm_code import confirm_code
from people.actions.delegate import Delegate, delegate
from people.actions.edit_organisation import WriteOrganisation, add_organisation
from people.actions.invite import Invite, invite
from people.actions.issue_grant import token_of
from people.actions.register_by_hand import RegisterByHand, register_by_hand
from people.model import OrganisationKind, Role
from people.queries import contact_points, persons_with_role
from tests.people.test_delegation import TODAY
from tests.people.town import Town, actor_of, code_in, post_of

Press = Callable[[Work], object]


def _at_once(ground: Ground, *presses: Press) -> list[str]:
    """Let all press at the same moment; return what came of each: "done", or the kind of refusal."""
    gate = threading.Barrier(len(presses))
    outcomes: list[str] = []

    def press(what: Press) -> None:
        gate.wait()
        try:
            with ground.work() as work:
                what(work)
        except HubError as error:
            outcomes.append(error.code)
        else:
            outcomes.append("done")

    threads = [threading.Thread(target=press, args=(what,)) for what in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def _count(ground: Ground, query: str) -> int:
    with ground.read() as session:
        return int(session.scalar(text(query)) or 0)


def test_two_administrators_invite_the_same_new_address_once(ground: Ground, town: Town) -> None:
    actors = [actor_of(ground, who) for who in (town.admin, town.second_admin)]
    command = Invite("Nora Kelly", "nora@example.org", Role.QA_OFFICER, town.council)
    assert _at_once(ground, *(lambda work, who=who: invite(work, who, command) for who in actors)) == ["done", "done"]
    assert _count(ground, "SELECT count(*) FROM invitations") == 1
    assert _count(ground, "SELECT count(*) FROM persons WHERE name = 'Nora Kelly'") == 1


def test_an_invitation_is_accepted_once(ground: Ground, town: Town) -> None:
    with ground.work() as work:
        invite(
            work,
            actor_of(ground, town.admin),
            Invite("Nora Kelly", "nora@example.org", Role.QA_OFFICER, town.council),
        )
    with ground.read() as session:
        grant_id = session.scalar(text("SELECT grant_id FROM invitations"))
    token = token_of(ground.keys, str(grant_id))
    presses = [lambda work: accept_invitation(work, token)] * 2
    assert _at_once(ground, *presses) == ["done", "too_late"]


def test_the_last_two_administrators_cannot_end_each_other(ground: Ground, town: Town) -> None:
    pairs = ((town.admin, town.second_admin), (town.second_admin, town.admin))
    actors = [(actor_of(ground, who), other) for who, other in pairs]
    outcomes = _at_once(
        ground,
        *(
            lambda work, who=who, other=other: end_role(work, who, other, Role.ADMINISTRATOR, town.council)
            for who, other in actors
        ),
    )
    assert outcomes == ["conflict", "done"]
    with ground.read() as session:
        assert len(persons_with_role(session, Role.ADMINISTRATOR, town.council)) == 1


def test_a_role_is_given_once(ground: Ground, town: Town) -> None:
    admin = actor_of(ground, town.admin)
    presses = [lambda work: give_role(work, admin, town.officer, Role.COMMISSIONER, town.council)] * 2
    assert _at_once(ground, *presses) == ["done", "done"]
    assert _count(ground, "SELECT count(*) FROM audit WHERE action = 'people.role_given'") == 1


def test_a_code_is_taken_once_and_every_wrong_try_counts(ground: Ground, town: Town) -> None:
    officer, post = actor_of(ground, town.officer), post_of(ground)
    with ground.work() as work:
        point = add_contact_point(work, officer, officer.id, "sms", "07700 900333")
    post.deliver()
    code = code_in(post.arrived(Channel.SMS, "+447700900333")[0])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    _at_once(ground, *[lambda work: confirm_code(work, officer.id, point, wrong)] * 3)
    assert _count(ground, "SELECT tries FROM contact_checks") == 3
    _at_once(ground, *[lambda work: confirm_code(work, officer.id, point, code)] * 2)
    assert _count(ground, "SELECT count(*) FROM audit WHERE action = 'people.contact_verified'") == 1
    assert _count(ground, f"SELECT count(*) FROM consents WHERE person_id = '{officer.id}' AND channel = 'sms'") == 1  # noqa: S608 - an id of ours


def test_only_the_latest_code_of_two_is_open(ground: Ground, town: Town) -> None:
    officer = actor_of(ground, town.officer)
    with ground.work() as work:
        point = add_contact_point(work, officer, officer.id, "sms", "07700 900333")
    _at_once(ground, *[lambda work: ask_code(work, officer.id, point)] * 2)
    assert _count(ground, "SELECT count(*) FROM contact_checks WHERE ended_at IS NULL") == 1


def test_one_way_to_reach_somebody_always_stays(ground: Ground, town: Town) -> None:
    officer, post = actor_of(ground, town.officer), post_of(ground)
    with ground.work() as work:
        point = add_contact_point(work, officer, officer.id, "sms", "07700 900333")
    post.deliver()
    with ground.work() as work:
        confirm_code(work, officer.id, point, code_in(post.arrived(Channel.SMS, "+447700900333")[0]))
    with ground.read() as session:
        both = [each.id for each in contact_points(session, officer.id)]
    outcomes = _at_once(
        ground, *(lambda work, each=each: remove_contact_point(work, officer, officer.id, each) for each in both)
    )
    assert outcomes == ["conflict", "done"]


def test_one_delegation_of_two_for_the_same_days(ground: Ground, town: Town) -> None:
    duty = actor_of(ground, town.duty)
    outcomes = _at_once(
        ground,
        *(
            lambda work, who=who: delegate(work, duty, Delegate(who, town.council, TODAY, TODAY))
            for who in (town.officer, town.commissioner)
        ),
    )
    assert outcomes == ["done", "invalid_input"]


def test_a_parent_is_registered_once_and_a_provider_too(ground: Ground, town: Town) -> None:
    admin, lead = actor_of(ground, town.admin), actor_of(ground, town.lead)
    parent = RegisterByHand("Hina Malik", "ur", Role.FAMILY, town.forum, "sms", "07700 900555", is_attested=True)
    _at_once(ground, *[lambda work: register_by_hand(work, admin, parent)] * 2)
    assert _count(ground, "SELECT count(*) FROM persons WHERE name = 'Hina Malik'") == 1
    provider = WriteOrganisation(OrganisationKind.PROVIDER, "Cedar House")
    _at_once(ground, *[lambda work: add_organisation(work, lead, provider)] * 2)
    assert _count(ground, "SELECT count(*) FROM organisations WHERE name = 'Cedar House'") == 1
