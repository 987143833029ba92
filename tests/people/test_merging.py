"""Two records of one person: what the rule says, what moves, and that it can be taken back."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.messages import HELP
from hub.personal_data import PERSON_DATA
from kernel.clock import FixedClock
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Ground
from people.actions.change_roles import end_role
from people.actions.leave import mark_leaver, undo_leaving
from people.actions.merge_persons import gather_stragglers, merge_persons, tell_apart, undo_merge
from people.actions.register_person import NewPerson, register_person
from people.model import Role, RoleIn
from people.queries import contact_points, person, persons_by_address
from people.queries.merging import suggestions
from people.rules.merging import UNDO_WITHIN, Record, judge_merge, judge_undo, normalised_name
from tests.people.town import MUM_PHONE, Town, actor_of, email_of, settle_events

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
OTHER_PHONE = "+447700900444"


def _record(name: str = "Amelia Hart", id_: str = "a", *addresses: str, is_merged: bool = False) -> Record:
    return Record(id_, name, (RoleIn(Role.FAMILY, "f"),), frozenset(addresses), is_merged=is_merged)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Amelia Hart", "amelia  HART"), ("Grażyna Wójcik", "Grazyna Wojcik"), ("O'Neil, Jo", "o neil jo")],
)
def test_names_are_compared_without_case_accents_and_points(one: str, other: str) -> None:
    assert normalised_name(one).replace("ł", "l") == normalised_name(other)


def test_two_people_who_share_a_phone_are_never_made_one() -> None:
    verdict = judge_merge("x", _record("Amelia Hart", "a", "1"), _record("Ben Hart", "b", "1"), are_distinct=False)
    assert verdict.refusal is not None
    assert "share a phone" in verdict.refusal


@given(st.text(max_size=12), st.text(max_size=12))
def test_different_names_are_never_made_one(one: str, other: str) -> None:
    names = normalised_name(one), normalised_name(other)
    verdict = judge_merge("x", _record(one, "a", "1"), _record(other, "b", "1"), are_distinct=False)
    assert (verdict.refusal is not None) is (all(names) and names[0] != names[1])


@pytest.mark.parametrize(
    ("actor", "kept", "gone", "are_distinct"),
    [
        ("x", _record(), _record(), False),
        ("x", _record(), _record(id_="b", is_merged=True), False),
        ("a", _record(), _record(id_="b"), False),
        ("b", _record(), _record(id_="b"), False),
        ("x", _record(), _record(id_="b"), True),
    ],
)
def test_what_is_refused(actor: str, kept: Record, gone: Record, are_distinct: bool) -> None:
    assert judge_merge(actor, kept, gone, are_distinct=are_distinct).refusal is not None


def test_what_is_warned_of() -> None:
    same = judge_merge("x", _record("A B", "a", "1"), _record("A B", "b", "1"), are_distinct=False)
    namesakes = judge_merge("x", _record("A B", "a", "1"), _record("A B", "b", "2"), are_distinct=False)
    nameless = judge_merge("x", _record("A B", "a", "1"), _record("", "b", "1"), are_distinct=False)
    assert (same.refusal, same.warning) == (None, None)
    assert namesakes.warning is not None
    assert nameless.warning is not None


def test_an_undo_has_thirty_days_and_the_latest_comes_first() -> None:
    assert judge_undo(NOW, NOW + UNDO_WITHIN, is_undone=False, has_later=False) is None
    assert judge_undo(NOW, NOW + UNDO_WITHIN + timedelta(seconds=1), is_undone=False, has_later=False) is not None
    assert judge_undo(NOW, NOW, is_undone=True, has_later=False) is not None
    assert judge_undo(NOW, NOW, is_undone=False, has_later=True) is not None


@pytest.fixture
def twin(ground: Ground, town: Town) -> str:
    """A second record of Amelia, with another phone and a message."""
    with ground.work() as work:
        points = (("sms", OTHER_PHONE), ("sms", MUM_PHONE))
        twin = register_person(work, NewPerson("amelia hart", "pl", ((Role.FAMILY, town.forum),), points))
        queue_messages(work, [NewMessage(HELP, {}, person_id=twin)])
    return twin


def _merge(ground: Ground, town: Town, kept: str, gone: str) -> str:
    with ground.work() as work:
        return merge_persons(work, actor_of(ground, town.admin), kept, gone, PERSON_DATA)


def _undo(ground: Ground, town: Town, merge: str) -> None:
    with ground.work() as work:
        undo_merge(work, actor_of(ground, town.admin), merge, PERSON_DATA)


_TABLES = ("persons", "roles", "contact_points", "consents", "messages", "grants")


def _rows(ground: Ground) -> dict[str, set[str]]:
    with ground.read() as session:
        return {name: {str(row) for row in session.execute(text(f"SELECT * FROM {name}"))} for name in _TABLES}  # noqa: S608 - a list of ours


def test_everything_moves_and_the_other_id_leads_to_the_kept_one(ground: Ground, town: Town, twin: str) -> None:
    _merge(ground, town, town.mum, twin)
    with ground.read() as session:
        assert person(session, twin).id == town.mum
        assert [card.id for card in persons_by_address(session, "sms", OTHER_PHONE)] == [town.mum]
        assert [card.id for card in persons_by_address(session, "sms", MUM_PHONE)] == [town.mum]
        assert {point.address for point in contact_points(session, town.mum)} == {MUM_PHONE, OTHER_PHONE}
        owners = session.scalars(text("SELECT person_id FROM messages")).all()
    assert set(owners) == {town.mum}


def test_an_undo_puts_every_row_back(ground: Ground, town: Town, twin: str) -> None:
    before = _rows(ground)
    merge = _merge(ground, town, town.mum, twin)
    assert _rows(ground) != before
    _undo(ground, town, merge)
    assert _rows(ground) == before
    with ground.work() as work, pytest.raises(ConflictError):
        undo_merge(work, actor_of(ground, town.admin), merge, PERSON_DATA)


def test_an_undo_comes_too_late_after_thirty_days(ground: Ground, town: Town, twin: str, clock: FixedClock) -> None:
    merge = _merge(ground, town, town.mum, twin)
    clock.move(UNDO_WITHIN + timedelta(seconds=1))
    with pytest.raises(ConflictError, match="30 days"):
        _undo(ground, town, merge)


def test_chains_lead_to_the_last_and_are_undone_one_after_the_other(ground: Ground, town: Town, twin: str) -> None:
    with ground.work() as work:
        roles = ((Role.FAMILY, town.forum),)
        third = register_person(work, NewPerson("Amelia Hart", "en", roles, (("email", "amelia@example.org"),)))
    before = _rows(ground)
    first = _merge(ground, town, town.mum, twin)
    second = _merge(ground, town, third, town.mum)
    with ground.read() as session:
        assert person(session, twin).id == person(session, town.mum).id == third
        assert len(contact_points(session, third)) == 3
    with pytest.raises(ConflictError, match="Undo that one first"):
        _undo(ground, town, first)
    _undo(ground, town, second)
    with ground.read() as session:
        assert person(session, twin).id == town.mum
    _undo(ground, town, first)
    assert _rows(ground) == before


def test_what_is_written_to_the_other_meanwhile_follows(ground: Ground, town: Town, twin: str) -> None:
    merge = _merge(ground, town, town.mum, twin)
    with ground.work() as work:
        queue_messages(work, [NewMessage(HELP, {}, person_id=twin)])
    settle_events(ground)
    with ground.read() as session:
        assert set(session.scalars(text("SELECT person_id FROM messages"))) == {town.mum}
    _undo(ground, town, merge)
    with ground.read() as session:
        assert set(session.scalars(text("SELECT person_id FROM messages"))) == {twin}, "also what followed goes back"
    with ground.work() as work:
        assert gather_stragglers(work, merge, PERSON_DATA) == 0, "after an undo nothing follows any more"


def test_two_at_once_merge_once(ground: Ground, town: Town, twin: str) -> None:
    outcomes: list[str] = []

    def press(kept: str, gone: str) -> None:
        try:
            _merge(ground, town, kept, gone)
            outcomes.append("merged")
        except ConflictError:
            outcomes.append("refused")

    presses = [threading.Thread(target=press, args=pair) for pair in ((town.mum, twin), (twin, town.mum))]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sorted(outcomes) == ["merged", "refused"]


def test_records_of_another_council_are_not_there(ground: Ground, town: Town, twin: str) -> None:
    for kept, gone in ((town.far_mum, twin), (twin, town.far_mum)):
        with ground.work() as work, pytest.raises(NotFoundError):
            merge_persons(work, actor_of(ground, town.admin), kept, gone, PERSON_DATA)
    merge = _merge(ground, town, town.mum, twin)
    with ground.work() as work, pytest.raises(NotFoundError):
        undo_merge(work, actor_of(ground, town.far_admin), merge, PERSON_DATA)


def test_what_is_suggested_until_somebody_says_that_they_are_two(ground: Ground, town: Town, twin: str) -> None:
    with ground.read() as session:
        (pair,) = suggestions(session, [town.forum, town.council])
    assert {pair.first_id, pair.second_id} == {town.mum, twin}
    for _ in range(2):
        with ground.work() as work:
            tell_apart(work, actor_of(ground, town.admin), twin, town.mum)
    with ground.read() as session:
        assert suggestions(session, [town.forum, town.council]) == []
    with pytest.raises(ConflictError, match="two different people"):
        _merge(ground, town, town.mum, twin)


def test_a_message_on_its_way_in_is_waited_for_and_moves_too(ground: Ground, town: Town, twin: str) -> None:
    merging = threading.Thread(target=_merge, args=(ground, town, town.mum, twin))
    with ground.work() as work:
        queue_messages(work, [NewMessage(HELP, {}, person_id=twin)])
        work.session.flush()
        merging.start()
    merging.join()
    settle_events(ground)
    with ground.read() as session:
        assert set(session.scalars(text("SELECT person_id FROM messages"))) == {town.mum}


@pytest.fixture
def second_alan(ground: Ground, town: Town) -> str:
    """A second record of the second administrator, with the same role."""
    with ground.work() as work:
        roles = ((Role.ADMINISTRATOR, town.council),)
        return register_person(work, NewPerson("Alan Peel", "en", roles, (("email", "alan.peel@example.org"),)))


def _end_administrator(ground: Ground, town: Town, actor: str, person_id: str) -> None:
    with ground.work() as work:
        end_role(work, actor_of(ground, actor), person_id, Role.ADMINISTRATOR, town.council)


def test_whoever_was_made_one_counts_once_as_an_administrator(ground: Ground, town: Town, second_alan: str) -> None:
    _merge(ground, town, town.second_admin, second_alan)
    _end_administrator(ground, town, town.second_admin, town.admin)
    with pytest.raises(ConflictError):
        _end_administrator(ground, town, town.second_admin, town.second_admin)


def test_a_role_that_ended_since_does_not_come_back_with_an_undo(ground: Ground, town: Town, second_alan: str) -> None:
    merge = _merge(ground, town, town.second_admin, second_alan)
    _end_administrator(ground, town, town.admin, town.second_admin)
    _undo(ground, town, merge)
    with ground.read() as session:
        assert person(session, second_alan).roles == ()


def test_an_undo_brings_no_leaver_back(ground: Ground, town: Town) -> None:
    with ground.work() as work:
        points = (("email", email_of("Colin Baker")),)
        again = register_person(work, NewPerson("Colin Baker", "en", ((Role.COMMISSIONER, town.council),), points))
    merge = _merge(ground, town, town.commissioner, again)
    with ground.work() as work:
        mark_leaver(work, actor_of(ground, town.admin), town.commissioner)
    with pytest.raises(ConflictError, match="have left"):
        _undo(ground, town, merge)
    with ground.read() as session:
        assert persons_by_address(session, "email", email_of("Colin Baker")) == []
    with ground.work() as work:
        undo_leaving(work, actor_of(ground, town.admin), town.commissioner)
    _undo(ground, town, merge)
    with ground.read() as session:
        back = persons_by_address(session, "email", email_of("Colin Baker"))
    assert {card.id for card in back} == {town.commissioner, again}
    assert all(card.has(Role.COMMISSIONER, town.council) for card in back)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_record_of_ones_own_making_never_opens_the_account_it_is_joined_with(
    ground: Ground, town: Town, *, is_kept: bool
) -> None:
    mine, admin = "mine@example.org", actor_of(ground, town.admin)
    new = NewPerson("Maureen Tatlock", roles=((Role.FAMILY, town.forum),), contact_points=(("email", mine),))
    with ground.work() as work:
        made = register_person(work, new)
        kept, gone = (made, town.duty) if is_kept else (town.duty, made)
        merge_id = merge_persons(work, admin, kept, gone, PERSON_DATA)
    with ground.read() as session:
        proved = {point.address: point.verified_at is not None for point in contact_points(session, kept)}
    assert proved[mine] is False, "it proves nothing until a code is typed in a session of the account"
    assert proved[email_of("Maureen Tatlock")] is True
    with ground.work() as work:
        undo_merge(work, admin, merge_id, PERSON_DATA)
    with ground.read() as session:
        assert [point.verified_at is not None for point in contact_points(session, made)] == [True]
