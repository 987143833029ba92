from __future__ import annotations

from datetime import date

from sqlalchemy import select

from fps.actions.evidence.answer_recheck import ask_again
from fps.actions.evidence.end_hold import end_holds
from fps.actions.evidence.make_current import lock_provider, make_current
from fps.actions.evidence.tell import tell, told_of_decision, words_of
from fps.messages.evidence import DOCUMENT_ACCEPTED, DOCUMENT_REFUSED
from fps.model import DocumentKind
from fps.model.evidence import DocumentState
from fps.queries.candidates import held_by
from fps.queries.evidence import may_judge
from fps.rules.evidence import check_is_offered, check_leaves_no_gap, check_reason, check_validity
from fps.tables import DocumentRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.work import Work
from people.model import Actor


def accept_document(work: Work, actor: Actor, document_id: str) -> None:
    """Accept an offered document: from now on it counts, and a hold ends for which only it was missing.

    Raises NotFoundError for anybody but the lead authority of the provider's framework, ConflictError for a document
    that somebody has decided on already or that would leave a gap, InvalidInputError for one that has ended meanwhile.
    """
    row = _offered(work, actor, document_id)
    today = london_date(work.now)
    check_validity(DocumentKind(row.kind), row.valid_from, row.valid_until, today)
    check_leaves_no_gap(row.valid_from, _current(work, row), today)
    _decide(work, actor, row, DocumentState.ACCEPTED)
    make_current(work, row)
    audit.record(
        work,
        actor=actor.id,
        action="fps.accept_document",
        subject=("document", row.id),
        details={"kind": row.kind, "setting_id": row.setting_id},
    )
    who = told_of_decision(work, row) - {actor.id}
    tell(work, who, DOCUMENT_ACCEPTED, words_of(work, row), row.id, row.id)
    end_holds(work, row)


def refuse_document(work: Work, actor: Actor, document_id: str, reason: str) -> None:
    """Refuse an offered document; its provider is told why. What counted before goes on counting.

    Raises what accept_document raises, and InvalidInputError for a missing reason.
    """
    row = _offered(work, actor, document_id)
    row.refusal = check_reason(reason)
    _decide(work, actor, row, DocumentState.REFUSED)
    ask_again(work, row.id)
    audit.record(
        work,
        actor=actor.id,
        action="fps.refuse_document",
        subject=("document", row.id),
        details={"kind": row.kind, "setting_id": row.setting_id},
    )
    who = told_of_decision(work, row) - {actor.id}
    tell(work, who, DOCUMENT_REFUSED, {**words_of(work, row), "reason": row.refusal}, row.id, row.id)


def _offered(work: Work, actor: Actor, document_id: str) -> DocumentRow:
    """Return the document as it is once nobody else decides on its provider's any more."""
    provider_id = work.session.scalar(select(DocumentRow.provider_id).where(DocumentRow.id == document_id))
    if provider_id is None or not may_judge(work.session, actor, document_id):
        raise NotFoundError
    lock_provider(work, provider_id)
    row = work.session.scalars(select(DocumentRow).where(DocumentRow.id == document_id)).one()
    check_is_offered(DocumentState(row.state))
    return row


def _current(work: Work, row: DocumentRow) -> tuple[date | None] | None:
    """Return the last day of what holds in the meantime: of a setting, its provider's document counts too."""
    if row.setting_id is not None:
        held, kind = held_by(work.session, row.setting_id), DocumentKind(row.kind)
        return (held[kind],) if kind in held else None
    found = work.session.execute(
        select(DocumentRow.valid_until).where(
            DocumentRow.provider_id == row.provider_id,
            DocumentRow.setting_id.is_(None),
            DocumentRow.kind == row.kind,
            DocumentRow.is_current,
        )
    ).first()
    return (found.valid_until,) if found else None


def _decide(work: Work, actor: Actor, row: DocumentRow, state: DocumentState) -> None:
    row.state, row.decided_at, row.decided_by = state, work.now, actor.id
    work.session.flush()
