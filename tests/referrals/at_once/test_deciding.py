"""Two at once while offers are scored, settled and decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from fps.tables import FrameworkRow
from referrals.actions.evaluation.award import ask_award_approval, award_referral, confirm_award
from referrals.actions.evaluation.name_evaluators import name_evaluators, release_evaluator
from referrals.actions.evaluation.record_views import (
    RecordPreference,
    RecordView,
    record_family_view,
    record_preference,
    withdraw_preference,
)
from referrals.actions.evaluation.score import SaveScores, declare_interest, hand_in_scores, save_scores
from referrals.actions.evaluation.settle import SettleScores, settle_scores, write_moderation
from referrals.model.evaluation import PreferenceKind, ViewWay
from referrals.tables import IssueRow
from tests.referrals.at_once.pressing import Act, Button, Hall, Holds, check
from tests.referrals.evaluation.world import (
    REASON,
    award,
    named,
    offers,
    score_all,
    scored,
    scores,
    settled,
    to_award,
    unsealed,
)

WORDS = "We went through each score and found no difference."
ORDER = RecordPreference("", PreferenceKind.TRIBUNAL_ORDER, None, "Elm Park School", REASON)


def _after(stage: Callable[[Hall], str], press: Callable[[Hall, str], Act]) -> Callable[[Hall], Act]:
    """Return a preparation that brings a referral to a stage."""
    return lambda hall: press(hall, stage(hall))


def _unsealed(hall: Hall) -> str:
    return unsealed(hall.world)


def _named(hall: Hall) -> str:
    referral_id = unsealed(hall.world)
    named(hall.world, referral_id)
    return referral_id


def _undeclared(hall: Hall) -> str:
    referral_id = unsealed(hall.world)
    named(hall.world, referral_id, declared=False)
    return referral_id


def _half_in(hall: Hall) -> str:
    """All is scored and one has handed in; the other has not."""
    referral_id = _named(hall)
    score_all(hall.world, referral_id, hall.world.colleague)
    for offer in offers(hall.world, referral_id):
        _given(hall, referral_id, offer.recipient_id)
    return referral_id


def _given(hall: Hall, referral_id: str, recipient_id: str) -> None:
    with hall.ground.work() as work:
        save_scores(work, hall.world.commissioner, SaveScores(referral_id, recipient_id, scores(recipient_id, 3)))


def _scored(hall: Hall) -> str:
    return scored(hall.world)


def _settled(hall: Hall) -> str:
    return settled(hall.world)


def _ordered(hall: Hall) -> str:
    referral_id = unsealed(hall.world)
    with hall.ground.work() as work:
        record_preference(work, hall.world.commissioner, _order(referral_id))
    return referral_id


def _standing_still(hall: Hall) -> str:
    referral_id = settled(hall.world)
    with hall.ground.work() as work:
        issue = work.session.scalars(select(IssueRow).where(IssueRow.referral_id == referral_id)).one()
        issue.terms = {**issue.terms, "standstill_days": 10}
    award(hall.world, referral_id)
    hall.clock.set(datetime(2026, 12, 15, tzinfo=UTC))
    return referral_id


def _before_a_panel(hall: Hall) -> str:
    referral_id = settled(hall.world)
    with hall.ground.work() as work:
        framework = work.session.get_one(FrameworkRow, hall.world.register.framework_id)
        framework.approval_panel = "SEN Resource Panel"
    return referral_id


def _order(referral_id: str) -> RecordPreference:
    return RecordPreference(referral_id, ORDER.kind, ORDER.recipient_id, ORDER.school, ORDER.words)


def _first(hall: Hall, referral_id: str) -> str:
    return offers(hall.world, referral_id)[0].recipient_id


def _naming(hall: Hall, referral_id: str) -> Act:
    people = [person.id for person in hall.council]
    return lambda work, actor: name_evaluators(work, actor, referral_id, people)


def _releasing(hall: Hall, referral_id: str) -> Act:
    return lambda work, actor: release_evaluator(work, actor, referral_id, hall.world.colleague.id)


def _saving(hall: Hall, referral_id: str) -> Act:
    first = _first(hall, referral_id)
    command = SaveScores(referral_id, first, scores(first, 4))
    return lambda work, actor: save_scores(work, actor, command)


def _settling(hall: Hall, referral_id: str) -> Act:
    first = _first(hall, referral_id)
    command = SettleScores(referral_id, first, scores(first, 4))
    return lambda work, actor: settle_scores(work, actor, command)


def _hearing(_hall: Hall, referral_id: str) -> Act:
    view = RecordView(referral_id, ViewWay.PHONE, date(2026, 12, 1), "They like both, and would travel to either.")
    return lambda work, actor: record_family_view(work, actor, view)


def _awarding(hall: Hall, referral_id: str) -> Act:
    command = to_award(hall.world, referral_id)
    return lambda work, actor: award_referral(work, actor, command)


def _asking(hall: Hall, referral_id: str) -> Act:
    command = to_award(hall.world, referral_id)
    return lambda work, actor: ask_award_approval(work, actor, command)


BUTTONS = (
    Button("name_evaluators", _after(_unsealed, _naming), Holds.LATEST),
    Button("release_evaluator", _after(_named, _releasing), status=404),
    Button(
        "declare_interest",
        _after(_undeclared, lambda _hall, it: lambda work, actor: declare_interest(work, actor, it, conflict=False)),
        Holds.SAME,
        lambda hall: hall.author_twice,
    ),
    Button("save_scores", _after(_named, _saving), Holds.LATEST, lambda hall: hall.author_twice),
    Button(
        "hand_in_scores",
        _after(_half_in, lambda _hall, it: lambda work, actor: hand_in_scores(work, actor, it)),
        who=lambda hall: hall.author_twice,
    ),
    Button("settle_scores", _after(_scored, _settling), Holds.LATEST),
    Button(
        "write_moderation",
        _after(_settled, lambda _hall, it: lambda work, actor: write_moderation(work, actor, it, WORDS)),
        Holds.LATEST,
    ),
    Button("record_family_view", _after(_unsealed, _hearing), Holds.EACH),
    Button(
        "record_preference",
        _after(_unsealed, lambda _hall, it: lambda work, actor: record_preference(work, actor, _order(it))),
    ),
    Button(
        "withdraw_preference",
        _after(_ordered, lambda _hall, it: lambda work, actor: withdraw_preference(work, actor, it, REASON)),
    ),
    Button("award_referral", _after(_settled, _awarding)),
    Button("ask_award_approval", _after(_before_a_panel, _asking), Holds.SAME),
    Button(
        "confirm_award",
        _after(_standing_still, lambda _hall, it: lambda work, actor: confirm_award(work, actor, it)),
        Holds.SAME,
    ),
)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_two_at_once_while_offers_are_decided(hall: Hall, button: Button) -> None:
    """R24, R25, R26, R27"""
    check(hall, button)
