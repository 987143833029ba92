from __future__ import annotations

from sqlalchemy import select

from fps.actions.evidence.answer_recheck import ask_again
from fps.actions.evidence.make_current import lock_provider
from fps.model.evidence import WAITING, DocumentState
from fps.queries.evidence import own_document
from fps.rules.evidence import check_is_offered
from fps.tables import DocumentRow
from kernel import audit
from kernel.work import Work
from people.model import Actor


def withdraw_document(work: Work, actor: Actor, document_id: str) -> None:
    """Take an offered document back, by its provider, as long as nobody has decided on it.

    Pressed twice it changes nothing. Raises NotFoundError for another provider's, ConflictError once it was decided.
    """
    card = own_document(work.session, actor, document_id)
    lock_provider(work, card.provider_id)
    row = work.session.scalars(select(DocumentRow).where(DocumentRow.id == document_id)).one()
    state = DocumentState(row.state)
    if state is DocumentState.WITHDRAWN:
        return
    if state not in WAITING:
        check_is_offered(state)
    row.state, row.decided_at, row.decided_by = DocumentState.WITHDRAWN, work.now, actor.id
    work.session.flush()
    ask_again(work, row.id)
    audit.record(work, actor=actor.id, action="fps.withdraw_document", subject=("document", row.id))
