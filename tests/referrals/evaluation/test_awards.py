from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from channels.tables import MessageRow
from fps.tables import FrameworkRow
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.tables import EventRow
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.close_referral import close_referral
from referrals.actions.evaluation.award import AwardReferral, ask_award_approval, award_referral, confirm_award
from referrals.actions.evaluation.record_views import RecordPreference, record_preference, withdraw_preference
from referrals.actions.evaluation.settle import SettleScores, settle_scores
from referrals.actions.unseal_responses import unseal_responses
from referrals.model import Phase, Response, ResponseKind
from referrals.model.answers import DeclineCode
from referrals.model.approvals import ApprovalOutcome
from referrals.model.awards import NextStep, Outcome
from referrals.model.evaluation import PreferenceKind
from referrals.model.routes import Route
from referrals.queries.awards import award_of
from referrals.queries.councils import referral
from referrals.queries.drafts import draft
from referrals.rules.awarding import standstill_end
from referrals.tables import IssueRow, PreferenceRow, RecipientRow, ReferralRow
from referrals.tables.placements import PlacementRow
from tests.referrals.evaluation.world import AFTER, at, award, offers, scored, scores, settled, to_award, unsealed
from tests.referrals.world import World

ORDERED = "The SEND Tribunal ordered it on appeal; the order is on file."


def test_the_offer_that_ranks_first_is_awarded_and_the_placement_begins(world: World) -> None:
    """R24, R27"""
    referral_id = settled(world)
    given = award(world, referral_id)
    assert (given.outcome, given.supplier, given.route) == (Outcome.AWARD, "School 0", Route.MINI_COMPETITION)
    assert (given.told_at, given.confirmed_at, given.standstill_until) == (AFTER, AFTER, None)
    with world.ground.read() as session:
        assert award_of(session, referral_id) == given
        assert session.scalars(select(PlacementRow.award_id)).all() == [given.id]
        assert referral(session, world.commissioner, referral_id, AFTER).phase is Phase.CLOSED
        names = session.scalars(select(EventRow.name)).all()
    assert {"referrals.awarded", "referrals.outcome_told"} <= set(names)


def test_no_offer_that_ranks_lower_is_awarded(world: World) -> None:
    """R24: the weights were fixed in the issue."""
    referral_id = settled(world)
    with pytest.raises(InvalidInputError, match="ranks first"):
        award(world, referral_id, 1)


def test_of_equal_offers_either_can_be_awarded(world: World) -> None:
    """R24"""
    referral_id = settled(world, given=(3, 3))
    assert award(world, referral_id, 1).supplier == "School 1"


def test_nothing_is_awarded_before_scores_are_agreed_and_the_family_was_heard(world: World) -> None:
    """R24, R25"""
    referral_id = scored(world)
    with pytest.raises(ConflictError, match="agree on the scores"):
        award(world, referral_id)


def test_an_award_gives_its_reasons(world: World) -> None:
    """R34"""
    referral_id = settled(world)
    chosen = offers(world, referral_id)[0].recipient_id
    with pytest.raises(InvalidInputError) as refused, world.ground.work() as work:
        award_referral(work, world.commissioner, AwardReferral(referral_id, chosen, "Best."))
    assert refused.value.field == "reasons"


def test_everybody_who_was_asked_is_told_at_once_in_the_same_words(world: World) -> None:
    """R27, R30: also who never answered; nothing in it names who won, a price or a learner."""
    referral_id = settled(world)
    award(world, referral_id)
    with world.ground.read() as session:
        asked = session.scalars(select(RecipientRow.contact_id).where(RecipientRow.referral_id == referral_id)).all()
        told = session.scalars(select(MessageRow).where(MessageRow.key == "referrals.outcome")).all()
    assert sorted(str(one.person_id) for one in told) == sorted(asked)
    assert len(asked) == 3
    assert {one.due_at for one in told} == {AFTER}
    assert len({str(sorted(one.values.items())) for one in told}) == 1
    assert set(told[0].values) == {"reference", "council", "lot", "lot_number", "link"}


def test_a_second_press_of_the_button_awards_nothing_twice(world: World) -> None:
    """R27"""
    referral_id = settled(world)
    award(world, referral_id)
    with pytest.raises(ConflictError, match="decided"):
        award(world, referral_id, person=world.colleague)
    with pytest.raises(ConflictError), world.ground.work() as work:
        close_referral(work, world.colleague, referral_id, "Somebody else was quicker.")
    chosen = offers(world, referral_id)[0].recipient_id
    with pytest.raises(ConflictError, match="decided"), world.ground.work() as work:
        settle_scores(work, world.colleague, SettleScores(referral_id, chosen, scores(chosen, 1)))


def test_another_council_awards_nothing(world: World) -> None:
    referral_id = settled(world)
    chosen = offers(world, referral_id)[0].recipient_id
    for outsider in (world.stranger, world.user(0)):
        with pytest.raises(NotFoundError), world.ground.work() as work:
            award_referral(work, outsider, AwardReferral(referral_id, chosen, ORDERED))


def test_what_law_puts_first_is_awarded_whatever_its_points(world: World) -> None:
    """R26"""
    referral_id = settled(world)
    first, second = (offer.recipient_id for offer in offers(world, referral_id))
    with world.ground.work() as work:
        record_preference(
            work,
            world.commissioner,
            RecordPreference(referral_id, PreferenceKind.TRIBUNAL_ORDER, second, "", ORDERED),
        )
    with pytest.raises(InvalidInputError, match="Law puts another setting first"):
        award(world, referral_id, 0)
    assert award(world, referral_id, 1).recipient_id == second
    assert first != second


