from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from fps.model.applications import (
    ApplicationCard,
    ApplicationState,
    Evaluation,
    Mark,
    Outcome,
    Submitted,
)
from fps.model.rounds import RoundCard, RoundState
from fps.queries.applications import application_card, last_submission
from fps.queries.rounds import joining_round, round_card
from fps.rules.applications import are_all_in
from fps.tables import (
    AdmissionRow,
    ApplicationRow,
    ContractRow,
    EvaluatorRow,
    MarkRow,
    ModerationRow,
    RoundRow,
)
from kernel.errors import ConflictError, NotFoundError
from people.model import Actor, Role
from people.permissions import Permission, organisations_with


@dataclass(frozen=True)
class RoundLine:
    """A round as its lead authority and evaluators see it in a list. Before it has closed: counts, and nothing else."""

    joined: RoundCard
    started: int
    submitted: int


@dataclass(frozen=True)
class ApplicationLine:
    """An opened application in the list of its round: how far its evaluation has got."""

    card: ApplicationCard
    evaluators: int
    finished: int
    conflicts: int
    decided: int
    admitted: int
    has_contract: bool


def opened_ids() -> Select[str]:
    """Select the applications that are open: of any other the lead authority does not even know that it is there."""
    return select(ApplicationRow.id).where(ApplicationRow.opened_at.is_not(None))


def is_lead_of(actor: Actor, lead_id: str) -> bool:
    """Tell whether the actor runs rounds for this lead authority."""
    return lead_id in organisations_with(actor, Permission.ROUNDS_RUN)


def _mine(actor: Actor) -> ColumnElement[bool]:
    """The rounds that the actor's authority leads, and those in which they were named to evaluate."""
    named = (
        select(ApplicationRow.round_id)
        .join(EvaluatorRow, EvaluatorRow.application_id == ApplicationRow.id)
        .where(
            EvaluatorRow.person_id == actor.id,
            EvaluatorRow.council_id.in_(organisations_with(actor, Permission.APPLICATIONS_EVALUATE)),
        )
    )
    return RoundRow.lead_id.in_(organisations_with(actor, Permission.ROUNDS_RUN)) | RoundRow.id.in_(named)


def rounds_to_evaluate(
    session: Session, actor: Actor, now: datetime, *, offset: int = 0, limit: int = 25
) -> tuple[list[RoundLine], int]:
    """Return a page of the published rounds that concern the actor, and how many there are.

    Those that have closed and are not listed come first, then those to come and open, then those whose list is out;
    of each the latest first.
    """
    unlisted = RoundRow.state.in_((RoundState.PUBLISHED, RoundState.EVALUATING, RoundState.DECIDED))
    rank = case((unlisted & (RoundRow.closes_at <= now), 0), (unlisted, 1), else_=2)
    wanted = (_mine(actor), RoundRow.published_at.is_not(None), RoundRow.state != RoundState.CANCELLED)
    total = session.scalar(select(func.count()).select_from(RoundRow).where(*wanted)) or 0
    rows = session.scalars(
        select(RoundRow)
        .where(*wanted)
        .order_by(rank, RoundRow.closes_at.desc(), RoundRow.id)
        .offset(offset)
        .limit(limit)
    ).all()
    counts = _counts(session, [row.id for row in rows])
    return [RoundLine(round_card(row), *counts[row.id]) for row in rows], total


def _counts(session: Session, round_ids: Iterable[str]) -> Mapping[str, tuple[int, int]]:
    sent = ApplicationRow.state.in_((ApplicationState.SUBMITTED, ApplicationState.DECIDED))
    found = session.execute(
        select(ApplicationRow.round_id, func.count(), func.count().filter(sent))
        .where(ApplicationRow.round_id.in_(list(round_ids)), ApplicationRow.state != ApplicationState.WITHDRAWN)
        .group_by(ApplicationRow.round_id)
    )
    counted: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    counted.update({round_id: (started, submitted) for round_id, started, submitted in found})
    return counted


