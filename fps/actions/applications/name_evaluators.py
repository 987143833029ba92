from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.applications.open_application import open_application
from fps.actions.rounds.move_round import move_round
from fps.messages.applications import TO_EVALUATE
from fps.model.applications import ApplicationState
from fps.model.rounds import RoundCard, RoundState
from fps.queries.evaluations import evaluations_of
from fps.queries.evaluators import possible_evaluators
from fps.queries.rounds import joining_round
from fps.rules.applications import LEAST_EVALUATORS, are_all_in, is_in_time
from fps.tables import ApplicationRow, EvaluatorRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


@dataclass(frozen=True)
class NameEvaluators:
    """Who evaluates the applications of a round, or one of them where it is given."""

    round_id: str
    person_ids: tuple[str, ...]
    application_id: str | None = None


def name_evaluators(work: Work, actor: Actor, command: NameEvaluators) -> int:
    """Name who evaluates, once the round has closed; return for how many applications.

    With this the applications are opened: before, nobody but their providers reads them, the lead authority neither
    (R21). Who has finished or has a conflict of interest stays on record; anybody else who is not named any more
    leaves, and finds what they wrote if they are named again. Where all evaluations are in nobody is added, because
    they could have read the others' marks (R25): naming for a round leaves such an application as it is. Raises
    NotFoundError for another authority's round, ConflictError before the round has closed and for adding somebody
    to one application after all are in, InvalidInputError for fewer than two people.
    """
    joined = joining_round(work.session, command.round_id)
    if joined.lead_id not in organisations_with(actor, Permission.ROUNDS_RUN) or joined.published_at is None:
        raise NotFoundError
    if is_in_time(work.now, joined.closes_at):
        raise ConflictError("The applications stay sealed until the round has closed.")
    chosen = _chosen(work, joined, command.person_ids)
    rows = _applications(work, command)
    asked: dict[str, int] = {}
    for row in rows:
        open_application(work, actor, row, joined)
        if _are_all_in(work, row, chosen, is_alone=command.application_id is not None):
            continue
        for person_id in _name(work, actor, row, chosen):
            asked[person_id] = asked.get(person_id, 0) + 1
    move_round(work, actor.id, joined.id, RoundState.EVALUATING)
    details = {"evaluators": sorted(chosen), "applications": len(rows), "application_id": command.application_id}
    audit.record(work, actor=actor.id, action="fps.name_evaluators", subject=("round", joined.id), details=details)
    _tell(work, joined, asked)
    return len(rows)


def _chosen(work: Work, joined: RoundCard, person_ids: Sequence[str]) -> dict[str, str]:
    """Return the council for which each of them evaluates."""
    possible = possible_evaluators(work.session, joined, london_date(work.now))
    wanted = dict.fromkeys(person_ids)
    if len(wanted) < LEAST_EVALUATORS:
        raise InvalidInputError("people", "Choose at least {least} people.", least=LEAST_EVALUATORS)
    if not all(person_id in possible for person_id in wanted):
        raise InvalidInputError("people", "Choose people of the lead authority or of member councils.")
    return {person_id: possible[person_id][1] for person_id in wanted}


def _applications(work: Work, command: NameEvaluators) -> Sequence[ApplicationRow]:
    rows = (
        select(ApplicationRow)
        .where(ApplicationRow.round_id == command.round_id, ApplicationRow.state == ApplicationState.SUBMITTED)
        .order_by(ApplicationRow.id)
        .with_for_update()
    )
    if command.application_id is not None:
        rows = rows.where(ApplicationRow.id == command.application_id)
    found = work.session.scalars(rows).all()
    if not found:
        raise ConflictError("There is no application to evaluate: none was sent, or all are decided.")
    return found


def _are_all_in(work: Work, row: ApplicationRow, chosen: dict[str, str], *, is_alone: bool) -> bool:
    there = evaluations_of(work.session, row.id, "")
    if not are_all_in(there):
        return False
    if is_alone and set(chosen) - {each.person_id for each in there}:
        raise ConflictError("All evaluations are in, so that their marks can be read. Nobody can be added any more.")
    return True


def _name(work: Work, actor: Actor, row: ApplicationRow, chosen: dict[str, str]) -> list[str]:
    """Set the evaluators of one application and return those who are new to it."""
    there = work.session.scalars(
        select(EvaluatorRow).where(EvaluatorRow.application_id == row.id).with_for_update()
    ).all()
    stay = {each.person_id for each in there if each.person_id in chosen or each.finished_at or each.has_conflict}
    gone = [each.person_id for each in there if each.person_id not in stay]
    work.session.execute(
        delete(EvaluatorRow).where(EvaluatorRow.application_id == row.id, EvaluatorRow.person_id.in_(gone))
    )
    new = [person_id for person_id in chosen if person_id not in stay]
    work.session.add_all(
        EvaluatorRow(
            application_id=row.id,
            person_id=person_id,
            council_id=chosen[person_id],
            lead_id=row.lead_id,
            named_at=work.now,
            named_by=actor.id,
        )
        for person_id in new
    )
    work.session.flush()
    return new


def _tell(work: Work, joined: RoundCard, asked: dict[str, int]) -> None:
    queue_messages(
        work,
        [
            NewMessage(
                type=TO_EVALUATE,
                values={
                    "round": joined.title,
                    "count": count,
                    "decide_by": joined.decide_by.isoformat(),
                    "link": f"/register/applications/rounds/{joined.id}",
                },
                person_id=person_id,
                about=Subject("round", joined.id),
            )
            for person_id, count in asked.items()
        ],
    )
