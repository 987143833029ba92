from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.applications.give_urn import give_urn
from fps.actions.rounds.move_round import move_round
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.events import DecisionsIssued
from fps.messages.applications import DECIDED
from fps.model import Status
from fps.model.applications import ApplicationState, Decision, Outcome
from fps.model.rounds import RoundCard, RoundState
from fps.queries.applications import decisions_of, entry_names
from fps.queries.rounds import joining_round
from fps.tables import ApplicationRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, NotFoundError
from kernel.events import publish
from kernel.work import Work
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from people.queries import persons_with_role


def issue_decisions(work: Work, actor: Actor, round_id: str) -> int:
    """Send every applicant of a round its decision letter, all at once; return how many. Twice does no harm.

    Settings that are refused leave their lots now; those that are admitted have their URN on the register now, and
    wait for the contract, which is signed after the standstill at the earliest. Raises NotFoundError for another
    authority's round, ConflictError while an application is undecided or a URN is another setting's.
    """
    joined = joining_round(work.session, round_id)
    if joined.lead_id not in organisations_with(actor, Permission.ROUNDS_RUN):
        raise NotFoundError
    rows = _applications(work, round_id)
    decisions = {row.id: decisions_of(work.session, row.id) for row in rows}
    undecided = sum(not found for found in decisions.values())
    if undecided:
        raise ConflictError("{count} applications are not decided yet. Letters go to all at once.", count=undecided)
    if not rows:
        if joined.state in (RoundState.DECIDED, RoundState.LISTED):
            return 0
        raise ConflictError("There is no application to decide in this round.")
    for row in rows:
        _decide(work, actor, row, decisions[row.id], joined)
    move_round(work, actor.id, round_id, RoundState.DECIDED)
    details = {"applications": len(rows)}
    audit.record(work, actor=actor.id, action="fps.issue_decisions", subject=("round", round_id), details=details)
    publish(work, DecisionsIssued(round_id))
    _tell(work, joined, rows)
    return len(rows)


def _applications(work: Work, round_id: str) -> Sequence[ApplicationRow]:
    rows = select(ApplicationRow).where(
        ApplicationRow.round_id == round_id, ApplicationRow.state == ApplicationState.SUBMITTED
    )
    return work.session.scalars(rows.order_by(ApplicationRow.id).with_for_update()).all()


def _decide(work: Work, actor: Actor, row: ApplicationRow, decisions: Iterable[Decision], joined: RoundCard) -> None:
    names = entry_names(work.session, [row.id])
    is_admitted = False
    for one in sorted(decisions, key=lambda each: (names[each.entry_id][1] or "", each.lot_id)):
        setting_id = names[one.entry_id][1]
        if one.outcome is Outcome.ADMIT:
            is_admitted = True
            give_urn(work, actor.id, one.entry_id)
        if one.outcome is Outcome.ADMIT or not setting_id:
            continue
        if standing_of(work, setting_id, one.lot_id) is Status.APPLIED:
            reason = f"Not admitted in {joined.title}."
            take_step(work, actor.id, Step(setting_id, one.lot_id, Status.EXITED, reason))
    row.state, row.told_at = ApplicationState.DECIDED, work.now
    if is_admitted:
        row.standstill_until = london_date(work.now) + timedelta(days=joined.standstill_days)
    work.session.flush()


def _tell(work: Work, joined: RoundCard, rows: Iterable[ApplicationRow]) -> None:
    """Tell the users of every applicant at the same moment, in the same words: the letter alone says more."""
    messages = [
        NewMessage(
            type=DECIDED,
            values={"round": joined.title, "link": f"/my-applications/{row.id}/letter"},
            person_id=user.id,
            dedupe_key=f"fps.application_decided:{row.id}:{user.id}",
            about=Subject("application", row.id),
        )
        for row in rows
        for user in persons_with_role(work.session, Role.PROVIDER_USER, row.provider_id)
    ]
    queue_messages(work, messages)
