"""Who may evaluate and lead an application: nobody with an interest in it, and nobody who has read others' marks."""

from __future__ import annotations

import pytest

from fps.actions.applications.clarify import ask_applicant
from fps.actions.applications.decide_application import DecideApplication, decide_application, write_moderation
from fps.actions.applications.evaluate import SaveMarks, declare_interest, save_marks
from fps.actions.applications.name_evaluators import NameEvaluators, name_evaluators
from fps.model.applications import Outcome
from fps.queries.evaluations import (
    evaluated_application,
    evaluations_of,
    led_application,
    opened_content,
    own_marks,
)
from kernel.calendar import london_date
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from people.actions.change_roles import grant_role
from people.model import Role
from people.queries import person as person_card
from tests.fps.applications.conftest import Scene
from tests.fps.applications.evaluated import (
    REASON,
    Evaluated,
    closed,
    decisions_for,
    evaluate,
    marks_for,
    name_both,
)
from tests.fps.applications.filled import told


@pytest.fixture
def here(scene: Scene, clock: FixedClock) -> Evaluated:
    return closed(scene, clock)


def test_whoever_has_a_conflict_of_interest_leads_that_application_no_further(here: Evaluated) -> None:
    """R25: a colleague of the lead authority asks, settles and decides."""
    lead = here.scene.world.lead
    ids = (*(person.id for person in here.evaluators), lead.id)
    with here.scene.ground.work() as work:
        name_evaluators(work, lead, NameEvaluators(here.scene.joined.id, ids))
        declare_interest(work, lead, here.application_id, has_conflict=True)
        for person in here.evaluators:
            evaluate(work, here, person)
        decisions = DecideApplication(here.application_id, decisions_for(work, here, Outcome.REFUSE))
        for act in (
            lambda: write_moderation(work, lead, here.application_id, REASON),
            lambda: decide_application(work, lead, decisions),
            lambda: ask_applicant(work, lead, here.application_id, "Who?", london_date(work.now)),
            lambda: led_application(work.session, lead, here.application_id),
        ):
            with pytest.raises(ConflictError):
                act()


def test_nobody_who_acts_for_a_provider_evaluates(here: Evaluated) -> None:
    first, applicant = here.evaluators[0], here.scene.world.providers[0][0]
    with here.scene.ground.work() as work:
        name_both(work, here)
        grant_role(work, first.id, Role.PROVIDER_USER, applicant)
        both = person_card(work.session, first.id)
        with pytest.raises(NotFoundError):
            evaluated_application(work.session, both, here.application_id)
        with pytest.raises(NotFoundError):
            evaluate(work, here, both)
        with pytest.raises(InvalidInputError):
            name_both(work, here)


def test_nobody_is_added_once_all_evaluations_are_in(here: Evaluated) -> None:
    """R25: whoever came now could have read the others' marks."""
    lead, round_id = here.scene.world.lead, here.scene.joined.id
    ids = (*(person.id for person in here.evaluators), lead.id)
    with here.scene.ground.work() as work:
        name_both(work, here)
        for person in here.evaluators:
            evaluate(work, here, person)
        with pytest.raises(ConflictError):
            name_evaluators(work, lead, NameEvaluators(round_id, ids, here.application_id))
        name_evaluators(work, lead, NameEvaluators(round_id, ids))
        found = evaluations_of(work.session, here.application_id, lead.id)
        assert {each.person_id for each in found} == {person.id for person in here.evaluators}
        assert told(work.session, "fps.application_to_evaluate", lead.id) == []


def test_who_is_left_out_and_named_again_finds_what_they_wrote(here: Evaluated) -> None:
    first, second = here.evaluators
    others = NameEvaluators(here.scene.joined.id, (second.id, here.council_neighbour.id))
    with here.scene.ground.work() as work:
        name_both(work, here)
        declare_interest(work, first, here.application_id, has_conflict=False)
        marks = marks_for(work, here.application_id)
        save_marks(work, first, SaveMarks(here.application_id, marks, is_finished=False))
        name_evaluators(work, here.scene.world.lead, others)
        with pytest.raises(NotFoundError):
            opened_content(work.session, first, here.application_id)
        name_both(work, here)
        assert set(own_marks(work.session, here.application_id, first.id)) == set(marks)
