"""No sequence of signing in, revoking, leaving and coming back lets a token be accepted that was taken away."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from kernel.clock import FixedClock
from kernel.errors import HubError
from kernel.work import Ground
from people.actions.begin_session import begin_session
from people.actions.end_sessions import REVOKED, SIGNED_OUT, end_session, end_sessions_of
from people.actions.keep_session import make_strong, note_use
from people.actions.leave import mark_leaver, undo_leaving
from people.actions.register_organisation import NewOrganisation, register_organisation
from people.actions.register_person import NewPerson, register_person
from people.model import OrganisationKind, PersonCard, Role, SessionCard, SessionLimits
from people.queries import person
from people.queries.sessions import session_by_token

LIMITS = SessionLimits(idle=timedelta(minutes=60), longest=timedelta(hours=12))
PERSONS = st.integers(0, 1)
PICK = st.integers(0, 20)


class Doorkeeper(RuleBasedStateMachine):
    """Two officers and an administrator; `good` are the tokens that count and whose, `gone` those that must not."""

    def __init__(self, ground: Ground, clock: FixedClock) -> None:
        super().__init__()
        self.ground, self.clock = ground, clock
        self.good: dict[str, int] = {}
        self.gone: set[str] = set()
        self.left: set[int] = set()
        with ground.work() as work:
            place = register_organisation(work, NewOrganisation(OrganisationKind.COUNCIL, "Seaborough"))
            self.people = [
                register_person(work, NewPerson(f"Officer {number}", roles=((Role.QA_OFFICER, place),)))
                for number in range(2)
            ]
            boss = register_person(work, NewPerson("Ada", roles=((Role.ADMINISTRATOR, place),)))
        with ground.read() as session:
            self.boss: PersonCard = person(session, boss)

    def _session(self, token: str) -> tuple[SessionCard, PersonCard] | None:
        with self.ground.read() as session:
            return session_by_token(session, token, self.clock.now())

    def _picked(self, pick: int) -> tuple[str, str]:
        token = sorted(self.good)[pick % len(self.good)]
        found = self._session(token)
        assert found is not None
        return token, found[0].id

    def _lose(self, *tokens: str) -> None:
        for token in tokens:
            del self.good[token]
            self.gone.add(token)

    def _of(self, who: int) -> list[str]:
        return [token for token, owner in self.good.items() if owner == who]

    @rule(who=PERSONS)
    def sign_in(self, who: int) -> None:
        try:
            with self.ground.work() as work:
                token = begin_session(work, self.people[who], limits=LIMITS)
        except HubError:
            assert who in self.left
            return
        assert who not in self.left
        self.good[token] = who

    @precondition(lambda self: self.good)
    @rule(pick=PICK)
    def sign_out(self, pick: int) -> None:
        token, session_id = self._picked(pick)
        with self.ground.work() as work:
            end_session(work, session_id, SIGNED_OUT)
        self._lose(token)

    @precondition(lambda self: self.good)
    @rule(pick=PICK)
    def become_strong(self, pick: int) -> None:
        token, session_id = self._picked(pick)
        owner = self.good[token]
        with self.ground.work() as work:
            newer = make_strong(work, session_id)
        self._lose(token)
        self.good[newer] = owner

    @precondition(lambda self: self.good)
    @rule(pick=PICK)
    def end_all_others(self, pick: int) -> None:
        token, session_id = self._picked(pick)
        owner = self.good[token]
        with self.ground.work() as work:
            end_sessions_of(work, self.people[owner], REVOKED, session_id)
        self._lose(*(other for other in self._of(owner) if other != token))

    @rule(who=PERSONS)
    def end_all(self, who: int) -> None:
        with self.ground.work() as work:
            end_sessions_of(work, self.people[who], REVOKED, actor=self.boss.id)
        self._lose(*self._of(who))

    @rule(who=PERSONS)
    def leave(self, who: int) -> None:
        with self.ground.work() as work:
            mark_leaver(work, self.boss, self.people[who])
        self.left.add(who)
        self._lose(*self._of(who))

    @precondition(lambda self: self.left)
    @rule()
    def come_back(self) -> None:
        who = self.left.pop()
        with self.ground.work() as work:
            undo_leaving(work, self.boss, self.people[who])

    @rule(minutes=st.sampled_from([1, 59, 700]))
    def let_time_pass(self, minutes: int) -> None:
        """Everybody who still can uses their browser once, then is away for a while."""
        for token in list(self.good):
            found = self._session(token)
            assert found is not None
            with self.ground.work() as work:
                note_use(work, found[0].id, LIMITS)
        self.clock.move(timedelta(minutes=minutes))
        self._lose(*[token for token in self.good if self._session(token) is None])

    @invariant()
    def never_accepts_what_was_taken_away(self) -> None:
        assert [token for token in self.gone if self._session(token)] == []
        for token, owner in self.good.items():
            found = self._session(token)
            assert found is not None
            assert found[1].id == self.people[owner]
            assert owner not in self.left


def test_never_accepts_a_token_that_was_taken_away(ground: Ground, clock: FixedClock) -> None:
    run_state_machine_as_test(
        lambda: Doorkeeper(ground, clock),  # type: ignore[arg-type]  # whatever makes a machine will do
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
