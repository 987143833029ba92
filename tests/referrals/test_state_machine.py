"""Any order of acts by anybody at any time: equal treatment, sealing, deadlines and visibility hold after each.

The suite tries few examples. Before a release try many: `MACHINE_EXAMPLES=20 pytest tests/referrals -k state_machine`
tries 20 times as many, here and in test_state_machine_deciding.py.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import select

from channels.tables import MessageRow
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.errors import ForbiddenError, HubError, NotFoundError
from kernel.work import Ground, Work
from people.model import Actor
from referrals.actions.close_referral import close_referral
from referrals.actions.equal.answer_question import AnswerQuestion, answer_question
from referrals.actions.equal.ask_question import AskQuestion, ask_question
from referrals.actions.equal.change_issue import ChangeIssue, change_issue
from referrals.actions.equal.watch_deliveries import watch_deliveries
from referrals.actions.remind_recipients import remind_recipients
from referrals.actions.unseal_responses import unseal_responses
from referrals.actions.withdraw_referral import withdraw_referral
from referrals.messages import ALERT, REMINDER
from referrals.messages.equal import ANSWERED, CHANGED, MOVED
from referrals.model import DeclineCode, Response, ResponseKind
from referrals.queries.councils import opened_responses, referral
from referrals.queries.providers import everybody_asked, invitation
from referrals.rules.deadlines import is_late
from referrals.rules.issuing import issue_hash
from referrals.tables import IssueRow, LateResponseRow, QuestionRow, RecipientRow, ResponseRow, UnsealRow
from tests.conftest import MONDAY, ground_on
from tests.referrals.equal.steps import wording
from tests.referrals.world import OFFER, World, build_world
from tests.services.recycled import Recycled

ASKED = 3
TIMES = int(os.environ.get("MACHINE_EXAMPLES", "1"))
TO_ALL = (ALERT.key, CHANGED.key, MOVED.key, ANSWERED.key)
SECRET = "Only the reader of an opened answer may see this sentence."
DECLINE = Response(ResponseKind.DECLINE, DeclineCode.NO_PLACE)
MOST_REFERRALS = 2
HALVES = 2
DAYS = st.sampled_from(
    [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 8), date(2026, 12, 15)]
)
# shrinking takes far longer than reading a long trace: ask for it by hand when there is one
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
STEPS = st.sampled_from([timedelta(minutes=5), timedelta(hours=5), timedelta(days=1), timedelta(days=4)])
NEAR = st.sampled_from([timedelta(seconds=-1), timedelta(0), timedelta(seconds=1)])
WHO = st.integers(0, ASKED - 1)


class Referrals(RuleBasedStateMachine):
    """One council's referrals to three settings, beside a council and providers that they are no business of."""

    issued = Bundle("issued")
    questions = Bundle("questions")

    def __init__(self, world: World, clock: FixedClock, close: Callable[[], None]) -> None:
        super().__init__()
        self.world, self.clock, self._close = world, clock, close
        self.council: tuple[Actor, ...] = (world.commissioner, world.colleague)
        self.told: dict[str, frozenset[str | None]] = {}
        self.seen: dict[str, tuple[Any, ...]] = {}
        self.references: list[str] = []
        self.answered: dict[tuple[str, int], bool] = {}
        self.numbers = count(1)

    def teardown(self) -> None:
        self._close()

    def tried(self, act: Callable[[Work], Any]) -> Any:  # noqa: ANN401 - what the act returns
        """Act in one transaction; what the hub refuses is refused, and nothing else may happen."""
        try:
            with self.world.ground.work() as work:
                return act(work)
        except HubError:
            return None

    @rule(target=issued, hours=st.sampled_from([0, 0, 3, 30]), deadline_on=DAYS)
    def issue(self, hours: int, deadline_on: date) -> Any:  # noqa: ANN401 - an id, or nothing
        if len(self.references) >= MOST_REFERRALS:
            return multiple()
        referral_id = self.world.drafted()
        try:
            release = self.clock.now() + timedelta(hours=hours) if hours else None
            self.world.issue(referral_id, release, deadline_on)
        except HubError:
            return multiple()
        self.references.append(referral_id)
        return referral_id

    @rule(by=STEPS)
    def time_passes(self, by: timedelta) -> None:
        self.clock.set(self.clock.now() + by)

    @rule(referral_id=issued, by=NEAR)
    def the_deadline_comes(self, referral_id: str, by: timedelta) -> None:
        self.clock.set(max(self.clock.now(), self.versions(referral_id)[-1].deadline_at + by))

    @rule(referral_id=issued, number=WHO, is_offer=st.booleans())
    def answer(self, referral_id: str, number: int, is_offer: bool) -> None:
        deadline = self.versions(referral_id)[-1].deadline_at
        try:
            receipt = self.world.respond(referral_id, number, replace(OFFER, words=SECRET) if is_offer else DECLINE)
        except HubError:
            return
        assert receipt.is_late == (self.clock.now() > deadline), "R16: one second late is late"

    @rule(referral_id=issued, deadline_on=DAYS, is_stale=st.booleans())
    def change(self, referral_id: str, deadline_on: date, is_stale: bool) -> None:
        version = len(self.versions(referral_id)) - is_stale
        words = wording(f"Learns to ask for help, in {next(self.numbers)} ways.")
        command = ChangeIssue(referral_id, version, words, deadline_on, "The start has moved to a later week.")
        self.tried(lambda work: change_issue(work, self.world.commissioner, command))

    @rule(target=questions, referral_id=issued, number=WHO)
    def ask(self, referral_id: str, number: int) -> Any:  # noqa: ANN401 - an id, or nothing
        command = AskQuestion(referral_id, f"Is there a lift to floor number {next(self.numbers)} of the building?")
        found = self.tried(lambda work: ask_question(work, self.world.user(number), command))
        return multiple() if found is None else found

    @rule(question_id=questions, by_stranger=st.booleans())
    def answer_to_all(self, question_id: str, by_stranger: bool) -> None:
        actor = self.world.stranger if by_stranger else self.world.colleague
        command = AnswerQuestion(question_id, "Is there a lift in the building?", "No lift is needed for this place.")
        found = self.tried(lambda work: answer_question(work, actor, command))
        assert found is None or not by_stranger

    @rule(referral_id=issued, which=st.integers(0, 3))
    def unseal(self, referral_id: str, which: int) -> None:
        people = (*self.council, self.world.stranger)
        actor = people[which % len(people)]
        self.tried(lambda work: unseal_responses(work, actor, referral_id))

    @rule(referral_id=issued)
    def the_clock_works(self, referral_id: str) -> None:
        for _ in range(2):
            self.tried(lambda work: remind_recipients(work, referral_id))
            self.tried(lambda work: watch_deliveries(work, referral_id))

    @rule(referral_id=issued)
    def end(self, referral_id: str) -> None:
        reason = "The family has moved away, so that no place is needed."
        self.tried(lambda work: close_referral(work, self.world.commissioner, referral_id, reason))

    @rule(referral_id=issued)
    def withdraw(self, referral_id: str) -> None:
        self.tried(lambda work: withdraw_referral(work, self.world.commissioner, referral_id, "Issued by mistake."))

    def versions(self, referral_id: str) -> list[IssueRow]:
        with self.world.ground.read() as session:
            return list(
                session.scalars(select(IssueRow).where(IssueRow.referral_id == referral_id).order_by(IssueRow.version))
            )

    @invariant()
    def what_was_issued_never_changes(self) -> None:
        """R9, R10: each version stands for ever, under its hash; deadlines only move to later."""
        for referral_id in self.references:
            found = self.versions(referral_id)
            with self.world.ground.read() as session:
                asked = select(RecipientRow.setting_id).where(RecipientRow.referral_id == referral_id)
                settings_asked = list(session.scalars(asked))
            assert len(settings_asked) == ASKED
            deadlines = [one.deadline_at for one in found]
            assert deadlines == sorted(deadlines)
            assert [one.version for one in found] == list(range(1, len(found) + 1))
            for one in found:
                kept = self.seen.setdefault(one.id, (one.text, one.release_at, one.deadline_at, one.hash))
                assert kept == (one.text, one.release_at, one.deadline_at, one.hash)
                assert one.hash == issue_hash(one.text, one.release_at, one.deadline_at, settings_asked)

    @invariant()
    def everybody_is_told_the_same_at_the_same_moment(self) -> None:
        """R2, R9, R10, R11: whatever goes to one goes to all, in the same words, and never before the release."""
        for referral_id in self.references:
            release_at = self.versions(referral_id)[0].release_at
            with self.world.ground.read() as session:
                everybody = set(everybody_asked(session, referral_id))
                sent = [row for row in session.scalars(select(MessageRow)) if row.about_id == referral_id]
            groups: dict[str, list[MessageRow]] = defaultdict(list)
            for row in sent:
                if row.key in TO_ALL and "referrals.again:" not in str(row.dedupe_key):
                    groups[str(row.dedupe_key).replace(str(row.person_id), "")].append(row)
            assert any(row.key == ALERT.key for row in sent)
            for name, rows in groups.items():
                assert {row.person_id for row in rows} == self.told.setdefault(name, frozenset(everybody)), name
                assert len({self.alike(row) for row in rows}) == 1, name
            told = [row for row in sent if row.key in {*TO_ALL, REMINDER.key}]
            assert all(row.due_at is None or row.due_at >= release_at for row in told)

    @invariant()
    def answers_stay_sealed_until_two_have_opened_them(self) -> None:
        """R16, R17, R21, R22"""
        for referral_id in self.references:
            deadline = self.versions(referral_id)[-1].deadline_at
            with self.world.ground.read() as session:
                kept = session.scalars(
                    select(ResponseRow).join(RecipientRow).where(RecipientRow.referral_id == referral_id)
                ).all()
                halves = set(session.scalars(select(UnsealRow.person_id).where(UnsealRow.referral_id == referral_id)))
                opened = self._opened(referral_id, self.world.commissioner)
                assert all(SECRET not in row.sealed for row in kept)
            assert halves <= {one.id for one in self.council}
            assert not any(is_late(row.received_at, deadline) for row in kept)
            assert (opened is not None) == (len(halves) >= HALVES)
            if self.clock.now() <= deadline:
                assert not halves, "R21: nobody opens anything before the deadline"

    def alike(self, row: MessageRow) -> tuple[object, ...]:
        """Return what is the same for all in what goes to all."""
        return row.due_at, row.status, str(row.values)

    def _opened(self, referral_id: str, actor: Actor) -> list[Any] | None:
        with self.world.ground.read() as session:
            try:
                return list(opened_responses(session, actor, referral_id, self.world.ground.keys))
            except ForbiddenError:
                return None

    @invariant()
    def nobody_else_sees_anything(self) -> None:
        """DOMAIN.md 1.3: own referrals, own invitations; before the release nobody is asked anything."""
        now = self.clock.now()
        for referral_id in self.references:
            release_at = self.versions(referral_id)[0].release_at
            with self.world.ground.read() as session:
                for ask in (
                    lambda: referral(session, self.world.stranger, referral_id, now),  # noqa: B023 - called at once
                    lambda: opened_responses(session, self.world.stranger, referral_id, self.world.ground.keys),  # noqa: B023 - the same
                    lambda: invitation(session, self.world.user(4), referral_id, now),  # noqa: B023 - the same
                ):
                    with pytest.raises(NotFoundError):
                        ask()
                if now < release_at:
                    with pytest.raises(HubError):
                        invitation(session, self.world.user(0), referral_id, now)

    @invariant()
    def late_answers_are_never_among_those_in_time(self) -> None:
        """R16, R17"""
        with self.world.ground.read() as session:
            for row in session.scalars(select(LateResponseRow)):
                recipient = session.get_one(RecipientRow, row.recipient_id)
                first = self.versions(recipient.referral_id)[0]
                assert is_late(row.received_at, first.deadline_at)

    @invariant()
    def a_question_is_answered_once(self) -> None:
        """R11: numbered without a gap, in the order of the answers."""
        with self.world.ground.read() as session:
            for referral_id in self.references:
                numbers = select(QuestionRow.number).where(
                    QuestionRow.referral_id == referral_id, QuestionRow.number.is_not(None)
                )
                found = sorted(number for number in session.scalars(numbers) if number)
                assert found == list(range(1, len(found) + 1))


