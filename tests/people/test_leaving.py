from __future__ import annotations

from dataclasses import dataclass

import pytest

from kernel import audit
from kernel.errors import ConflictError, ForbiddenError, NotFoundError
from kernel.work import Ground
from people.actions.begin_session import begin_session
from people.actions.leave import mark_leaver, undo_leaving
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, PersonCard, Role
from people.queries import contact_facts, person, persons_by_address
from people.queries.sessions import session_by_token, sessions_of

SLACK = "U0QUENTIN1"


@dataclass(frozen=True)
class Office:
    """Two councils; the officer works in the first."""

    council: str
    other: str
    administrator: PersonCard
    officer: PersonCard
    far_administrator: PersonCard


@pytest.fixture
def office(ground: Ground) -> Office:
    with ground.work() as work:
        council = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Seaborough", code="E99000001"))
        other = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Hillborough", code="E99000002"))

        def settle(name: str, role: Role, place: str, *points: tuple[str, str]) -> PersonCard:
            found = register_person(work, NewPerson(name, roles=((role, place),), contact_points=points))
            work.session.flush()
            return person(work.session, found)

        return Office(
            council,
            other,
            settle("Ada Millward", Role.ADMINISTRATOR, council, ("email", "ada@example.org")),
            settle("Quentin Abbott", Role.QA_OFFICER, council, ("slack", SLACK), ("sms", "+447700900111")),
            settle("Faye Other", Role.ADMINISTRATOR, other, ("email", "faye@example.org")),
        )


def test_a_leaver_has_no_session_no_role_and_no_address(ground: Ground, office: Office) -> None:
    with ground.work() as work:
        token = begin_session(work, office.officer.id)
    with ground.work() as work:
        mark_leaver(work, office.administrator, office.officer.id)
    with ground.read() as session:
        assert session_by_token(session, token, ground.clock.now()) is None
        assert sessions_of(session, office.officer.id, ground.clock.now()) == []
        assert person(session, office.officer.id).roles == ()
        assert persons_by_address(session, "slack", SLACK) == []
        assert contact_facts(session, [office.officer.id], []).points == []


def test_a_leaver_cannot_sign_in(ground: Ground, office: Office) -> None:
    with ground.work() as work:
        mark_leaver(work, office.administrator, office.officer.id)
    with ground.work() as work, pytest.raises(NotFoundError):
        begin_session(work, office.officer.id)


def test_who_comes_back_has_their_roles_and_addresses_again_but_no_session(ground: Ground, office: Office) -> None:
    with ground.work() as work:
        token = begin_session(work, office.officer.id)
    with ground.work() as work:
        mark_leaver(work, office.administrator, office.officer.id)
    with ground.work() as work:
        undo_leaving(work, office.administrator, office.officer.id)
    with ground.read() as session:
        assert person(session, office.officer.id).roles == office.officer.roles
        assert [card.id for card in persons_by_address(session, "slack", SLACK)] == [office.officer.id]
        assert session_by_token(session, token, ground.clock.now()) is None


def test_leaving_twice_is_leaving_once(ground: Ground, office: Office) -> None:
    for _ in range(2):
        with ground.work() as work:
            mark_leaver(work, office.administrator, office.officer.id)
    with ground.work() as work:
        undo_leaving(work, office.administrator, office.officer.id)
    with ground.work() as work, pytest.raises(ConflictError):
        undo_leaving(work, office.administrator, office.officer.id)


def test_the_log_keeps_what_a_leaver_held_in_ids(ground: Ground, office: Office) -> None:
    with ground.work() as work:
        mark_leaver(work, office.administrator, office.officer.id)
    with ground.read() as session:
        (line,) = [entry for entry in audit._entries(session) if entry.action == "people.left"]  # noqa: SLF001 - the bare line
    assert (line.actor, line.subject_id) == (office.administrator.id, office.officer.id)
    assert line.details == f'{{"roles":[["qa_officer","{office.council}"]],"sessions":0}}'


def test_nobody_ends_the_access_of_whom_they_do_not_manage(ground: Ground, office: Office) -> None:
    with ground.work() as work, pytest.raises(NotFoundError):
        mark_leaver(work, office.far_administrator, office.officer.id)
    with ground.work() as work, pytest.raises(NotFoundError):
        mark_leaver(work, office.officer, office.administrator.id)
    with ground.work() as work:
        mark_leaver(work, office.administrator, office.officer.id)
    with ground.work() as work, pytest.raises(NotFoundError):
        undo_leaving(work, office.far_administrator, office.officer.id)


def test_nobody_ends_the_access_of_who_also_works_elsewhere(ground: Ground, office: Office) -> None:
    with ground.work() as work:
        roles = ((Role.QA_OFFICER, office.council), (Role.COMMISSIONER, office.other))
        both = register_person(work, NewPerson("Bo Both", roles=roles))
    with ground.work() as work, pytest.raises(ConflictError, match="End their roles with you"):
        mark_leaver(work, office.administrator, both)


def test_the_last_administrator_stays(ground: Ground, office: Office) -> None:
    with ground.work() as work:
        roles = ((Role.ADMINISTRATOR, office.council),)
        second = register_person(work, NewPerson("Sam Second", roles=roles))
    with ground.work() as work, pytest.raises(ForbiddenError):
        mark_leaver(work, person(work.session, second), second)
    with ground.work() as work:
        mark_leaver(work, office.administrator, second)
    with ground.work() as work, pytest.raises(ConflictError, match="last administrator"):
        mark_leaver(work, _like(office.administrator, "01other0000000000000000000"), office.administrator.id)


def _like(card: PersonCard, person_id: str) -> PersonCard:
    return PersonCard(person_id, card.name, card.language, card.roles)
