"""Invented documents for tests of the evidence store."""

from __future__ import annotations

import io
import zipfile
from datetime import date

from sqlalchemy import select

from channels.tables import MessageRow
from fps.actions.evidence.offer_document import OfferDocument, offer_document
from fps.model import DocumentKind, Status
from fps.tables import SettingOnLotRow, StatusChangeRow
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Ground, Work
from people.model import Actor

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NEXT_YEAR = date(2027, 11, 30)


def docx(**parts: bytes) -> bytes:
    """Return a small Word file, or one with other parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<w:document/>")
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


def offer(
    work: Work,
    actor: Actor,
    provider_id: str,
    setting_id: str | None,
    kind: DocumentKind = DocumentKind.INSURANCE,
    *,
    until: date | None = NEXT_YEAR,
    since: date | None = None,
    content: bytes = PDF,
) -> str:
    """Offer a document and return its id."""
    file = CheckedFile("certificate.pdf", FileKind.PDF, content)
    return offer_document(
        work, actor, OfferDocument(provider_id, setting_id, kind, file, since, until, is_scanned=True)
    )


def standing(ground: Ground, setting_id: str) -> list[tuple[Status, str, str]]:
    """Return the steps of a setting on its lots: status, by whom, why."""
    rows = (
        select(StatusChangeRow.to_status, StatusChangeRow.actor_id, StatusChangeRow.reason)
        .join(SettingOnLotRow, SettingOnLotRow.id == StatusChangeRow.setting_on_lot_id)
        .where(SettingOnLotRow.setting_id == setting_id)
        .order_by(StatusChangeRow.setting_on_lot_id, StatusChangeRow.number)
    )
    with ground.read() as session:
        return [(Status(status), by, why) for status, by, why in session.execute(rows)]


def last_status(ground: Ground, setting_id: str) -> Status:
    """Return where a setting stands on its one lot."""
    return standing(ground, setting_id)[-1][0]


def told(ground: Ground, key: str) -> list[str]:
    """Return who was sent a message of a type, oldest first."""
    rows = select(MessageRow.person_id).where(MessageRow.key == key).order_by(MessageRow.seq)
    with ground.read() as session:
        return [person_id or "" for person_id in session.scalars(rows)]