def round_to_evaluate(session: Session, actor: Actor, round_id: str) -> RoundLine:
    """Return a round that concerns the actor, with its counts; raises NotFoundError for any other."""
    row = session.scalars(select(RoundRow).where(RoundRow.id == round_id, _mine(actor))).first()
    if row is None or row.published_at is None:
        raise NotFoundError
    return RoundLine(round_card(row), *_counts(session, [row.id])[row.id])


def opened_applications(
    session: Session, actor: Actor, round_id: str, *, offset: int = 0, limit: int = 25
) -> tuple[list[ApplicationLine], int]:
    """Return a page of a round's opened applications that the actor may read, and how many there are.

    A lead authority reads all, an evaluator those for which they were named. None is opened before its round closes.
    """
    joined = joining_round(session, round_id)
    wanted = [ApplicationRow.round_id == round_id, ApplicationRow.opened_at.is_not(None)]
    if not is_lead_of(actor, joined.lead_id):
        wanted.append(ApplicationRow.id.in_(_named(actor)))
    total = session.scalar(select(func.count()).select_from(ApplicationRow).where(*wanted)) or 0
    rows = session.scalars(
        select(ApplicationRow).where(*wanted).order_by(ApplicationRow.submitted_at, ApplicationRow.id)
        .offset(offset).limit(limit)
    ).all()  # fmt: skip
    return _lines(session, rows), total


def _named(actor: Actor) -> ColumnElement[str]:
    held = organisations_with(actor, Permission.APPLICATIONS_EVALUATE)
    return (
        select(EvaluatorRow.application_id)
        .where(EvaluatorRow.person_id == actor.id, EvaluatorRow.council_id.in_(held))
        .scalar_subquery()
    )


def _lines(session: Session, rows: Iterable[ApplicationRow]) -> list[ApplicationLine]:
    cards = [application_card(row) for row in rows]
    ids = [card.id for card in cards]
    conflict = EvaluatorRow.has_conflict.is_(True)
    named = session.execute(
        select(
            EvaluatorRow.application_id,
            func.count().filter(~func.coalesce(EvaluatorRow.has_conflict, False)),
            func.count().filter(EvaluatorRow.finished_at.is_not(None)),
            func.count().filter(conflict),
        )
        .where(EvaluatorRow.application_id.in_(ids))
        .group_by(EvaluatorRow.application_id)
    )
    evaluators = {application_id: (each, finished, conflicts) for application_id, each, finished, conflicts in named}
    judged = session.execute(
        select(AdmissionRow.application_id, func.count(), func.count().filter(AdmissionRow.outcome == Outcome.ADMIT))
        .where(AdmissionRow.application_id.in_(ids))
        .group_by(AdmissionRow.application_id)
    )
    decisions = {application_id: (decided, admitted) for application_id, decided, admitted in judged}
    signed = set(session.scalars(select(ContractRow.application_id).where(ContractRow.application_id.in_(ids))))
    return [_line(card, evaluators.get(card.id, (0, 0, 0)), decisions.get(card.id, (0, 0)), signed) for card in cards]


def _line(
    card: ApplicationCard, evaluators: tuple[int, int, int], decisions: tuple[int, int], signed: set[str]
) -> ApplicationLine:
    each, finished, conflicts = evaluators
    decided, admitted = decisions
    return ApplicationLine(card, each, finished, conflicts, decided, admitted, card.id in signed)


def evaluated_application(session: Session, actor: Actor, application_id: str) -> ApplicationCard:
    """Return an opened application that the actor's authority leads or that they were named to evaluate.

    Raises NotFoundError for any other, for every one before its round has closed and evaluators were named (R21), and
    for whoever acts for the applicant too.
    """
    row = session.get(ApplicationRow, application_id)
    if row is None or row.opened_at is None:
        raise NotFoundError
    if actor.has(Role.PROVIDER_USER, row.provider_id):
        raise NotFoundError
    held = organisations_with(actor, Permission.APPLICATIONS_EVALUATE)
    mine = session.get(EvaluatorRow, (application_id, actor.id))
    if is_lead_of(actor, row.lead_id) or (mine is not None and mine.council_id in held):
        return application_card(row)
    raise NotFoundError


