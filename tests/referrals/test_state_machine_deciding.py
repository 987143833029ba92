"""What follows the answers, in any order with all that comes before: scores, conflicts, late answers, awards, places.

How to try more examples than the suite does stands in test_state_machine.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, rule
from sqlalchemy import func, select, update

from channels.model import Status
from channels.tables import MessageRow
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.errors import ForbiddenError, HubError, NotFoundError
from people.model import Actor
from referrals.actions.answers.admit_late import AskAdmission, DecideAdmission, ask_admission, decide_admission
from referrals.actions.answers.hand_over import HandOver, hand_over
from referrals.actions.equal.tell_again import tell_again
from referrals.actions.evaluation.award import AwardReferral, award_referral, confirm_award
from referrals.actions.evaluation.record_views import RecordPreference, record_preference, withdraw_preference
from referrals.actions.evaluation.score import declare_interest, hand_in_scores
from referrals.actions.placements.end_placement import EndPlacement, end_placement
from referrals.actions.unseal_responses import unseal_responses
from referrals.messages.outcomes import OUTCOME, WITHDRAWN
from referrals.model.approvals import ApprovalOutcome
from referrals.model.evaluation import Offer, PreferenceKind
from referrals.model.late import LateGround
from referrals.model.placements import EndReason
from referrals.model.routes import Route
from referrals.queries.councils import opened_responses, referral
from referrals.queries.evaluations import offers_of
from referrals.queries.outcomes import outcome
from referrals.queries.proof import proof_by_reference
from referrals.queries.providers import everybody_asked, invitation
from referrals.rules.awarding import offers_mark
from referrals.tables import (
    AwardRow,
    ContractRow,
    EvaluatorRow,
    LateAdmissionRow,
    LateResponseRow,
    PlacementPartRow,
    PlacementRow,
    RecipientRow,
    ReferralRow,
)
from tests.conftest import MONDAY, ground_on
from tests.referrals.at_once.pressing import Hall, build_hall
from tests.referrals.evaluation import world as evaluated
from tests.referrals.placements.world import contract
from tests.referrals.routes.steps import DIRECT, SPOT, approve_and_issue, choose, plan
from tests.referrals.test_state_machine import ASKED, SECRET, TO_ALL, Referrals, on_copies, on_recycled
from tests.referrals.world import OFFER
from tests.services.recycled import Recycled

ONES = {
    Route.DIRECT_AWARD: DIRECT,
    Route.BLOCK_CALLDOWN: replace(DIRECT, route=Route.BLOCK_CALLDOWN, reason_code=None, reasons="", evidence=""),
    Route.OFF_FRAMEWORK_SPOT: SPOT,
}
PLACES, MOST_ONES = 1, 3
PERSON = st.integers(0, 2)
WHO = st.integers(0, ASKED - 1)
DECIDED = (OUTCOME.key, WITHDRAWN.key)


class Stage(Enum):
    """How far the first competition has come where an example begins."""

    OUT = "out"
    ANSWERED = "answered"
    LATE = "nobody but one too late"
    OPENED = "opened"
    AGREED = "agreed"


class Decisions(Referrals):
    """Beside competitions, referrals to one setting alone, two of them under a contract that has one place."""

    issued = Bundle("issued")
    ones = Bundle("ones")

    def __init__(self, hall: Hall, close: Callable[[], None]) -> None:
        super().__init__(hall.world, hall.clock, close)
        self.hall = hall
        self.council = (*hall.council, hall.third)
        self.single: dict[str, Route] = {}

    @initialize(target=issued, stage=st.sampled_from(Stage), answering=st.sets(WHO), is_one_late=st.booleans())
    def begin(self, stage: Stage, answering: set[int], is_one_late: bool) -> str:
        """Begin at any stage, so that what comes last is tried as often as what comes first."""
        self.contract_id = contract(self.world, places=PLACES)
        referral_id = self.world.issued()
        self.references.append(referral_id)
        for number in sorted(answering) if stage not in {Stage.OUT, Stage.LATE} else ():
            self.world.respond(referral_id, number, replace(OFFER, words=SECRET))
        if stage in {Stage.LATE, Stage.OPENED, Stage.AGREED}:
            self.it_comes_to_the_evaluation(referral_id, is_one_late=is_one_late or stage is Stage.LATE)
        if stage is Stage.AGREED:
            self.agree(referral_id, 3)
        return referral_id

    def offers(self, referral_id: str, actor: Actor) -> tuple[Offer, ...]:
        """Return the offers as somebody may read them now: none where they may not."""
        with self.world.ground.read() as session:
            try:
                return offers_of(session, actor, referral_id, self.world.ground.keys)
            except HubError:
                return ()

    @rule(target=ones, route=st.sampled_from(list(ONES)))
    def issue_to_one(self, route: Route) -> Any:  # noqa: ANN401 - an id, or nothing
        if len(self.single) >= MOST_ONES:
            return multiple()
        referral_id = self.world.drafted()
        is_block = route is Route.BLOCK_CALLDOWN
        command = replace(
            ONES[route],
            setting_id=self.world.settings[0] if route is Route.DIRECT_AWARD else None,
            contract_id=self.contract_id if is_block else None,
        )
        try:
            choose(self.world, referral_id, command)
            plan(self.world, referral_id, (self.clock.now() + timedelta(days=14)).date())
            approve_and_issue(self.world, referral_id)
        except HubError:
            return multiple()
        self.single[referral_id] = route
        return referral_id

    @rule(referral_id=ones)
    def the_one_answers(self, referral_id: str) -> None:
        self.refused(lambda: self.world.respond(referral_id, 0))

    @rule(referral_id=ones, which=PERSON)
    def award_to_the_one(self, referral_id: str, which: int) -> None:
        actor = self.council[which]
        found = self.offers(referral_id, actor)
        chosen = found[0].recipient_id if found else None
        command = AwardReferral(referral_id, chosen, evaluated.REASON, offers_mark(found) if found else "")
        self.tried(lambda work: award_referral(work, actor, command))

    @rule(which=PERSON)
    def end_a_placement(self, which: int) -> None:
        with self.world.ground.read() as session:
            ids = session.scalars(select(PlacementRow.id).where(PlacementRow.ended_on.is_(None))).all()
        if ids:
            reason, today = EndReason.NOT_BEGUN, self.clock.now().date()
            command = EndPlacement(ids[which % len(ids)], today, reason, "", is_confirmed=False)
            self.tried(lambda work: end_placement(work, self.council[which], command))

    @rule(referral_id=issued, is_one_late=st.booleans())
    def it_comes_to_the_evaluation(self, referral_id: str, is_one_late: bool) -> None:
        self.clock.set(max(self.clock.now(), self.versions(referral_id)[-1].deadline_at + timedelta(seconds=1)))
        if is_one_late:
            self.refused(lambda: self.world.respond(referral_id, 2))
        for actor in self.council[:2]:
            self.tried(partial(unseal_responses, actor=actor, referral_id=referral_id))
        self.refused(lambda: evaluated.named(self.world, referral_id))

    @rule(referral_id=issued, which=PERSON, given=st.integers(1, 5))
    def score(self, referral_id: str, which: int, given: int) -> None:
        self.score_as(referral_id, self.council[which], given)

    @rule(referral_id=issued, which=PERSON)
    def hand_in(self, referral_id: str, which: int) -> None:
        self.tried(lambda work: hand_in_scores(work, self.council[which], referral_id))

    @rule(referral_id=issued, given=st.integers(1, 5))
    def agree(self, referral_id: str, given: int) -> None:
        for actor in self.council[:2]:
            self.score_as(referral_id, actor, given)
        count_ = len(self.offers(referral_id, self.world.commissioner))
        self.refused(lambda: evaluated.agree(self.world, referral_id, (given,) * count_))

    def score_as(self, referral_id: str, actor: Actor, given: int) -> None:
        """Let somebody give all offers the same score, and hand in."""
        count_ = len(self.offers(referral_id, self.world.commissioner))
        self.refused(lambda: evaluated.score_all(self.world, referral_id, actor, (given,) * count_))

    @rule(referral_id=issued, which=st.integers(1, 2))
    def declare_a_conflict(self, referral_id: str, which: int) -> None:
        self.tried(lambda work: declare_interest(work, self.council[which], referral_id, conflict=True))

    @rule(referral_id=issued, is_wanted=st.booleans())
    def record_or_withdraw_an_order(self, referral_id: str, is_wanted: bool) -> None:
        command = RecordPreference(
            referral_id, PreferenceKind.TRIBUNAL_ORDER, None, "Elm Park School", evaluated.REASON
        )
        by = self.world.commissioner
        self.tried(
            lambda work: (
                record_preference(work, by, command)
                if is_wanted
                else withdraw_preference(work, by, referral_id, evaluated.REASON)
            )
        )

    @rule(referral_id=issued, which=PERSON, number=WHO, by_stranger=st.booleans())
    def award(self, referral_id: str, which: int, number: int, by_stranger: bool) -> None:
        found = self.offers(referral_id, self.council[which])
        if not found:
            return
        chosen = found[number % len(found)].recipient_id
        actor = self.world.stranger if by_stranger else self.council[which]
        command = AwardReferral(referral_id, chosen, evaluated.REASON, offers_mark(found))
        given = self.tried(lambda work: award_referral(work, actor, command))
        assert given is None or not by_stranger
        self.tried(lambda work: confirm_award(work, self.council[which], referral_id))

    @rule(referral_id=issued, asks=PERSON, decides=st.integers(1, 2), is_approved=st.booleans())
    def admit_a_late_answer(self, referral_id: str, asks: int, decides: int, is_approved: bool) -> None:
        late_id = self._late(referral_id)
        if late_id is None:
            return
        asking = AskAdmission(late_id, LateGround.NO_TIMELY_ANSWER, None, "Nobody answered in time.")
        self.tried(lambda work: ask_admission(work, self.council[asks], asking))
        outcome_ = ApprovalOutcome.APPROVED if is_approved else ApprovalOutcome.REFUSED
        deciding = DecideAdmission(late_id, outcome_, "" if is_approved else "It came too late.")
        self.tried(lambda work: decide_admission(work, self.council[decides], deciding))

    def _late(self, referral_id: str) -> str | None:
        own = select(LateResponseRow.id).join(RecipientRow).where(RecipientRow.referral_id == referral_id)
        with self.world.ground.read() as session:
            return session.scalars(own.order_by(LateResponseRow.id)).first()

    @rule(referral_id=issued, is_back=st.booleans())
    def hand_over_to_a_colleague(self, referral_id: str, is_back: bool) -> None:
        asked = select(RecipientRow.id).where(
            RecipientRow.referral_id == referral_id, RecipientRow.setting_id == self.world.settings[0]
        )
        with self.world.ground.read() as session:
            recipient_id = session.scalars(asked).one()
        give, take = self.hall.provider[::-1] if is_back else self.hall.provider
        self.tried(lambda work: hand_over(work, give, HandOver(recipient_id, take.id)))

    @rule(referral_id=issued, number=WHO, is_lost=st.booleans())
    def a_delivery_ends(self, referral_id: str, number: int, is_lost: bool) -> None:
        status = Status.FAILED if is_lost else Status.SENT
        with self.world.ground.work() as work:
            mine = MessageRow.about_id == referral_id, MessageRow.person_id == self.world.user(number).id
            due = MessageRow.key.in_(TO_ALL), MessageRow.status == Status.QUEUED, MessageRow.due_at <= work.now
            sent = None if is_lost else work.now
            work.session.execute(update(MessageRow).where(*mine, *due).values(status=status, sent_at=sent))

    @rule(referral_id=issued, which=PERSON)
    def send_again(self, referral_id: str, which: int) -> None:
        self.clock.set(self.clock.now() + timedelta(seconds=1))  # what is queued at one moment is one round
        self.tried(lambda work: tell_again(work, self.council[which], referral_id))

    def refused(self, act: Callable[[], object]) -> None:
        """Act in transactions of its own, of which the hub may refuse any."""
        try:
            act()
        except HubError:
            return

    def alike(self, row: MessageRow) -> tuple[object, ...]:
        """Vendors take one and lose the other, which a change calls back or not; words and moment are the same."""
        return row.queued_at, str(row.values)

    @invariant()
    def a_referral_is_decided_once_and_all_are_told_alike(self) -> None:
        """R27, R29: everybody who was asked, in the same words at the same moment; or nobody."""
        for referral_id in (*self.references, *self.single):
            with self.world.ground.read() as session:
                awards = session.scalars(select(AwardRow).where(AwardRow.referral_id == referral_id)).all()
                closed_at = session.get_one(ReferralRow, referral_id).closed_at
                everybody = set(everybody_asked(session, referral_id))
                about = MessageRow.about_id == referral_id, MessageRow.key.in_(DECIDED)
                told = session.scalars(select(MessageRow).where(*about)).all()
                placed = session.scalars(select(PlacementRow).where(PlacementRow.referral_id == referral_id)).all()
            assert len(awards) == (closed_at is not None)
            assert {row.person_id for row in told} in ([everybody] if awards else [set()]) or not told
            assert len(told) == len({row.person_id for row in told})
            assert len({(row.key, row.due_at, str(row.values)) for row in told}) <= 1
            assert len(placed) <= sum(award.outcome == "award" for award in awards)

    @invariant()
    def each_reads_of_the_outcome_what_is_theirs(self) -> None:
        """R27: who won, and one's own scores; nobody else's, and nothing before all are told."""
        for referral_id in self.references:
            with self.world.ground.read() as session:
                award = session.scalars(select(AwardRow).where(AwardRow.referral_id == referral_id)).first()
                told = session.scalars(
                    select(func.count()).where(MessageRow.about_id == referral_id, MessageRow.key.in_(DECIDED))
                ).one()
                for number in range(ASKED):
                    if award is None or not told:
                        with pytest.raises(NotFoundError):
                            outcome(session, self.world.user(number), referral_id)
                        continue
                    page = outcome(session, self.world.user(number), referral_id)
                    assert {own.setting_name for own in page.own} <= {f"School {number}"}
                    assert page.winner == award.supplier
                for other in (self.world.user(4), self.world.stranger):
                    with pytest.raises(NotFoundError):
                        outcome(session, other, referral_id)

    @invariant()
    def a_referral_to_one_is_nobody_elses(self) -> None:
        """R5, R6, R7: one is asked, or nobody off the framework."""
        now = self.clock.now()
        for referral_id, route in self.single.items():
            with self.world.ground.read() as session:
                asked = select(RecipientRow.setting_id).where(RecipientRow.referral_id == referral_id)
                own = [self.world.settings[0]] if route is not Route.OFF_FRAMEWORK_SPOT else []
                assert session.scalars(asked).all() == own
                for number in (1, 2, 4):
                    with pytest.raises(NotFoundError):
                        invitation(session, self.world.user(number), referral_id, now)
                with pytest.raises(NotFoundError):
                    referral(session, self.world.stranger, referral_id, now)

    @invariant()
    def places_are_taken_as_often_as_learners_hold_them(self) -> None:
        """R6: never below zero, nor above what there are."""
        with self.world.ground.read() as session:
            for row in session.scalars(select(ContractRow)):
                held = select(func.count()).where(
                    PlacementPartRow.contract_id == row.id, PlacementPartRow.ended_on.is_(None)
                )
                assert 0 <= row.taken <= PLACES
                assert row.taken == session.scalar(held)

    @invariant()
    def whoever_has_a_conflict_reads_no_answer(self) -> None:
        """R25"""
        with self.world.ground.read() as session:
            for row in session.scalars(select(EvaluatorRow).where(EvaluatorRow.has_conflict.is_(True))):
                actor = next(one for one in self.council if one.id == row.person_id)
                with pytest.raises(ForbiddenError):
                    opened_responses(session, actor, row.referral_id, self.world.ground.keys)

    @invariant()
    def a_late_answer_is_let_in_by_two(self) -> None:
        """R17: once for each setting, by another than whoever asked."""
        with self.world.ground.read() as session:
            let_in = session.scalars(select(LateAdmissionRow).where(LateAdmissionRow.admitted_at.is_not(None))).all()
            recipients = [session.get_one(LateResponseRow, row.late_id).recipient_id for row in let_in]
            assert len(recipients) == len(set(recipients))
            assert all(row.admitted_by != row.asked_by for row in let_in)

    @invariant()
    def the_proof_holds(self) -> None:
        """R34"""
        with self.world.ground.read() as session:
            for referral_id in (*self.references, *self.single):
                reference = session.get_one(ReferralRow, referral_id).reference
                proof = proof_by_reference(session, reference, self.clock.now())
                assert proof.chain.holds, proof.chain.found
                assert [check for check in proof.checks if not check.holds] == []


def test_any_order_up_to_the_award_on_sqlite(sqlite_database: Database, tmp_path: Path) -> None:
    """R5, R6, R7, R12, R17, R22, R25, R26, R27, R29, R34"""
    built = build_hall(ground_on(sqlite_database, FixedClock(MONDAY)))

    def machine(ground: Any, close: Callable[[], None]) -> Decisions:  # noqa: ANN401 - a Ground
        return Decisions(replace(built, world=replace(built.world, ground=ground), clock=ground.clock), close)

    on_copies(sqlite_database, tmp_path, machine, 6)


def test_any_order_up_to_the_award_on_postgresql(postgres_databases: Recycled) -> None:
    """R5, R6, R7, R12, R17, R22, R25, R26, R27, R29, R34"""
    on_recycled(postgres_databases, lambda ground, close: Decisions(build_hall(ground), close), 3)
