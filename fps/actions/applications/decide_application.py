from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete

from fps.actions.applications.find_application import find_led
from fps.actions.applications.give_urn import urn_faults
from fps.actions.standing.take_step import standing_of
from fps.model import Status
from fps.model.applications import ORGANISATION, ApplicationState, Decision, Outcome, Submitted
from fps.queries import lots_by_id
from fps.queries.application_evidence import evidence_held
from fps.queries.applications import application_card, entry_names, last_submission
from fps.queries.evaluations import evaluations_of
from fps.rules import document_faults
from fps.rules.applications import (
    check_admission,
    check_may_decide,
    check_override,
    check_reason,
    failed_checks,
    wanted_evidence,
)
from fps.tables import AdmissionRow, ApplicationRow, ModerationRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class DecideApplication:
    """What is decided of every setting of an application, on every lot that it asks for."""

    application_id: str
    decisions: tuple[Decision, ...]


def write_moderation(work: Work, actor: Actor, application_id: str, words: str) -> None:
    """Record what the evaluators settled between them; may be written anew until the decision is out (R25).

    Raises ConflictError before two have evaluated wholly, InvalidInputError for a record that says too little.
    """
    row = _to_decide(work, actor, application_id)
    said = check_reason("words", words)
    work.session.merge(ModerationRow(application_id=row.id, words=said, written_at=work.now, written_by=actor.id))
    audit.record(work, actor=actor.id, action="fps.write_moderation", subject=("application", row.id))


def decide_application(work: Work, actor: Actor, command: DecideApplication) -> None:
    """Admit or refuse each setting on each of its lots, with reasons; may be changed until the letters are out.

    Raises NotFoundError for another authority's application, ConflictError before two have evaluated wholly and
    settled their marks, InvalidInputError for a decision that is missing, has no reason, or admits a setting whose
    mandatory evidence is missing or has ended, that has not applied on the lot, or whose URN another setting has.
    """
    row = _to_decide(work, actor, command.application_id)
    sent = last_submission(work.session, row.id)
    if sent is None:
        raise NotFoundError
    if work.session.get(ModerationRow, row.id) is None:
        raise ConflictError("Write down first what the evaluators have settled between them.")
    _check(work, row, sent, command.decisions)
    work.session.execute(delete(AdmissionRow).where(AdmissionRow.application_id == row.id))
    work.session.add_all(
        AdmissionRow(
            application_id=row.id,
            entry_id=each.entry_id,
            lot_id=each.lot_id,
            outcome=each.outcome,
            reasons=each.reasons.strip(),
            override=each.override.strip(),
            decided_at=work.now,
            decided_by=actor.id,
        )
        for each in command.decisions
    )
    work.session.flush()
    details = {f"{each.entry_id}/{each.lot_id}": _said(each) for each in command.decisions}
    audit.record(
        work, actor=actor.id, action="fps.decide_application", subject=("application", row.id), details=details
    )


def _said(decision: Decision) -> str:
    """Say for the log what was decided, and whether against an evaluator's check."""
    return f"{decision.outcome.value}, in spite of a failed check" if decision.override else decision.outcome.value


def _to_decide(work: Work, actor: Actor, application_id: str) -> ApplicationRow:
    row = find_led(work, actor, application_id)
    if row.state != ApplicationState.SUBMITTED:
        raise ConflictError("This application is decided or withdrawn. Nothing can be changed any more.")
    check_may_decide(evaluations_of(work.session, row.id, actor.id))
    return row


def _check(work: Work, row: ApplicationRow, sent: Submitted, decisions: Iterable[Decision]) -> None:
    given = {(each.entry_id, each.lot_id): each for each in decisions}
    wanted = [(one["entry"], lot_id) for one in sent.content["settings"] for lot_id in one["lots"]]
    if set(given) != set(wanted):
        raise InvalidInputError("decision", "Decide on every setting and every lot that it asks for.")
    evaluations = evaluations_of(work.session, row.id, "")
    for entry_id, lot_id in wanted:
        each = given[entry_id, lot_id]
        check_reason(f"reasons-{entry_id}-{lot_id}", each.reasons)
        if each.outcome is Outcome.ADMIT:
            faults = (
                *admission_faults(work, row, sent, entry_id, lot_id),
                *_standing_faults(work, row, entry_id, lot_id),
                *urn_faults(work, entry_id),
            )
            check_admission(f"outcome-{entry_id}-{lot_id}", faults)
            check_override(f"override-{entry_id}-{lot_id}", each.override, failed_checks(evaluations, entry_id))
        elif each.override.strip():
            raise InvalidInputError(f"override-{entry_id}-{lot_id}", "Leave this empty where you refuse.")


def _standing_faults(work: Work, row: ApplicationRow, entry_id: str, lot_id: str) -> tuple[str, ...]:
    setting_id = entry_names(work.session, [row.id])[entry_id][1]
    has_applied = setting_id is not None and standing_of(work, setting_id, lot_id) is Status.APPLIED
    return () if has_applied else ("it does not stand as an applicant on this lot",)


def admission_faults(work: Work, row: ApplicationRow, sent: Submitted, entry_id: str, lot_id: str) -> tuple[str, ...]:
    """Say what mandatory evidence a setting lacks for a lot on the day of the decision."""
    held = evidence_held(work.session, application_card(row), sent)
    one = next(each for each in sent.content["settings"] if each["entry"] == entry_id)
    lodges = one["sections"].get("lots", {}).get("lodges_52") == "yes"
    required = wanted_evidence(lots_by_id(work.session, [lot_id]).values(), lodges_52_weeks=lodges)
    pieces = {**held.get(ORGANISATION, {}), **held.get(entry_id, {})}
    until = {kind: piece.valid_until for kind, piece in pieces.items()}
    return document_faults(required, until, london_date(work.now))
