"""A document of each half's provider that waits to be checked, with its file and who took it to read."""

from __future__ import annotations

from fps.actions.evidence.note_view import note_view
from fps.queries.evidence import own_document
from kernel.work import Ground
from people.model import Role
from tests.fps.evidence.papers import PDF, offer
from tests.isolation.half import Half


def keep_document_rows(ground: Ground, half: Half) -> None:
    """Offer a document for the half's setting."""
    user = half.people[Role.PROVIDER_USER]
    with ground.work() as work:
        document_id = offer(work, user, half.provider, half.setting, content=PDF + half.mark.encode())
        note_view(work, user, own_document(work.session, user, document_id))
