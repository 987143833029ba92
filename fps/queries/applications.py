from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fps.model import DocumentKind, SettingCard, Status
from fps.model.applications import (
    ORGANISATION,
    ApplicationCard,
    ApplicationState,
    Clarification,
    ContractCard,
    Decision,
    Draft,
    Entry,
    KeptFile,
    Outcome,
    Part,
    Submitted,
)
from fps.queries import lots_by_id, settings_by_id
from fps.queries.rounds import joining_round
from fps.tables import (
    AdmissionRow,
    ApplicationFileRow,
    ApplicationPartRow,
    ApplicationRow,
    ApplicationSettingRow,
    ClarificationRow,
    ContractRow,
    DocumentRow,
    SettingOnLotRow,
    StatusChangeRow,
    SubmissionRow,
)
from kernel.errors import ConflictError, NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with


def application_card(row: ApplicationRow) -> ApplicationCard:
    """Make a card of a row of this package."""
    return ApplicationCard(
        row.id,
        row.round_id,
        row.provider_id,
        row.lead_id,
        ApplicationState(row.state),
        row.created_at,
        row.submitted_at,
        row.submitted_by,
        row.checksum,
        row.opened_at,
        row.told_at,
        row.standstill_until,
    )


def own_application(session: Session, actor: Actor, application_id: str) -> ApplicationCard:
    """Return an application of a provider for which the actor acts; raises NotFoundError for any other."""
    row = session.get(ApplicationRow, application_id)
    if row is None or row.provider_id not in organisations_with(actor, Permission.SETTINGS_OWN):
        raise NotFoundError
    return application_card(row)


def application_of(session: Session, round_id: str, provider_id: str) -> str:
    """Return a provider's application to a round; raises NotFoundError where there is none."""
    rows = select(ApplicationRow.id).where(
        ApplicationRow.round_id == round_id, ApplicationRow.provider_id == provider_id
    )
    found = session.scalar(rows)
    if found is None:
        raise NotFoundError
    return found


def own_applications(
    session: Session, actor: Actor, *, offset: int = 0, limit: int = 25
) -> tuple[list[ApplicationCard], int]:
    """Return a page of the applications of the actor's providers, the newest first, and how many there are."""
    wanted = ApplicationRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN))
    total = session.scalar(select(func.count()).select_from(ApplicationRow).where(wanted)) or 0
    rows = select(ApplicationRow).where(wanted).order_by(ApplicationRow.created_at.desc(), ApplicationRow.id)
    return [application_card(row) for row in session.scalars(rows.offset(offset).limit(limit))], total


def draft_of(session: Session, card: ApplicationCard) -> Draft:
    """Return all that a provider has entered, in a number of queries that does not grow with its settings."""
    joined = joining_round(session, card.round_id)
    lots = sorted(lots_by_id(session, joined.lot_ids).values(), key=lambda lot: lot.number)
    entries = _entries(session, card.id)
    by_setting = {entry.card.id: entry.id for entry in entries if entry.card}
    parts = session.scalars(select(ApplicationPartRow).where(ApplicationPartRow.application_id == card.id))
    return Draft(
        card,
        tuple(lots),
        entries,
        {(row.subject, row.section): _part(row) for row in parts},
        {(file.subject, file.kind): file for file in files_of(session, card.id)},
        _held(session, card.provider_id, by_setting),
        _standing(session, by_setting),
    )


def _entries(session: Session, application_id: str) -> tuple[Entry, ...]:
    rows = session.scalars(
        select(ApplicationSettingRow)
        .where(ApplicationSettingRow.application_id == application_id, ApplicationSettingRow.removed_at.is_(None))
        .order_by(ApplicationSettingRow.added_at, ApplicationSettingRow.id)
    ).all()
    cards = settings_by_id(session, [row.setting_id for row in rows if row.setting_id])
    return tuple(_entry(row, cards.get(row.setting_id or "")) for row in rows)


def _entry(row: ApplicationSettingRow, card: SettingCard | None) -> Entry:
    return Entry(row.id, card.name if card else row.name, card)


def _part(row: ApplicationPartRow) -> Part:
    return Part(row.subject, row.section, row.answers, row.version, row.saved_at, row.saved_by)


def files_of(session: Session, application_id: str) -> list[KeptFile]:
    """Return every file of an application, the newest of a kind last, without their content.

    What the virus scanner has refused is left out.
    """
    rows = select(ApplicationFileRow).where(
        ApplicationFileRow.application_id == application_id, ApplicationFileRow.refused_at.is_(None)
    )
    found = session.scalars(rows.order_by(ApplicationFileRow.added_at, ApplicationFileRow.id))
    return [
        KeptFile(
            row.id,
            row.subject,
            DocumentKind(row.kind),
            row.name,
            row.sha256,
            row.valid_from,
            row.valid_until,
            row.added_at,
            row.scanned_at is not None,
        )
        for row in found
    ]


