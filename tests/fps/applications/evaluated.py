"""Applications that are in evaluation, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from fps.actions.applications.decide_application import DecideApplication, decide_application, write_moderation
from fps.actions.applications.evaluate import SaveMarks, declare_interest, save_marks
from fps.actions.applications.name_evaluators import NameEvaluators, name_evaluators
from fps.actions.evidence.judge_document import accept_document
from fps.model.applications import CRITERIA, Decision, Mark, Outcome, Scale
from fps.queries.applications import last_submission
from fps.rules.applications import wanted_marks
from fps.tables import DocumentRow
from kernel.clock import FixedClock
from kernel.work import Work
from people.model import Actor, Role
from tests.fps.applications.conftest import Scene
from tests.fps.applications.filled import AFTER, filled, send
from tests.fps.world import member

REASON = "The certificate and the visit both show that it holds."


@dataclass(frozen=True)
class Evaluated:
    """A round that has closed, with one application and its two evaluators."""

    scene: Scene
    application_id: str
    evaluators: tuple[Actor, Actor]
    council_neighbour: Actor


def closed(scene: Scene, clock: FixedClock) -> Evaluated:
    """Send one application, close the round, and register two commissioners of member councils and one more."""
    with scene.ground.work() as work:
        application_id = filled(work, scene.world, scene.joined)
        send(work, scene.world.providers[0][1], application_id)
        people = [
            member(work, name, Role.COMMISSIONER, council, ("email", f"{name.split()[0].lower()}@example.org"))
            for name, council in (
                ("Eve One", scene.world.council_id),
                ("Evan Two", scene.world.other_council_id),
                ("Nell Third", scene.world.council_id),
            )
        ]
    clock.set(AFTER)
    return Evaluated(scene, application_id, (people[0], people[1]), people[2])


def open_all(scene: Scene, clock: FixedClock) -> None:
    """Close the round and open every application that was sent, as the lead authority does."""
    clock.set(AFTER)
    with scene.ground.work() as work:
        ids = tuple(
            member(work, name, Role.COMMISSIONER, scene.world.council_id, ("email", f"{name.lower()}@example.org")).id
            for name in ("Opal", "Olive")
        )
        name_evaluators(work, scene.world.lead, NameEvaluators(scene.joined.id, ids))


def name_both(work: Work, here: Evaluated) -> int:
    """Name both evaluators for the round."""
    ids = tuple(person.id for person in here.evaluators)
    return name_evaluators(work, here.scene.world.lead, NameEvaluators(here.scene.joined.id, ids))


def marks_for(work: Work, application_id: str) -> tuple[Mark, ...]:
    """Return a full set of marks."""
    sent = last_submission(work.session, application_id)
    assert sent is not None
    scales = {each.key: each.scale for each in CRITERIA}
    return tuple(
        Mark(subject, key, "pass" if scales[key] is Scale.PASS else "4", REASON)
        for subject, key in wanted_marks(one["entry"] for one in sent.content["settings"])
    )


def evaluate(work: Work, here: Evaluated, person: Actor) -> None:
    """Let somebody declare to have no conflict, and hand in a full set of marks."""
    declare_interest(work, person, here.application_id, has_conflict=False)
    save_marks(work, person, SaveMarks(here.application_id, marks_for(work, here.application_id), is_finished=True))


def decisions_for(work: Work, here: Evaluated, outcome: Outcome) -> tuple[Decision, ...]:
    """Return the same decision for every setting and lot."""
    sent = last_submission(work.session, here.application_id)
    assert sent is not None
    return tuple(
        Decision(one["entry"], lot_id, outcome, REASON) for one in sent.content["settings"] for lot_id in one["lots"]
    )


def decide(work: Work, here: Evaluated, outcome: Outcome = Outcome.ADMIT) -> None:
    """Settle the marks and decide."""
    write_moderation(work, here.scene.world.lead, here.application_id, REASON)
    decisions = decisions_for(work, here, outcome)
    decide_application(work, here.scene.world.lead, DecideApplication(here.application_id, decisions))


def accept_evidence(work: Work, here: Evaluated) -> None:
    """Let the lead authority accept every document that the application brought."""
    rows = select(DocumentRow.id).where(DocumentRow.is_current.is_(False)).order_by(DocumentRow.id)
    for document_id in work.session.scalars(rows).all():
        accept_document(work, here.scene.world.lead, document_id)


def after_standstill(scene: Scene, clock: FixedClock) -> None:
    """Move the clock past the standstill of decisions that were issued now."""
    clock.move(timedelta(days=scene.joined.standstill_days + 1))