Machine = Callable[[Ground, Callable[[], None]], Referrals]
"""Makes a machine on a ground that has a world in it, with what closes its database."""


def run(machine: Callable[[], Referrals], examples: int) -> None:
    """Try examples of a machine, or more where somebody asked for it."""
    run_state_machine_as_test(
        machine,  # type: ignore[arg-type] # any maker of machines will do
        settings=settings(
            max_examples=examples * TIMES,
            stateful_step_count=20,
            deadline=None,
            phases=PHASES,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def on_copies(database: Database, tmp_path: Path, machine: Machine, examples: int) -> None:
    """Run a machine on copies of a SQLite database in which the world is built."""
    database.close()
    numbers = count()

    def make() -> Referrals:
        path = tmp_path / f"example{next(numbers)}.db"
        shutil.copyfile(str(database.url.database), path)
        copy, clock = Database(f"sqlite:///{path}"), FixedClock(MONDAY)

        def close() -> None:
            copy.close()
            path.unlink()

        return machine(ground_on(copy, clock), close)

    run(make, examples)


def on_recycled(databases: Recycled, machine: Machine, examples: int) -> None:
    """Run a machine on PostgreSQL databases, for which it builds the world itself."""

    def make() -> Referrals:
        url = databases.take()
        database, clock = Database(url), FixedClock(MONDAY)

        def close() -> None:
            database.close()
            databases.give_back(url)

        return machine(ground_on(database, clock), close)

    run(make, examples)


def _clock(ground: Ground) -> FixedClock:
    assert isinstance(ground.clock, FixedClock)
    return ground.clock


def test_any_order_of_acts_at_any_time_on_sqlite(sqlite_database: Database, tmp_path: Path) -> None:
    """R2, R9, R10, R11, R16, R17, R21, R22"""
    built = build_world(ground_on(sqlite_database, FixedClock(MONDAY)))
    on_copies(
        sqlite_database,
        tmp_path,
        lambda ground, close: Referrals(replace(built, ground=ground), _clock(ground), close),
        15,
    )


def test_any_order_of_acts_at_any_time_on_postgresql(postgres_databases: Recycled) -> None:
    """R2, R9, R10, R11, R16, R17, R21, R22"""
    on_recycled(postgres_databases, lambda ground, close: Referrals(build_world(ground), _clock(ground), close), 5)
