from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import audit
from kernel.clock import FixedClock
from kernel.errors import NotFoundError
from kernel.work import Ground
from people.actions.begin_session import begin_session
from people.actions.end_sessions import REVOKED, end_session, end_sessions_of
from people.actions.keep_session import is_due, make_strong, note_use
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, Role, SessionCard, SessionLimits
from people.queries.sessions import session_by_token, sessions_of

LIMITS = SessionLimits(idle=timedelta(minutes=60), longest=timedelta(hours=12))


@pytest.fixture
def officer(ground: Ground) -> str:
    with ground.work() as work:
        place = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Seaborough", code="E99000001"))
        return register_person(
            work, NewPerson("Quentin Abbott", roles=((Role.QA_OFFICER, place), (Role.COMMISSIONER, place)))
        )


def _begin(ground: Ground, person_id: str) -> str:
    with ground.work() as work:
        return begin_session(work, person_id, "code", browser="Firefox on Windows", limits=LIMITS)


def _found(ground: Ground, token: str) -> SessionCard | None:
    with ground.read() as session:
        found = session_by_token(session, token, ground.clock.now())
    return found[0] if found else None


def _use(ground: Ground, token: str) -> None:
    card = _found(ground, token)
    assert card is not None
    with ground.work() as work:
        note_use(work, card.id, LIMITS)


def test_a_token_finds_its_session_and_the_person_with_all_their_roles(ground: Ground, officer: str) -> None:
    token = _begin(ground, officer)
    with ground.read() as session:
        found = session_by_token(session, token, ground.clock.now())
    assert found is not None
    card, who = found
    assert (card.person_id, card.means, card.browser, card.is_strong) == (officer, "code", "Firefox on Windows", False)
    assert who.name == "Quentin Abbott"
    assert {held.role for held in who.roles} == {Role.QA_OFFICER, Role.COMMISSIONER}


def test_the_table_does_not_give_a_token_away(ground: Ground, officer: str) -> None:
    token = _begin(ground, officer)
    with ground.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM sessions").all()
    assert token not in str(rows)
    assert len(token) >= 43


def test_a_session_ends_when_nobody_uses_it_for_an_hour(ground: Ground, clock: FixedClock, officer: str) -> None:
    token = _begin(ground, officer)
    clock.move(timedelta(minutes=59))
    _use(ground, token)
    clock.move(timedelta(minutes=59))
    assert _found(ground, token) is not None
    clock.move(timedelta(minutes=1))
    assert _found(ground, token) is None


def test_a_session_ends_after_12_hours_however_much_it_is_used(ground: Ground, clock: FixedClock, officer: str) -> None:
    token = _begin(ground, officer)
    for _ in range(23):
        clock.move(timedelta(minutes=30))
        _use(ground, token)
    clock.move(timedelta(minutes=30))
    assert _found(ground, token) is None


def test_use_is_written_down_every_few_minutes(ground: Ground, clock: FixedClock, officer: str) -> None:
    card = _found(ground, _begin(ground, officer))
    assert card is not None
    assert not is_due(card, LIMITS, clock.now() + timedelta(minutes=4))
    assert is_due(card, LIMITS, clock.now() + timedelta(minutes=5))
    short = SessionLimits(idle=timedelta(minutes=12))
    assert is_due(card, short, clock.now() + timedelta(minutes=1))


def test_proving_a_second_factor_gives_a_new_token(ground: Ground, officer: str) -> None:
    before = _begin(ground, officer)
    card = _found(ground, before)
    assert card is not None
    with ground.work() as work:
        after = make_strong(work, card.id)
    assert _found(ground, before) is None
    strong = _found(ground, after)
    assert strong is not None
    assert (strong.id, strong.is_strong) == (card.id, True)


def test_what_has_ended_cannot_become_strong_or_be_used_on(ground: Ground, officer: str) -> None:
    token = _begin(ground, officer)
    card = _found(ground, token)
    assert card is not None
    with ground.work() as work:
        end_session(work, card.id, REVOKED)
    with ground.work() as work, pytest.raises(NotFoundError):
        make_strong(work, card.id)
    with ground.work() as work:
        note_use(work, card.id, LIMITS)
    assert _found(ground, token) is None


def test_all_others_can_be_ended_and_this_one_kept(ground: Ground, officer: str) -> None:
    tokens = [_begin(ground, officer) for _ in range(3)]
    kept = _found(ground, tokens[1])
    assert kept is not None
    with ground.work() as work:
        assert end_sessions_of(work, officer, REVOKED, kept.id) == 2
    assert [_found(ground, token) is not None for token in tokens] == [False, True, False]
    with ground.read() as session:
        assert [card.id for card in sessions_of(session, officer, ground.clock.now())] == [kept.id]


def test_sessions_are_in_the_log_with_ids_alone(ground: Ground, officer: str) -> None:
    card = _found(ground, _begin(ground, officer))
    assert card is not None
    with ground.work() as work:
        end_session(work, card.id, REVOKED, actor="01other0000000000000000000")
    with ground.read() as session:
        begun, ended = [entry for entry in audit._entries(session) if "session" in entry.details]  # noqa: SLF001 - the bare lines
    assert (begun.action, begun.actor) == ("people.sign_in", officer)
    assert (ended.action, ended.actor) == ("people.session_end", "01other0000000000000000000")
    assert ended.details == f'{{"session":"{card.id}","why":"revoked"}}'