def test_a_duty_or_order_stands_until_it_is_withdrawn_with_reasons(world: World) -> None:
    """R26: the first record stays."""
    referral_id = settled(world)
    wanted = RecordPreference(referral_id, PreferenceKind.NAMING_DUTY, None, "Elm Park School", ORDERED)
    with world.ground.work() as work:
        record_preference(work, world.commissioner, wanted)
    with pytest.raises(ConflictError, match="recorded already"), world.ground.work() as work:
        record_preference(work, world.colleague, wanted)
    with pytest.raises(InvalidInputError, match="Law puts another"):
        award(world, referral_id)
    with world.ground.work() as work:
        withdraw_preference(work, world.colleague, referral_id, "The family has changed its request in writing.")
    with pytest.raises(ConflictError), world.ground.work() as work:
        withdraw_preference(work, world.colleague, referral_id, "The family has changed its request in writing.")
    assert award(world, referral_id).supplier == "School 0"
    with world.ground.read() as session:
        assert session.scalars(select(PreferenceRow.withdrawn_by)).all() == [world.colleague.id]


def test_a_panel_approves_exactly_this_award(world: World) -> None:
    """The framework's panel: a second person records its approval, and it holds for these scores alone."""
    referral_id = settled(world)
    with world.ground.work() as work:
        work.session.execute(update(FrameworkRow).values(approval_panel="SEN Resource Panel"))
    with pytest.raises(ConflictError, match="SEN Resource Panel"):
        award(world, referral_id)
    command = to_award(world, referral_id)
    chosen = str(command.recipient_id)
    _approve(world, command)
    with world.ground.work() as work:
        settle_scores(work, world.commissioner, SettleScores(referral_id, chosen, scores(chosen, 5)))
    with pytest.raises(ConflictError, match="SEN Resource Panel"):
        award(world, referral_id)
    _approve(world, command)
    assert award(world, referral_id).approved_by == world.colleague.id


def _approve(world: World, command: AwardReferral) -> None:
    with world.ground.work() as work:
        asked = ask_award_approval(work, world.commissioner, command)
    with world.ground.work() as work:
        decide_approval(work, world.colleague, DecideApproval(asked, ApprovalOutcome.APPROVED, "Minutes of 1 December"))


def test_a_placement_waits_for_the_end_of_the_standstill(world: World) -> None:
    """R27"""
    referral_id = settled(world)
    with world.ground.work() as work:
        issue = work.session.scalars(select(IssueRow).where(IssueRow.referral_id == referral_id)).one()
        issue.terms = {**issue.terms, "standstill_days": 10}
    given = award(world, referral_id)
    until = datetime(2026, 12, 15, tzinfo=UTC)
    assert (given.standstill_until, given.confirmed_at) == (until, None)
    at(world, until - timedelta(seconds=1))
    with pytest.raises(ConflictError, match="standstill"), world.ground.work() as work:
        confirm_award(work, world.commissioner, referral_id)
    at(world, until)
    for person in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            placement_id = confirm_award(work, person, referral_id)
    with world.ground.read() as session:
        assert session.scalars(select(PlacementRow.id)).all() == [placement_id]
        found = award_of(session, referral_id)
    assert found is not None
    assert found.confirmed_at == until


@pytest.mark.parametrize(
    ("days", "end"),
    [
        (0, None),
        (1, datetime(2026, 12, 4, tzinfo=UTC)),
        (3, datetime(2026, 12, 8, tzinfo=UTC)),
        (10, datetime(2026, 12, 15, tzinfo=UTC)),
        (99, datetime(2026, 12, 15, tzinfo=UTC)),
    ],
)
def test_a_standstill_lasts_ten_days_at_most_and_ends_with_a_working_day(days: int, end: datetime | None) -> None:
    """R27: told on Wednesday 2 December; the third day is a Saturday, and the tenth a Saturday too."""
    assert standstill_end(AFTER, days) == end


def test_no_award_says_why_and_what_follows_and_keeps_the_chain(world: World) -> None:
    """R29"""
    referral_id = unsealed(world, answering=())
    with world.ground.work() as work:
        following = close_referral(work, world.commissioner, referral_id, "Nobody offered a place.", NextStep.RE_RUN)
    assert following is not None
    with world.ground.read() as session:
        given = award_of(session, referral_id)
        assert given is not None
        assert (given.outcome, given.next_step, given.supplier) == (Outcome.NO_AWARD, NextStep.RE_RUN, "")
        row = session.get(ReferralRow, following)
        assert row is not None
        assert (row.follows_id, row.route, row.closed_at) == (referral_id, Route.MINI_COMPETITION, None)
        assert draft(session, world.commissioner, following).reference != row.follows_id
        assert session.scalars(select(MessageRow.key)).all().count("referrals.outcome") == 3
        assert session.scalars(select(PlacementRow)).all() == []


@pytest.mark.parametrize(
    ("step", "route"),
    [
        (NextStep.RE_RUN, Route.MINI_COMPETITION),
        (NextStep.DIRECT_AWARD, Route.DIRECT_AWARD),
        (NextStep.SPOT, Route.OFF_FRAMEWORK_SPOT),
        (NextStep.NOTHING, None),
    ],
)
def test_each_next_step_has_its_route(step: NextStep, route: Route | None) -> None:
    """R29"""
    assert step.route is route


def test_where_all_decline_there_is_nobody_to_award(world: World) -> None:
    """R29"""
    referral_id = world.issued()
    world.respond(referral_id, 0, Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE))
    at(world, AFTER)
    for person in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, person, referral_id)
    with pytest.raises(ConflictError, match="Nobody has offered"), world.ground.work() as work:
        award_referral(work, world.commissioner, AwardReferral(referral_id, None, ORDERED))