def led_application(session: Session, actor: Actor, application_id: str) -> ApplicationCard:
    """Return an opened application that the actor's authority leads, for what the lead authority does about it.

    Raises NotFoundError for any other, ConflictError for whoever has a conflict of interest in it (R25).
    """
    card = evaluated_application(session, actor, application_id)
    if not is_lead_of(actor, card.lead_id):
        raise NotFoundError
    check_free(session, actor, card)
    return card


def check_free(session: Session, actor: Actor, card: ApplicationCard) -> None:
    """Raise ConflictError for whoever has declared a conflict of interest or acts for the application's provider."""
    mine = session.get(EvaluatorRow, (card.id, actor.id))
    if actor.has(Role.PROVIDER_USER, card.provider_id) or (mine is not None and mine.has_conflict):
        raise ConflictError("You have a conflict of interest in this application. A colleague goes on with it.")


def opened_content(session: Session, actor: Actor, application_id: str) -> Submitted:
    """Return what an opened application says.

    An evaluator reads it once they have declared that they have no conflict of interest; raises NotFoundError before,
    and for whoever has one.
    """
    card = evaluated_application(session, actor, application_id)
    mine = session.get(EvaluatorRow, (application_id, actor.id))
    is_free = mine.has_conflict is False if mine else is_lead_of(actor, card.lead_id)
    sent = last_submission(session, application_id)
    if not is_free or sent is None:
        raise NotFoundError
    return sent


def evaluations_of(session: Session, application_id: str, reader_id: str) -> list[Evaluation]:
    """Return the evaluations of an application, with the marks that the reader may see.

    One's own always; the others' once all are in, and not before: each judges alone (R25).
    """
    rows = session.scalars(
        select(EvaluatorRow)
        .where(EvaluatorRow.application_id == application_id)
        .order_by(EvaluatorRow.named_at, EvaluatorRow.person_id)
    ).all()
    bare = [
        Evaluation(row.person_id, row.council_id, row.has_conflict, row.declared_at, row.finished_at) for row in rows
    ]
    marks = (
        _marks(session, application_id)
        if are_all_in(bare)
        else {reader_id: own_marks(session, application_id, reader_id)}
    )
    return [
        Evaluation(
            one.person_id, one.council_id, one.has_conflict, one.declared_at, one.finished_at, marks.get(one.person_id)
        )
        for one in bare
    ]


def own_parts(session: Session, person_id: str, application_ids: Iterable[str]) -> dict[str, Evaluation]:
    """Return one evaluator's part in applications, by application, without marks."""
    rows = select(EvaluatorRow).where(
        EvaluatorRow.person_id == person_id, EvaluatorRow.application_id.in_(list(application_ids))
    )
    return {
        row.application_id: Evaluation(
            row.person_id, row.council_id, row.has_conflict, row.declared_at, row.finished_at
        )
        for row in session.scalars(rows)
    }


def own_marks(session: Session, application_id: str, person_id: str) -> tuple[Mark, ...]:
    """Return what one evaluator has written so far."""
    rows = select(MarkRow).where(MarkRow.application_id == application_id, MarkRow.person_id == person_id)
    return tuple(Mark(row.subject, row.criterion, row.mark, row.reason) for row in session.scalars(rows))


def _marks(session: Session, application_id: str) -> dict[str, tuple[Mark, ...]]:
    found: dict[str, tuple[Mark, ...]] = {}
    for row in session.scalars(select(MarkRow).where(MarkRow.application_id == application_id)):
        mark = Mark(row.subject, row.criterion, row.mark, row.reason)
        found[row.person_id] = (*found.get(row.person_id, ()), mark)
    return found


def moderation_of(session: Session, application_id: str) -> tuple[str, datetime, str] | None:
    """Return what the evaluators settled between them, when and by whose hand; None before."""
    row = session.get(ModerationRow, application_id)
    return (row.words, row.written_at, row.written_by) if row else None
