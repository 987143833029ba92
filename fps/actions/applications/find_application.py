from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from fps.model.applications import ApplicationState
from fps.model.rounds import RoundCard, RoundState
from fps.queries.applications import application_card
from fps.queries.evaluations import check_free
from fps.queries.rounds import joining_round
from fps.rules.applications import check_in_time
from fps.tables import ApplicationRow, EvaluatorRow
from kernel.errors import ConflictError, NotFoundError, TooLateError
from kernel.work import Work
from people.model import Actor, Role
from people.permissions import Permission, organisations_with


def find_own(work: Work, actor: Actor, application_id: str) -> ApplicationRow:
    """Return an application of the actor's own provider, locked for change; raises NotFoundError for any other."""
    row = work.session.get(ApplicationRow, application_id, with_for_update=True)
    if row is None or row.provider_id not in organisations_with(actor, Permission.SETTINGS_OWN):
        raise NotFoundError
    return row


def find_writable(work: Work, actor: Actor, application_id: str, at: datetime) -> tuple[ApplicationRow, RoundCard]:
    """Return an own application that may still be changed at that moment, locked, and its round.

    Raises NotFoundError, ConflictError for one that was withdrawn, TooLateError once the round has closed (R16).
    """
    row = find_own(work, actor, application_id)
    joined = check_open(work, row.round_id, at)
    if row.opened_at is not None:
        raise TooLateError("This application has been opened. Nothing can be changed any more.")
    if row.state == ApplicationState.WITHDRAWN:
        raise ConflictError("This application was withdrawn. Take it up again before you change it.")
    return row, joined


def check_open(work: Work, round_id: str, at: datetime) -> RoundCard:
    """Return a round that takes applications; raises TooLateError or ConflictError for one that does not."""
    joined = joining_round(work.session, round_id)
    if joined.published_at is None:
        raise NotFoundError
    if joined.state is RoundState.CANCELLED:
        raise ConflictError("This round was cancelled.")
    check_in_time(at, joined.opens_at, joined.closes_at)
    if joined.state is not RoundState.PUBLISHED:
        raise ConflictError("The applications of this round are being evaluated. Nothing can be changed any more.")
    return joined


def find_led(work: Work, actor: Actor, application_id: str) -> ApplicationRow:
    """Return an opened application of a round that the actor's authority leads, locked.

    Raises NotFoundError for any other, ConflictError for whoever has a conflict of interest in it (R25).
    """
    row = work.session.get(ApplicationRow, application_id, with_for_update=True)
    if row is None or row.lead_id not in organisations_with(actor, Permission.ROUNDS_RUN) or row.opened_at is None:
        raise NotFoundError
    check_free(work.session, actor, application_card(row))
    return row


def find_evaluated(work: Work, actor: Actor, application_id: str) -> tuple[ApplicationRow, EvaluatorRow]:
    """Return an application that the actor was named to evaluate, and their part in it, both locked."""
    row = work.session.get(ApplicationRow, application_id, with_for_update=True)
    mine = work.session.scalars(
        select(EvaluatorRow)
        .where(EvaluatorRow.application_id == application_id, EvaluatorRow.person_id == actor.id)
        .with_for_update()
    ).first()
    held = organisations_with(actor, Permission.APPLICATIONS_EVALUATE)
    if row is None or row.opened_at is None or mine is None or mine.council_id not in held:
        raise NotFoundError
    if actor.has(Role.PROVIDER_USER, row.provider_id):
        raise NotFoundError
    return row, mine
