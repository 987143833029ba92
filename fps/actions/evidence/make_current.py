from __future__ import annotations

from sqlalchemy import column, select, table, update

from fps.tables import DocumentRow
from kernel.work import Work

_PROVIDERS = table("organisations", column("id"))


def lock_provider(work: Work, provider_id: str) -> None:
    """Let nobody else decide on the provider's documents until the commit."""
    work.session.execute(select(_PROVIDERS.c.id).where(_PROVIDERS.c.id == provider_id).with_for_update(key_share=True))


def make_current(work: Work, row: DocumentRow) -> None:
    """Let an accepted document count from now on in place of the one before; its provider has been locked."""
    work.session.execute(
        update(DocumentRow)
        .where(
            DocumentRow.provider_id == row.provider_id,
            DocumentRow.setting_id.is_(None) if row.setting_id is None else DocumentRow.setting_id == row.setting_id,
            DocumentRow.kind == row.kind,
            DocumentRow.is_current,
        )
        .values(is_current=False, replaced_at=work.now)
    )
    row.is_current = True
    work.session.flush()
