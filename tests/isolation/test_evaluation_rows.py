"""PostgreSQL itself keeps evaluators' scores from each other until all are in, and a rival's scores from providers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from hub.web.row_scope import scope_of
from hub.wiring import House
from kernel import scope
from people.model import Actor, Role
from referrals.model.awards import Outcome
from referrals.model.criteria import Criterion
from referrals.model.routes import Route
from referrals.tables import AwardRow, EvaluatorRow, RecipientRow, ReferralRow, ScoreRow, SettledScoreRow
from tests.conftest import MONDAY
from tests.isolation.conftest import Ready
from tests.isolation.half import Half

REASON = "It meets the need, and the visit found it so."


@pytest.fixture
def ready(postgres_world: Ready) -> Ready:
    return postgres_world


@pytest.fixture(autouse=True)
def _leave() -> Iterator[None]:
    yield
    scope.enter(None)


def _halves(ready: Ready, house: House) -> tuple[Half, Half]:
    """Return the half whose council asked both providers, and the other one."""
    with house.ground.read() as session:
        row = session.get_one(ReferralRow, ready.twins.shared_referral)
    both = (ready.twins.alder, ready.twins.birch)
    return both if both[0].council == row.council_id else (both[1], both[0])


def _fill(house: House, referral_id: str, own: Half) -> tuple[Actor, Actor]:
    """Let two commissioners score both settings, one of whom has handed in; return them."""
    people = (own.people[Role.COMMISSIONER], own.colleagues[0])
    with house.ground.work() as work:
        asked = work.session.scalars(select(RecipientRow.id).where(RecipientRow.referral_id == referral_id)).all()
        for number, person in enumerate(people):
            finished_at = MONDAY if number == 0 else None
            work.session.add(
                EvaluatorRow(
                    referral_id=referral_id,
                    person_id=person.id,
                    named_at=MONDAY,
                    named_by=people[0].id,
                    has_conflict=False,
                    finished_at=finished_at,
                )
            )
            work.session.add_all(
                ScoreRow(
                    recipient_id=recipient_id,
                    person_id=person.id,
                    criterion=Criterion.QUALITY,
                    referral_id=referral_id,
                    score=3,
                    reason=REASON,
                    saved_at=MONDAY,
                )
                for recipient_id in asked
            )
        work.session.add_all(_settled(referral_id, recipient_id, people[0]) for recipient_id in asked)
    return people


def _settled(referral_id: str, recipient_id: str, person: Actor) -> SettledScoreRow:
    return SettledScoreRow(
        recipient_id=recipient_id,
        criterion=Criterion.QUALITY,
        referral_id=referral_id,
        score=3,
        reason=REASON,
        settled_by=person.id,
        settled_at=MONDAY,
    )


def _scorers(house: House, person: Actor) -> set[str]:
    scope.enter(scope_of(person))
    with house.ground.read() as session:
        return set(session.scalars(select(ScoreRow.person_id)))


def test_R25_an_evaluator_reads_nobody_elses_scores_until_all_are_in(ready: Ready, house: House) -> None:
    own, other = _halves(ready, house)
    first, second = _fill(house, ready.twins.shared_referral, own)
    assert _scorers(house, first) == {first.id}
    assert _scorers(house, second) == {second.id}
    for outsider in (other.people[Role.COMMISSIONER], own.people[Role.PROVIDER_USER], own.people[Role.ADMINISTRATOR]):
        assert _scorers(house, outsider) == set()
    scope.enter(None)
    with house.ground.work() as work:
        work.session.execute(update(EvaluatorRow).values(finished_at=MONDAY + timedelta(hours=1)))
    assert _scorers(house, first) == {first.id, second.id}


def test_R25_nobody_writes_a_score_in_anothers_name(ready: Ready, house: House) -> None:
    own, _other = _halves(ready, house)
    first, second = _fill(house, ready.twins.shared_referral, own)
    scope.enter(scope_of(first))
    with house.ground.work() as work:
        work.session.execute(update(ScoreRow).where(ScoreRow.person_id == second.id).values(score=0))
    with pytest.raises(DBAPIError, match="row-level security"), house.ground.work() as work:
        work.session.execute(update(ScoreRow).where(ScoreRow.person_id == first.id).values(person_id=second.id))
    scope.enter(None)
    with house.ground.read() as session:
        assert set(session.execute(select(ScoreRow.person_id, ScoreRow.score)).all()) == {(first.id, 3), (second.id, 3)}


def test_R27_a_provider_reads_the_decision_and_its_own_scores_once_all_are_told(ready: Ready, house: House) -> None:
    referral_id = ready.twins.shared_referral
    own, other = _halves(ready, house)
    first, _second = _fill(house, referral_id, own)
    with house.ground.work() as work:
        row = work.session.get_one(ReferralRow, referral_id)
        work.session.add(
            AwardRow(
                id="0" * 26,
                referral_id=referral_id,
                council_id=row.council_id,
                lot_id=row.lot_id,
                route=Route.MINI_COMPETITION,
                outcome=Outcome.NO_AWARD,
                supplier="",
                reasons=REASON,
                decided_by=first.id,
                decided_at=MONDAY,
            )
        )
    users = [half.people[Role.PROVIDER_USER] for half in (own, other)]
    assert [_read(house, user, referral_id) for user in users] == [(0, set()), (0, set())]
    scope.enter(None)
    with house.ground.work() as work:
        work.session.execute(update(AwardRow).values(told_at=MONDAY))
    assert [_read(house, user, referral_id) for user in users] == [(1, {own.provider}), (1, {other.provider})]
    assert _read(house, other.people[Role.COMMISSIONER], referral_id) == (0, set())


def _read(house: House, person: Actor, referral_id: str) -> tuple[int, set[str]]:
    """Return how many decisions on a referral somebody reads, and of which providers agreed scores."""
    scope.enter(scope_of(person))
    with house.ground.read() as session:
        scores = select(RecipientRow.provider_id).join(SettledScoreRow, SettledScoreRow.recipient_id == RecipientRow.id)
        awards = session.scalars(select(AwardRow.id).where(AwardRow.referral_id == referral_id)).all()
        return len(awards), set(session.scalars(scores))