def _held(
    session: Session, provider_id: str, by_setting: dict[str, str]
) -> dict[tuple[str, DocumentKind], date | None]:
    """Return what the register holds already, accepted: for the organisation, and for settings of the application."""
    columns = select(DocumentRow.setting_id, DocumentRow.kind, DocumentRow.valid_until)
    rows = session.execute(columns.where(DocumentRow.provider_id == provider_id, DocumentRow.is_current))
    return {
        (by_setting[setting_id] if setting_id else ORGANISATION, DocumentKind(kind)): until
        for setting_id, kind, until in rows
        if setting_id is None or setting_id in by_setting
    }


def _standing(session: Session, setting_ids: Iterable[str]) -> dict[tuple[str, str], Status]:
    rows = session.execute(
        select(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id, StatusChangeRow.to_status)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(SettingOnLotRow.setting_id.in_(list(setting_ids)), StatusChangeRow.until.is_(None))
    )
    return {(setting_id, lot_id): Status(status) for setting_id, lot_id, status in rows}


def file_content(session: Session, application_id: str, file_id: str) -> tuple[str, str, bytes]:
    """Return name, kind and content of a file of an application.

    Raises NotFoundError for one that is not there or was refused by the virus scanner, ConflictError while the scanner
    has not looked at it.
    """
    file = ApplicationFileRow
    row = session.execute(
        select(file.name, file.file_kind, file.content, file.scanned_at).where(
            file.id == file_id, file.application_id == application_id, file.refused_at.is_(None)
        )
    ).first()
    if row is None:
        raise NotFoundError
    if row.scanned_at is None:
        raise ConflictError("The file has not been scanned for viruses yet. Try again in a few minutes.")
    return row.name, row.file_kind, row.content


def piece_content(session: Session, file_id: str) -> bytes:
    """Return the content of a file of an application for the virus scanner, who is its first reader."""
    return session.scalars(select(ApplicationFileRow.content).where(ApplicationFileRow.id == file_id)).one()


def submissions(session: Session, application_id: str) -> list[Submitted]:
    """Return an application as it was sent, each time, the one that counts last."""
    rows = select(SubmissionRow).where(SubmissionRow.application_id == application_id).order_by(SubmissionRow.number)
    return [
        Submitted(row.number, row.submitted_at, row.submitted_by, row.checksum, row.content)
        for row in session.scalars(rows)
    ]


def last_submission(session: Session, application_id: str) -> Submitted | None:
    """Return an application as it was last sent, None where it never was."""
    rows = select(SubmissionRow).where(SubmissionRow.application_id == application_id)
    row = session.scalars(rows.order_by(SubmissionRow.number.desc()).limit(1)).first()
    return Submitted(row.number, row.submitted_at, row.submitted_by, row.checksum, row.content) if row else None


def entry_names(session: Session, application_ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """Return the name and the setting of the register of every setting of applications, by the entry's id."""
    rows = session.scalars(
        select(ApplicationSettingRow).where(ApplicationSettingRow.application_id.in_(application_ids))
    ).all()
    return {row.id: (row.name, row.setting_id) for row in rows}


def decisions_of(session: Session, application_id: str) -> list[Decision]:
    """Return what is decided of an application, in the order of entries and lots."""
    rows = select(AdmissionRow).where(AdmissionRow.application_id == application_id)
    found = session.scalars(rows.order_by(AdmissionRow.entry_id, AdmissionRow.lot_id))
    return [Decision(row.entry_id, row.lot_id, Outcome(row.outcome), row.reasons, row.override) for row in found]


def clarifications_of(session: Session, application_id: str) -> list[Clarification]:
    """Return the questions to an applicant with their answers, the latest first."""
    rows = select(ClarificationRow).where(ClarificationRow.application_id == application_id)
    found = session.scalars(rows.order_by(ClarificationRow.asked_at.desc(), ClarificationRow.id))
    return [
        Clarification(
            row.id,
            row.question,
            row.asked_by,
            row.asked_at,
            row.due_on,
            row.answer,
            row.answered_by,
            row.answered_at,
        )
        for row in found
    ]


def contract_of(session: Session, application_id: str) -> ContractCard | None:
    """Return the contract that was signed for an application, None where there is none yet."""
    row = session.get(ContractRow, application_id)
    if row is None:
        return None
    return ContractCard(
        row.reference,
        row.signed_on,
        row.effective_on,
        row.provider_signatory,
        row.authority_signatory,
        row.recorded_at,
    )


def contract_file(session: Session, application_id: str) -> tuple[str, str, bytes]:
    """Return name, kind and content of the signed contract of an application; raises NotFoundError."""
    row = session.execute(
        select(ContractRow.file_name, ContractRow.file_kind, ContractRow.content).where(
            ContractRow.application_id == application_id
        )
    ).first()
    if row is None:
        raise NotFoundError
    return row.file_name, row.file_kind, row.content
