from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from fps.model import DocumentKind
from fps.model.evidence import RecheckAnswer, RecheckCard, RecheckItem
from fps.tables import DocumentRow, FrameworkRow, RecheckItemRow, RecheckRow, SettingRow
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with

PAGE = 25


@dataclass(frozen=True)
class Silent:
    """A provider that still owes answers: how many of how many."""

    provider_id: str
    owed: int
    asked: int


def rechecks(session: Session, actor: Actor, *, offset: int = 0, limit: int = PAGE) -> list[RecheckCard]:
    """Return the re-checks of the actor's frameworks, the latest first."""
    rows = _cards().where(_is_led(actor)).order_by(RecheckRow.started_at.desc(), RecheckRow.id.desc())
    return [_card(row) for row in session.execute(rows.offset(offset).limit(limit))]


def count_rechecks(session: Session, actor: Actor) -> int:
    """Return how many re-checks the actor's frameworks have had."""
    rows = select(func.count()).select_from(RecheckRow).join(FrameworkRow, FrameworkRow.id == RecheckRow.framework_id)
    return session.scalar(rows.where(_is_led(actor))) or 0


def led_frameworks(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the ids and names of the frameworks that the actor leads, by name."""
    rows = select(FrameworkRow.id, FrameworkRow.name).where(_is_led(actor)).order_by(FrameworkRow.name)
    return [(framework_id, name) for framework_id, name in session.execute(rows)]


def recheck(session: Session, actor: Actor, recheck_id: str) -> RecheckCard:
    """Return a re-check of one of the actor's frameworks; raises NotFoundError."""
    row = session.execute(_cards().where(RecheckRow.id == recheck_id, _is_led(actor))).first()
    if row is None:
        raise NotFoundError
    return _card(row)


def silent_providers(session: Session, recheck_id: str, *, offset: int = 0, limit: int = PAGE) -> list[Silent]:
    """Return the providers that still owe answers in a re-check, those that owe most at the top."""
    owed = func.count().filter(RecheckItemRow.answer.is_(None))
    rows = (
        select(RecheckItemRow.provider_id, owed, func.count())
        .where(RecheckItemRow.recheck_id == recheck_id)
        .group_by(RecheckItemRow.provider_id)
        .having(owed > 0)
        .order_by(owed.desc(), RecheckItemRow.provider_id)
    )
    return [Silent(*row) for row in session.execute(rows.offset(offset).limit(limit))]


def count_silent_providers(session: Session, recheck_id: str) -> int:
    """Return how many providers still owe answers in a re-check."""
    silent = select(func.count(RecheckItemRow.provider_id.distinct())).where(
        RecheckItemRow.recheck_id == recheck_id, RecheckItemRow.answer.is_(None)
    )
    return session.scalar(silent) or 0


def items_of_provider(session: Session, actor: Actor) -> list[RecheckItem]:
    """Return what the open re-checks ask of the actor's provider, what is not answered at the top."""
    own = RecheckItemRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN))
    rows = _items().where(own, RecheckRow.closed_at.is_(None))
    ordered = rows.order_by(
        RecheckItemRow.answer.is_not(None), SettingRow.name.is_not(None), SettingRow.name, RecheckItemRow.kind
    )
    return [_item(row) for row in session.execute(ordered)]


def all_items(session: Session, recheck_id: str) -> Iterator[RecheckItem]:
    """Yield every document that a re-check asked for, provider by provider; a few in memory at a time."""
    rows = _items().where(RecheckItemRow.recheck_id == recheck_id)
    ordered = rows.order_by(RecheckItemRow.provider_id, SettingRow.name, RecheckItemRow.kind, RecheckItemRow.id)
    return map(_item, session.execute(ordered.execution_options(yield_per=500)))


def counting_documents() -> Select[str]:
    """Return the ids of documents that count, of several the one that holds longest first, then a setting's own."""
    until = DocumentRow.valid_until
    order = (until.is_not(None), until.desc(), DocumentRow.setting_id.is_(None), DocumentRow.id)
    return select(DocumentRow.id).where(DocumentRow.is_current).order_by(*order)


def is_owed(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of questions of open re-checks that the actor's provider has not answered."""
    opened = select(RecheckRow.id).where(RecheckRow.closed_at.is_(None))
    return (
        RecheckItemRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN)),
        RecheckItemRow.answer.is_(None),
        RecheckItemRow.recheck_id.in_(opened),
    )


def _is_led(actor: Actor) -> ColumnElement[bool]:
    return FrameworkRow.lead_id.in_(organisations_with(actor, Permission.EVIDENCE_JUDGE))


def _cards() -> Select[RecheckRow, str, int, int, int]:
    def count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        asked = select(func.count()).select_from(RecheckItemRow).where(RecheckItemRow.recheck_id == RecheckRow.id)
        return asked.where(*conditions).scalar_subquery()

    return select(
        RecheckRow,
        FrameworkRow.name,
        count(),
        count(RecheckItemRow.answer == RecheckAnswer.CONFIRMED),
        count(RecheckItemRow.answer == RecheckAnswer.UPLOADED),
    ).join(FrameworkRow, FrameworkRow.id == RecheckRow.framework_id)


def _card(found: Row[RecheckRow, str, int, int, int]) -> RecheckCard:
    row, name, asked, confirmed, uploaded = found
    return RecheckCard(
        row.id,
        row.framework_id,
        name,
        row.due_on,
        row.started_at,
        row.started_by,
        row.closed_at,
        asked,
        confirmed,
        uploaded,
    )


def _items() -> Select[RecheckItemRow, date, str, str, date | None]:
    """Read items with the document that was answered, or with the one that counts where nothing was."""
    document = aliased(DocumentRow)
    counting = (
        counting_documents()
        .where(
            DocumentRow.provider_id == RecheckItemRow.provider_id,
            DocumentRow.kind == RecheckItemRow.kind,
            or_(DocumentRow.setting_id == RecheckItemRow.setting_id, DocumentRow.setting_id.is_(None)),
        )
        .limit(1)
        .correlate(RecheckItemRow)
        .scalar_subquery()
    )
    told = document.id == func.coalesce(RecheckItemRow.document_id, counting)
    return (
        select(RecheckItemRow, RecheckRow.due_on, SettingRow.name, document.id, document.valid_until)
        .join(RecheckRow, RecheckRow.id == RecheckItemRow.recheck_id)
        .outerjoin(SettingRow, SettingRow.id == RecheckItemRow.setting_id)
        .outerjoin(document, told)
    )


def _item(found: Row[RecheckItemRow, date, str, str, date | None]) -> RecheckItem:
    row, due_on, name, document_id, until = found
    return RecheckItem(
        row.id,
        row.recheck_id,
        row.provider_id,
        row.setting_id,
        name,
        DocumentKind(row.kind),
        due_on,
        RecheckAnswer(row.answer) if row.answer else None,
        row.answered_at,
        document_id,
        until,
    )
